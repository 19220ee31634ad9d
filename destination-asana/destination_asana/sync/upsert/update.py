"""What is done about one document: it is brought up to date with its parts, or marked as gone; both are reported."""

from __future__ import annotations

from destination_asana.board.task_index import Index
from destination_asana.documents.document import Document
from destination_asana.planning.changes import Change
from destination_asana.planning.snapshot import Snapshot
from destination_asana.sync.upsert.follow_up import Trail
from destination_asana.sync.upsert.parts import Parts, linked_url
from destination_asana.sync.upsert.plans import DocumentPlans
from destination_asana.sync.upsert.reports import Reports
from destination_asana.writing.executor import TaskExecutor
from destination_asana.writing.mending import VanishedError
from destination_asana.writing.outcome import Outcome
from destination_asana.writing.project_finder import Found


class DocumentUpdate:
    """Brings the documents of one stream up to date."""

    def __init__(
        self,
        *,
        index: Index,
        plans: DocumentPlans,
        tasks: TaskExecutor,
        parts: Parts,
        reports: Reports,
        trail: Trail,
    ) -> None:
        self._index = index
        self._plans = plans
        self._tasks = tasks
        self._parts = parts
        self._reports = reports
        self._trail = trail

    def apply(self, document: Document, current: Snapshot | None) -> Snapshot:
        """Makes or updates the task and the parts of a document; `current` is its task, if there is one. Gives the task as
        it is now. Raises VanishedError where somebody has deleted it meanwhile."""
        found = self._parts.find(document, current)
        change = self._plan(document, current, found)
        if current is not None and change.empty:
            # Nothing will be written that would show whether it is there, and a STATE may leave behind it.
            now = self._index.confirm(current)
            if now is None:
                raise VanishedError("the task", "is no longer in Asana", document.visma_id)
            if now is not current:
                current, change = now, self._plan(document, now, found)
        outcome = self._write(document, current, change)
        new = current is None
        try:
            whole = outcome.also(self._parts.bring_up(document, outcome.snapshot, found, new=new))
        except Exception:
            # The task itself has changed, and no later sync would report it.
            self._reports.log(document.visma_id, outcome)
            raise
        task = outcome.snapshot
        version = self._plans.version(document, task, change) if whole.applied and change.empty else None
        if version is not None:
            task = self._tasks.apply(version).snapshot
        self._reports.changed(document.visma_id, whole, new=new)
        self._reports.count(whole.action)
        return task

    def _plan(self, document: Document, current: Snapshot | None, found: Found) -> Change:
        document, blocks = self._trail.completed(document, current)
        return self._plans.plan(document, current, linked_url(current, found), blocks)

    def _write(self, document: Document, current: Snapshot | None, change: Change) -> Outcome:
        try:
            self._trail.before(document, current)
            outcome = self._tasks.apply(change)
        except Exception:
            self._trail.failed(document)
            raise
        self._trail.after(document)
        return outcome


class GoneMark:
    """Gives the tasks of documents the status `Gone from Visma` and completes them."""

    def __init__(self, plans: DocumentPlans, tasks: TaskExecutor, reports: Reports, trail: Trail) -> None:
        self._plans = plans
        self._tasks = tasks
        self._reports = reports
        self._trail = trail

    def mark(self, current: Snapshot) -> bool:
        """Marks a document that no longer comes; False when it was marked before, or its task is gone, too."""
        change = self._plans.gone(current)
        if change.empty:
            return False
        try:
            self._trail.before_gone(current)
            outcome = self._tasks.apply(change)
        except VanishedError:
            return False
        self._reports.changed(current.visma_id, outcome, new=False)
        self._reports.count(outcome.action)
        return True

    def mark_or_count(self, current: Snapshot | None) -> None:
        """The same for a record that asks for it: a document that is not there, or marked, counts as unchanged."""
        if current is None or not self.mark(current):
            self._reports.count_unchanged()
