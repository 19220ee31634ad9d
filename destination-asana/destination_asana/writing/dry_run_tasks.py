"""A dry run of tasks: what would be created or changed, on the log."""

from __future__ import annotations

import logging
from dataclasses import replace

from destination_asana.planning.changes import Change
from destination_asana.planning.snapshot import Snapshot
from destination_asana.planning.words import plan_text
from destination_asana.writing.assignments import Assignments
from destination_asana.writing.mending import VanishedError
from destination_asana.writing.outcome import Outcome
from destination_asana.writing.place import Place
from destination_asana.writing.work import Work

logger = logging.getLogger("airbyte")


class DryRunTaskWriter:
    """Logs each change. The outcome's snapshot is the task as it is, or a stand-in for one that would be created."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self._assignments = Assignments(place.client)

    def apply(self, change: Change) -> Outcome:
        """Logs the change, without what people's choices would leave out."""
        work = Work(change)
        if change.current is not None and change.current.gid:
            self._look(work, change.current)
        outcome = work.outcome(self._stand_in(work.change))
        if not work.change.empty:
            self._log(work.change, outcome)
        return outcome

    def _look(self, work: Work, current: Snapshot) -> None:
        # Nothing is written that would tell whether a task that search alone knows is there.
        now = self._place.index.confirm(current)
        if now is None:
            raise VanishedError("the task", "is no longer in Asana", work.change.visma_id)
        if now is not current:
            work.see(now, self._place.fields.shown(now.values))
        work.change, _ = self._assignments.respected(work.change)
        if work.change.description is not None:
            work.read_description(self._place.client.get(f"/tasks/{now.gid}", {"opt_fields": "html_notes,notes"}))
            work.replaced_description()

    def _stand_in(self, change: Change) -> Snapshot:
        _, assignee = change.attributes.get("assignee", (None, None))
        if change.current is None:
            shown = Snapshot(gid="", visma_id=change.visma_id, assignee=assignee)
        elif assignee is not None:
            shown = replace(change.current, assignee=assignee)
        else:
            return change.current
        # The supplier mapping's own pass comes later and must not log the same assignment again.
        self._place.index.put(shown)
        return shown

    def _log(self, change: Change, outcome: Outcome) -> None:
        differences = dict(outcome.applied)
        if "assignee" in differences:
            differences["assignee"] = (None, self._place.assignees.name_of(differences["assignee"][1]))
        words = plan_text(self._place.fields.titled(differences), new=change.current is None)
        logger.info(f"Dry run, {change.visma_id} ({change.label}) would be {outcome.action}: {words}")
