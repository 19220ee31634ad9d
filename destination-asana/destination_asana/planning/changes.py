"""What to write so that one task shows its document, and the parts left out with their reasons. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from destination_asana.documents import FieldValue
from destination_asana.planning.actions import Action
from destination_asana.planning.adoption import Match
from destination_asana.planning.descriptions import ROUTES, Block, Description, differing_blocks
from destination_asana.planning.routing import Moves, block_of, is_up_to_date
from destination_asana.planning.snapshot import Snapshot

# The value before and the value after, by the name that people know.
Differences = Mapping[str, tuple[Any, Any]]
FieldDifferences = Mapping[str, tuple[FieldValue, FieldValue]]
NONE: Differences = MappingProxyType({})


class Reason(StrEnum):
    """Why a part of a change was not written."""

    CHOSEN_MEANWHILE = "a person has changed it meanwhile"
    TEXT_EDITED = "a person has edited the text of the sync"
    FORM_EDITED = "a person has edited the form of the sync's text"
    UNASSIGNED = "a person has unassigned the task"
    REFUSED = "Asana refuses it"
    DELETED = "a person has deleted it meanwhile"
    NO_FIELD = "the project has no such field"


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A part of a change that was not written: its name, the value it would have got, the reason, and Asana's message."""

    name: str
    value: Any
    reason: Reason
    message: str = ""

    def __str__(self) -> str:
        return f"{self.reason}: “{self.message}”" if self.message else self.reason.value


@dataclass(frozen=True, slots=True)
class Change:
    """Everything to write so that one task shows its document.

    - `current`: the task as last read; None for a task that does not exist yet.
    - `attributes`, `fields`: (before, after) by name, for the values that differ.
    - `description`: the description block to write; `blocks`: the marked blocks to write.
    - `section`: the name of the section to move to; `section_before`: the task's present section.
    - `moves`: the projects to join and to leave.
    - `match`: set if `current` is a task that people have made, which the document takes over.
    - `lines`: the digest of the document's lines, if the task is to remember it. It is no difference for people.
    - `left_out`: parts that were removed from the change, because a last look at the task or a refusal by Asana ruled
      them out.
    """

    visma_id: str
    label: str
    current: Snapshot | None
    attributes: Differences = field(default_factory=dict)
    fields: Differences = field(default_factory=dict)
    description: Description | None = None
    section: str | None = None
    section_before: str | None = None
    blocks: tuple[Block, ...] = ()
    moves: Moves | None = None
    match: Match | None = None
    left_out: tuple[LeftOut, ...] = ()
    lines: str | None = None

    @property
    def empty(self) -> bool:
        """Whether there is no difference to write."""
        parts = self.attributes or self.fields or self.description or self.section or self.blocks or self.moves
        return self.current is not None and not parts

    @property
    def idle(self) -> bool:
        """Whether there is nothing to write at all."""
        return self.empty and self.lines is None

    @property
    def action(self) -> Action:
        """The action that writing this change amounts to."""
        if self.current is None:
            return Action.CREATED
        if self.match is not None:
            return Action.ADOPTED
        if "completed" in self.attributes:
            return Action.COMPLETED if self.attributes["completed"][1] else Action.REOPENED
        return Action.UNCHANGED if self.empty else Action.UPDATED

    def differences(self, text_before: str | None = None) -> dict[str, tuple[Any, Any]]:
        """All differences, by the name that people know, with the value before and after. `text_before` is the present text
        of the description block."""
        result = {**self.attributes, **self.fields}
        if self.description is not None and self.current is not None:
            text = self.description.text
            # A description may differ only in the version it states.
            if (text_before or "").split() != text.split():
                result["description"] = (text_before, text)
        if self.section is not None:
            result["section"] = (self.section_before, self.section)
        if self.moves:
            joined, left = {each.project_gid for each in self.moves.join}, set(self.moves.leave)
            # After the moves, `current` already contains their result.
            present = set(self.current.projects) if self.current is not None else set()
            before, after = (present - joined) | left, (present | joined) - left
            result["projects"] = (tuple(sorted(before)), tuple(sorted(after)))
        present_blocks = self.current.blocks if self.current is not None else {}
        for block in self.blocks:
            if self.moves and block.kind is ROUTES:
                continue
            header = block.kind.header
            result[header] = ("\n".join(present_blocks.get(header, ())) or None, "\n".join(block.rows) or None)
        return result

    def with_moves(self, moves: Moves) -> Change:
        """The change with these moves between projects, and with the block that remembers them."""
        others = [block for block in self.blocks if block.kind is not ROUTES]
        present = self.current.blocks if self.current is not None else {}
        if self.current is None or not is_up_to_date(present, self.current.projects, moves):
            others += differing_blocks([block_of(moves, new=self.current is None)], present)
        return replace(self, moves=moves, blocks=tuple(others))

    def without(self, name: str, reason: Reason, message: str = "") -> Change:
        """The change without one attribute, without the `description` or without the `section`. `left_out` records the part,
        the reason and Asana's message."""
        if name == "description":
            wanted = self.description.text if self.description else None
            narrowed = replace(self, description=None)
        elif name == "section":
            wanted, narrowed = self.section, replace(self, section=None)
        else:
            wanted = self.attributes[name][1]
            narrowed = replace(self, attributes={n: each for n, each in self.attributes.items() if n != name})
        return replace(narrowed, left_out=(*self.left_out, LeftOut(name, wanted, reason, message)))
