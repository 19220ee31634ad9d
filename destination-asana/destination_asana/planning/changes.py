"""Document × what Asana holds now → Change. Pure; nothing to do is the common answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from destination_asana.documents import fields as names
from destination_asana.documents import statuses
from destination_asana.documents.document import Document
from destination_asana.planning.actions import Action
from destination_asana.planning.blocks import Block
from destination_asana.planning.descriptions import Description
from destination_asana.planning.snapshot import Snapshot

GONE = "Gone from Visma"
# By the name people know: the value before and the value after.
Differences = Mapping[str, tuple[Any, Any]]
NONE: Differences = MappingProxyType({})


class Reason(StrEnum):
    """Why a part of a change is not written."""

    CHOSEN_MEANWHILE = "a person has changed it meanwhile"
    TEXT_EDITED = "a person has edited the text of the sync"
    FORM_EDITED = "a person has edited the form of the sync's text"
    UNASSIGNED = "a person has unassigned the task"
    REFUSED = "Asana refuses it"
    TICKED = "a person has completed or reopened it meanwhile"


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A part of a change that is not written: its name, the value it would have got, why, and Asana's words about it."""

    name: str
    value: Any
    reason: Reason
    said: str = ""

    def __str__(self) -> str:
        return f"{self.reason}: “{self.said}”" if self.said else self.reason.value


@dataclass(frozen=True, slots=True)
class Change:
    """What makes one task say what its document says.

    `attributes` and `fields` hold (before, after) by name, only where they differ; `description` is the block to write;
    `section` is the name of the section to move to, `section_before` that of the one the task lies in; `blocks` are the marked
    blocks of the description to write. `current` is None
    for a task that does not exist yet. `left_out` is what the change held before a look at the task, or a refusal of
    Asana, took it out.
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
    left_out: tuple[LeftOut, ...] = ()

    @property
    def empty(self) -> bool:
        """Whether there is nothing to write."""
        parts = self.attributes or self.fields or self.description or self.section or self.blocks
        return self.current is not None and not parts

    @property
    def action(self) -> Action:
        """What writing this change does."""
        if self.current is None:
            return Action.CREATED
        if "completed" in self.attributes:
            return Action.COMPLETED if self.attributes["completed"][1] else Action.REOPENED
        return Action.UNCHANGED if self.empty else Action.UPDATED

    def differences(self, text_before: str | None = None) -> dict[str, tuple[Any, Any]]:
        """All that differs, by the name people know, with the value before and after. `text_before` is what the
        description's block says now."""
        result = {**self.attributes, **self.fields}
        if self.description is not None and self.current is not None:
            text = self.description.text
            # A description may be written only to say another version.
            if (text_before or "").split() != text.split():
                result["description"] = (text_before, text)
        if self.section is not None:
            result["section"] = (self.section_before, self.section)
        shown = self.current.blocks if self.current is not None else {}
        for block in self.blocks:
            header = block.kind.header
            result[header] = ("\n".join(shown.get(header, ())) or None, "\n".join(block.rows) or None)
        return result

    def without(self, name: str, reason: Reason, said: str = "") -> Change:
        """The change less one attribute, the `description` or the `section`; the reason, and what Asana said, stand in
        `left_out`."""
        if name == "description":
            wanted = self.description.text if self.description else None
            narrowed = replace(self, description=None)
        elif name == "section":
            wanted, narrowed = self.section, replace(self, section=None)
        else:
            wanted = self.attributes[name][1]
            narrowed = replace(self, attributes={n: each for n, each in self.attributes.items() if n != name})
        return replace(narrowed, left_out=(*self.left_out, LeftOut(name, wanted, reason, said)))


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the settings and the people's mapping want for one document, beside its own values."""

    complete_when_closed: bool = True
    assignee: str | None = None
    description: Description | None = None


def plan(
    document: Document,
    wanted: Mapping[str, Any],
    current: Snapshot | None,
    present: Mapping[str, Any],
    wishes: Wishes,
) -> Change:
    """Compares a document with its task.

    `wanted` are the document's field values as Asana can hold them, `present` those the task has now. What people own
    stays: an assignee once set, an edited description, and `completed` of an approval.
    """
    change = Change(
        document.visma_id,
        document.label,
        current,
        attributes=_attributes(
            document, current, present, wishes, due_date_is_news=_is_news(names.DUE_DATE, wanted, present)
        ),
        fields={
            name: (present.get(name), after)
            for name, after in wanted.items()
            if not same(present.get(name), after) and not (name == names.VISMA_ID and current is not None)
        },
    )
    return replace(change, description=_description(document, current, wishes.description, alone=change.empty))


