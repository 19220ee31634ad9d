"""Search: delayed, without pages, only on paid plans, and ignoring parameters that it does not know.

Rules: Asana OpenAPI document and developer docs, "Search tasks in a workspace".
"""

import random
import re
from collections.abc import Callable, Iterable
from typing import Any

from .. import opt_fields
from ..call import Call, Reply
from ..errors import bad, payment_required
from ..model import CustomField, Portfolio, Project, ProjectTemplate, Section, Tag, Task, Team, User, Workspace
from ..pagination import parse_limit
from ..routing import route
from ..stamps import day_of, parse_date, parse_moment

DEFAULT_LIMIT = 20
Test = Callable[[Task], bool]
SORTS: dict[str, Callable[[Task], Any]] = {
    "modified_at": lambda task: task.modified_at,
    "created_at": lambda task: task.created_at,
    "completed_at": lambda task: task.completed_at or 0,
    "due_date": lambda task: task.due_on or "",
    "likes": lambda task: len(task.likes or ()),
}


def _paid(call: Call) -> None:
    if not call.settings.paid:
        raise payment_required("Search is only available to premium users.")


@route("GET", "/workspaces/{workspace}/tasks/search", "tasks:read")
def tasks(call: Call, workspace: str) -> Reply:
    place = call.in_path(Workspace, workspace)
    _paid(call)
    limit = parse_limit(call.query.get("limit")) or DEFAULT_LIMIT
    tests = list(_tests(call))
    sort = SORTS.get(call.query.get("sort_by", "modified_at"))
    if sort is None:
        raise bad(f"sort_by: Value is not one of the allowed: {call.query['sort_by']}")
    found = []
    for task in call.store.searchable():
        seen = call.store.as_searched(task)
        if seen is not None and seen.workspace is place and all(test(seen) for test in tests) and call.sees_task(seen):
            found.append(seen)
    random.shuffle(found)  # equal sort keys come in any order
    found.sort(key=sort, reverse=call.query.get("sort_ascending") != "true")
    call.cost += 5
    return Reply(200, {"data": call.show_all(found[:limit])})


def _tests(call: Call) -> Iterable[Test]:
    """One condition for each parameter that search knows; all others are silently ignored."""
    for name, value in call.query.items():
        subject, _, operator = name.rpartition(".")
        if name.startswith("custom_fields."):
            made = _field_test(call, name, value)
        elif name in _PLAIN:
            made = _PLAIN[name](value)
        elif subject in _MANY and operator in ("any", "not", "all"):
            wanted = {_gid(call, one.strip()) for one in value.split(",")}
            made = _many(_MANY[subject], operator, wanted)
        elif subject in _MOMENTS and operator in ("before", "after"):
            made = _moment(subject, operator, value, name)
        elif (name if name in _DAYS else subject) in _DAYS:
            made = _day(name if name in _DAYS else subject, operator if subject in _DAYS else "", value, name)
        else:
            continue
        if made is not None:
            yield made


def _gid(call: Call, value: str) -> str:
    return call.user.gid if value == "me" else value


def _flag(attribute: Callable[[Task], bool]) -> Callable[[str], Test]:
    return lambda value: lambda task: attribute(task) == (value == "true")


_PLAIN: dict[str, Callable[[str], Test]] = {
    "text": lambda value: lambda task: value.lower() in f"{task.name}\n{task.notes}".lower(),
    "completed": _flag(lambda task: task.completed),
    "is_subtask": _flag(lambda task: task.parent is not None),
    "has_attachment": _flag(lambda task: bool(task.attachments)),
    "resource_subtype": lambda value: lambda task: task.resource_subtype == value,
}
_MANY: dict[str, Callable[[Task], Iterable[Any]]] = {
    "projects": lambda task: task.memberships,
    "sections": lambda task: task.memberships.values(),
    "tags": lambda task: task.tags or (),
    "assignee": lambda task: (task.assignee,) if task.assignee else (),
    "followers": lambda task: task.followers or (),
    "created_by": lambda task: (task.created_by,) if task.created_by else (),
}
_MOMENTS = ("created_at", "modified_at", "completed_at", "due_at")
_DAYS: dict[str, Callable[[Task], str | None]] = {
    "due_on": lambda task: task.due_on,
    "start_on": lambda task: task.start_on,
    "created_on": lambda task: day_of(task.created_at),
    "modified_on": lambda task: day_of(task.modified_at),
    "completed_on": lambda task: day_of(task.completed_at) if task.completed_at else None,
}


def _many(getter: Callable[[Task], Iterable[Any]], operator: str, wanted: set[str]) -> Test:
    if operator == "any":
        return lambda task: any(one.gid in wanted for one in getter(task))
    if operator == "not":
        return lambda task: all(one.gid not in wanted for one in getter(task))
    return lambda task: wanted <= {one.gid for one in getter(task)}


