"""Carries out changes that have been checked: values, stories, moves between sections."""

from typing import TYPE_CHECKING, Any

from . import field_values, model
from .model import Section, Task, User
from .stamps import iso

if TYPE_CHECKING:
    from .sandbox import Sandbox


def apply_changes(
    sandbox: "Sandbox", task: Task, changes: dict[str, Any], user: User | None, creating: bool = False
) -> bool:
    """Stores the result of `tasks.check`. True if anything changed; writing a present value again is no change."""
    if not creating:
        sandbox.store.before_change(task)
    changed = [name for name, value in changes.items() if _APPLY[name](sandbox, task, value, user, creating)]
    if changed and not creating:
        task.modified_at = sandbox.store.now()
    return bool(changed)


def _say(
    sandbox: "Sandbox",
    task: Task,
    user: User | None,
    subtype: str,
    text: str,
    field: str,
    new: Any = None,
    **details: Any,
) -> None:
    who = user.name if user else "Asana"
    sandbox.journal.story(task, user, subtype, f"{who} {text}", **details)
    sandbox.store.notify("changed", task, user, None, {"field": field, "action": "changed", "new_value": new})


def _name(sandbox: "Sandbox", task: Task, value: str, user: User | None, creating: bool) -> bool:
    old, task.name = task.name, value
    if old == value or creating:
        return old != value
    text = f'changed the name to "{value}"'
    _say(sandbox, task, user, "name_changed", text, "name", old_name=old, new_name=value)
    return True


def _notes(sandbox: "Sandbox", task: Task, value: tuple[str, str | None], user: User | None, creating: bool) -> bool:
    if (task.notes, task.html_notes) == value:
        return False
    task.notes, task.html_notes = value
    if not creating:
        _say(sandbox, task, user, "notes_changed", "changed the description", "notes")
    return True


def _assignee(sandbox: "Sandbox", task: Task, value: User | None, user: User | None, creating: bool) -> bool:
    old = task.assignee
    if old is value:
        return False
    task.assignee = value
    task.assigned_by = user if value else None
    if value is not None:
        task.followers = list(dict.fromkeys([*(task.followers or ()), value]))
        _say(sandbox, task, user, "assigned", f"assigned to {value.name}", "assignee", value, assignee=value)
        sandbox.store.tell_people(task, [value], user, "assigned")
    elif old is not None:
        _say(sandbox, task, user, "unassigned", f"unassigned from {old.name}", "assignee")
    return True


def _dates(sandbox: "Sandbox", task: Task, value: dict[str, Any], user: User | None, creating: bool) -> bool:
    old = {name: getattr(task, name) for name in value}
    if old == value:
        return False
    for name, moment in value.items():
        setattr(task, name, moment)
    if not creating:
        text = f"changed the due date to {task.due_on}" if task.due_on else "removed the due date"
        shown = [
            {"start_on": dates["start_on"], "due_on": dates["due_on"], "due_at": iso(dates["due_at"])}
            for dates in (old, value)
        ]
        _say(sandbox, task, user, "due_date_changed", text, "due_on", old_dates=shown[0], new_dates=shown[1])
    return True


def _completed(sandbox: "Sandbox", task: Task, value: bool, user: User | None, creating: bool) -> bool:
    if task.completed == value:
        return False
    task.completed = value
    task.completed_at = sandbox.store.now() if value else None
    task.completed_by = user if value else None
    subtype, text = ("marked_complete", "completed this task") if value else ("marked_incomplete", "reopened this task")
    _say(sandbox, task, user, subtype, text, "completed", value)
    return True


def _approval(sandbox: "Sandbox", task: Task, value: str, user: User | None, creating: bool) -> bool:
    if task.approval_status == value:
        return False
    task.approval_status = value
    if not creating:
        text = f"set the approval to {value.replace('_', ' ')}"
        _say(sandbox, task, user, "approval_status_changed", text, "approval_status", value)
    return True


def _subtype(sandbox: "Sandbox", task: Task, value: str, user: User | None, creating: bool) -> bool:
    old, task.resource_subtype = task.resource_subtype, value
    if old == value or creating:
        return False
    details = {"old_resource_subtype": old, "new_resource_subtype": value}
    _say(sandbox, task, user, "resource_subtype_changed", f"made this a {value}", "resource_subtype", value, **details)
    return True


