"""The work on one change: the parts still to write, given the present task."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any

from destination_asana.documents import FieldValues
from destination_asana.planning import Change, Moves, Reason, Snapshot, adjusted_to_present
from destination_asana.planning.descriptions import Description, replace_block, text_in, with_block, with_blocks
from destination_asana.writing.outcome import Outcome


@dataclass(slots=True)
class Work:
    """`change` is the part of the plan still to write. `html` and `text_before` are the task's description and the text
    of the sync's block in it, both before the write. `stories` are the gids of the task's stories before it. `later`
    are moves that wait until the task exists."""

    change: Change
    html: str = ""
    text_before: str | None = None
    stories: Collection[str] = ()
    later: Moves | None = None

    @property
    def current(self) -> Snapshot:
        """The task as last read."""
        if self.change.current is None:
            raise ValueError("a change of a task that does not exist yet")
        return self.change.current

    def leave_out(self, name: str, reason: Reason) -> None:
        """Removes a part from the change."""
        self.change = self.change.without(name, reason)

    def see(self, now: Snapshot, present: FieldValues) -> None:
        """Continues with the change adjusted to the task as it is `now`, with the field values `present`."""
        self.change = adjusted_to_present(self.change, now, present)

    def see_moved(self, moved: Snapshot) -> None:
        """Continues with the task after the moves."""
        self.change = replace(self.change, current=moved)

    def read_description(self, task: Mapping[str, Any]) -> None:
        """Stores the description of the task, if it was read."""
        self.text_before = text_in(task.get("notes"))
        self.html = task.get("html_notes") or ""

    def first_description(self, description: Description) -> str:
        """The description of a new task, with the marked blocks."""
        return with_blocks(description.body, self.change.blocks)

    def replaced_description(self) -> str | None:
        """The description to write; None if it stays. The document's block is left out if a person has edited its form."""
        html = self.html
        if self.change.description is not None:
            replaced = replace_block(html, self.change.description)
            if self.change.match is not None and self.text_before is None:
                # People's own description. The sync's text comes below it.
                replaced = with_block(html, self.change.description)
            if replaced is None:
                self.leave_out("description", Reason.FORM_EDITED)
            html = replaced or html
        if self.change.blocks:
            html = with_blocks(html, self.change.blocks)
        return html if self.change.description is not None or self.change.blocks else None

    def outcome(self, snapshot: Snapshot) -> Outcome:
        """The outcome once everything that remains is written."""
        return Outcome.of(self.change, snapshot, self.text_before)
