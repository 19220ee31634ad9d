"""Projects: create, read, change, delete, list, count, members, and copies."""

from typing import Any

from .. import field_values, jobs, rich_text
from ..call import Call, Reply, as_bool, as_list, as_text, one_of
from ..errors import bad, create_only, forbidden
from ..model import CustomField, Project, Task, Team, User, Workspace
from ..routing import route
from ..stamps import parse_date

COLOURS = [
    *[f"dark-{c}" for c in ["pink", "green", "blue", "red", "teal", "brown", "orange", "purple", "warm-gray"]],
    *[f"light-{c}" for c in ["pink", "green", "blue", "red", "teal", "brown", "orange", "purple", "warm-gray"]],
    "none",
]
WRITABLE = (
    *("name", "notes", "html_notes", "color", "icon", "default_view", "due_on", "due_date", "start_on", "owner"),
    *("archived", "privacy_setting", "default_access_level", "custom_fields", "followers", "public", "team"),
    *("minimum_access_level_for_customization", "minimum_access_level_for_sharing"),
)


@route("POST", "/projects", "projects:write")
def create(call: Call) -> Reply:
    call.only(*WRITABLE, "workspace")
    workspace = call.named(Workspace, call.required("workspace"), "workspace")
    team = call.named(Team, call.data["team"], "team") if call.data.get("team") else None
    if team is None and call.settings.team_required and workspace.is_organization:
        raise bad("team: Missing required team field")
    return _make(call, workspace, team)


def _make(call: Call, workspace: Workspace, team: Team | None) -> Reply:
    if call.user.workspaces.get(workspace) == "guest":
        raise forbidden("workspace: Guests cannot create projects")
    name = call.name(call.required("name"))
    blank = Project("", name, workspace, 0, 0)
    changes = _check(call, blank, {k: v for k, v in call.data.items() if k not in ("team", "workspace")})
    project = jobs.new_project(call, name, workspace)
    project.team = team
    _apply(call, project, changes)
    return call.created(project)


@route("POST", "/workspaces/{workspace}/projects", "projects:write")
def create_in_workspace(call: Call, workspace: str) -> Reply:
    call.only(*WRITABLE)
    found = call.in_path(Workspace, workspace)
    return _make(call, found, call.named(Team, call.data["team"], "team") if call.data.get("team") else None)


@route("POST", "/teams/{team}/projects", "projects:write")
def create_in_team(call: Call, team: str) -> Reply:
    call.only(*WRITABLE)
    found = call.in_path(Team, team)
    return _make(call, found.workspace, found)


@route("GET", "/projects/{project}", "projects:read")
def get(call: Call, project: str) -> Reply:
    return call.record(call.in_path(Project, project))


@route("PUT", "/projects/{project}", "projects:write")
def update(call: Call, project: str) -> Reply:
    found = call.in_path(Project, project)
    if "workspace" in call.data:
        raise create_only("workspace")
    call.only(*WRITABLE)
    call.may_edit_project(found)
    if "public" in call.data:
        raise bad("public: Cannot write this property, use privacy_setting")
    changes = _check(call, found, call.data)
    if "team" in call.data:
        changes["team"] = call.named(Team, call.data["team"], "team")
    _apply(call, found, changes)
    return call.record(found)


def _check(call: Call, project: Project, data: dict[str, Any]) -> dict[str, Any]:
    changes: dict[str, Any] = {}
    if "notes" in data and "html_notes" in data:
        raise bad("You may only provide one of notes or html_notes!")
    if "html_notes" in data:
        changes["html_notes"] = call.long_text(data["html_notes"], "html_notes")
        changes["notes"] = rich_text.plain(data["html_notes"], "html_notes", rich_text.PROJECT_TAGS)
    elif "notes" in data:
        changes["notes"], changes["html_notes"] = call.long_text(data["notes"], "notes"), None
    if "name" in data:
        changes["name"] = call.name(data["name"])
    for name, allowed in (
        ("color", [*COLOURS, None]),
        ("default_view", ["list", "board", "calendar", "timeline"]),
        ("privacy_setting", ["public_to_workspace", "private", "private_to_team"]),
        ("default_access_level", ["admin", "editor", "commenter", "viewer"]),
    ):
        if name in data:
            changes[name] = None if data[name] is None else one_of(data[name], name, [str(a) for a in allowed])
    if "public" in data and "privacy_setting" not in data:
        changes["privacy_setting"] = "public_to_workspace" if as_bool(data["public"], "public") else "private"
    if "icon" in data:
        changes["icon"] = None if data["icon"] is None else as_text(data["icon"], "icon")
    if "archived" in data:
        changes["archived"] = as_bool(data["archived"], "archived")
    if "owner" in data:
        owner = data["owner"]
        changes["owner"] = None if owner is None else call.member(owner, "owner", project.workspace)
    changes.update(_dates(project, data))
    if data.get("custom_fields") not in (None, {}):
        changes["values"] = _values(call, project, data["custom_fields"])
    return changes


def _dates(project: Project, data: dict[str, Any]) -> dict[str, Any]:
    dates = {}
    for name, given in (("due_on", "due_on"), ("due_on", "due_date"), ("start_on", "start_on")):
        if given in data:
            if data[given] is not None and parse_date(data[given]) is None:
                raise bad(f"{given}: Value is not a valid date: {data[given]}")
            dates[name] = data[given]
    due, start = dates.get("due_on", project.due_on), dates.get("start_on", project.start_on)
    if dates.get("start_on") and not ("due_on" in data or "due_date" in data):
        raise bad("start_on: due_on must be present in the request when setting start_on")
    if start and due and start >= due:
        raise bad("start_on: The start date must be before the due date")
    return dates


