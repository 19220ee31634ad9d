"""Creates and changes tasks: checks every key before it changes anything, and writes a story for every change.

Rules: Asana OpenAPI document, TaskCreateRequest and TaskUpdateRequest; texts as observed.
"""

from typing import Any

from . import field_values, rich_text
from .call import Call, as_bool, as_list, as_text, one_of
from .errors import bad, create_only, forbidden
from .model import CustomField, Project, Section, Tag, Task, User, Workspace
from .stamps import day_of, parse_date, parse_moment
from .task_changes import apply_changes, place

CREATE_ONLY = ("projects", "followers", "tags", "workspace", "memberships")
WRITABLE = (
    "name",
    "notes",
    "html_notes",
    "assignee",
    "assignee_section",
    "assignee_status",
    "due_on",
    "due_at",
    "start_on",
    "start_at",
    "completed",
    "approval_status",
    "liked",
    "external",
    "custom_fields",
    "resource_subtype",
    "custom_type",
    "custom_type_status_option",
)
MAX_PROJECTS = 20
MAX_DEPTH = 5
SUBTYPES = ("default_task", "milestone", "approval", "custom")
APPROVALS = ("pending", "approved", "rejected", "changes_requested")


def create(call: Call, data: dict[str, Any], parent: Task | None = None) -> Task:
    """Makes a task as `POST /tasks` (or, with `parent`, `POST /tasks/{}/subtasks`) does. Raises ApiError."""
    call.data = data
    call.only(*WRITABLE, *CREATE_ONLY, "parent")
    if parent is None and data.get("parent") is not None:
        parent = call.named(Task, data["parent"], "parent")
    if parent is None and not (data.get("workspace") or data.get("projects") or data.get("memberships")):
        raise bad("You should specify one of workspace, parent, projects")
    places = _places(call, data)
    workspace = _workspace(call, data, places, parent)
    if parent is not None:
        call.may_edit(parent)
        check_depth(parent)
    for project in places:
        call.may_edit_project(project)
    people = [call.member(person, "followers", workspace) for person in as_list(data.get("followers", []), "followers")]
    tags = [call.named(Tag, tag, "tags") for tag in as_list(data.get("tags", []), "tags")]
    now = call.store.now()
    task = Task("", "", workspace, now, now, call.user, parent=parent, memberships=dict(places))
    changes = check(call, task, {k: v for k, v in data.items() if k in WRITABLE}, creating=True)
    task.memberships = {}
    task.gid = call.store.new_gid()
    call.store.add(task)
    call.store.before_change(task, "created")
    if parent is not None:
        call.store.before_change(parent)
        parent.subtasks = parent.subtasks or []
        parent.subtasks.insert(0 if call.settings.new_subtasks == "start" else len(parent.subtasks), task)
    for project, section in places.items():
        place(call.sandbox, task, section, at_start=call.settings.new_tasks == "start")
        call.sandbox.journal.story(
            task, call.user, "added_to_project", f"{call.user.name} added to {project.name}", project=project
        )
    call.store.notify("added", task, call.user, parent or next(iter(places.values()), None))
    apply_changes(call.sandbox, task, changes, call.user, creating=True)
    known = task.followers or []
    call.store.tell_people(task, [one for one in people if one not in known], call.user, "added as follower")
    task.followers = list(dict.fromkeys([call.user, *known, *people]))
    for tag in tags:
        task.tags = [*(task.tags or ()), tag]
        tag.tasks.append(task)
    task.modified_at = task.created_at
    return task


def update(call: Call, task: Task, data: dict[str, Any]) -> None:
    """Changes a task as `PUT /tasks/{}` does. Raises ApiError before anything is changed."""
    call.data = data
    if "parent" in data:
        raise bad("parent: Cannot write this property, use setParent to change the parent of a task")
    for name in CREATE_ONLY:
        if name in data:
            raise create_only(name)
    call.only(*WRITABLE)
    call.may_edit(task)
    changed = apply_changes(call.sandbox, task, check(call, task, data), call.user)
    if changed and task.parent is not None and call.settings.subtask_changes == "parent":
        task.parent.modified_at = call.store.now()


