"""The dry run of tasks: logs what would be created or changed."""

from __future__ import annotations

import logging
from dataclasses import replace

from destination_asana.documents import StoredValue
from destination_asana.documents import fields as names
from destination_asana.planning import Change, Snapshot, plan_text
from destination_asana.writing.outcome import Outcome
from destination_asana.writing.tasks.assignments import Assignments
from destination_asana.writing.tasks.mending import VanishedError
from destination_asana.writing.tasks.place import Place
from destination_asana.writing.tasks.work import Work

logger = logging.getLogger("airbyte")


class DryRunTaskWriter:
    """Logs each change. The snapshot in the outcome is the present task, or a stand-in for a task that would be created.

    Such a stand-in, and that of a task that would be taken over, has no gid, so that nothing is asked of Asana for it."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self._assignments = Assignments(place.client)

    def apply(self, change: Change) -> Outcome:
        """Logs the change without the parts that people's choices rule out."""
        work = Work(change)
        if change.current is not None and change.current.gid:
            self._look(work, change.current)
        outcome = work.outcome(self._stand_in(work.change))
        if outcome.applied:
            self._log(work.change, outcome)
        return outcome

    def conclude_lines(self) -> None:
        """Does nothing."""

    def _look(self, work: Work, current: Snapshot) -> None:
        # No write will show whether a task found only by search still exists.
        now = self._place.index.confirm(current)
        if now is None:
            raise VanishedError("the task", "is no longer in Asana", work.change.visma_id)
        if now is not current:
            work.see(now, self._place.fields.values.present(now.values))
        work.change, _ = self._assignments.respected(work.change)
        if work.change.description is not None:
            work.read_description(self._place.client.get(f"/tasks/{now.gid}", {"opt_fields": "html_notes,notes"}))
            work.replaced_description()

    def _stand_in(self, change: Change) -> Snapshot:
        """The task as later steps of the sync are to see it. The pass for a changed supplier mapping must not log the same
        assignment again, and a document without a task yet counts as one that has it."""
        current = change.current
        _, assignee = change.attributes.get("assignee", (None, None))
        if current is None:
            task = _new_task(change, assignee)
            self._place.index.put(task)
        elif change.match is not None:
            # The task itself does not carry the document's ID, so it must not be looked at again.
            task = current
            self._place.index.put(replace(current, gid="", assignee=assignee or current.assignee))
        elif assignee is not None:
            task = replace(current, assignee=assignee)
            self._place.index.put(task)
        else:
            task = current
        return task

    def _log(self, change: Change, outcome: Outcome) -> None:
        differences = dict(outcome.applied)
        if "assignee" in differences:
            differences["assignee"] = (None, self._place.assignees.name_of(differences["assignee"][1]))
        words = plan_text(self._place.fields.catalog.titled(differences), new=change.current is None)
        logger.info(f"Dry run, {change.visma_id} ({change.label}) would be {outcome.action}: {words}")


def _new_task(change: Change, assignee: str | None) -> Snapshot:
    """A task that would be created, with what an order is added up from when its invoices come after it. The options that it
    would have may not exist yet."""
    plain: dict[str, StoredValue] = {
        name: value
        for name, (_, value) in change.fields.items()
        if isinstance(value, (str, int, float)) and names.DEFINITIONS[name].type in ("text", "number")
    }
    blocks = {block.kind.header: list(block.rows) for block in change.blocks}
    return Snapshot(gid="", visma_id=change.visma_id, assignee=assignee, values=plain, blocks=blocks)
