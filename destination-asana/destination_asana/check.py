"""`check`: token, workspace, project, custom fields and every mapped assignee, proved one after the other by reading."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from airbyte_cdk.models import AirbyteConnectionStatus, Status
from airbyte_cdk.utils.traced_exception import AirbyteTracedException

from destination_asana.asana.auth import CHECK_PATIENCE_SECONDS
from destination_asana.asana.client import CHECK_TIMEOUT, Client
from destination_asana.asana.errors import PLAN_EXPLANATION, AsanaError, UnreachableError
from destination_asana.board.fields.catalog import name_taken
from destination_asana.board.fields.identity import settle_identity
from destination_asana.board.fields.values import CustomFields
from destination_asana.board.members import Assignees
from destination_asana.board.templates import Templates
from destination_asana.config import Config, Route
from destination_asana.documents.fields import DEFINITIONS
from destination_asana.errors import config_error

READ_ONLY_ACCESS = ("viewer", "commenter")
# Somebody waits: of a big project's tasks, enough to tell that documents are among them.
CHECK_PAGES = 5


def check(config: Config) -> AirbyteConnectionStatus:
    """The verdict in words; warnings of a passed check go into its message. Writes nothing."""
    # Somebody waits for the verdict: a short pause Asana asks for is kept, a long one is the verdict.
    credentials = config.authentication(CHECK_PATIENCE_SECONDS)
    client = Client(config.api_url, credentials, attempts=2, throttles=2, longest_pause=5.0, timeout=CHECK_TIMEOUT)
    try:
        warnings = _prove(config, client)
    except AsanaError as error:
        traced = (
            config_error(PLAN_EXPLANATION) if error.status == 402 else error.as_traced("Checking the access to Asana")
        )
        return AirbyteConnectionStatus(status=Status.FAILED, message=str(traced))
    except UnreachableError as error:
        return AirbyteConnectionStatus(
            status=Status.FAILED, message=str(error.as_traced("Checking the access to Asana"))
        )
    except AirbyteTracedException as error:
        return AirbyteConnectionStatus(status=Status.FAILED, message=str(error))
    return AirbyteConnectionStatus(status=Status.SUCCEEDED, message=" ".join(warnings) or None)


def _prove(config: Config, client: Client) -> list[str]:
    user = client.get("/users/me", {"opt_fields": "name,workspaces,workspaces.name"})
    workspaces = {workspace["gid"]: workspace.get("name") for workspace in user.get("workspaces") or []}
    if config.workspace_gid not in workspaces:
        known = ", ".join(f"{name} ({gid})" for gid, name in workspaces.items()) or "none"
        raise config_error(
            f"workspace_gid: the token's user {user.get('name')} cannot see the workspace {config.workspace_gid}. "
            f"Workspaces this token can see: {known}."
        )
    projects = {config.project_gid: "project_gid"}
    for name in config.streams:
        projects.setdefault(config.route(name).project_gid, f"the project_gid of the stream {name}")
    for gid, setting in projects.items():
        _prove_project(client, config, gid, setting, user)
    _prove_custom_fields(client, config, projects)
    warnings = [warning for name in config.streams for warning in _prove_shape(client, config.route(name))]
    return [*warnings, *_prove_assignees(client, config)]


def _prove_project(client: Client, config: Config, gid: str, setting: str, user: dict[str, Any]) -> None:
    try:
        project = client.get(f"/projects/{gid}", {"opt_fields": "name,archived,workspace"})
    except AsanaError as error:
        if error.status in (400, 403, 404) and not error.missing_scopes:
            raise config_error(
                f"{setting}: Asana does not show the project {gid} to the token's user {user.get('name')}: “{error.said}”. Check "
                "the number and share the project with that user."
            ) from error
        raise
    if (project.get("workspace") or {}).get("gid") != config.workspace_gid:
        raise config_error(
            f"{setting}: the project “{project.get('name')}” is not in the workspace {config.workspace_gid}."
        )
    if project.get("archived"):
        raise config_error(
            f"{setting}: the project “{project.get('name')}” is archived. Unarchive it or choose another one."
        )
    try:
        memberships = client.get("/memberships", {"parent": gid, "member": user["gid"], "limit": 10})
    except AsanaError:
        return
    levels = {membership.get("access_level") for membership in memberships if membership.get("access_level")}
    if levels and levels <= set(READ_ONLY_ACCESS):
        raise config_error(
            f"{setting}: the token's user {user.get('name')} may only {'comment' if 'commenter' in levels else 'view'} in the "
            f"project “{project.get('name')}”. Give that user edit rights."
        )


def _prove_shape(client: Client, route: Route) -> list[str]:
    """The team, template and portfolio of a stream whose documents become projects."""
    if route.project_template_gid:
        Templates(client).read(route.project_template_gid)
    asked = [("team_gid", "team", route.team_gid), ("portfolio_gid", "portfolio", route.portfolio_gid)]
    for setting, kind, gid in asked:
        if not gid:
            continue
        try:
            client.get(f"/{kind}s/{gid}", {"opt_fields": "name"})
        except AsanaError as error:
            if error.status == 402:
                return [
                    f"{setting} of the stream {route.stream}: {kind}s are not part of this workspace's plan (“{error.said}”). "
                    f"Projects are made, but not put into the {kind}."
                ]
            if error.status in (400, 403, 404) and not error.missing_scopes:
                raise config_error(
                    f"{setting} of the stream {route.stream}: Asana does not show the {kind} {gid} to the token's user: "
                    f"“{error.said}”. Check the number and share the {kind} with that user."
                ) from error
            raise
    return []


def _prove_custom_fields(client: Client, config: Config, projects: Iterable[str]) -> None:
    fields = CustomFields(client, config.workspace_gid, read_only=True, leave_out=config.leave_out_fields)
    settle_identity(client, fields, projects, most_pages=CHECK_PAGES)
    fields.prepare(config.project_gid)
    _prove_names(client, config, fields)
    # Search and custom fields come with the same plans; unlike creating a field, a search leaves nothing behind.
    try:
        client.get(f"/workspaces/{config.workspace_gid}/tasks/search", {"projects.any": config.project_gid, "limit": 1})
    except AsanaError as error:
        if error.status == 402:
            raise


def _prove_names(client: Client, config: Config, fields: CustomFields) -> None:
    """A field that is private holds its name all the same. Where Asana tells its name, it is said here; where it does not,
    the sync finds out when it makes its fields, before the first document."""
    query = {"resource_type": "custom_field", "query": "Visma", "count": 100, "opt_fields": "name"}
    try:
        told = client.get(f"/workspaces/{config.workspace_gid}/typeahead", query)
    except AsanaError:
        return
    for raw in told:
        name = (raw.get("name") or "").strip()
        needed = name in DEFINITIONS and name not in config.leave_out_fields
        if needed and not fields.exists(name) and raw["gid"] not in fields.library.everything():
            raise config_error(name_taken(name))


def _prove_assignees(client: Client, config: Config) -> list[str]:
    assignees = Assignees(client, config.workspace_gid, config.supplier_mapping)
    resolutions = [assignees.resolve(entry) for entry in config.supplier_mapping]
    unknown = [resolution.problem for resolution in resolutions if resolution.unknown and resolution.problem]
    if unknown:
        raise config_error(" ".join(unknown))
    return [resolution.problem for resolution in resolutions if resolution.problem]
