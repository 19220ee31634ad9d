"""What a document has in Asana beside its task: nothing more, its lines as subtasks, or a project of its own."""

from __future__ import annotations

from typing import Any, Protocol

from destination_asana.documents.document import Document
from destination_asana.planning.changes import NONE, Differences
from destination_asana.planning.snapshot import Snapshot
from destination_asana.sync.upsert.plans import DocumentPlans
from destination_asana.writing.document_lines import SubtaskLines
from destination_asana.writing.executor import TaskExecutor
from destination_asana.writing.project_finder import Found
from destination_asana.writing.projects import DocumentProjects


class Parts(Protocol):
    """Finds the parts of one stream's documents, and brings them up to date."""

    def find(self, document: Document, current: Snapshot | None) -> Found:
        """The document's own project; reads only. `current` is its task, if there is one."""

    def bring_up(self, document: Document, task: Snapshot, found: Found, *, new: bool) -> Differences:
        """Writes what differs and gives it. `task` is the document's task as just written; `new` that it was made."""


class NoParts:
    """For documents whose lines are no items of their own."""

    def find(self, document: Document, current: Snapshot | None) -> Found:
        return Found()

    def bring_up(self, document: Document, task: Snapshot, found: Found, *, new: bool) -> Differences:
        return NONE


class LineParts(NoParts):
    """The lines of documents as subtasks."""

    def __init__(self, lines: SubtaskLines) -> None:
        self._lines = lines

    def bring_up(self, document: Document, task: Snapshot, found: Found, *, new: bool) -> Differences:
        return self._lines.bring_up(document, task) if document.gives("lines") else NONE


class ProjectParts:
    """A project for each document, which its task links once the project is set up."""

    def __init__(self, projects: DocumentProjects, plans: DocumentPlans, tasks: TaskExecutor) -> None:
        self._projects = projects
        self._plans = plans
        self._tasks = tasks

    def find(self, document: Document, current: Snapshot | None) -> Found:
        return self._projects.find(document, current)

    def bring_up(self, document: Document, task: Snapshot, found: Found, *, new: bool) -> Differences:
        applied: dict[str, tuple[Any, Any]] = {}
        ready = self._projects.set_up(document, task, found)
        if ready.project is not None and not found.linked and (new or document.gives("description")):
            change = self._plans.link(document, task, ready.project.url)
            if change is not None:
                linked = self._tasks.apply(change)
                task = linked.snapshot
                if all(each.name != "description" for each in linked.left_out):
                    applied["project"] = (None, ready.project.url)
        return {**applied, **self._projects.bring_up(document, task, ready)}


def linked_url(current: Snapshot | None, found: Found) -> str | None:
    """What a task says of the document's project. The task goes on naming a project that a person deleted."""
    if not found.linked:
        return None
    if found.project is not None:
        return found.project.url
    return current.project_url if current is not None else None
