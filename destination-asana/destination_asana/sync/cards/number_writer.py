"""The numbers of projects → the fields of their cards."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial

from destination_asana.asana.errors import AsanaError, UnreachableError
from destination_asana.documents.projects import project_key
from destination_asana.documents.visma_ids import company_of, identity
from destination_asana.planning.cards import description_in_name, plan_numbers
from destination_asana.planning.changes import Change
from destination_asana.planning.project_budget import NO_NUMBERS, ProjectNumbers
from destination_asana.planning.snapshot import Snapshot
from destination_asana.sync.cards.budgets import Budgets, ProjectKey
from destination_asana.sync.cards.known_cards import KnownCards
from destination_asana.sync.cards.project_totals import Numbered, Totals
from destination_asana.sync.registers import Register
from destination_asana.sync.upsert import Reports
from destination_asana.sync.work import Work
from destination_asana.writing.mending import VanishedError


class NumberWriter:
    """Writes the numbers of the companies whose budgets came."""

    def __init__(
        self,
        *,
        budgets: Budgets,
        register: Register,
        cards: KnownCards,
        reports: Reports,
        totals: Totals,
        work: Work,
        show_progress: Callable[[], None],
    ) -> None:
        self._budgets = budgets
        self._register = register
        self._cards = cards
        self._reports = reports
        self._totals = totals
        self._work = work
        self._show_progress = show_progress

    def write(self) -> None:
        """Brings all cards up to date, and what else shows their numbers; waits until that is done."""
        if not self._register.is_open:
            self._register.open(1)
        cards = [each for company in sorted(self._budgets.companies) for each in self._cards.of(company)]
        live = Counter(_key(card, project) for card, project in cards if not self._cards.is_gone(card))
        for card, project in cards:
            change = self._change(card, project, stands_alone=not live[_key(card, project)])
            if change is None:
                continue
            if change.empty:
                self._reports.count_unchanged()
            else:
                self._work.submit(identity(card.visma_id), partial(self._apply, change))
        self._work.drain(self._show_progress)
        if not self._work.broken:
            self._totals.write(self._numbered())

    def _change(self, card: Snapshot, project: str, *, stands_alone: bool) -> Change | None:
        """None where nothing is known of the project. A project that took the ID of one that is gone has its budget."""
        numbers = self._budgets.of(company_of(card.visma_id), project)
        if numbers is not None and self._cards.is_gone(card) and not stands_alone:
            numbers = NO_NUMBERS
        if numbers is None or (card.elsewhere and numbers == NO_NUMBERS):
            # What a person took out of the project comes back with news, and no budget is none.
            return None
        wanted = self._register.fields.settle(numbers.fields, company_of(card.visma_id), card.values)
        return plan_numbers(card, project, wanted, self._cards.shown(card))

    def _apply(self, change: Change) -> None:
        try:
            outcome = self._register.tasks.apply(change)
        except VanishedError:
            self._cards.drop(change.visma_id)
            return
        except (AsanaError, UnreachableError) as error:
            raise error.as_traced(f"Writing the numbers of {change.label} ({change.visma_id})") from error
        first = all(before is None for before, _ in change.fields.values())
        self._reports.changed(change.visma_id, outcome, new=first)
        self._reports.count(outcome.action)

    def _numbered(self) -> Iterator[Numbered]:
        """All projects with their numbers: those of companies whose budgets did not come as their cards show them, as far as
        they show any."""
        for card, project in self._cards.of():
            if self._cards.is_gone(card):
                continue
            company = company_of(card.visma_id)
            ours = company.casefold() in self._budgets.companies
            shown = ProjectNumbers.shown(self._cards.shown(card))
            if ours or shown is not None:
                numbers = self._budgets.of(company, project) if ours else shown
                yield project, description_in_name(card.name), numbers


def _key(card: Snapshot, project: str) -> ProjectKey:
    return company_of(card.visma_id).casefold(), project_key(project)
