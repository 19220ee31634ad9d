"""Whether the token's user sees the workspace, and may edit the projects documents go to."""

from __future__ import annotations

from destination_asana.asana.errors import AsanaError
from destination_asana.check.subject import Subject
from destination_asana.errors import config_error

READ_ONLY_ACCESS = ("viewer", "commenter")


def check_workspace(subject: Subject) -> list[str]:
    wanted = subject.config.workspace_gid
    workspaces = {each["gid"]: each.get("name") for each in subject.user.get("workspaces") or []}
    if wanted not in workspaces:
        known = ", ".join(f"{name} ({gid})" for gid, name in workspaces.items()) or "none"
        raise config_error(
            f"workspace_gid: the token's user {subject.user_name} cannot see the workspace {wanted}. "
            f"Workspaces this token can see: {known}."
        )
    return []


def check_projects(subject: Subject) -> list[str]:
    for gid, setting in subject.projects().items():
        name = _check_project(subject, gid, setting)
        _check_access(subject, gid, setting, name)
    return []


def _check_project(subject: Subject, gid: str, setting: str) -> str:
    """Whether a project can be seen and is in use; gives its name."""
    try:
        project = subject.client.get(f"/projects/{gid}", {"opt_fields": "name,archived,workspace"})
    except AsanaError as error:
        if error.status in (400, 403, 404) and not error.missing_scopes:
            raise config_error(
                f"{setting}: Asana does not show the project {gid} to the token's user {subject.user_name}: “{error.said}”. "
                "Check the number and share the project with that user."
            ) from error
        raise
    name, workspace = project.get("name"), subject.config.workspace_gid
    if (project.get("workspace") or {}).get("gid") != workspace:
        raise config_error(f"{setting}: the project “{name}” is not in the workspace {workspace}.")
    if project.get("archived"):
        raise config_error(f"{setting}: the project “{name}” is archived. Unarchive it or choose another one.")
    return str(name)


def _check_access(subject: Subject, gid: str, setting: str, name: str) -> None:
    """Refuses a project the user may only look at. Where Asana does not tell, the sync finds out."""
    try:
        query = {"parent": gid, "member": subject.user["gid"], "limit": 10}
        memberships = subject.client.get("/memberships", query)
    except AsanaError:
        return
    levels = {membership.get("access_level") for membership in memberships if membership.get("access_level")}
    if levels and levels <= set(READ_ONLY_ACCESS):
        raise config_error(
            f"{setting}: the token's user {subject.user_name} may only {'comment' if 'commenter' in levels else 'view'} in the "
            f"project “{name}”. Give that user edit rights."
        )
