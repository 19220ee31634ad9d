"""Asana's events: which matter, and what they say."""

from typing import Any

import pytest
from webhook_listener import events

AT = "2026-11-23T10:15:00.000Z"
KARI = {"gid": "11", "resource_type": "user"}


def raw(**changes: Any) -> dict[str, Any]:
    return {
        "user": KARI,
        "created_at": AT,
        "action": "changed",
        "resource": {"gid": "7", "resource_type": "task", "resource_subtype": "default_task"},
        "parent": None,
        "change": {"field": "completed", "action": "changed"},
    } | changes


def event(**changes: Any) -> events.Event:
    parsed = events.parse(raw(**changes))
    assert parsed is not None
    return parsed


def task(**changes: Any) -> dict[str, Any]:
    fields = [
        {"gid": "90", "name": "Visma ID", "text_value": "PurchaseOrderId:1/R/2"},
        {"gid": "91", "name": "Visma status", "text_value": None},
        {"gid": "92", "name": "Priority", "text_value": None},
    ]
    return {"gid": "7", "completed": False, "completed_at": None, "assignee": None, "custom_fields": fields} | changes


@pytest.mark.parametrize(
    "odd",
    [
        None,
        7,
        [],
        {},
        raw(resource=None),
        raw(resource={"gid": 7, "resource_type": "task"}),
        raw(created_at="now"),
        raw(action=None),
        raw(change={"field": ["completed"], "action": "changed"}),
        raw(change={"field": {}, "action": "changed"}),
        raw(change={"field": "assignee", "action": "changed", "new_value": {"gid": {"a": 1}}}),
        raw(user={"gid": [7]}),
        raw(parent={"gid": 7, "resource_type": "section"}),
        raw(resource={"gid": "../users/me", "resource_type": "task"}),
        raw(resource={"gid": "7\n", "resource_type": "task"}),
        raw(resource={"gid": "\ud800", "resource_type": "task"}),
        raw(resource={"gid": "", "resource_type": "task"}),
        raw(user={"gid": "7/../8"}),
        raw(change={"field": "assignee", "action": "changed", "new_value": {"gid": "a b"}}),
        raw(created_at="9999-12-31T23:59:59.999999"),
        raw(resource={"gid": "7", "resource_type": "project"}),
        raw(resource={"gid": "8", "resource_type": "story", "resource_subtype": "assigned"}, action="added"),
        raw(resource={"gid": "8", "resource_type": "story"}, action="added", parent=None),
        raw(resource={"gid": "8", "resource_type": "story"}, action="deleted"),
    ],
)
def test_what_is_passed_over(odd: object) -> None:
    assert events.parse(odd) is None


def test_a_comment_belongs_to_its_task() -> None:
    story = {"gid": "8", "resource_type": "story", "resource_subtype": "comment_added"}
    found = event(resource=story, action="added", parent={"gid": "7", "resource_type": "task"}, change=None)
    assert (found.task, found.story) == ("7", "8")


def test_identity_is_what_happened_not_how_it_was_told() -> None:
    told = raw(type="task", resource={"gid": "7", "resource_type": "task", "name": "Invoice"})
    told["user"] = {**KARI, "name": "Kari"}
    assert event().fingerprint == events.parse(told).fingerprint  # type: ignore[union-attr]
    others = [
        event(created_at="2026-11-23T10:15:00.001Z"),
        event(user=None),
        event(change={"field": "assignee", "action": "changed"}),
        event(change={"field": "completed", "action": "changed", "new_value": {"gid": "3"}}),
        event(action="deleted", change=None),
    ]
    assert len({one.fingerprint for one in [event(), *others]}) == len(others) + 1


@pytest.mark.parametrize(
    ("field", "value", "owned"),
    [
        ("name", None, True),
        ("due_on", None, True),
        ("custom_fields", "91", True),
        ("custom_fields", "92", False),
        ("custom_fields", None, False),
        ("notes", None, False),
        ("completed", None, False),
        ("assignee", None, False),
    ],
)
def test_what_the_sync_owns(field: str, value: str | None, owned: bool) -> None:
    change = {"field": field, "action": "changed"} | ({"new_value": {"gid": value}} if value else {})
    assert events.owned(event(change=change), task()) is owned


