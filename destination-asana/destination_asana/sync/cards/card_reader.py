"""Project record → card, with its numbers if the budgets have come."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from destination_asana.documents import Document, company_of, is_card, translate
from destination_asana.sync.cards.card_projects import Project
from destination_asana.sync.cards.shared import Shared


class CardReader:
    """Reads the records of one stream of projects."""

    def __init__(self, source: str, non_project_code: str, shared: Shared) -> None:
        self._source = source
        self._non_project_code = non_project_code
        self._shared = shared

    def read(self, data: Any) -> Document | None:
        """Returns None for a project without a card. Raises RecordError for a record that is not a project."""
        if not is_card(data, self._non_project_code):
            return None
        card = translate(self._source, data)
        [(project_id, description)] = card.subject.projects
        self._shared.projects.learn(card.visma_id, Project(project_id or "", description or ""))
        numbers = self._shared.budgets.of(company_of(card.visma_id), project_id or "")
        return card if numbers is None else replace(card, fields={**card.fields, **numbers.fields})
