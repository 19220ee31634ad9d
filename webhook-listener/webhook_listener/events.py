"""Asana's events: which of them matter, what identifies an event, and what it means once the task is known. Pure.

An event is only a hint (Asana developer docs, Webhooks: delivered at most once, out of order, occasionally twice). It says
that a field changed but rarely to which value, so the listener reads the task and its stories.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from webhook_listener import clock, field_marks

# The next sync overwrites these, and its own custom fields, so a change to one is not logged.
OWNED_FIELDS = frozenset({"name", "due_on", "due_at"})
# A task event and its story come from one act, so their time stamps lie close together.
SAME_ACT_SECONDS = 5.0
# A webhook and the Events API may give one event slightly different time stamps.
SAME_EVENT_SECONDS = 0.02
# A gid becomes a part of an address.
_GID = re.compile(r"[0-9]+", re.ASCII)


class Act(StrEnum):
    """What a person did to a document, in the words of the log and of the setting `write_back.events`."""

    COMPLETED = "completed"
    REOPENED = "reopened"
    ASSIGNED = "assigned"
    COMMENTED = "commented"
    CHANGED = "changed"
    MOVED = "moved"
    DELETED = "deleted"
    RESTORED = "restored"


STORY_KINDS = {
    "marked_complete": Act.COMPLETED,
    "marked_incomplete": Act.REOPENED,
    "assigned": Act.ASSIGNED,
    "unassigned": Act.ASSIGNED,
    "comment_added": Act.COMMENTED,
}
_FIELD_STORIES = {"completed": ("marked_complete", "marked_incomplete"), "assignee": ("assigned", "unassigned")}
MAX_DETAIL = 200


@dataclass(frozen=True)
class Event:
    """One event about a task or a comment on it. `task` is the task's gid, `value` the gid of the new value.

    `identity` stands for the whole content of the event except its time.
    """

    identity: str
    task: str
    story: str | None
    action: str
    user: str | None
    at: str
    field: str | None = None
    value: str | None = None
    names_value: bool = False
    parent: tuple[str, str] | None = None

    @property
    def moment(self) -> float:
        """Seconds since 1970."""
        return clock.parse(self.at) or 0.0

    @property
    def fingerprint(self) -> str:
        return f"{self.identity}@{self.at}"


@dataclass(frozen=True)
class Entry:
    """One line of the log: an act on a document. `story` is the gid of the story about the same act."""

    what: Act
    at: str
    who: str | None
    who_gid: str | None
    detail: str | None = None
    story: str | None = None


def parse(raw: Any) -> Event | None:
    """Parses an event. None for an event that cannot concern a document or is incomplete."""
    if not isinstance(raw, Mapping):
        return None
    resource, parent, change = (_object(raw.get(name)) for name in ("resource", "parent", "change"))
    kind = resource.get("resource_type") or raw.get("type")
    gid, action, at = resource.get("gid"), raw.get("action"), raw.get("created_at")
    if not (isinstance(gid, str) and isinstance(action, str) and clock.parse(at) is not None):
        return None
    user = _object(raw.get("user")).get("gid")
    value = next((_object(change.get(n)).get("gid") for n in _VALUES if _object(change.get(n)).get("gid")), None)
    gids = [each for each in (gid, user, value, parent.get("gid")) if each is not None]
    if not isinstance(change.get("field"), str | None) or not all(map(_is_gid, gids)):
        return None
    parts = [gid, action, user, parent.get("gid"), change.get("field"), change.get("action"), value]
    identity = hashlib.sha256(json.dumps(parts).encode()).hexdigest()
    if kind == "task":
        return Event(
            identity,
            gid,
            None,
            action,
            user,
            str(at),
            change.get("field"),
            value,
            any(name in change for name in _VALUES),
            (str(parent.get("resource_type")), str(parent["gid"])) if parent.get("gid") else None,
        )
    # Every change also makes a story. Only a comment has no other event.
    comment = kind == "story" and action == "added" and resource.get("resource_subtype") in (None, "comment_added")
    if comment and parent.get("resource_type") == "task" and parent.get("gid"):
        return Event(identity, parent["gid"], gid, action, user, str(at))
    return None


_VALUES = ("new_value", "added_value", "removed_value")


def _is_gid(value: Any) -> bool:
    return isinstance(value, str) and _GID.fullmatch(value) is not None


def _object(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def visma_id(task: Mapping[str, Any]) -> str | None:
    """The Visma ID of a task, or None for a task that is not a document."""
    return field_marks.visma_id_in(task.get("custom_fields") or ())


def owned(event: Event, task: Mapping[str, Any]) -> bool:
    """Whether the sync owns the part that was changed, whoever changed it."""
    if event.action != "changed":
        return False
    if event.field != "custom_fields":
        return event.field in OWNED_FIELDS
    fields = task.get("custom_fields") or ()
    return any(field_marks.is_the_syncs(field) for field in fields if field.get("gid") == event.value)


def needs_stories(event: Event) -> bool:
    """Whether the stories say more than the task: a field that changed twice keeps only its last value."""
    return event.action == "changed" and event.field in _FIELD_STORIES


def has_story(event: Event, stories: Sequence[Mapping[str, Any]]) -> bool:
    """Whether a story describes the same act: the same field, the same person, about the same time."""
    for story in stories:
        moment = clock.parse(story.get("created_at"))
        same_field = story.get("resource_subtype") in _FIELD_STORIES.get(event.field or "", ())
        same_person = _object(story.get("created_by")).get("gid") == event.user
        if same_field and same_person and moment is not None and abs(moment - event.moment) <= SAME_ACT_SECONDS:
            return True
    return False


def completion(event: Event, task: Mapping[str, Any], last_known: Act | None) -> Entry:
    """The entry for a completion or reopening that no story describes, judged by the present state of the task.

    `last_known` is the last of the two that was logged.
    """
    done = bool(task.get("completed"))
    what = Act.COMPLETED if done else Act.REOPENED
    stamped = clock.parse(task.get("completed_at"))
    at_that_moment = done and stamped is not None and abs(stamped - event.moment) <= SAME_ACT_SECONDS
    if what == last_known and not at_that_moment:
        # The field has changed twice. The later event is still to come and will describe the present state.
        what = Act.REOPENED if done else Act.COMPLETED
    return Entry(what, event.at, None, event.user)


def from_event(event: Event, task: Mapping[str, Any], value_name: str | None) -> Entry | None:
    """The entry for any other event, or None if it is not worth a line. `value_name` is the name of the person in `value`."""
    if event.action == "changed" and event.field == "assignee":
        current = _object(task.get("assignee"))
        if not event.names_value or event.value == current.get("gid"):
            value_name = current.get("name")
        assigned = event.value is not None or (not event.names_value and bool(current))
        return Entry(
            Act.ASSIGNED, event.at, None, event.user, f"to {value_name or 'someone'}" if assigned else "to nobody"
        )
    if event.action == "changed":
        return Entry(Act.CHANGED, event.at, None, event.user, _field_name(event, task))
    if event.action in ("added", "removed") and event.parent:
        kind, gid = event.parent
        if event.action == "removed" and kind == "section":
            return None  # the other half of a move
        name = _place(task, kind, gid)
        return Entry(
            Act.MOVED, event.at, None, event.user, f"{'to' if event.action == 'added' else 'out of'} {kind} {name}"
        )
    act = {"deleted": Act.DELETED, "undeleted": Act.RESTORED}.get(event.action)
    return Entry(act, event.at, None, event.user) if act else None


def commented(event: Event, story: Mapping[str, Any]) -> Entry:
    """The entry for a comment, shortened to one line."""
    return Entry(
        Act.COMMENTED,
        event.at,
        _name(story.get("created_by")),
        event.user,
        _one_line(story.get("text")),
        story=event.story,
    )


def from_story(story: Mapping[str, Any]) -> Entry | None:
    """The entry for a story, if the events of its time are lost. None for a story that is not worth a line."""
    what = STORY_KINDS.get(str(story.get("resource_subtype")))
    author = _object(story.get("created_by"))
    if what is None or clock.parse(story.get("created_at")) is None:
        return None
    detail = None
    if what is Act.COMMENTED:
        detail = _one_line(story.get("text"))
    elif what is Act.ASSIGNED:
        named = _name(story.get("assignee")) or str(story.get("text") or "").partition("assigned to ")[2].strip()
        nobody = story.get("resource_subtype") == "unassigned"
        detail = "to nobody" if nobody else f"to {named or 'someone'}"
    return Entry(what, story["created_at"], author.get("name"), author.get("gid"), detail, story["gid"])


def from_state(task: Mapping[str, Any]) -> Entry | None:
    """The entry for a completed task, or None while the task is open."""
    by = _object(task.get("completed_by"))
    if not task.get("completed") or clock.parse(task.get("completed_at")) is None:
        return None
    return Entry(Act.COMPLETED, str(task["completed_at"]), by.get("name"), by.get("gid"))


def _field_name(event: Event, task: Mapping[str, Any]) -> str:
    if event.field == "custom_fields":
        names = {field.get("gid"): field.get("name") for field in task.get("custom_fields") or ()}
        return str(names.get(event.value) or "a custom field")
    return {"notes": "description", "html_notes": "description"}.get(event.field or "", event.field or "something")


def _place(task: Mapping[str, Any], kind: str, gid: str) -> str:
    for membership in task.get("memberships") or ():
        place = _object(membership.get(kind))
        if place.get("gid") == gid and place.get("name"):
            return f"“{place['name']}”"
    return gid


def _name(person: Any) -> str | None:
    return _object(person).get("name")


def _one_line(text: Any) -> str | None:
    line = " ".join(str(text or "").split())
    return (line if len(line) <= MAX_DETAIL else f"{line[: MAX_DETAIL - 1]}…") or None
