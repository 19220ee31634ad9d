"""The description block of a project: the facts of the document, and the link to its register task."""

from __future__ import annotations

from dataclasses import dataclass

from destination_asana.config import LineItems, Route
from destination_asana.documents import Document
from destination_asana.planning import Description, Snapshot
from destination_asana.planning.projects import block_of


@dataclass(frozen=True, slots=True)
class ProjectBlocks:
    """Writes the blocks of one stream; `project_gid` is the register project."""

    workspace_gid: str
    project_gid: str
    with_lines: bool

    @classmethod
    def of(cls, route: Route, workspace_gid: str) -> ProjectBlocks:
        """The blocks of the projects of a route."""
        return cls(workspace_gid, route.project_gid, route.line_items is LineItems.DESCRIPTION)

    def block(self, document: Document, register: Snapshot) -> Description:
        """The block for a document whose register task is `register`."""
        url = f"https://app.asana.com/1/{self.workspace_gid}/project/{self.project_gid}/task/{register.gid}"
        return block_of(document, with_lines=self.with_lines, register_url=url)