def check_depth(parent: Task) -> None:
    depth, above = 1, parent
    while above.parent is not None:
        depth, above = depth + 1, above.parent
    if depth > MAX_DEPTH:
        raise bad(f"parent: Subtasks can be nested at most {MAX_DEPTH} levels deep")


def _places(call: Call, data: dict[str, Any]) -> dict[Project, Section]:
    places: dict[Project, Section] = {}
    for gid in as_list(data.get("projects") or [], "projects"):
        project = call.named(Project, gid, "projects")
        places[project] = project.sections[0]
    for entry in as_list(data.get("memberships") or [], "memberships"):
        if not isinstance(entry, dict) or not entry.get("project") or set(entry) - {"project", "section"}:
            raise bad("memberships: Each membership needs a project and may name one of its sections")
        project = call.named(Project, entry["project"], "memberships")
        section = project.sections[0]
        if call.settings.memberships_on_create == "refuse":
            raise bad("memberships: Cannot write this property")
        if entry.get("section") and call.settings.memberships_on_create == "take":
            section = call.named(Section, entry["section"], "memberships")
            if section.project is not project:
                raise bad(f"memberships: Section {section.gid} is not in project {project.gid}")
        places[project] = section
    if len(places) > MAX_PROJECTS:
        raise bad(f"projects: A task can be in at most {MAX_PROJECTS} projects")
    return places


def _workspace(call: Call, data: dict[str, Any], places: dict[Project, Section], parent: Task | None) -> Workspace:
    named = call.named(Workspace, data["workspace"], "workspace") if data.get("workspace") else None
    implied = {project.workspace for project in places} | ({parent.workspace} if parent else set())
    if len(implied) > 1 or (named and implied - {named}):
        raise bad("projects: All projects and the parent must be in the same workspace")
    return named or next(iter(implied))


def check(call: Call, task: Task, data: dict[str, Any], creating: bool = False) -> dict[str, Any]:
    """The stored form of every key given, for `apply_changes`."""
    changes: dict[str, Any] = {}
    if "name" in data:
        changes["name"] = call.name(data["name"])
    changes.update(_notes(call, data))
    if "assignee" in data:
        person = data["assignee"]
        changes["assignee"] = None if person is None else call.member(person, "assignee", task.workspace)
    if "resource_subtype" in data:
        changes["resource_subtype"] = one_of(data["resource_subtype"], "resource_subtype", SUBTYPES)
        if not creating and "approval" in (task.resource_subtype, changes["resource_subtype"]):
            raise bad("resource_subtype: Cannot convert to or from an approval task")
    changes.update(_dates(task, data, changes.get("resource_subtype", task.resource_subtype)))
    changes.update(_state(task, data, changes.get("resource_subtype", task.resource_subtype)))
    if "liked" in data:
        changes["liked"] = as_bool(data["liked"], "liked")
    if "external" in data:
        changes["external"] = (call.external_scope, _external(call, task, data["external"]))
    if data.get("custom_fields") not in (None, {}):
        changes["values"] = _values(call, task, data["custom_fields"])
    return changes


def _notes(call: Call, data: dict[str, Any]) -> dict[str, Any]:
    if "notes" in data and "html_notes" in data:
        raise bad("You may only provide one of notes or html_notes!")
    if "html_notes" in data:
        text = call.long_text(data["html_notes"], "html_notes")
        return {"notes": (rich_text.plain(text, "html_notes"), text)}
    if "notes" in data:
        return {"notes": (call.long_text(data["notes"], "notes"), None)}
    return {}


def _dates(task: Task, data: dict[str, Any], subtype: str) -> dict[str, Any]:
    if data.get("due_on") is not None and data.get("due_at") is not None:
        raise bad("You may only provide one of due_on or due_at!")
    if data.get("start_on") is not None and data.get("start_at") is not None:
        raise bad("You may only provide one of start_on or start_at!")
    given = [name for name in ("due_on", "due_at", "start_on", "start_at") if name in data]
    if not given:
        return {}
    if data.get("start_on") is not None and not (data.get("due_on") or data.get("due_at")):
        raise bad("start_on: due_on or due_at must be present in the request when setting start_on")
    if data.get("start_at") is not None and not data.get("due_at"):
        raise bad("start_at: due_at must be present in the request when setting start_at")
    dates = {"due_on": task.due_on, "due_at": task.due_at, "start_on": task.start_on, "start_at": task.start_at}
    for kind in ("due", "start"):
        on, at = f"{kind}_on", f"{kind}_at"
        if data.get(at) is not None:
            moment = parse_moment(data[at])
            if moment is None:
                raise bad(f"{at}: Value is not a valid date-time: {data[at]}")
            dates[at], dates[on] = moment, day_of(moment)
        elif on in data or at in data:
            day = data.get(on)
            if day is not None and parse_date(day) is None:
                raise bad(f"{on}: Value is not a valid date: {day}")
            dates[on], dates[at] = day, None
    if dates["start_on"] and subtype == "milestone":
        raise bad("start_on: A milestone cannot have a start date")
    if dates["start_on"] and (not dates["due_on"] or str(dates["start_on"]) > str(dates["due_on"])):
        raise bad("start_on: The start date must not be after the due date")
    return {"dates": dates}


