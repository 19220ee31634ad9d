"""Which numbers the cards need, and which numbers their projects have."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from destination_asana.board.fields import CustomFields
from destination_asana.planning import Change
from destination_asana.planning.cards import NO_NUMBERS, ProjectNumbers, plan_numbers
from destination_asana.sync.cards.budgets import Budgets
from destination_asana.sync.cards.known_card import KnownCard
from destination_asana.sync.cards.known_cards import KnownCards
from destination_asana.sync.cards.project_totals import Numbered


class CardNumbers:
    """The numbers of the cards in one register project."""

    def __init__(self, cards: KnownCards, fields: CustomFields, budgets: Budgets) -> None:
        self._cards = cards
        self._fields = fields
        self._budgets = budgets

    def changes(self) -> Iterator[Change]:
        """The changes of all cards of the companies whose budgets have come; empty where a card is right already."""
        cards = [card for company in sorted(self._budgets.companies) for card in self._cards.of(company)]
        live = Counter(card.key for card in cards if not card.gone)
        for card in cards:
            numbers = self._budgets.of(card.company, card.project.project_id)
            if numbers is not None and card.gone and live[card.key]:
                # Another project took over the ID of this one, and the budget is that project's.
                numbers = NO_NUMBERS
            # A card that a person removed from the project returns only with a change in Visma, and a budget is not one.
            if numbers is not None and not (card.task.elsewhere and numbers == NO_NUMBERS):
                yield self._change(card, numbers)

    def _change(self, card: KnownCard, numbers: ProjectNumbers) -> Change:
        wanted = self._fields.values.wanted(numbers.fields, card.company, card.task.values)
        return plan_numbers(card.task, card.project.project_id, wanted, card.shown)

    def left(self) -> frozenset[str]:
        """The Asana projects that cards were in until their routes changed."""
        return frozenset(gid for card in self._cards.of() for gid in card.left)

    def of_projects(self) -> Iterator[Numbered]:
        """All projects with their numbers. For companies whose budgets have not come, the numbers are those on the cards,
        if any."""
        for card in self._cards.of():
            if card.gone:
                continue
            ours = card.company.casefold() in self._budgets.companies
            shown = ProjectNumbers.of_card(card.shown)
            if ours or shown is not None:
                numbers = self._budgets.of(card.company, card.project.project_id) if ours else shown
                yield card.project.project_id, card.project.description, numbers