@pytest.mark.parametrize(
    ("now", "last", "what"),
    [
        (task(completed=True, completed_at=AT), None, "completed"),
        (task(completed=True, completed_at=AT), "completed", "completed"),
        (task(completed=True, completed_at="2026-11-23T11:00:00.000Z"), "completed", "reopened"),
        (task(), "completed", "reopened"),
        (task(), "reopened", "completed"),
        (task(), None, "reopened"),
    ],
)
def test_completion_without_a_story(now: dict[str, Any], last: str | None, what: str) -> None:
    assert events.completion(event(), now, last).what == what


def story(subtype: str = "marked_complete", at: str = AT, by: dict[str, Any] = KARI, **more: Any) -> dict[str, Any]:
    return {"gid": "50", "resource_subtype": subtype, "created_at": at, "created_by": by, **more}


def test_a_story_of_the_same_act() -> None:
    assert events.has_story(event(), [story()])
    assert events.has_story(event(), [story("marked_incomplete", "2026-11-23T10:15:04.000Z")])
    for other in (story("assigned"), story(at="2026-11-23T10:15:06.000Z"), story(by={"gid": "12"}), {}):
        assert not events.has_story(event(), [other])


@pytest.mark.parametrize(
    ("told", "what", "detail"),
    [
        (story(), "completed", None),
        (story("marked_incomplete"), "reopened", None),
        (story("assigned", text="Kari assigned to Åsa Lindström"), "assigned", "to Åsa Lindström"),
        (story("unassigned", text="Kari unassigned from Åsa"), "assigned", "to nobody"),
        (story("comment_added", text=" a\n b "), "commented", "a b"),
    ],
)
def test_stories_in_words(told: dict[str, Any], what: str, detail: str | None) -> None:
    entry = events.from_story(told)
    assert entry is not None
    assert (entry.what, entry.detail, entry.who_gid, entry.story) == (what, detail, "11", "50")


def test_stories_that_are_no_news() -> None:
    assert events.from_story(story("due_date_changed")) is None
    assert events.from_story({}) is None


@pytest.mark.parametrize(
    ("change", "now", "name", "detail"),
    [
        ({"new_value": {"gid": "12"}}, task(), "Åsa", "to Åsa"),
        ({"new_value": {"gid": "12"}}, task(assignee={"gid": "12", "name": "Åsa L"}), None, "to Åsa L"),
        ({"new_value": None}, task(), None, "to nobody"),
        ({}, task(assignee={"gid": "12", "name": "Åsa L"}), None, "to Åsa L"),
        ({}, task(), None, "to nobody"),
        ({"new_value": {"gid": "12"}}, task(), None, "to someone"),
    ],
)
def test_assignment_without_a_story(change: dict[str, Any], now: dict[str, Any], name: str | None, detail: str) -> None:
    entry = events.from_event(event(change={"field": "assignee", "action": "changed", **change}), now, name)
    assert entry is not None
    assert (entry.what, entry.detail) == ("assigned", detail)


def test_moves_and_ends() -> None:
    section = {"gid": "30", "resource_type": "section"}
    place = {"section": {"gid": "30", "name": "Waiting"}, "project": {"gid": "31", "name": "Finance"}}
    now = task(memberships=[place])
    moved = events.from_event(event(action="added", parent=section, change=None), now, None)
    assert moved is not None
    assert (moved.what, moved.detail) == ("moved", "to section “Waiting”")
    assert events.from_event(event(action="removed", parent=section, change=None), now, None) is None
    for action, what in (("deleted", "deleted"), ("undeleted", "restored")):
        entry = events.from_event(event(action=action, change=None), now, None)
        assert entry is not None
        assert entry.what == what


def test_what_carries_no_visma_id_is_no_document() -> None:
    assert events.visma_id(task()) == "PurchaseOrderId:1/R/2"
    assert events.visma_id({"custom_fields": [{"name": "Visma ID", "text_value": None}]}) is None
    assert events.visma_id({}) is None
