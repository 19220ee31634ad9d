"""A dry run of tasks: what would be created or changed, on the log."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field, replace

from destination_asana.asana.client import Client
from destination_asana.board.fields.values import CustomFields
from destination_asana.board.members import Assignees
from destination_asana.board.task_index import Index
from destination_asana.planning.changes import Change
from destination_asana.planning.descriptions import replace_block, text_in
from destination_asana.planning.last_look import adjusted
from destination_asana.planning.snapshot import Snapshot
from destination_asana.planning.words import plan_text
from destination_asana.writing.assignments import Assignments
from destination_asana.writing.mending import VanishedError
from destination_asana.writing.outcome import Outcome

logger = logging.getLogger("airbyte")


@dataclass
class DryRunTaskWriter:
    """Logs each change. The outcome's snapshot is the task as it is, or a stand-in for one that would be created."""

    client: Client
    fields: CustomFields
    index: Index
    assignees: Assignees
    _assignments: Assignments = field(init=False)

    def __post_init__(self) -> None:
        self._assignments = Assignments(self.client)

    def apply(self, change: Change) -> Outcome:
        """Logs the change and what of it people's choices would leave out."""
        text_before = None
        if change.current is not None and change.current.gid:
            change = self._confirmed(change, change.current)
            change, _ = self._assignments.respected(change)
            change, text_before = self._with_description(change)
        if not change.empty:
            self._log(change, text_before)
        return Outcome.of(change, self._stand_in(change), text_before)

    def _confirmed(self, change: Change, current: Snapshot) -> Change:
        """Nothing is written that would tell whether a task that search alone knows is there: it is read."""
        now = self.index.confirm(current)
        if now is None:
            raise VanishedError("the task", "is no longer in Asana", change.visma_id)
        return change if now is current else adjusted(change, now, self.fields.shown(now.values))

    def _with_description(self, change: Change) -> tuple[Change, str | None]:
        """The change, and what the description's block says now; without it where a person has edited its form."""
        if change.description is None or change.current is None:
            return change, None
        now = self.client.get(f"/tasks/{change.current.gid}", {"opt_fields": "html_notes,notes"})
        if replace_block(now.get("html_notes") or "", change.description) is None:
            change = change.without("description", "a person has edited its form")
        return change, text_in(now.get("notes"))

    def _log(self, change: Change, text_before: str | None) -> None:
        differences = change.differences(text_before)
        if "assignee" in differences:
            differences["assignee"] = (None, self.assignees.name_of(differences["assignee"][1]))
        words = plan_text(self.fields.titled(differences), new=change.current is None)
        logger.info(f"Dry run, {change.visma_id} ({change.label}) would be {change.action}: {words}")

    def _stand_in(self, change: Change) -> Snapshot:
        _, assignee = change.attributes.get("assignee", (None, None))
        if change.current is None:
            shown = Snapshot(gid="", visma_id=change.visma_id, assignee=assignee)
        elif assignee is not None:
            shown = replace(change.current, assignee=assignee)
        else:
            return change.current
        # The supplier mapping's own pass comes later and must not log the same assignment again.
        self.index.put(shown)
        return shown
