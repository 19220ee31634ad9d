"""The input of a check: the settings, and Asana as the token's user sees it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from destination_asana.asana import CHECK_PATIENCE_SECONDS, CHECK_TIMEOUT, Client
from destination_asana.config import Config, Route


@dataclass(frozen=True)
class Subject:
    """The settings to check. `user` is the token's user as Asana describes it, with its workspaces."""

    config: Config
    client: Client
    user: dict[str, Any]

    @classmethod
    def of(cls, config: Config) -> Subject:
        """Signs in. Because somebody is waiting, a short pause that Asana asks for is kept, but a long one fails the check."""
        credentials = config.authentication(CHECK_PATIENCE_SECONDS)
        client = Client(config.api_url, credentials, attempts=2, throttles=2, longest_pause=5.0, timeout=CHECK_TIMEOUT)
        user = client.get("/users/me", {"opt_fields": "name,workspaces,workspaces.name"})
        return cls(config, client, user)

    @property
    def user_name(self) -> str:
        return str(self.user.get("name"))

    def routes(self) -> list[Route]:
        """The routes of the streams that the settings name."""
        return [self.config.route(name) for name in self.config.streams]

    def projects(self) -> dict[str, str]:
        """The projects that documents go to: gid → the first setting that names it."""
        projects = {self.config.project_gid: "project_gid"}
        for route in self.routes():
            projects.setdefault(route.project_gid, f"the project_gid of the stream {route.stream}")
        for entry in self.config.project_routes:
            projects.setdefault(entry.project_gid, str(entry))
        return projects
