"""Whether the teams, project templates and portfolios in the settings can be used."""

from __future__ import annotations

from destination_asana.asana import OF_ONE_OBJECT, AsanaError, Client, Refusal
from destination_asana.board import Templates
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
    """Checks that a team or portfolio is visible. If the workspace's plan has none, returns a warning; `without` says what
    the sync then does."""
    try:
        client.get(f"/{kind}s/{gid}", {"opt_fields": "name"})
    except AsanaError as error:
        if error.refusal is Refusal.PREMIUM_NEEDED:
            return f"{setting}: {kind}s are not part of this workspace's plan (“{error.message}”). {without}."
        if error.refusal in OF_ONE_OBJECT:
            raise config_error(
                f"{setting}: Asana does not show the {kind} {gid} to the token's user: “{error.message}”. "
                f"Check the number and share the {kind} with that user."
            ) from error
        raise
    return None
