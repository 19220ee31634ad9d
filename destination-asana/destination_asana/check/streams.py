"""Whether the team, template and portfolio of streams whose documents become projects can be used."""

from __future__ import annotations

from destination_asana.asana.client import Client
from destination_asana.asana.errors import AsanaError
from destination_asana.board.templates import Templates
from destination_asana.check.subject import Subject
from destination_asana.config import Route
from destination_asana.errors import config_error


def check(subject: Subject) -> list[str]:
    gid = subject.config.projects_portfolio_gid
    without = "The numbers of projects are on their cards only"
    warning = (
        _check_object(subject.client, "projects_portfolio_gid", "portfolio", gid, without=without) if gid else None
    )
    return [*([warning] if warning else []), *_of_routes(subject)]


def _of_routes(subject: Subject) -> list[str]:
    return [warning for route in subject.routes() for warning in _check_route(subject.client, route)]


def _check_route(client: Client, route: Route) -> list[str]:
    if route.project_template_gid:
        Templates(client).read(route.project_template_gid)
    asked = [("team", route.team_gid), ("portfolio", route.portfolio_gid)]
    for kind, gid in asked:
        if gid:
            setting, without = (
                f"{kind}_gid of the stream {route.stream}",
                f"Projects are made, but not put into the {kind}",
            )
            warning = _check_object(client, setting, kind, gid, without=without)
            if warning is not None:
                return [warning]
    return []


def _check_object(client: Client, setting: str, kind: str, gid: str, *, without: str) -> str | None:
    """Whether a team or portfolio can be seen; a warning where the workspace's plan has none, `without` which the sync goes on."""
    try:
        client.get(f"/{kind}s/{gid}", {"opt_fields": "name"})
    except AsanaError as error:
        if error.status == 402:
            return f"{setting}: {kind}s are not part of this workspace's plan (“{error.said}”). {without}."
        if error.status in (400, 403, 404) and not error.missing_scopes:
            raise config_error(
                f"{setting}: Asana does not show the {kind} {gid} to the token's user: “{error.said}”. "
                f"Check the number and share the {kind} with that user."
            ) from error
        raise
    return None
