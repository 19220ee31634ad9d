"""Tasks: create, read, change, delete, and the listings by project, section, tag and assignee."""

from collections.abc import Callable
from typing import Any

from .. import tasks
from ..call import Call, Reply
from ..errors import bad, not_an_id
from ..model import Project, Section, Tag, Task, Workspace
from ..routing import route
from ..stamps import parse_moment

ONE_OF = "Must specify exactly one of project, tag, section, user task list, or assignee + workspace"


@route("POST", "/tasks", "tasks:write")
def create(call: Call) -> Reply:
    return call.created(tasks.create(call, call.data))


@route("GET", "/tasks/{task}", "tasks:read")
def get(call: Call, task: str) -> Reply:
    return call.record(call.in_path(Task, task))


@route("PUT", "/tasks/{task}", "tasks:write")
def update(call: Call, task: str) -> Reply:
    found = call.in_path(Task, task)
    tasks.update(call, found, call.data)
    return call.record(found)


@route("DELETE", "/tasks/{task}", "tasks:delete")
def delete(call: Call, task: str) -> Reply:
    found = call.in_path(Task, task)
    call.may_edit(found)
    tasks.delete(call, found, call.user)
    return call.empty()


def in_project(call: Call, project: Project) -> list[Task]:
    """A project's tasks in board order; some are still missing while a job fills the project."""
    if not call.settled(project):
        return project.sections[0].tasks[:1]
    if len(project.sections) == 1:
        return project.sections[0].tasks
    return [task for section in project.sections for task in section.tasks]


def _listing(call: Call, rows: list[Task], keep: Callable[[Task], bool] | None) -> Reply:
    return call.listing(rows, keep, call.settings.late_page_limit)


def _completed_since(call: Call) -> Callable[[Task], bool] | None:
    given = call.query.get("completed_since")
    if given is None:
        return None
    moment = call.store.now() if given == "now" else parse_moment(given)
    if moment is None:
        raise bad(f"completed_since: Value is not a valid date-time: {given}")
    return lambda task: not task.completed or (task.completed_at or 0) >= moment


def _modified_since(call: Call) -> Callable[[Task], bool] | None:
    given = call.query.get("modified_since")
    if given is None:
        return None
    moment = parse_moment(given)
    if moment is None:
        raise bad(f"modified_since: Value is not a valid date-time: {given}")
    return lambda task: task.modified_at >= moment


def _both(*filters: Callable[[Task], bool] | None) -> Callable[[Task], bool] | None:
    given = [one for one in filters if one is not None]
    if not given:
        return None
    return lambda task: all(one(task) for one in given)


@route("GET", "/tasks", "tasks:read")
def listing(call: Call) -> Reply:
    ways = [name for name in ("project", "section", "tag", "user_task_list") if call.query.get(name)]
    if call.query.get("assignee") and call.query.get("workspace"):
        ways.append("assignee")
    elif call.query.get("assignee") or call.query.get("workspace"):
        raise bad(ONE_OF)
    if len(ways) != 1:
        raise bad(ONE_OF)
    keep = _both(_completed_since(call), _modified_since(call))
    return _listing(call, _rows(call, ways[0]), keep)


def _rows(call: Call, way: str) -> list[Task]:
    gid = call.query[way]
    if way == "project":
        return in_project(call, call.named(Project, gid, "project"))
    if way == "section":
        return call.named(Section, gid, "section").tasks
    if way == "tag":
        return [task for task in call.named(Tag, gid, "tag").tasks if not task.deleted]
    if way == "user_task_list":
        raise not_an_id("user_task_list", gid)
    workspace = call.named(Workspace, call.query["workspace"], "workspace")
    person = call.member(gid, "assignee", workspace)
    found: list[Any] = [task for task in call.store.all(Task) if task.assignee is person and call.sees_task(task)]
    return found


@route("GET", "/projects/{project}/tasks", "tasks:read")
def by_project(call: Call, project: str) -> Reply:
    return _listing(call, in_project(call, call.in_path(Project, project)), _completed_since(call))


@route("GET", "/sections/{section}/tasks", "tasks:read")
def by_section(call: Call, section: str) -> Reply:
    return _listing(call, call.in_path(Section, section).tasks, _completed_since(call))


@route("GET", "/tags/{tag}/tasks", "tasks:read")
def by_tag(call: Call, tag: str) -> Reply:
    found = call.in_path(Tag, tag)
    return _listing(call, [task for task in found.tasks if not task.deleted], None)


@route("GET", "/workspaces/{workspace}/tasks/custom_id/{custom_id}", "tasks:read")
def by_custom_id(call: Call, workspace: str, custom_id: str) -> Reply:
    """Supports only Asana's own ID fields, and nothing in the sandbox has one."""
    call.in_path(Workspace, workspace)
    raise not_an_id("custom_id", custom_id)
