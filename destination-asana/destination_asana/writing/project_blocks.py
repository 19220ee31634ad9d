"""The text a project's description keeps: what Visma says of the document, and the link to its register task."""

from __future__ import annotations

from dataclasses import dataclass

from destination_asana.documents.document import Document
from destination_asana.planning.descriptions import Description
from destination_asana.planning.project_changes import block_of
from destination_asana.planning.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class ProjectBlocks:
    """Writes the blocks of one stream; `project_gid` is the register project."""

    workspace_gid: str
    project_gid: str
    with_lines: bool

    def block(self, document: Document, register: Snapshot) -> Description:
        """The block for a document whose register task is `register`."""
        url = f"https://app.asana.com/1/{self.workspace_gid}/project/{self.project_gid}/task/{register.gid}"
        return block_of(document, with_lines=self.with_lines, register_url=url)
