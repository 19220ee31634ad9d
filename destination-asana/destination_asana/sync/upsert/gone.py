"""Marks documents that Visma no longer has."""

from __future__ import annotations

from destination_asana.planning import Snapshot
from destination_asana.sync.upsert.follow_up import Trail
from destination_asana.sync.upsert.plans import DocumentPlans
from destination_asana.sync.upsert.reports import Reports
from destination_asana.writing import TaskExecutor, VanishedError


class GoneMark:
    """Gives the tasks of documents the status `Gone from Visma` and completes them."""

    def __init__(self, plans: DocumentPlans, tasks: TaskExecutor, reports: Reports, trail: Trail) -> None:
        self._plans = plans
        self._tasks = tasks
        self._reports = reports
        self._trail = trail

    def mark(self, current: Snapshot) -> bool:
        """Marks a document that no longer comes. False if it was already marked, or if its task no longer exists."""
        change = self._plans.gone(current)
        if change.empty:
            return False
        try:
            self._trail.before_gone(current)
            outcome = self._tasks.apply(change)
            self._reports.changed(current.visma_id, outcome, new=False)
        except VanishedError:
            return False
        self._reports.count(current.visma_id, outcome.action)
        return True

    def mark_or_count(self, visma_id: str, current: Snapshot | None) -> None:
        """The same for a record that asks for it. A document that is missing or already marked counts as unchanged."""
        if current is None:
            self._reports.unchanged(visma_id, None)
        elif not self.mark(current):
            self._reports.unchanged(visma_id, current.gid)
