"""One Asana project, as those who write its tasks need it."""

from __future__ import annotations

from dataclasses import dataclass

from destination_asana.asana.client import Client
from destination_asana.board.fields.values import CustomFields
from destination_asana.board.members import Assignees
from destination_asana.board.sections import Sections
from destination_asana.board.task_index import Index


@dataclass(frozen=True, slots=True)
class Place:
    """A project with its tasks (`index`) and sections, and the fields and people of its workspace."""

    client: Client
    fields: CustomFields
    index: Index
    sections: Sections
    assignees: Assignees
    project_gid: str
