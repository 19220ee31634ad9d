"""Asana's task search, believed only as far as it can be."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from typing import Any

from destination_asana.asana.client import Client
from destination_asana.asana.errors import AsanaError
from destination_asana.board.fields.values import CustomFields
from destination_asana.board.task_reader import TASK_FIELDS, snapshot_of
from destination_asana.documents.visma_ids import identity

logger = logging.getLogger("airbyte")

MOST_FOUND = 100


class Search:
    """Searches a workspace for the documents of one project. It needs a paid plan, and may be a minute behind; source:
    Asana developer docs, "Search tasks in a workspace"."""

    def __init__(self, client: Client, fields: CustomFields, workspace_gid: str, project_gid: str) -> None:
        self._client = client
        self._fields = fields
        self._workspace = workspace_gid
        self._project = project_gid

    def find(self, visma_id: str) -> list[dict[str, Any]] | None:
        """The tasks with a Visma ID; None when search cannot be trusted here."""
        for spelling in _spellings(visma_id):
            tasks = self.ask({f"custom_fields.{self._fields.visma_id_gid}.value": spelling})
            for task in tasks or ():
                snapshot = snapshot_of(task, self._fields, self._project)
                # Asana passes over a filter it does not know, and answers with everything.
                if snapshot is None or identity(snapshot.visma_id) != identity(visma_id):
                    logger.info("Search answers with tasks that were not asked for; listing instead.")
                    return None
            if tasks is None or tasks:
                return tasks
        return []

    def ask_for_all(self, query: dict[str, Any]) -> list[dict[str, Any]] | None:
        """Everything search answers; None when it is not available. Search has no pages: the next hundred are those that were
        created before the last ones."""
        found: dict[str, dict[str, Any]] = {}
        before: dict[str, Any] = {}
        while True:
            tasks = self.ask({**query, "sort_by": "created_at", **before})
            if tasks is None:
                return None
            news = {task["gid"]: task for task in tasks if task["gid"] not in found}
            found |= news
            if len(tasks) < MOST_FOUND or not news:
                return list(found.values())
            before = {"created_at.before": min(task["created_at"] for task in tasks)}

    def ask(self, query: dict[str, Any]) -> list[dict[str, Any]] | None:
        """What search answers, at most 100 tasks; None when it is not available."""
        asked = {**query, "limit": MOST_FOUND, "opt_fields": TASK_FIELDS}
        try:
            return list(self._client.get(f"/workspaces/{self._workspace}/tasks/search", asked))
        except AsanaError as error:
            if error.status in (400, 402, 403, 404):
                logger.info(f"Search is not available ({error.said}); listing instead.")
                return None
            raise


def _spellings(visma_id: str) -> Iterable[str]:
    """A Visma ID as given, then with its number in capitals and in small letters: search compares letter by letter,
    Visma does not."""
    *scope, number = visma_id.split("/", 2)
    return dict.fromkeys("/".join((*scope, each)) for each in (number, number.upper(), number.lower()))
