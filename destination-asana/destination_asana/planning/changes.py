"""Document × what Asana holds now → Change. Pure; nothing to do is the common answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from destination_asana.documents import fields as names
from destination_asana.documents import statuses
from destination_asana.documents.document import Document
from destination_asana.planning.descriptions import Description
from destination_asana.planning.snapshot import Snapshot

GONE = "Gone from Visma"


@dataclass(slots=True)
class Change:
    """What makes one task say what its document says.

    `attributes` and `fields` hold (before, after) by name, only where they differ; `description` is the block to write,
    `text_before` what it says until then (known once it is written); `section` is the name of the section to move to,
    `section_before` that of the one the task lies in. `current` is None for a task that does not exist yet.
    """

    visma_id: str
    label: str
    current: Snapshot | None
    attributes: dict[str, tuple[Any, Any]] = field(default_factory=dict)
    fields: dict[str, tuple[Any, Any]] = field(default_factory=dict)
    description: Description | None = None
    text_before: str | None = None
    section: str | None = None
    section_before: str | None = None

    @property
    def empty(self) -> bool:
        return self.current is not None and not (self.attributes or self.fields or self.description or self.section)

    @property
    def action(self) -> str:
        """created, completed, reopened, updated or unchanged."""
        if self.current is None:
            return "created"
        if "completed" in self.attributes:
            return "completed" if self.attributes["completed"][1] else "reopened"
        return "unchanged" if self.empty else "updated"

    @property
    def _description_differs(self) -> bool:
        """False where a description is written only to say another version."""
        before, after = self.text_before or "", self.description.text if self.description else ""
        return before.split() != after.split()

    def differences(self) -> dict[str, tuple[Any, Any]]:
        """All that differs, by the name people know, with the value before and after."""
        result = {**self.attributes, **self.fields}
        if self.description is not None and self.current is not None and self._description_differs:
            result["description"] = (self.text_before, self.description.text)
        if self.section is not None:
            result["section"] = (self.section_before, self.section)
        return result


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the settings and the people's mapping want for one document, beside its own values."""

    complete_when_closed: bool = True
    assignee: str | None = None
    description: Description | None = None


def plan(
    document: Document,
    settled: Mapping[str, Any],
    current: Snapshot | None,
    shown: Mapping[str, Any],
    wishes: Wishes,
) -> Change:
    """Compares a document with its task.

    `settled` are the document's field values as Asana can hold them, `shown` those the task has now. What people own
    stays: an assignee once set, an edited description, and `completed` of an approval.
    """
    change = Change(document.visma_id, document.label, current)
    for name, after in settled.items():
        before = shown.get(name)
        if name == names.VISMA_ID and current is not None:
            continue
        if not same(before, after):
            change.fields[name] = (before, after)
    if current is None or document.gives("name"):
        _set(change, "name", current.name if current else None, document.name)
    if document.gives("due_on"):
        _plan_due_date(change, document, current, shown)
    if not (current and current.resource_subtype == "approval"):
        _plan_completion(change, document, current, shown.get(names.STATUS), wishes)
    if wishes.assignee is not None and (current is None or current.assignee is None):
        change.attributes["assignee"] = (None, wishes.assignee)
    if current is None or document.gives("description"):
        change.description = _plan_description(wishes.description, current)
        if current is not None and not change.empty and _says_another_version(wishes.description, current):
            # What is written says which version it is, so that an older one never replaces it.
            change.description = wishes.description
    return change


def _says_another_version(wanted: Description | None, current: Snapshot) -> bool:
    return wanted is not None and current.digest is not None and wanted.version not in (None, current.version)


def _plan_completion(
    change: Change, document: Document, current: Snapshot | None, before: str | None, wishes: Wishes
) -> None:
    """The task follows when Visma ends the document or takes that back, as the status shown `before` tells; what a person
    ticks, or unticks, between two such changes stays."""
    closed = document.closed
    if closed is None:
        return
    if before == GONE:
        # It was the sync that completed the task.
        _set(change, "completed", current.completed if current else False, closed and wishes.complete_when_closed)
    elif wishes.complete_when_closed and closed != (before is not None and statuses.ended(before)):
        _set(change, "completed", current.completed if current else False, closed)


def plan_gone(current: Snapshot, shown: Mapping[str, Any], label: str) -> Change:
    """For a document that no longer comes: its status says so and its task is completed."""
    change = Change(current.visma_id, label, current)
    if shown.get(names.STATUS) != GONE:
        change.fields[names.STATUS] = (shown.get(names.STATUS), GONE)
    if not current.completed and current.resource_subtype != "approval":
        change.attributes["completed"] = (False, True)
    return change


def _plan_due_date(change: Change, document: Document, current: Snapshot | None, shown: Mapping[str, Any]) -> None:
    before = current.due_on if current else None
    # A date on a document without one is a person's, unless it is the one the sync had set.
    if document.due_date is None and before != shown.get(names.DUE_DATE):
        return
    # Asana takes no due date before a person's start date; it was asked when that date was news.
    early = current is not None and document.due_date is not None and (current.start_on or "") >= document.due_date
    if early and names.DUE_DATE not in change.fields:
        return
    _set(change, "due_on", before, document.due_date)


def _plan_description(wanted: Description | None, current: Snapshot | None) -> Description | None:
    if wanted is None or current is None:
        return wanted
    untouched = current.digest is not None
    return wanted if untouched and current.digest != wanted.digest else None


def _set(change: Change, name: str, before: Any, after: Any) -> None:
    if before != after:
        change.attributes[name] = (before, after)


def same(before: Any, after: Any) -> bool:
    """Whether two values of a field are one to Asana: numbers to the cent, all empty values alike. 0 is a value."""
    if isinstance(before, (int, float)) and isinstance(after, (int, float)):
        return abs(before - after) < 0.005
    empty = (None, "", ())
    return (None if before in empty else before) == (None if after in empty else after)
