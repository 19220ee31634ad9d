"""Updates the lines of a document, under its task or in its project."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from destination_asana.asana import AsanaError, Client
from destination_asana.documents import Document
from destination_asana.planning import Snapshot
from destination_asana.writing.lines.containers import ProjectTasks, Subtasks
from destination_asana.writing.lines.writer import LineWriting, look
from destination_asana.writing.outcome import PartOutcome
from destination_asana.writing.tasks import refusal_of_lines


@dataclass(frozen=True)
class SubtaskLines:
    """The lines of one project's documents, as subtasks. `remember` keeps a snapshot for later records of this sync."""

    client: Client
    writer: LineWriting
    remember: Callable[[Snapshot], None]

    def bring_up(self, document: Document, snapshot: Snapshot) -> PartOutcome:
        """Writes the differences, like `LineWriting.write`. Raises RecordError if Asana refuses something about the lines,
        VanishedError if the task no longer exists."""
        # A task without a gid is the stand-in of a dry run, under which nothing can be listed.
        subtasks = snapshot.num_subtasks if snapshot.gid else 0
        if not document.lines and not subtasks:
            return PartOutcome()
        container = Subtasks(self.client, snapshot.gid, document.visma_id)
        try:
            existing, changes = look(container, document.lines, subtasks)
            if changes.create:
                # Remembered before the lines are created, so that they are looked for if the same document comes again in
                # this sync.
                self.remember(replace(snapshot, num_subtasks=len(existing) + len(changes.create)))
            return self.writer.write(container, existing, changes)
        except AsanaError as error:
            raise refusal_of_lines(error, snapshot.gid, document.visma_id) from error


@dataclass(frozen=True)
class ProjectLines:
    """The lines of documents, as tasks of their own projects. Raises AsanaError."""

    client: Client
    writer: LineWriting

    def bring_up(self, document: Document, project_gid: str, *, known_empty: bool) -> PartOutcome:
        """Writes the differences, like `LineWriting.write`."""
        container = ProjectTasks(self.client, project_gid, document.visma_id)
        existing, changes = look(container, document.lines, 0 if known_empty else 1)
        return self.writer.write(container, existing, changes)
