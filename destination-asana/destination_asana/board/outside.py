"""Documents outside the project of a sync: moved by people, archived by a rule, or left behind by a new `project_gid`.

No single request finds all of them. Search covers the workspace but lags; listings know what was written a moment ago,
but only project by project. So search finds what is older than its lag, and for newer changes other projects are listed:
those that have the field of the Visma IDs, and some of the rest. The remaining gap is a task that was created within
search's lag and removed from every project, or moved to one of many.
"""

from __future__ import annotations

import datetime
import logging
from collections import Counter
from collections.abc import Iterator
from typing import Any

from destination_asana.asana import UNAVAILABLE_HERE, AsanaError, Client, iso, stamp_in
from destination_asana.board.fields import CustomFields
from destination_asana.board.listings import SEARCH_LAG
from destination_asana.board.search import Search
from destination_asana.board.task_reader import TASK_FIELDS, snapshot_of

logger = logging.getLogger("airbyte")

Page = list[dict[str, Any]]
# Pages of a hundred tasks. If even these are not all tasks outside, each document is searched for separately.
MOST_PAGES = 50
# Up to this many documents, the search does not exclude the project, because search may still believe that a moved task is
# there.
MOST_READ_TWICE = 4000
# Pages of a hundred projects that are checked for the field.
MOST_PROJECT_PAGES = 10
# Projects without the field that are listed anyway: if the sync's own project has documents, and if it has none, as after
# everything was archived or with a new project.
MOST_OTHERS, MOST_OTHERS_OF_NONE = 10, 50
# If this many documents are found in one other project, there are probably more.
NEIGHBOURS = 5


class Outside:
    """Looks for documents outside one project. The caller holds a lock. `unsearchable` means that search does not work
    here."""

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
        """The search results for documents whose Visma IDs begin with `kind`, and whether they are all; the project
        itself has `among` documents."""
        query: dict[str, Any] = {
            f"custom_fields.{self._fields.catalog.visma_id_gid}.starts_with": kind,
            "sort_by": "created_at",
        }
        if among > MOST_READ_TWICE:
            query["projects.not"] = self._project
        found = self._results(query, kind)
        # Asking further is useless if search does not answer the question.
        return found if found is not None else ([], True)

    def anywhere(self, kind: str) -> list[dict[str, Any]] | None:
        """The search results for documents whose Visma IDs begin with `kind`, including those of the project; None if
        they are not all or cannot be trusted."""
        found = self._results(
            {f"custom_fields.{self._fields.catalog.visma_id_gid}.starts_with": kind, "sort_by": "created_at"}, kind
        )
        return found[0] if found is not None and found[1] and not self.unsearchable else None

    def _results(self, query: dict[str, Any], kind: str) -> tuple[list[dict[str, Any]], bool] | None:
        """The results of a search, and whether they are all; None if they do not answer the question."""
        found: dict[str, dict[str, Any]] = {}
        for _ in range(MOST_PAGES):
            tasks = self._search.ask(query)
            if tasks is None:
                self.unsearchable = True
                return [], True
            for task in tasks:
                snapshot = snapshot_of(task, self._fields, self._project)
                if snapshot is None or not snapshot.visma_id.startswith(kind):
                    return None
            before = len(found)
            found.update((task["gid"], task) for task in tasks)
            if len(tasks) < 100:
                return list(found.values()), True
            if len(found) == before:
                break
            # Search has no offsets. Tasks created at the same moment may be on both sides of a page's end.
            made = [stamp_in(task.get("created_at")) for task in tasks]
            oldest = min((each for each in made if each is not None), default=self._client.server_time())
            query["created_at.before"] = iso(oldest + datetime.timedelta(milliseconds=1))
        logger.info(f"Many documents lie outside the project {self._project}; each new one is looked for there.")
        return list(found.values()), False

    def recent(self, *, none_here: bool) -> Iterator[dict[str, Any]]:
        """Recent changes in other projects that search may not know yet; if search does not work, everything there, up to
        a limit. `none_here` means that the project of the sync has no documents."""
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
                if error.refusal not in UNAVAILABLE_HERE:
                    raise

    def neighbours(self, task: dict[str, Any], wanted: int) -> Iterator[Page]:
        """The tasks of a project that contains many of the `wanted` documents, given one of them; once per project."""
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
                if error.refusal not in UNAVAILABLE_HERE:
                    raise

    def _projects(self, most_others: int) -> list[str]:
        """The projects that have the field, and a number of others."""
        query = {"workspace": self._workspace, "opt_fields": "custom_field_settings.custom_field"}
        found: list[str] = []
        others: list[str] = []
        try:
            for number, page in enumerate(self._client.pages("/projects", query), 1):
                for project in page:
                    settings = project.get("custom_field_settings") or []
                    fields = {(setting.get("custom_field") or {}).get("gid") for setting in settings}
                    if project["gid"] != self._project:
                        (found if self._fields.catalog.visma_id_gid in fields else others).append(project["gid"])
                if number >= MOST_PROJECT_PAGES:
                    break
        except AsanaError as error:
            if error.refusal not in UNAVAILABLE_HERE:
                raise
        return found + others[:most_others]
