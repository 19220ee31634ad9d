"""Creates a document's project without a template."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from destination_asana.asana import AsanaError, Cause, Client
from destination_asana.board import PROJECT_FIELDS, ProjectIndex
from destination_asana.config import Route
from destination_asana.documents import Document
from destination_asana.errors import config_error
from destination_asana.planning import Snapshot
from destination_asana.planning.projects import Project
from destination_asana.writing.projects.blocks import ProjectBlocks


@dataclass(kw_only=True)
class PlainProjects:
    """Creates projects of one stream. Raises AsanaError for a refusal about one document, config_error if Asana wants a
    team and the settings name none."""

    route: Route
    workspace_gid: str
    client: Client
    index: ProjectIndex
    blocks: ProjectBlocks
    _team_in_create: bool = False

    def create(self, document: Document, register: Snapshot) -> Project:
        """Creates the project of a document. `register` is its register task."""
        data: dict[str, Any] = {
            "workspace": self.workspace_gid,
            "name": document.name,
            "html_notes": self.blocks.block(document, register).body,
        }
        if document.due_date:
            data["due_on"] = document.due_date
        if self._team_in_create:
            data["team"] = self.route.team_gid
        try:
            return self._post(document, data)
        except AsanaError as error:
            if Cause.TEAM not in error.causes or "team" in data:
                raise
            if not self.route.team_gid:
                raise config_error(
                    f"Asana wants a team for every new project here: “{error.message}”. Add team_gid to the stream "
                    f"“{self.route.stream}” in the settings."
                ) from error
        # Asana calls `team` deprecated, but some organisations still require it.
        project = self._post(document, {**data, "team": self.route.team_gid})
        self._team_in_create = True
        return project

    def _post(self, document: Document, data: dict[str, Any]) -> Project:
        def find() -> dict[str, Any] | None:
            found = self.index.look_again(document.visma_id)
            return {"gid": found.gid} if found else None

        made = self.client.create("/projects", data, find, {"opt_fields": PROJECT_FIELDS})
        if "name" not in made:
            made = self.client.get(f"/projects/{made['gid']}", {"opt_fields": PROJECT_FIELDS})
        return Project.of(made)