def _state(task: Task, data: dict[str, Any], subtype: str) -> dict[str, Any]:
    """On approval tasks, `completed` and `approval_status` are one state: each changes the other."""
    changes: dict[str, Any] = {}
    if "completed" in data:
        changes["completed"] = as_bool(data["completed"], "completed")
    if subtype != "approval":
        if data.get("approval_status") is not None:
            raise bad("approval_status: Can only be set on approval tasks")
        return changes
    if data.get("approval_status") is not None:
        changes["approval_status"] = one_of(data["approval_status"], "approval_status", APPROVALS)
        changes["completed"] = changes["approval_status"] != "pending"
    elif "completed" in changes and changes["completed"] != task.completed:
        changes["approval_status"] = "approved" if changes["completed"] else "pending"
    elif task.approval_status is None:
        changes["approval_status"] = "approved" if changes.get("completed") else "pending"
    return changes


def _external(call: Call, task: Task, raw: Any) -> tuple[str | None, str | None] | None:
    if call.settings.external_scope == "none" and call.token.app is None:
        raise forbidden("external: Setting external data requires OAuth")
    if raw is None:
        return None
    if not isinstance(raw, dict) or set(raw) - {"gid", "data"}:
        raise bad(f"external: Value is not an object of gid and data: {raw}")
    old = (task.external or {}).get(call.external_scope, (None, None))
    gid, data = raw.get("gid", old[0]), raw.get("data", old[1])
    if gid is not None:
        as_text(gid, "external.gid", 1024)
        holder = call.store.external.get((call.external_scope, gid))
        taken = holder is not None and holder is not task and not holder.deleted
        if taken and call.settings.external_unique:
            raise bad(f"external: The external gid {gid} is already assigned to another task")
    if data is not None:
        as_text(data, "external.data", 32768)
    return gid, data


def _values(call: Call, task: Task, raw: Any) -> dict[CustomField, Any]:
    if not isinstance(raw, dict):
        raise bad(f"custom_fields: Value is not an object: {raw}")
    call.needs_custom_fields()
    allowed = set(field_values.fields_of(task, call.settings.subtask_fields))
    kept = task.values or {}
    changes: dict[CustomField, Any] = {}
    for gid, value in raw.items():
        if not gid.isdigit():
            raise bad(f"custom_fields: Not a recognized ID: {gid}")
        field = call.store.find(CustomField, gid)
        if call.settings.subtask_fields_dropped and task.parent is not None and field not in allowed:
            continue
        if field is None or (field not in allowed and not (field in kept and value is None)):
            raise bad(f"Custom field with ID {gid} is not on given object")
        if field.privacy_setting == "private" and field.locked_by not in (None, call.user):
            raise forbidden(f"custom_fields: You do not have access to the custom field {gid}")
        changes[field] = field_values.coerce(field, value, kept.get(field), call, call.settings)
    return changes


def delete(call: Call, task: Task, user: User) -> None:
    """Moves a task to the trash, with its subtasks unless they are in their own project."""
    call.store.before_change(task, "deleted")
    task.deleted = True
    for project, section in list(task.memberships.items()):
        section.tasks.remove(task)
        call.store.notify("removed", task, user, project)
    if task.parent is not None and task.parent.subtasks:
        task.parent.subtasks.remove(task)
    call.store.notify("deleted", task, user)
    for child in list(task.subtasks or ()):
        if not child.memberships:
            delete(call, child, user)
