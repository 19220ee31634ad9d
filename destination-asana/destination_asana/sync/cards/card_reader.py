"""Records of projects → cards, with their numbers where the budgets have come."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from destination_asana.documents.document import Document
from destination_asana.documents.projects import is_card
from destination_asana.documents.reader import Reader
from destination_asana.documents.translate import translate
from destination_asana.documents.visma_ids import company_of
from destination_asana.sync.cards.budgets import Budgets


class CardReader:
    """Reads the records of one stream of projects."""

    def __init__(self, source: str, non_project_code: str, budgets: Budgets) -> None:
        self._source = source
        self._non_project_code = non_project_code
        self._budgets = budgets

    def read(self, data: Any) -> Document | None:
        """None for what has no card. Raises RecordError for a record that is no project."""
        if not is_card(data, self._non_project_code):
            return None
        card = translate(self._source, data)
        project_id = Reader(data).key("projectID") or ""
        self._budgets.learn(card.visma_id, project_id)
        numbers = self._budgets.of(company_of(card.visma_id), project_id)
        return card if numbers is None else replace(card, fields={**card.fields, **numbers.fields})
