"""The tools for writing: the client and the known state of the workspace, shared by all projects of a sync."""

from __future__ import annotations

from dataclasses import dataclass, field

from destination_asana.asana import Client
from destination_asana.board import (
    Assignees,
    Index,
    NamedProjects,
    Observer,
    Portfolios,
    ProjectIndex,
    RoutedProjects,
    Sections,
    Templates,
)
from destination_asana.board.fields import CustomFields
from destination_asana.writing.tasks import Place, Turns


@dataclass(frozen=True, slots=True)
class Tools:
    """Shared by all writers of the executor."""

    workspace_gid: str
    client: Client
    fields: CustomFields
    assignees: Assignees
    projects: ProjectIndex
    templates: Templates
    portfolios: Portfolios
    named: NamedProjects
    routed: RoutedProjects
    observer: Observer
    turns: Turns = field(default_factory=Turns)

    def place(self, index: Index, sections: Sections, project_gid: str) -> Place:
        """A project with everything that writing its tasks needs."""
        return Place(self.client, self.fields, index, sections, self.assignees, project_gid, self.routed, self.turns)
