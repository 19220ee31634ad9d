"""The lines of a document, brought up to date under its task or in its project."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from destination_asana.asana.client import Client
from destination_asana.asana.errors import AsanaError
from destination_asana.documents.document import Document
from destination_asana.planning.changes import Differences
from destination_asana.planning.snapshot import Snapshot
from destination_asana.writing.line_containers import ProjectTasks, Subtasks
from destination_asana.writing.lines import LineWriting, look
from destination_asana.writing.mending import refusal_of_lines


@dataclass(frozen=True)
class SubtaskLines:
    """The lines of one project's documents as subtasks. `remember` keeps a snapshot for later records of this sync."""

    client: Client
    writer: LineWriting
    remember: Callable[[Snapshot], None]

    def bring_up(self, document: Document, snapshot: Snapshot) -> Differences:
        """Writes what differs; gives it as {"line N": (name before, name after)}. Raises RecordError for what Asana
        refuses about the lines, VanishedError where the task is gone."""
        if not document.lines and not snapshot.num_subtasks:
            return {}
        container = Subtasks(self.client, snapshot.gid, document.visma_id)
        try:
            existing, changes = look(container, document.lines, snapshot.num_subtasks)
            if changes.create:
                # Before they are made: should the same document come again in this sync, its lines are looked for.
                self.remember(replace(snapshot, num_subtasks=len(existing) + len(changes.create)))
            return self.writer.write(container, existing, changes)
        except AsanaError as error:
            raise refusal_of_lines(error, snapshot.gid, document.visma_id) from error


@dataclass(frozen=True)
class ProjectLines:
    """The lines of documents as tasks of their own projects. Raises AsanaError."""

    client: Client
    writer: LineWriting

    def bring_up(self, document: Document, project_gid: str, *, known_empty: bool) -> Differences:
        """Writes what differs; gives it as {"line N": (name before, name after)}."""
        container = ProjectTasks(self.client, project_gid, document.visma_id)
        existing, changes = look(container, document.lines, 0 if known_empty else 1)
        return self.writer.write(container, existing, changes)