def _values(call: Call, project: Project, raw: Any) -> dict[CustomField, Any]:
    """Values of the project itself: only of fields its portfolios have."""
    if not isinstance(raw, dict):
        raise bad(f"custom_fields: Value is not an object: {raw}")
    call.needs_custom_fields()
    allowed = {shown.custom_field: shown.value for shown in field_values.of_project(project)}
    changes = {}
    for gid, value in raw.items():
        field = call.store.find(CustomField, gid)
        if field is None or field not in allowed:
            raise bad(f"Custom field with ID {gid} is not on given object")
        changes[field] = field_values.coerce(field, value, allowed[field], call, call.settings)
    return changes


def _apply(call: Call, project: Project, changes: dict[str, Any]) -> None:
    for name, value in changes.items():
        if name == "values":
            project.values.update(value)
        else:
            setattr(project, name, value)
        call.store.notify("changed", project, call.user, None, {"field": name, "action": "changed"})
    if changes:
        project.modified_at = call.store.now()


@route("DELETE", "/projects/{project}", "projects:delete")
def delete(call: Call, project: str) -> Reply:
    """Deletes the project. Tasks that are in no other project are no longer listed anywhere, but stay."""
    found = call.in_path(Project, project)
    call.may_edit_project(found)
    found.deleted = True
    for section in found.sections:
        section.deleted = True
        for task in section.tasks:
            call.store.before_change(task, "moved")
            del task.memberships[found]
    for portfolio in found.portfolios:
        portfolio.items.remove(found)
    call.store.notify("deleted", found, call.user)
    return call.empty()


def _listed(call: Call, workspace: Workspace | None = None, team: Team | None = None) -> Reply:
    archived = call.query.get("archived")
    rows = [
        project
        for project in call.store.projects()
        if call.sees_project(project)
        and (workspace is None or project.workspace is workspace)
        and (team is None or project.team is team)
        and (archived is None or project.archived == (archived == "true"))
    ]
    return call.listing(rows)


@route("GET", "/projects", "projects:read")
def listing(call: Call) -> Reply:
    workspace = call.named(Workspace, call.query["workspace"], "workspace") if call.query.get("workspace") else None
    team = call.named(Team, call.query["team"], "team") if call.query.get("team") else None
    return _listed(call, workspace, team)


@route("GET", "/workspaces/{workspace}/projects", "projects:read")
def in_workspace(call: Call, workspace: str) -> Reply:
    return _listed(call, workspace=call.in_path(Workspace, workspace))


@route("GET", "/teams/{team}/projects", "projects:read")
def in_team(call: Call, team: str) -> Reply:
    return _listed(call, team=call.in_path(Team, team))


@route("GET", "/projects/{project}/task_counts", "projects:read")
def task_counts(call: Call, project: str) -> Reply:
    """Counting is expensive, so the answer contains only what was requested."""
    found = call.in_path(Project, project)
    tasks: list[Task] = [task for section in found.sections for task in section.tasks]
    done = sum(task.completed for task in tasks)
    stones = [task for task in tasks if task.resource_subtype == "milestone"]
    stones_done = sum(task.completed for task in stones)
    counts = {
        "num_tasks": len(tasks),
        "num_completed_tasks": done,
        "num_incomplete_tasks": len(tasks) - done,
        "num_milestones": len(stones),
        "num_completed_milestones": stones_done,
        "num_incomplete_milestones": len(stones) - stones_done,
    }
    call.cost += 50
    return Reply(200, {"data": {name: counts[name] for name in call.tree or () if name in counts}})


def _people(call: Call, key: str) -> list[User]:
    return [call.member(person, key) for person in as_list(call.required(key), key)]


def _members(call: Call, project: str, key: str, joining: bool) -> Reply:
    found = call.in_path(Project, project)
    call.may_edit_project(found)
    for person in _people(call, key):
        if key == "members":
            if joining:
                found.members.setdefault(person, "editor")
            else:
                found.members.pop(person, None)
        elif joining and person not in found.followers:
            found.followers.append(person)
        elif not joining and person in found.followers:
            found.followers.remove(person)
    return call.record(found)


@route("POST", "/projects/{project}/addMembers")
def add_members(call: Call, project: str) -> Reply:
    return _members(call, project, "members", True)


@route("POST", "/projects/{project}/removeMembers")
def remove_members(call: Call, project: str) -> Reply:
    return _members(call, project, "members", False)


@route("POST", "/projects/{project}/addFollowers")
def add_followers(call: Call, project: str) -> Reply:
    return _members(call, project, "followers", True)


@route("POST", "/projects/{project}/removeFollowers")
def remove_followers(call: Call, project: str) -> Reply:
    return _members(call, project, "followers", False)


@route("POST", "/projects/{project}/duplicate", "projects:write")
def duplicate(call: Call, project: str) -> Reply:
    found = call.in_path(Project, project)
    call.only("name", "include", "schedule_dates")
    name = call.name(call.required("name"))
    include = call.data.get("include", "")
    if not isinstance(include, str):
        raise bad("include: Value is not a string")
    return call.created(jobs.duplicate_project(call, found, name, set(as_list(include, "include"))))
