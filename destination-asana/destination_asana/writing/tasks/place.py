"""One Asana project, with everything that writing its tasks needs."""

from __future__ import annotations

import threading
from dataclasses import dataclass

from destination_asana.asana import Client
from destination_asana.board import Assignees, Index, RoutedProjects, Sections
from destination_asana.board.fields import CustomFields
from destination_asana.documents import identity
from destination_asana.writing.tasks.memberships import Memberships
from destination_asana.writing.tasks.turns import Turns


@dataclass(frozen=True, slots=True)
class Place:
    """A project with its tasks (`index`) and sections, the fields and people of its workspace, the projects that its
    documents are routed to, and the turns of workers at all tasks of the sync."""

    client: Client
    fields: CustomFields
    index: Index
    sections: Sections
    assignees: Assignees
    project_gid: str
    routed: RoutedProjects
    turns: Turns

    def turn(self, visma_id: str) -> threading.Lock:
        """To be held while a document's task is written."""
        return self.turns.of(identity(visma_id))

    def memberships(self) -> Memberships:
        """Carries out the moves of its tasks between projects."""
        return Memberships(self.client, self.routed)
