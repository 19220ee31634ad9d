"""Assigns a task, apart from any record of its document."""

from __future__ import annotations

import logging

from destination_asana.asana.errors import AsanaError
from destination_asana.documents.errors import RecordError
from destination_asana.documents.visma_ids import label_of
from destination_asana.planning.actions import Action
from destination_asana.planning.changes import Change
from destination_asana.planning.snapshot import Snapshot
from destination_asana.sync.upsert.reports import Reports
from destination_asana.writing.executor import TaskExecutor

logger = logging.getLogger("airbyte")


class Assignments:
    """Writes assignees and reports them."""

    def __init__(self, reports: Reports) -> None:
        self._reports = reports

    def assign(self, tasks: TaskExecutor, snapshot: Snapshot, member: str) -> None:
        """Assigns a task to a member; a refusal is a warning, since the document itself is as it should be."""
        change = Change(snapshot.visma_id, label_of(snapshot.visma_id), snapshot, {"assignee": (None, member)})
        try:
            outcome = tasks.apply(change)
        except (AsanaError, RecordError) as error:
            logger.warning(f"{snapshot.visma_id} could not be assigned: {error}")
            return
        if "assignee" in outcome.applied:
            self._reports.log(snapshot.visma_id, outcome)
            self._reports.count(Action.UPDATED)
