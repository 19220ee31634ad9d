"""Whether the token's user sees the workspace and may edit the projects that documents go to."""

from __future__ import annotations

from destination_asana.asana import OF_ONE_OBJECT, AsanaError
from destination_asana.board import COMMENTER, read_only_access
from destination_asana.check.subject import Subject
from destination_asana.config import Adopt
from destination_asana.errors import config_error


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


def check_credentials(subject: Subject) -> list[str]:
    """Warns if Asana has answered with another refresh token, because the settings still have the old one."""
    if getattr(subject.client.credentials, "replaced", None):
        return [
            "credentials: Asana has replaced the refresh token, so the one in the settings may stop working. Authorise the app again "
            "if a later sync cannot renew its access, and please report it (docs/probe.md)."
        ]
    return []


def check_projects(subject: Subject) -> list[str]:
    """Checks the projects named by the settings, the streams and the routes, and those with tasks to take over."""
    for gid, setting in subject.projects().items():
        name = _check_project(subject, gid, setting)
        _check_access(subject, gid, setting, name)
    for gid in subject.config.adopt_project_gids if subject.config.adopt is not Adopt.OFF else ():
        name = _check_project(subject, gid, "adopt_project_gids", may_be_archived=True)
        if subject.config.adopt is Adopt.MATCH:
            _check_access(subject, gid, "adopt_project_gids", name)
    return []


def _check_project(subject: Subject, gid: str, setting: str, *, may_be_archived: bool = False) -> str:
    """Checks that a project is visible and active, and returns its name."""
    try:
        project = subject.client.get(f"/projects/{gid}", {"opt_fields": "name,archived,workspace"})
    except AsanaError as error:
        if error.refusal in OF_ONE_OBJECT:
            raise config_error(
                f"{setting}: Asana does not show the project {gid} to the token's user {subject.user_name}: “{error.message}”. "
                "Check the number and share the project with that user."
            ) from error
        raise
    name, workspace = project.get("name"), subject.config.workspace_gid
    if (project.get("workspace") or {}).get("gid") != workspace:
        raise config_error(f"{setting}: the project “{name}” is not in the workspace {workspace}.")
    if project.get("archived") and not may_be_archived:
        raise config_error(f"{setting}: the project “{name}” is archived. Unarchive it or choose another one.")
    return str(name)


def _check_access(subject: Subject, gid: str, setting: str, name: str) -> None:
    """Rejects a project that the user may not edit. If Asana does not show access levels, the sync finds out later."""
    level = read_only_access(subject.client, gid, subject.user["gid"])
    if level is not None:
        raise config_error(
            f"{setting}: the token's user {subject.user_name} may only {'comment' if level == COMMENTER else 'view'} in the "
            f"project “{name}”. Give that user edit rights."
        )
