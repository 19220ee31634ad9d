"""Shares a project with the team of the settings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from destination_asana.asana import UNAVAILABLE_HERE, AsanaError, Cause, Client
from destination_asana.errors import config_error
from destination_asana.planning.projects import Project


@dataclass(frozen=True)
class TeamSharing:
    """Shares projects; `team_gid` is None if the settings name no team."""

    client: Client
    team_gid: str | None

    def share(self, project: Project, *, fresh: bool) -> None:
        """Shares a project with the team unless it is shared already. `fresh` means that this sync has just created it."""
        team = self.team_gid
        if not team or project.team == team:
            return
        query = {"parent": project.gid, "member": team}

        def find() -> dict[str, Any] | None:
            return next(iter(self.client.list("/memberships", query)), None)

        if not fresh and find() is not None:
            return
        try:
            data = {"parent": project.gid, "member": team, "access_level": "editor"}
            self.client.create("/memberships", data, find)
        except AsanaError as error:
            if Cause.ALREADY_SO in error.causes:
                return
            if error.refusal in UNAVAILABLE_HERE:
                raise config_error(
                    f"team_gid: the project “{project.name}” cannot be shared with the team {team}: Asana said "
                    f"“{error.message}”. Check the number, and that the token's user is a member of that team."
                ) from error
            raise
