"""Who added a task to a project or removed it, according to the task's stories."""

from __future__ import annotations

from dataclasses import dataclass

from destination_asana.asana import Client

_JOINED, _LEFT = "added_to_project", "removed_from_project"


@dataclass(frozen=True, slots=True)
class LastMove:
    """The last time a task joined or left a project; `ours` means that the token's user moved it."""

    joined: bool
    ours: bool


class TaskHistory:
    """Reads stories, one call per task."""

    def __init__(self, client: Client) -> None:
        self._client = client

    def last_moves(self, task: str) -> dict[str, LastMove]:
        """The last move, by project."""
        own = self._client.own_gid()
        query = {"opt_fields": "resource_subtype,project,created_by"}
        return {
            (story.get("project") or {}).get("gid", ""): LastMove(
                joined=story["resource_subtype"] == _JOINED, ours=(story.get("created_by") or {}).get("gid") == own
            )
            for story in self._client.list(f"/tasks/{task}/stories", query)
            if story.get("resource_subtype") in (_JOINED, _LEFT)
        }
