"""What came of a change: the task as it is now, what was written, and what was left out with its reason."""

from __future__ import annotations

from dataclasses import dataclass, field

from destination_asana.planning.actions import Action
from destination_asana.planning.changes import Change, Differences, LeftOut
from destination_asana.planning.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Outcome:
    """The audit log, comments and the summary tell this, never the plan.

    `applied` holds (before, after) by the name people know; `left_out` what was planned and not written.
    """

    snapshot: Snapshot
    action: Action
    applied: Differences = field(default_factory=dict)
    left_out: tuple[LeftOut, ...] = ()

    @classmethod
    def of(cls, change: Change, snapshot: Snapshot, text_before: str | None = None) -> Outcome:
        """The outcome of a change all of which is written. `text_before` is what the description's block said."""
        return cls(snapshot, change.action, change.differences(text_before), change.left_out)

    def also(self, applied: Differences) -> Outcome:
        """The same with what else was written for the document, its lines or its project, after what its task says."""
        if not applied:
            return self
        rest = {name: values for name, values in applied.items() if name not in self.applied}
        action = Action.UPDATED if self.action is Action.UNCHANGED else self.action
        return Outcome(self.snapshot, action, {**self.applied, **rest}, self.left_out)
