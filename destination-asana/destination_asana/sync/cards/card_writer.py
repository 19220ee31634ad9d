"""Writes the numbers of one card, and reports them."""

from __future__ import annotations

from destination_asana.asana import AsanaError, UnreachableError
from destination_asana.planning import Change
from destination_asana.sync.cards.known_cards import KnownCards
from destination_asana.sync.upsert import Reports
from destination_asana.writing import TaskExecutor
from destination_asana.writing.tasks import VanishedError


class CardWriter:
    """Writes to the cards in one register project."""

    def __init__(self, tasks: TaskExecutor, cards: KnownCards, reports: Reports) -> None:
        self._tasks = tasks
        self._cards = cards
        self._reports = reports

    def apply(self, change: Change) -> None:
        """Applies a change that is not empty. A card that somebody has deleted meanwhile is dropped."""
        try:
            outcome = self._tasks.apply(change)
            first = all(before is None for before, _ in change.fields.values())
            self._reports.changed(change.visma_id, outcome, new=first)
        except VanishedError:
            self._cards.drop(change.visma_id)
            return
        except (AsanaError, UnreachableError) as error:
            raise error.as_traced(f"Writing the numbers of {change.label} ({change.visma_id})") from error
        self._reports.count(change.visma_id, outcome.action)

    def unchanged(self, change: Change) -> None:
        """Reports a card whose numbers are right already."""
        self._reports.unchanged(change.visma_id, change.current.gid if change.current is not None else None)
