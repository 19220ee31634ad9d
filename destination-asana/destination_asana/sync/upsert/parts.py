"""What a document has in Asana besides its task: nothing, its lines as subtasks, or its own project."""

from __future__ import annotations

from typing import Protocol

from destination_asana.board import LineLedger
from destination_asana.documents import Document
from destination_asana.planning import LeftOut, Reason, Snapshot
from destination_asana.planning.lines import lines_digest, memory_in
from destination_asana.sync.upsert.plans import DocumentPlans
from destination_asana.writing import Outcome, PartOutcome, TaskExecutor
from destination_asana.writing.lines import SubtaskLines
from destination_asana.writing.projects import DocumentProjects, Found


class Parts(Protocol):
    """Finds the parts of one stream's documents and updates them. `first` says whether the parts of a task that exists are
    written before it."""

    first: bool

    def find(self, document: Document, current: Snapshot | None) -> Found:
        """The document's own project. Only reads. `current` is its task, if there is one."""

    def bring_up(self, document: Document, task: Snapshot, found: Found, *, new: bool) -> PartOutcome:
        """Writes the differences. `task` is the document's task as just written; `new` means that it was
        just created."""

    def are_known(self, document: Document, task: Snapshot) -> bool:
        """Whether Asana is known to have the parts as they are in this version of the document."""

    def digest(self, document: Document, task: Snapshot | None) -> str | None:
        """What the task is to remember of the parts, so that they are known later. None if it remembers nothing."""


class NoParts:
    """For documents whose lines are not items."""

    first = False

    def find(self, document: Document, current: Snapshot | None) -> Found:
        return Found()

    def bring_up(self, document: Document, task: Snapshot, found: Found, *, new: bool) -> PartOutcome:
        return PartOutcome()

    def are_known(self, document: Document, task: Snapshot) -> bool:
        return False

    def digest(self, document: Document, task: Snapshot | None) -> str | None:
        return None


class LineParts(NoParts):
    """The lines of documents, as subtasks. They come before the task, so that its write can say that they are there."""

    first = True

    def __init__(self, lines: SubtaskLines, ledger: LineLedger) -> None:
        self._lines = lines
        self._ledger = ledger

    def bring_up(self, document: Document, task: Snapshot, found: Found, *, new: bool) -> PartOutcome:
        if not document.gives("lines"):
            return PartOutcome()
        try:
            outcome = self._lines.bring_up(document, task)
        except Exception:
            self._ledger.fail(task.external)
            raise
        if any(each.reason is Reason.DELETED for each in outcome.left_out):
            self._ledger.fail(task.external)
        else:
            self._ledger.finish(task.external, document.key)
        return outcome

    def are_known(self, document: Document, task: Snapshot) -> bool:
        memory = memory_in(task.external)
        if memory is None or memory.digest != lines_digest(document):
            return False
        # A subtask that a person has deleted shows here, unless another one has come.
        return task.num_subtasks >= len(document.lines) and self._ledger.proves(memory)

    def digest(self, document: Document, task: Snapshot | None) -> str | None:
        has_any = document.lines or (task is not None and task.num_subtasks)
        return lines_digest(document) if has_any and document.gives("lines") and self._ledger.open else None


class ProjectParts(NoParts):
    """An own project for each document. Its task links to the project once that is set up."""

    def __init__(self, projects: DocumentProjects, plans: DocumentPlans, tasks: TaskExecutor) -> None:
        self._projects = projects
        self._plans = plans
        self._tasks = tasks

    def find(self, document: Document, current: Snapshot | None) -> Found:
        return self._projects.find(document, current)

    def bring_up(self, document: Document, task: Snapshot, found: Found, *, new: bool) -> PartOutcome:
        link = PartOutcome()
        ready = self._projects.set_up(document, task, found)
        if ready.project is not None and not found.linked and (new or document.gives("description")):
            change = self._plans.link(document, task, ready.project.url)
            if change is not None:
                linked = self._tasks.apply(change)
                task = linked.snapshot
                link = _link_outcome(linked, ready.project.url)
        return link.also(self._projects.bring_up(document, task, ready))


def _link_outcome(outcome: Outcome, url: str) -> PartOutcome:
    """The outcome for the link that a description contains: people know it as `project`."""
    reason = next((each.reason for each in outcome.left_out if each.name == "description"), None)
    return (
        PartOutcome({"project": (None, url)})
        if reason is None
        else PartOutcome(left_out=(LeftOut("project", url, reason),))
    )


def linked_url(current: Snapshot | None, found: Found) -> str | None:
    """The link to the document's project on its task. The task keeps the link to a project that a person has deleted."""
    if not found.linked:
        return None
    if found.project is not None:
        return found.project.url
    return current.project_url if current is not None else None