def _moment(attribute: str, operator: str, value: str, name: str) -> Test:
    moment = parse_moment(value)
    if moment is None:
        raise bad(f"{name}: Value is not a valid date-time: {value}")

    def test(task: Task) -> bool:
        own = getattr(task, attribute)
        return own is not None and (own < moment if operator == "before" else own > moment)

    return test


def _day(attribute: str, operator: str, value: str, name: str) -> Test | None:
    getter = _DAYS[attribute]
    if value == "null" and operator == "":
        return lambda task: getter(task) is None
    if parse_date(value) is None:
        raise bad(f"{name}: Value is not a valid date: {value}")

    def test(task: Task) -> bool:
        own = getter(task)
        if own is None:
            return False
        return {"before": own < value, "after": own > value, "": own == value}[operator]

    return test if operator in ("before", "after", "") else None


def _field_test(call: Call, name: str, value: str) -> Test | None:
    """`custom_fields.<gid>.<operator>`; no list of values and no equality for multi-enum fields."""
    parts = name.split(".")
    if len(parts) != 3:
        return None
    field = call.store.find(CustomField, parts[1])
    if field is None:
        raise bad(f"custom_fields: Unknown object: {parts[1]}")
    operator = parts[2]
    if operator == "is_set":
        return lambda task: (field in (task.values or ())) == (value == "true")
    compare = _OPERATORS.get((field.resource_subtype, operator))
    if compare is None:
        return None
    if operator == "contains" and call.settings.search_contains == "words":
        compare = _contains_words
    if field.resource_subtype == "text" and call.settings.search_case == "ignored":
        compare, value = _without_case(compare), value.casefold()
    wanted: Any = value
    if field.resource_subtype == "number":
        try:
            wanted = float(value)
        except ValueError:
            raise bad(f"{name}: Value is not a number: {value}") from None

    def test(task: Task) -> bool:
        own = task.values.get(field) if task.values else None
        return own is not None and compare(own, wanted)

    return test


def _without_case(compare: Callable[[str, str], bool]) -> Callable[[str, str], bool]:
    return lambda own, wanted: compare(own.casefold(), wanted)


def _contains_words(own: str, wanted: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(wanted.strip('/'))}(?!\w)", own) is not None


_OPERATORS: dict[tuple[str, str], Callable[[Any, Any], bool]] = {
    ("text", "value"): lambda own, wanted: own == wanted,
    ("text", "starts_with"): lambda own, wanted: own.startswith(wanted),
    ("text", "ends_with"): lambda own, wanted: own.endswith(wanted),
    ("text", "contains"): lambda own, wanted: wanted in own,
    ("number", "value"): lambda own, wanted: own == wanted,
    ("number", "less_than"): lambda own, wanted: own < wanted,
    ("number", "greater_than"): lambda own, wanted: own > wanted,
    ("enum", "value"): lambda own, wanted: own.gid == wanted,
    ("date", "value"): lambda own, wanted: own[0] == wanted,
    ("date", "before"): lambda own, wanted: own[0] < wanted,
    ("date", "after"): lambda own, wanted: own[0] > wanted,
}


@route("GET", "/workspaces/{workspace}/projects/search", "projects:read")
def projects(call: Call, workspace: str) -> Reply:
    place = call.in_path(Workspace, workspace)
    _paid(call)
    text = call.query.get("text", "").lower()
    limit = parse_limit(call.query.get("limit")) or DEFAULT_LIMIT
    rows = [
        project
        for project in call.store.projects()
        if project.workspace is place and text in project.name.lower() and call.sees_project(project)
    ]
    return Reply(200, {"data": call.show_all(rows[:limit])})


_TYPED: dict[str, type] = {
    "task": Task,
    "project": Project,
    "user": User,
    "tag": Tag,
    "team": Team,
    "section": Section,
    "custom_field": CustomField,
    "portfolio": Portfolio,
    "project_template": ProjectTemplate,
}


@route("GET", "/workspaces/{workspace}/typeahead")
def typeahead(call: Call, workspace: str) -> Reply:
    """A quick guess at what someone is typing: not exhaustive, not exact, without pages."""
    place = call.in_path(Workspace, workspace)
    kind = _TYPED.get(call.parameter("resource_type"))
    if kind is None:
        raise bad(f"resource_type: Value is not one of the allowed: {call.query['resource_type']}")
    count = parse_limit(call.query.get("count")) or DEFAULT_LIMIT
    text = call.query.get("query", "").lower()
    rows = []
    thing: Any
    for thing in call.store.all(kind):
        seen = call.store.as_searched(thing) if isinstance(thing, Task) else thing
        home = thing.workspaces if isinstance(thing, User) else (getattr(thing, "workspace", place),)
        told = kind is CustomField and call.settings.private_names == "told"
        if seen is not None and place in home and text in seen.name.lower() and (told or call.sees(thing)):
            rows.append(thing)
    return Reply(200, {"data": [opt_fields.show(thing, call.tree, call) for thing in rows[:count]]})
