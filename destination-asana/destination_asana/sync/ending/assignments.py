"""Assigns a task independently of any record of its document."""

from __future__ import annotations

import logging

from destination_asana.asana import AsanaError
from destination_asana.documents import RecordError, label_of
from destination_asana.planning import Action, Change, Snapshot
from destination_asana.sync.upsert import Reports
from destination_asana.writing import TaskExecutor

logger = logging.getLogger("airbyte")


class Assignments:
    """Writes assignees and reports them."""

    def __init__(self, reports: Reports) -> None:
        self._reports = reports

    def assign(self, tasks: TaskExecutor, snapshot: Snapshot, member: str) -> None:
        """Assigns a task to a member. A refusal is only a warning, because the document itself is right."""
        change = Change(snapshot.visma_id, label_of(snapshot.visma_id), snapshot, {"assignee": (None, member)})
        try:
            outcome = tasks.apply(change)
        except (AsanaError, RecordError) as error:
            logger.warning(f"{snapshot.visma_id} could not be assigned: {error}")
            return
        if "assignee" in outcome.applied:
            self._reports.log(snapshot.visma_id, outcome)
            self._reports.count(snapshot.visma_id, Action.UPDATED)
