"""Document × Asana's current state → Change. Pure. The usual result is an empty change."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from destination_asana.documents import Document, FieldValues, statuses, text_value
from destination_asana.documents import fields as names
from destination_asana.planning.adoption import Match
from destination_asana.planning.changes import NONE, Change, Differences
from destination_asana.planning.descriptions import Description
from destination_asana.planning.equality import same
from destination_asana.planning.snapshot import Snapshot

GONE = "Gone from Visma"


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the settings ask for one document, beyond its own values."""

    complete_when_closed: bool = True
    assignee: str | None = None
    description: Description | None = None


def plan(
    document: Document,
    wanted: FieldValues,
    current: Snapshot | None,
    present: FieldValues,
    wishes: Wishes,
    *,
    match: Match | None = None,
) -> Change:
    """Compares a document with its task.

    `wanted` are the document's field values in Asana's form, `present` the task's own. What people own stays: an assignee
    once set, an edited description, and the completion of an approval task; with `match`, which is set when the document
    takes over this task, its description and whether it is completed.
    """
    change = Change(
        document.visma_id,
        document.label,
        current,
        attributes=_attributes(
            document,
            current,
            present,
            wishes,
            due_date_is_news=_is_news(names.DUE_DATE, wanted, present),
            may_complete=match is None,
        ),
        fields={
            name: (present.get(name), after)
            for name, after in wanted.items()
            if not same(present.get(name), after)
            and not (name == names.VISMA_ID and current is not None and match is None)
        },
        match=match,
    )
    if match is not None:
        return replace(change, description=wishes.description)
    return replace(change, description=_description(document, current, wishes.description, alone=change.empty))


def plan_gone(current: Snapshot, present: FieldValues, label: str) -> Change:
    """The change for a document that Visma no longer has: the status `Gone from Visma`, and the task completed."""
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
    present: FieldValues,
    wishes: Wishes,
    *,
    due_date_is_news: bool,
    may_complete: bool,
) -> Differences:
    differing = _Attributes()
    if current is None or document.gives("name"):
        differing.add("name", current.name if current else None, document.name)
    if document.gives("due_on") and _may_set_due_date(document, current, present, is_news=due_date_is_news):
        differing.add("due_on", current.due_on if current else None, document.due_date)
    if may_complete and not (current and current.resource_subtype == "approval"):
        completed = _completed(document, text_value(present, names.STATUS), wishes)
        if completed is not None:
            differing.add("completed", current.completed if current else False, completed)
    # A task that people have completed needs nobody any more, even if Visma's document is open.
    is_done = current is not None and current.completed and "completed" not in differing.found
    if wishes.assignee is not None and not is_done and (current is None or current.assignee is None):
        differing.add("assignee", None, wishes.assignee)
    return differing.found


def _completed(document: Document, before: str | None, wishes: Wishes) -> bool | None:
    """Whether to complete (True) or reopen (False) the task; None leaves it alone.

    The task follows when Visma closes the document or reopens it. `before` is the status on the task. If a person completes
    or reopens the task between two such changes, that stays.
    """
    closed = document.closed
    if closed is None:
        return None
    if before == GONE:
        # The sync itself had completed the task.
        return closed and wishes.complete_when_closed
    was_closed = before is not None and statuses.ended(before)
    return closed if wishes.complete_when_closed and closed != was_closed else None


def _may_set_due_date(document: Document, current: Snapshot | None, present: FieldValues, *, is_news: bool) -> bool:
    before = current.due_on if current else None
    # If the document has no due date, the task's date belongs to a person, unless the sync had set it.
    if document.due_date is None:
        return before == present.get(names.DUE_DATE)
    # Asana refuses a due date that is not after a person's start date. The sync tries such a date once, when it is new.
    early = current is not None and (current.start_on or "") >= document.due_date
    return is_news or not early


def _is_news(name: str, wanted: FieldValues, present: FieldValues) -> bool:
    return name in wanted and not same(present.get(name), wanted[name])


def _description(
    document: Document, current: Snapshot | None, wanted: Description | None, *, alone: bool
) -> Description | None:
    """The description block to write, if any. `alone` means that nothing else of the task changes."""
    if current is None:
        return wanted
    if wanted is None or current.digest is None or not document.gives("description"):
        return None
    # Every write also states the version, so that an older version never replaces it.
    says_another_version = wanted.version not in (None, current.version)
    return wanted if current.digest != wanted.digest or (says_another_version and not alone) else None
