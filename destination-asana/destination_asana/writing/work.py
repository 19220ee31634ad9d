"""The work on one change: what of it is still to be written, as the task is now."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any

from destination_asana.planning.blocks import with_blocks
from destination_asana.planning.changes import Change, Reason
from destination_asana.planning.descriptions import replace_block, text_in
from destination_asana.planning.last_look import adjusted
from destination_asana.planning.snapshot import Snapshot
from destination_asana.writing.outcome import Outcome


@dataclass(slots=True)
class Work:
    """`change` is what of the plan is still to be written; `html` and `text_before` are the task's description and what
    the sync's block in it says, both before the write; `stories` are the gids of the task's stories before it."""

    change: Change
    html: str = ""
    text_before: str | None = None
    stories: Collection[str] = ()

    @property
    def current(self) -> Snapshot:
        """The task as it was last seen."""
        if self.change.current is None:
            raise ValueError("a change of a task that does not exist yet")
        return self.change.current

    def leave_out(self, name: str, reason: Reason) -> None:
        """Takes a part out of what is written."""
        self.change = self.change.without(name, reason)

    def see(self, now: Snapshot, shown: Mapping[str, Any]) -> None:
        """Goes on with what fits the task as it is `now`, with the field values `shown`."""
        self.change = adjusted(self.change, now, shown)

    def see_moved(self, moved: Snapshot) -> None:
        """Goes on with the task where the work has moved it to."""
        self.change = replace(self.change, current=moved)

    def read_description(self, task: Mapping[str, Any]) -> None:
        """Keeps the description of the task, where that was read."""
        self.text_before = text_in(task.get("notes"))
        self.html = task.get("html_notes") or ""

    def replaced_description(self) -> str | None:
        """The description as it is to be written; None where it stays. The document's block is left out where a person has
        edited its form."""
        html = self.html
        if self.change.description is not None:
            replaced = replace_block(html, self.change.description)
            if replaced is None:
                self.leave_out("description", Reason.FORM_EDITED)
            html = replaced or html
        if self.change.blocks:
            html = with_blocks(html, self.change.blocks)
        return html if self.change.description is not None or self.change.blocks else None

    def outcome(self, snapshot: Snapshot) -> Outcome:
        """What was done, once all that remains is written."""
        return Outcome.of(self.change, snapshot, self.text_before)
