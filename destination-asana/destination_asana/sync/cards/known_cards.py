"""The cards of projects that are in Asana, each with its project."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from typing import Any

from destination_asana.board.fields.values import CustomFields
from destination_asana.board.task_index import Index
from destination_asana.documents import fields as names
from destination_asana.documents.visma_ids import identity
from destination_asana.planning.changes import GONE
from destination_asana.planning.snapshot import Snapshot
from destination_asana.sync.cards.budgets import Budgets

logger = logging.getLogger("airbyte")


class KnownCards:
    """The cards of one register."""

    def __init__(self, index: Index, fields: CustomFields, budgets: Budgets) -> None:
        self._index = index
        self._fields = fields
        self._budgets = budgets
        self._named: set[str] = set()

    def of(self, company: str | None = None) -> Iterator[tuple[Snapshot, str]]:
        """The cards, of one company or of all, with the IDs of their projects. A card that does not say which project it is
        of is named in a warning."""
        for card in self._index.of_kind(f"ProjectId:{company}/" if company is not None else "ProjectId:"):
            project = self._budgets.project_of(card)
            if project is not None:
                yield card, project
            elif not self.is_gone(card):
                self._warn(card)

    def shown(self, card: Snapshot) -> Mapping[str, Any]:
        """What the fields of a card show."""
        return self._fields.shown(card.values)

    def is_gone(self, card: Snapshot) -> bool:
        """Whether the project is gone from Visma."""
        return self.shown(card).get(names.STATUS) == GONE

    def drop(self, visma_id: str) -> None:
        """Forgets a card that somebody deleted."""
        self._index.drop(visma_id)

    def _warn(self, card: Snapshot) -> None:
        if identity(card.visma_id) in self._named:
            return
        self._named.add(identity(card.visma_id))
        logger.warning(
            f"{card.visma_id}: the card “{card.name}” does not say any more which project it is, since its name and its "
            "description were edited. Its numbers stay as they are until Visma sends the project again."
        )
