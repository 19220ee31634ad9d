"""Subtasks: listing, creating, and their order under a parent."""

from typing import Any

from .. import tasks
from ..call import Call, Reply
from ..errors import bad
from ..model import Task
from ..routing import route


@route("GET", "/tasks/{task}/subtasks", "tasks:read")
def listing(call: Call, task: str) -> Reply:
    return call.listing(call.in_path(Task, task).subtasks or [])


@route("POST", "/tasks/{task}/subtasks", "tasks:write")
def create(call: Call, task: str) -> Reply:
    return call.created(tasks.create(call, call.data, call.in_path(Task, task)))


@route("POST", "/tasks/{task}/setParent", "tasks:write")
def set_parent(call: Call, task: str) -> Reply:
    """Moves a task under another parent (null = none), or to another position under the same one."""
    child = call.in_path(Task, task)
    call.only("parent", "insert_before", "insert_after")
    if "parent" not in call.data:
        raise bad("parent: Missing input")
    if "insert_before" in call.data and "insert_after" in call.data:
        raise bad("You may only provide one of insert_before or insert_after!")
    call.may_edit(child)
    parent = None if call.data["parent"] is None else call.named(Task, call.data["parent"], "parent")
    siblings = _siblings(parent, child)
    position = _position(call, siblings)
    old = child.parent
    if old is not None and old.subtasks:
        old.subtasks.remove(child)
    child.parent = parent
    if parent is not None:
        parent.subtasks = parent.subtasks or []
        parent.subtasks.insert(position, child)
    if parent is not old:
        call.store.notify("removed", child, call.user, old)
        call.store.notify("added", child, call.user, parent)
    return call.record(child)


def _siblings(parent: Task | None, child: Task) -> list[Task]:
    if parent is None:
        return []
    above: Task | None = parent
    while above is not None:
        if above is child:
            raise bad("parent: A task cannot be its own ancestor")
        above = above.parent
    tasks.check_depth(parent)
    return [sibling for sibling in parent.subtasks or () if sibling is not child]


def _position(call: Call, siblings: list[Task]) -> int:
    """The position to insert at: null before = the end, null after = the start; an anchor must be a subtask of the
    parent."""
    for name, step in (("insert_before", 0), ("insert_after", 1)):
        if name in call.data:
            anchor: Any = call.data[name]
            if anchor is None:
                return len(siblings) if name == "insert_before" else 0
            found = call.named(Task, anchor, name)
            if found not in siblings:
                raise bad(f"{name}: Task {anchor} is not a subtask of the parent")
            return siblings.index(found) + step
    return len(siblings)
