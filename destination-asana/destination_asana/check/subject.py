"""What is checked: the settings, seen with the eyes of the token's user."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from destination_asana.asana.auth import CHECK_PATIENCE_SECONDS
from destination_asana.asana.client import CHECK_TIMEOUT, Client
from destination_asana.config import Config, Route


@dataclass(frozen=True)
class Subject:
    """The settings of a check. `user` is the token's user as Asana describes it, with the workspaces it is in."""

    config: Config
    client: Client
    user: dict[str, Any]

    @classmethod
    def of(cls, config: Config) -> Subject:
        """Signs in. Somebody waits for the verdict: a short pause Asana asks for is kept, a long one is the verdict."""
        credentials = config.authentication(CHECK_PATIENCE_SECONDS)
        client = Client(config.api_url, credentials, attempts=2, throttles=2, longest_pause=5.0, timeout=CHECK_TIMEOUT)
        user = client.get("/users/me", {"opt_fields": "name,workspaces,workspaces.name"})
        return cls(config, client, user)

    @property
    def user_name(self) -> str:
        return str(self.user.get("name"))

    def routes(self) -> list[Route]:
        """The routes of the streams the settings name."""
        return [self.config.route(name) for name in self.config.streams]

    def projects(self) -> dict[str, str]:
        """The projects documents go to: gid → the setting that names it first."""
        projects = {self.config.project_gid: "project_gid"}
        for route in self.routes():
            projects.setdefault(route.project_gid, f"the project_gid of the stream {route.stream}")
        return projects