def plan_gone(current: Snapshot, present: Mapping[str, Any], label: str) -> Change:
    """For a document that no longer comes: its status says so and its task is completed."""
    status = present.get(names.STATUS)
    completes = not current.completed and current.resource_subtype != "approval"
    return Change(
        current.visma_id,
        label,
        current,
        attributes={"completed": (False, True)} if completes else NONE,
        fields={names.STATUS: (status, GONE)} if status != GONE else NONE,
    )


@dataclass(slots=True)
class _Attributes:
    """Collects the attributes that differ."""

    found: dict[str, tuple[Any, Any]] = field(default_factory=dict)

    def add(self, name: str, before: Any, after: Any) -> None:
        if before != after:
            self.found[name] = (before, after)


def _attributes(
    document: Document,
    current: Snapshot | None,
    present: Mapping[str, Any],
    wishes: Wishes,
    *,
    due_date_is_news: bool,
) -> Differences:
    differing = _Attributes()
    if current is None or document.gives("name"):
        differing.add("name", current.name if current else None, document.name)
    if document.gives("due_on") and _may_set_due_date(document, current, present, is_news=due_date_is_news):
        differing.add("due_on", current.due_on if current else None, document.due_date)
    if not (current and current.resource_subtype == "approval"):
        completed = _completed(document, present.get(names.STATUS), wishes)
        if completed is not None:
            differing.add("completed", current.completed if current else False, completed)
    if wishes.assignee is not None and (current is None or current.assignee is None):
        differing.add("assignee", None, wishes.assignee)
    return differing.found


def _completed(document: Document, before: str | None, wishes: Wishes) -> bool | None:
    """Whether the task is to be completed (True) or open; None where that is left alone.

    The task follows when Visma ends the document or takes that back; `before` is the status that the task shows. What a
    person ticks, or unticks, between two such changes stays.
    """
    closed = document.closed
    if closed is None:
        return None
    if before == GONE:
        # It was the sync that completed the task.
        return closed and wishes.complete_when_closed
    was_closed = before is not None and statuses.ended(before)
    return closed if wishes.complete_when_closed and closed != was_closed else None


def _may_set_due_date(
    document: Document, current: Snapshot | None, present: Mapping[str, Any], *, is_news: bool
) -> bool:
    before = current.due_on if current else None
    # A date on a document without one is a person's, unless it is the one the sync had set.
    if document.due_date is None:
        return before == present.get(names.DUE_DATE)
    # Asana takes no due date before a person's start date; it was asked when that date was news.
    early = current is not None and (current.start_on or "") >= document.due_date
    return is_news or not early


def _is_news(name: str, wanted: Mapping[str, Any], present: Mapping[str, Any]) -> bool:
    return name in wanted and not same(present.get(name), wanted[name])


def _description(
    document: Document, current: Snapshot | None, wanted: Description | None, *, alone: bool
) -> Description | None:
    """The block to write, if any; `alone`: nothing else of the task changes."""
    if current is None:
        return wanted
    if wanted is None or current.digest is None or not document.gives("description"):
        return None
    # What is written says which version it is, so that an older one never replaces it.
    says_another_version = wanted.version not in (None, current.version)
    return wanted if current.digest != wanted.digest or (says_another_version and not alone) else None


def same(before: Any, after: Any) -> bool:
    """Whether two values of a field are one to Asana: numbers to the cent, all empty values alike. 0 is a value."""
    if _is_number(before) and _is_number(after):
        return _cents(before) == _cents(after)
    return _or_none(before) == _or_none(after)


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float))


def _cents(value: float) -> Decimal:
    # By way of its text, so that 0.1 + 0.2 and 0.3 are one amount.
    return round(Decimal(repr(value)), 6).quantize(Decimal("0.01"), ROUND_HALF_UP)


def _or_none(value: Any) -> Any:
    return None if value in (None, "", ()) else value
