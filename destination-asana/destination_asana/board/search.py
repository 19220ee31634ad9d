"""Asana's task search, with checks of its reliability."""

from __future__ import annotations

import datetime
import logging
from collections.abc import Iterable
from typing import Any

from destination_asana.asana import UNAVAILABLE, AsanaError, Client, iso, stamp_in
from destination_asana.board.fields import CustomFields
from destination_asana.board.task_reader import TASK_FIELDS, snapshot_of
from destination_asana.documents import identity, spellings

logger = logging.getLogger("airbyte")

MOST_FOUND = 100


class Search:
    """Searches a workspace for the documents of one project. It needs a paid plan and may be a minute behind. Source:
    Asana developer docs, "Search tasks in a workspace"."""

    def __init__(self, client: Client, fields: CustomFields, workspace_gid: str, project_gid: str) -> None:
        self._client = client
        self._fields = fields
        self._workspace = workspace_gid
        self._project = project_gid

    def find(self, visma_id: str) -> list[dict[str, Any]] | None:
        """The tasks with a Visma ID; None if search cannot be trusted here."""
        for spelling in _spellings(visma_id):
            tasks = self.ask({f"custom_fields.{self._fields.catalog.visma_id_gid}.value": spelling})
            for task in tasks or ():
                snapshot = snapshot_of(task, self._fields, self._project)
                # Asana ignores a filter that it does not know, and then returns everything.
                if snapshot is None or identity(snapshot.visma_id) != identity(visma_id):
                    logger.info("Search answers with tasks that were not asked for; listing instead.")
                    return None
            if tasks is None or tasks:
                return tasks
        return []

    def ask_for_all(self, query: dict[str, Any]) -> list[dict[str, Any]] | None:
        """All results of a search; None if it is not available or does not give them all. Search has no pages: the next
        hundred results are those created before the last ones. Tasks that were created at the same moment may be on both
        sides of such a border, so the next hundred begin with it."""
        found: dict[str, dict[str, Any]] = {}
        before: dict[str, Any] = {}
        while True:
            tasks = self.ask({**query, "sort_by": "created_at", **before})
            if tasks is None:
                return None
            known = len(found)
            found |= {task["gid"]: task for task in tasks}
            if len(tasks) < MOST_FOUND:
                return list(found.values())
            made = [moment for task in tasks if (moment := stamp_in(task.get("created_at"))) is not None]
            if len(found) == known or not made:
                logger.info("Search does not give all its results; listing instead.")
                return None
            before = {"created_at.before": iso(min(made) + datetime.timedelta(milliseconds=1))}

    def ask(self, query: dict[str, Any]) -> list[dict[str, Any]] | None:
        """The results of a search, at most 100 tasks; None if it is not available."""
        asked = {**query, "limit": MOST_FOUND, "opt_fields": TASK_FIELDS}
        try:
            return list(self._client.get(f"/workspaces/{self._workspace}/tasks/search", asked))
        except AsanaError as error:
            if error.refusal in UNAVAILABLE:
                logger.info(f"Search is not available ({error.message}); listing instead.")
                return None
            raise


def _spellings(visma_id: str) -> Iterable[str]:
    """A Visma ID with its number in each spelling."""
    *scope, number = visma_id.split("/", 2)
    return ["/".join((*scope, each)) for each in spellings(number)]
