"""The outcome of a change: the task as it is now, what was written, and what was left out and why."""

from __future__ import annotations

from dataclasses import dataclass, field

from destination_asana.planning import Action, Change, Differences, LeftOut, Snapshot


@dataclass(frozen=True, slots=True)
class PartOutcome:
    """The outcome for a part of a document besides its task: its lines, or its own project."""

    applied: Differences = field(default_factory=dict)
    left_out: tuple[LeftOut, ...] = ()

    def also(self, other: PartOutcome) -> PartOutcome:
        """Both outcomes together."""
        return PartOutcome({**self.applied, **other.applied}, (*self.left_out, *other.left_out))


@dataclass(frozen=True, slots=True)
class Outcome:
    """The audit log, comments and the summary report this, never the plan.

    `applied` holds (before, after) by the name that people know; `left_out` the parts that were planned but not written.
    """

    snapshot: Snapshot
    action: Action
    applied: Differences = field(default_factory=dict)
    left_out: tuple[LeftOut, ...] = ()

    @classmethod
    def of(cls, change: Change, snapshot: Snapshot, text_before: str | None = None) -> Outcome:
        """The outcome of a change that was written completely. `text_before` is the former text of the description block."""
        return cls(snapshot, change.action, change.differences(text_before), change.left_out)

    def also(self, part: PartOutcome) -> Outcome:
        """The same outcome plus that of the document's lines or project."""
        rest = {name: values for name, values in part.applied.items() if name not in self.applied}
        action = Action.UPDATED if part.applied and self.action is Action.UNCHANGED else self.action
        return Outcome(self.snapshot, action, {**self.applied, **rest}, (*self.left_out, *part.left_out))
