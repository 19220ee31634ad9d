"""The numbers of projects → their cards, then the Asana projects that belong to them."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from destination_asana.documents import identity
from destination_asana.sync.cards.card_numbers import CardNumbers
from destination_asana.sync.cards.card_projects import CardProjects
from destination_asana.sync.cards.card_writer import CardWriter
from destination_asana.sync.cards.project_totals import Totals
from destination_asana.sync.registers import Register
from destination_asana.sync.work import Work


class NumberWriter:
    """Writes the numbers for the companies whose budgets have come."""

    def __init__(
        self,
        numbers: CardNumbers,
        cards: CardWriter,
        totals: Totals,
        *,
        projects: CardProjects,
        register: Register,
        work: Work,
        show_progress: Callable[[], None],
    ) -> None:
        self._numbers = numbers
        self._cards = cards
        self._totals = totals
        self._projects = projects
        self._register = register
        self._work = work
        self._show_progress = show_progress
        # How many projects the sync had brought when the totals were written.
        self._brought = 0

    def write(self) -> None:
        """Updates all cards and everything else that shows their numbers, and waits for it."""
        if not self._register.is_open:
            self._register.open(1)
        for change in list(self._numbers.changes()):
            if change.empty:
                self._cards.unchanged(change)
            else:
                self._work.submit(identity(change.visma_id), partial(self._cards.apply, change))
        self._work.drain(self._show_progress)
        self._write_totals()

    def follow_up(self) -> None:
        """Updates everything but the cards once more if projects have come since. Their cards have the numbers already."""
        if self._projects.count > self._brought:
            self._write_totals()

    def _write_totals(self) -> None:
        self._brought = self._projects.count
        if not self._work.broken:
            self._totals.write(self._numbers.of_projects(), self._numbers.left())
