"""What is written with: the client and what is known of the workspace, shared by all projects of a sync."""

from __future__ import annotations

from dataclasses import dataclass

from destination_asana.asana.client import Client
from destination_asana.board.fields.values import CustomFields
from destination_asana.board.members import Assignees
from destination_asana.board.portfolios import Portfolios
from destination_asana.board.project_index import ProjectIndex
from destination_asana.board.templates import Templates
from destination_asana.config import Route
from destination_asana.writing.project_blocks import ProjectBlocks


@dataclass(frozen=True, slots=True)
class Tools:
    """Shared by the executor's writers, all of which are made of it."""

    workspace_gid: str
    client: Client
    fields: CustomFields
    assignees: Assignees
    projects: ProjectIndex
    templates: Templates
    portfolios: Portfolios

    def blocks(self, route: Route) -> ProjectBlocks:
        """The texts of one stream's projects."""
        return ProjectBlocks(self.workspace_gid, route.project_gid, route.line_items == "description")
