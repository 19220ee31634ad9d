"""Brings one document up to date with its parts, and reports it."""

from __future__ import annotations

from dataclasses import replace

from destination_asana.board import Index
from destination_asana.documents import Document, RecordError
from destination_asana.planning import Action, Change, Match, Reason, Snapshot
from destination_asana.sync.upsert.follow_up import Trail
from destination_asana.sync.upsert.parts import Parts, linked_url
from destination_asana.sync.upsert.plans import DocumentPlans
from destination_asana.sync.upsert.reports import Reports
from destination_asana.writing import Found, Outcome, PartOutcome, TaskExecutor, VanishedError


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

    def apply(self, document: Document, current: Snapshot | None, match: Match | None = None) -> Snapshot:
        """Creates or updates the task and the parts of a document. `current` is its task, if there is one; `match` is set if
        people have made that task and the document takes it over. Returns the task as it is now. Raises VanishedError if
        somebody has meanwhile deleted it."""
        found = self._parts.find(document, current)
        change = self._plan(document, current, found, match)
        if match is None and current is not None and (change.empty or change.moves):
            # No write will follow that would show whether the task still exists, and a STATE may be released after it. If
            # only search found the task, its place is not certain either.
            now = self._index.confirm(current)
            if now is None:
                raise VanishedError("the task", "is no longer in Asana", document.visma_id)
            if now is not current:
                current, change = now, self._plan(document, now, found, match)
        if current is not None and match is None and change.empty:
            whole = self._bring_up_parts(document, current, change, found)
        elif current is not None and match is None and self._parts.first:
            whole = self._parts_first(document, current, change, found)
        else:
            whole = self._task_first(document, current, change, found)
        self._reports.changed(document.visma_id, whole, new=current is None or match is not None)
        self._reports.count(document.visma_id, whole.action)
        return whole.snapshot

    def _task_first(self, document: Document, current: Snapshot | None, change: Change, found: Found) -> Outcome:
        """Writes the task, then its parts."""
        remembers = replace(change, lines=self._parts.digest(document, current))
        outcome = self._write(document, current, remembers)
        try:
            return outcome.also(self._parts.bring_up(document, outcome.snapshot, found, new=current is None))
        except Exception:
            # The task itself has changed, and no later sync would report it.
            self._reports.log(document.visma_id, outcome)
            raise

    def _parts_first(self, document: Document, current: Snapshot, change: Change, found: Found) -> Outcome:
        """Writes the parts, then the task. If Asana refuses the parts, the task still shows the document."""
        # Subtasks that have come since the listing do not show in it, so the parts are looked for in any case.
        task = replace(current, num_subtasks=max(1, current.num_subtasks)) if document.lines else current
        try:
            part = self._parts.bring_up(document, task, found, new=False)
        except VanishedError:
            raise
        except RecordError:
            self._reports.log(document.visma_id, self._write(document, current, change))
            raise
        try:
            outcome = self._write(document, current, replace(change, lines=self._digest(document, current, part)))
        except Exception:
            self._reports.log(document.visma_id, Outcome(current, Action.UPDATED, part.applied))
            raise
        return outcome.also(part)

    def _bring_up_parts(self, document: Document, current: Snapshot, change: Change, found: Found) -> Outcome:
        """Writes only the parts. If any has changed, the task then states their version and remembers them."""
        outcome = self._write(document, current, change)
        if self._parts.are_known(document, current):
            return outcome
        part = self._parts.bring_up(document, current, found, new=False)
        whole = outcome.also(part)
        if not part.applied:
            return whole
        stated = self._plans.version(document, current, change) or change
        stated = replace(stated, lines=self._digest(document, current, part))
        return whole if stated.idle else replace(whole, snapshot=self._tasks.apply(stated).snapshot)

    def _digest(self, document: Document, current: Snapshot, part: PartOutcome) -> str | None:
        """What the task is to remember of its parts after they were written. None if a person has deleted one meanwhile."""
        deleted = any(each.reason is Reason.DELETED for each in part.left_out)
        return None if deleted else self._parts.digest(document, current)

    def _plan(self, document: Document, current: Snapshot | None, found: Found, match: Match | None) -> Change:
        # What people have written says nothing about the numbers of the sync.
        document, blocks = self._trail.completed(document, None if match is not None else current)
        return self._plans.plan(document, current, linked_url(current, found), blocks, match)

    def _write(self, document: Document, current: Snapshot | None, change: Change) -> Outcome:
        before = None if change.match is not None else current
        try:
            self._trail.before(document, before)
            outcome = self._tasks.apply(change)
        except Exception:
            self._trail.failed(document)
            raise
        self._trail.after(document, before)
        return outcome
