"""Documents outside the project of a sync: moved by people, archived by a rule, or left behind by a new `project_gid`.

Nothing Asana offers tells of all of them. Search covers the workspace and lags; listings know what was written a moment
ago, but only project by project. So search tells of what is older than its lag, and other projects are listed for what was
changed since: those that have the field of the Visma IDs, and some of the rest. What is left: a task that was made within
search's lag and taken out of every project, or into one of many.
"""

from __future__ import annotations

import datetime
import logging
from collections import Counter
from collections.abc import Iterator
from typing import Any

from destination_asana.asana.client import Client
from destination_asana.asana.errors import AsanaError
from destination_asana.board.fields.values import CustomFields
from destination_asana.board.listings import SEARCH_LAG, iso, stamp
from destination_asana.board.search import Search
from destination_asana.board.task_reader import TASK_FIELDS, snapshot_of

logger = logging.getLogger("airbyte")

Page = list[dict[str, Any]]
# Pages of a hundred tasks; where even so many are not all that lies outside, each document is looked for by itself.
MOST_PAGES = 50
# Up to so many documents search is not asked to leave those of the project out: it may still believe that a task that
# was moved away is there.
MOST_READ_TWICE = 4000
# Pages of a hundred projects that are asked whether they have the field.
MOST_PROJECT_PAGES = 10
# Projects without the field that are listed all the same: when the sync's own project has documents, and when it has none,
# as after an archiving of everything or with a new project.
MOST_OTHERS, MOST_OTHERS_OF_NONE = 10, 50
# So many documents found in one other project are a sign that more of them are there.
NEIGHBOURS = 5


class Outside:
    """Looks for documents outside one project. The caller holds a lock. `unsearchable`: search does not work here."""

    def __init__(
        self, client: Client, fields: CustomFields, search: Search, workspace_gid: str, project_gid: str
    ) -> None:
        self._client = client
        self._fields = fields
        self._search = search
        self._workspace = workspace_gid
        self._project = project_gid
        self._met: Counter[str] = Counter()
        self.unsearchable = False

    def of_kind(self, kind: str, *, among: int) -> tuple[list[dict[str, Any]], bool]:
        """What search tells of the documents whose Visma IDs begin with `kind`, and whether that is all; the project itself
        holds so many documents, `among` them."""
        query: dict[str, Any] = {
            f"custom_fields.{self._fields.visma_id_gid}.starts_with": kind,
            "sort_by": "created_at",
        }
        if among > MOST_READ_TWICE:
            query["projects.not"] = self._project
        told = self._told(query, kind)
        # To ask on would be no better where search does not do what it is asked for.
        return told if told is not None else ([], True)

    def anywhere(self, kind: str) -> list[dict[str, Any]] | None:
        """What search tells of the documents whose Visma IDs begin with `kind`, those of the project too; None where that is not
        all, or search is not to be believed."""
        told = self._told(
            {f"custom_fields.{self._fields.visma_id_gid}.starts_with": kind, "sort_by": "created_at"}, kind
        )
        return told[0] if told is not None and told[1] and not self.unsearchable else None

    def _told(self, query: dict[str, Any], kind: str) -> tuple[list[dict[str, Any]], bool] | None:
        """What search answers, and whether that is all; None where it answers with what it was not asked for."""
        told: dict[str, dict[str, Any]] = {}
        for _ in range(MOST_PAGES):
            tasks = self._search.ask(query)
            if tasks is None:
                self.unsearchable = True
                return [], True
            for task in tasks:
                snapshot = snapshot_of(task, self._fields, self._project)
                if snapshot is None or not snapshot.visma_id.startswith(kind):
                    return None
            before = len(told)
            told.update((task["gid"], task) for task in tasks)
            if len(tasks) < 100:
                return list(told.values()), True
            if len(told) == before:
                break
            # Search has no offsets. Tasks made in one moment may stand on both sides of a page's end.
            oldest = min(stamp(task.get("created_at")) for task in tasks) + datetime.timedelta(milliseconds=1)
            query["created_at.before"] = iso(oldest)
        logger.info(f"Many documents lie outside the project {self._project}; each new one is looked for there.")
        return list(told.values()), False

    def recent(self, *, none_here: bool) -> Iterator[dict[str, Any]]:
        """What was changed so lately in other projects that search may not know it; all that is there, as far as it goes,
        where search does not work. `none_here`: the project of the sync has no documents."""
        query: dict[str, Any] = {"opt_fields": TASK_FIELDS}
        if not self.unsearchable:
            query["modified_since"] = iso(self._client.server_time() - SEARCH_LAG)
        for project in self._projects(MOST_OTHERS_OF_NONE if none_here else MOST_OTHERS):
            try:
                for number, page in enumerate(self._client.pages("/tasks", {**query, "project": project}), 1):
                    yield from page
                    if number >= MOST_PAGES:
                        break
            except AsanaError as error:
                if error.status not in (400, 403, 404):
                    raise

    def neighbours(self, task: dict[str, Any], wanted: int) -> Iterator[Page]:
        """The tasks of a project that holds many of the `wanted` documents, given one of them; once per project."""
        for membership in task.get("memberships") or []:
            project = (membership.get("project") or {}).get("gid")
            if project is None or project == self._project:
                continue
            self._met[project] += 1
            if self._met[project] != NEIGHBOURS:
                continue
            try:
                query = {"project": project, "opt_fields": TASK_FIELDS}
                for number, page in enumerate(self._client.pages("/tasks", query), 1):
                    yield page
                    # Single reads are cheaper than a listing of other people's tasks.
                    if number >= NEIGHBOURS + wanted // 50:
                        break
            except AsanaError as error:
                if error.status not in (400, 403, 404):
                    raise

    def _projects(self, most_others: int) -> list[str]:
        """The projects that have the field, and so many others."""
        query = {"workspace": self._workspace, "opt_fields": "custom_field_settings.custom_field"}
        found: list[str] = []
        others: list[str] = []
        try:
            for number, page in enumerate(self._client.pages("/projects", query), 1):
                for project in page:
                    settings = project.get("custom_field_settings") or []
                    fields = {(setting.get("custom_field") or {}).get("gid") for setting in settings}
                    if project["gid"] != self._project:
                        (found if self._fields.visma_id_gid in fields else others).append(project["gid"])
                if number >= MOST_PROJECT_PAGES:
                    break
        except AsanaError as error:
            if error.status not in (400, 403, 404):
                raise
        return found + others[:most_others]
