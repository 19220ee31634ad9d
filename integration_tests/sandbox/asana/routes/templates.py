"""Project templates and the jobs that instantiate them."""

from typing import Any

from .. import jobs
from ..call import Call, Reply, as_bool, one_of
from ..errors import ApiError, bad, forbidden
from ..model import Job, Project, ProjectTemplate, Team, TemplateRole, User, Workspace
from ..routing import route
from ..stamps import day_of, parse_date


@route("GET", "/project_templates/{template}", "project_templates:read")
def get(call: Call, template: str) -> Reply:
    return call.record(call.in_path(ProjectTemplate, template))


@route("DELETE", "/project_templates/{template}")
def delete(call: Call, template: str) -> Reply:
    found = call.in_path(ProjectTemplate, template)
    if found.owner is not call.user:
        raise forbidden(f"project_template: You do not have permission to delete {template}")
    found.deleted = True
    return call.empty()


@route("GET", "/project_templates", "project_templates:read")
def listing(call: Call) -> Reply:
    rows = [template for template in call.store.all(ProjectTemplate) if call.sees(template)]
    if call.query.get("workspace"):
        place = call.named(Workspace, call.query["workspace"], "workspace")
        rows = [template for template in rows if template.workspace is place]
    if call.query.get("team"):
        team = call.named(Team, call.query["team"], "team")
        rows = [template for template in rows if template.team is team]
    return call.listing(rows)


@route("GET", "/teams/{team}/project_templates", "project_templates:read")
def of_team(call: Call, team: str) -> Reply:
    found = call.in_path(Team, team)
    return call.listing([template for template in call.store.all(ProjectTemplate) if template.team is found])


@route("POST", "/project_templates/{template}/instantiateProject", "projects:write")
def instantiate(call: Call, template: str) -> Reply:
    found = call.in_path(ProjectTemplate, template)
    call.only("name", "team", "public", "privacy_setting", "is_strict", "requested_dates", "requested_roles")
    name = call.name(call.required("name"))
    team = call.named(Team, call.data["team"], "team") if call.data.get("team") else found.team
    privacy = one_of(
        call.data.get("privacy_setting", "public_to_workspace"),
        "privacy_setting",
        ["public_to_workspace", "private", "private_to_team"],
    )
    strict = as_bool(call.data.get("is_strict", False), "is_strict")
    dates = _dates(call, found, strict)
    roles = _roles(call, found)
    job = jobs.instantiate(call, found, name, dates, roles)
    if job.new_project is not None:
        job.new_project.team = team
        job.new_project.privacy_setting = privacy
    return call.created(job)


def _requested(call: Call, key: str, known: set[str]) -> dict[str, Any]:
    given: dict[str, Any] = {}
    entries = call.data.get(key) or []
    if not isinstance(entries, list):
        raise bad(f"{key}: Value is not an array")
    for entry in entries:
        if not isinstance(entry, dict) or set(entry) - {"gid", "value"} or entry.get("gid") not in known:
            raise bad(f"{key}: Each entry has the gid of one the template asks for, and a value: {entry}")
        given[entry["gid"]] = entry.get("value")
    return given


def _dates(call: Call, template: ProjectTemplate, strict: bool) -> dict[str, str]:
    known = {gid for gid, _ in template.dates}
    given = _requested(call, "requested_dates", known)
    for gid, value in given.items():
        if parse_date(value) is None:
            raise bad(f"requested_dates: Value of {gid} is not a valid date: {value}")
    if strict and known - set(given):
        raise ApiError(
            422, f"requested_dates: Unprocessable Entity: no value for {', '.join(sorted(known - set(given)))}"
        )
    today = day_of(call.store.now())
    return {gid: given.get(gid, today) for gid in known}


def _roles(call: Call, template: ProjectTemplate) -> dict[str, User]:
    given = _requested(call, "requested_roles", {role.gid for role in template.roles})
    return {gid: call.member(value, "requested_roles", template.workspace) for gid, value in given.items()}


@route("POST", "/projects/{project}/saveAsTemplate")
def save(call: Call, project: str) -> Reply:
    found = call.in_path(Project, project)
    call.only("name", "team", "workspace", "public")
    name = call.name(call.required("name"))
    call.required("public")
    job = jobs.start(call, "duplicate_project")
    team = call.named(Team, call.data["team"], "team") if call.data.get("team") else found.team
    template = ProjectTemplate(call.store.new_gid(), name, found.workspace, call.user, team)
    template.custom_fields = [setting.custom_field for setting in found.settings]
    template.content = [(s.name, [(task.name, None) for task in s.tasks]) for s in found.sections]
    template.dates = [("1", "Start Date"), ("2", "Due Date")]
    template.roles = [call.store.add(TemplateRole(call.store.new_gid(), "Project Owner"))]
    job.new_project_template = call.store.add(template)
    return call.created(job)


@route("GET", "/jobs/{job}", "jobs:read")
def job(call: Call, job: str) -> Reply:
    return call.record(call.in_path(Job, job))
