"""The cards in Asana, each with its project."""

from __future__ import annotations

import logging
from collections.abc import Iterator

from destination_asana.board import Index
from destination_asana.board.fields import CustomFields
from destination_asana.documents import company_of, identity
from destination_asana.planning import Snapshot
from destination_asana.planning.cards import is_gone, project_in_name
from destination_asana.sync.cards.card_projects import Project
from destination_asana.sync.cards.known_card import KnownCard
from destination_asana.sync.cards.shared import Shared

logger = logging.getLogger("airbyte")


class KnownCards:
    """The cards in one register project."""

    def __init__(self, index: Index, fields: CustomFields, shared: Shared) -> None:
        self._index = index
        self._fields = fields
        self._shared = shared
        self._named: set[str] = set()

    def of(self, company: str | None = None) -> Iterator[KnownCard]:
        """The cards of one company or of all. A warning names each card that does not say which project it belongs to."""
        for card in self._index.of_kind(f"ProjectId:{company}/" if company is not None else "ProjectId:"):
            project, shown = self._project_of(card), self._fields.values.present(card.values)
            if project is not None:
                yield KnownCard(card, project, shown)
            elif not is_gone(shown):
                self._warn(card)

    def drop(self, visma_id: str) -> None:
        """Removes a card that somebody has deleted."""
        self._index.drop(visma_id)

    def _project_of(self, card: Snapshot) -> Project | None:
        """The project of a card: from its record in this sync, else from the card's description. Its name counts only for
        what the description does not say, because people have edited it or an earlier version wrote it; and only if there
        are rows for the project that it names."""
        brought = self._shared.projects.of(card.visma_id)
        if brought is not None:
            return brought
        named_id, named_description = project_in_name(card.name)
        description = named_description if card.project_description is None else card.project_description
        if card.project_id is not None:
            return Project(card.project_id, description)
        if named_id is None or not self._shared.budgets.has_rows(company_of(card.visma_id), named_id):
            return None
        return Project(named_id, description)

    def _warn(self, card: Snapshot) -> None:
        if identity(card.visma_id) in self._named:
            return
        self._named.add(identity(card.visma_id))
        logger.warning(
            f"{card.visma_id}: the card “{card.name}” does not say any more which project it is, since its name and its "
            "description were edited. Its numbers stay as they are until Visma sends the project again."
        )
