"""Changes → a document's project."""

from __future__ import annotations

from typing import Any

from destination_asana.asana.client import Client
from destination_asana.asana.errors import AsanaError
from destination_asana.board.fields.values import CustomFields
from destination_asana.board.portfolios import Portfolios
from destination_asana.board.project_index import PROJECT_FIELDS, ProjectIndex
from destination_asana.config import Route
from destination_asana.documents.document import Document
from destination_asana.planning.changes import Differences
from destination_asana.planning.descriptions import replace_block, text_in
from destination_asana.planning.project import Project
from destination_asana.planning.project_changes import ProjectChange


class ProjectWriter:
    """Applies the changes of one stream's projects. Raises AsanaError."""

    def __init__(
        self, route: Route, client: Client, index: ProjectIndex, fields: CustomFields, portfolios: Portfolios
    ) -> None:
        self._route = route
        self._client = client
        self._index = index
        self._fields = fields
        self._portfolios = portfolios

    def apply(self, document: Document, project: Project, change: ProjectChange) -> Differences:
        """Writes what changes; gives what was written, (before, after) by the name people know."""
        data, applied = dict(change.data), dict(change.attributes)
        if change.block is not None:
            now = self._client.get(f"/projects/{project.gid}", {"opt_fields": "html_notes,notes"})
            replaced = replace_block(now.get("html_notes") or "", change.block)
            # None: a person has edited the block's form.
            if replaced is not None:
                data["html_notes"] = replaced
                applied = change.differences(text_in(now.get("notes")))
        values = self._allowed(change.values)
        if values and self._put_with_values(document, project, data, values):
            return {**applied, **values}
        if data:
            self._put(document, project, data)
        return applied

    def _put_with_values(self, document: Document, project: Project, data: dict[str, Any], values: Differences) -> bool:
        """False, and nothing written, where the portfolio takes no fields."""
        after = {name: value for name, (_, value) in values.items()}
        custom_fields = self._fields.to_api(after, self._route.project_gid)
        try:
            self._put(document, project, {**data, "custom_fields": custom_fields})
        except AsanaError as error:
            if error.status not in (400, 402, 403):
                raise
            self._portfolios.refuse_fields(self._route.portfolio_gid or "", error)
            return False
        return True

    def _put(self, document: Document, project: Project, data: dict[str, Any]) -> None:
        raw = self._client.put(f"/projects/{project.gid}", data, {"opt_fields": PROJECT_FIELDS})
        self._index.put(document.visma_id, Project.of(raw))

    def _allowed(self, values: Differences) -> Differences:
        gids = {name: known.gid for name in values if (known := self._fields.get(name)) is not None}
        allowed = self._portfolios.allow(self._route.portfolio_gid or "", gids.values()) if gids else set()
        return {name: change for name, change in values.items() if gids.get(name) in allowed}