def _liked(sandbox: "Sandbox", task: Task, value: bool, user: User | None, creating: bool) -> bool:
    likes = [person for person in task.likes or () if person is not user]
    task.likes = ([*likes, user] if value and user else likes) or None
    return False


def _external(sandbox: "Sandbox", task: Task, value: tuple[str, Any], user: User | None, creating: bool) -> bool:
    scope, pair = value
    stored = dict(task.external or {})
    old = stored.pop(scope, None)
    if old and old[0] and sandbox.store.external.get((scope, old[0])) is task:
        del sandbox.store.external[(scope, old[0])]
    if pair is not None and pair != (None, None):
        stored[scope] = pair
        if pair[0]:
            sandbox.store.external[(scope, pair[0])] = task
    task.external = stored or None
    return old != pair


def _values(sandbox: "Sandbox", task: Task, value: dict[Any, Any], user: User | None, creating: bool) -> bool:
    changed = False
    for field, new in value.items():
        old = (task.values or {}).get(field)
        if old == new:
            continue
        changed = True
        values = task.values = task.values if task.values is not None else {}
        if new is None:
            del values[field]
        else:
            values[field] = new
        if not creating:
            _value_story(sandbox, task, user, field, old, new)
    return changed


def _value_story(
    sandbox: "Sandbox", task: Task, user: User | None, field: model.CustomField, old: Any, new: Any
) -> None:
    subtype = field.resource_subtype
    details: dict[str, Any]
    name = "multi_enum_values" if subtype == "multi_enum" else f"{subtype}_value"
    if subtype == "date":
        shown = [
            {"start_on": None, "due_on": v and v[0], "due_at": iso(v[1]) if v else None} if v else None
            for v in (old, new)
        ]
        details = {f"old_{name}": shown[0], f"new_{name}": shown[1]}
    elif subtype in ("multi_enum", "people"):
        details = {f"old_{name}": old or [], f"new_{name}": new or []}
    else:
        details = {f"old_{name}": old, f"new_{name}": new}
    display = field_values.display(field, new)
    text = f'changed {field.name} to "{display}"' if display is not None else f"cleared {field.name}"
    who = user.name if user else "Asana"
    if field.has_notifications_enabled:
        sandbox.store.tell_people(task, task.followers or [], user, f"{field.name} changed")
    sandbox.journal.story(task, user, f"{subtype}_custom_field_changed", f"{who} {text}", custom_field=field, **details)
    sandbox.store.notify(
        "changed", task, user, None, {"field": "custom_fields", "action": "changed", "new_value": field}
    )


_APPLY: dict[str, Any] = {
    "name": _name,
    "notes": _notes,
    "assignee": _assignee,
    "dates": _dates,
    "completed": _completed,
    "approval_status": _approval,
    "resource_subtype": _subtype,
    "liked": _liked,
    "external": _external,
    "values": _values,
}


def place(
    sandbox: "Sandbox",
    task: Task,
    section: Section,
    at_start: bool = False,
    before: Task | None = None,
    after: Task | None = None,
) -> None:
    """Puts a task into a section, and out of the project's other section if it was in one."""
    old = task.memberships.get(section.project)
    if old is not None:
        old.tasks.remove(task)
    task.memberships[section.project] = section
    if before is not None:
        position = section.tasks.index(before)
    elif after is not None:
        position = section.tasks.index(after) + 1
    else:
        position = 0 if at_start else len(section.tasks)
    section.tasks.insert(position, task)


def move(sandbox: "Sandbox", task: Task, section: Section, user: User, **where: Any) -> None:
    """Moves a task between sections of one project, with a story; `modified_at` does not change."""
    old = task.memberships.get(section.project)
    place(sandbox, task, section, **where)
    if old is not None and old is not section:
        text = f'{user.name} moved this task from "{old.name}" to "{section.name}"'
        sandbox.journal.story(task, user, "section_changed", text, touch=False, old_section=old, new_section=section)
