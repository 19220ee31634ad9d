"""Finds the heartbeat of a connection. Search is behind, so the project itself is listed, recent changes first."""

from __future__ import annotations

import datetime
import logging
from collections.abc import Iterable, Iterator
from typing import Any

from destination_asana.asana import NOT_THERE, UNAVAILABLE, AsanaError, Client, Refusal, iso
from destination_asana.board.listings import by_section
from destination_asana.planning.descriptions import HEARTBEAT
from destination_asana.planning.heartbeat import Connection, HeartbeatTask, heartbeat_in, is_ambiguous, ours

logger = logging.getLogger("airbyte")

FIELDS = "notes,created_at"
# Each good sync changes the task, so it is among the recent changes as long as syncs go on. Hourly, daily and weekly ones.
WINDOWS = tuple(datetime.timedelta(hours=hours) for hours in (2, 26, 24 * 8))
MOST_FOUND = 100


class UnclearError(Exception):
    """It cannot be known which heartbeat is the connection's, or whether it has one."""


class Heartbeats:
    """The heartbeats of one project."""

    def __init__(self, client: Client, workspace_gid: str, project_gid: str) -> None:
        self._client = client
        self._workspace = workspace_gid
        self._project = project_gid

    def find(self, connection: Connection) -> HeartbeatTask | None:
        """The heartbeat of a connection; None if it has none. Raises UnclearError."""
        # Without a company, a recent change may be the heartbeat of another one.
        for window in WINDOWS if connection.companies else ():
            found = ours(connection, self._changed(self._client.server_time() - window))
            if found is not None:
                return found
        everything = list(self._heartbeats(self._all()))
        if is_ambiguous(connection, everything):
            raise UnclearError("no record came, and several companies have such a task in this project")
        return ours(connection, everything) or self._elsewhere(connection)

    def find_created(self, connection: Connection, since: datetime.datetime) -> dict[str, Any] | None:
        """The heartbeat that a request without an answer may have created since `since` (UTC)."""
        found = ours(connection, self._changed(since))
        return {"gid": found.gid} if found is not None else None

    def read(self, gid: str) -> dict[str, Any] | None:
        """A heartbeat as it is now; None if somebody has deleted it."""
        try:
            task: dict[str, Any] = self._client.get(f"/tasks/{gid}", {"opt_fields": "notes,html_notes,completed"})
        except AsanaError as error:
            if error.refusal in NOT_THERE:
                return None
            raise
        return task

    def _changed(self, since: datetime.datetime) -> list[HeartbeatTask]:
        query = {"project": self._project, "modified_since": iso(since), "opt_fields": FIELDS}
        return list(self._heartbeats(self._client.pages("/tasks", query)))

    def _all(self) -> Iterator[list[dict[str, Any]]]:
        try:
            yield from self._client.pages("/tasks", {"project": self._project, "opt_fields": FIELDS})
        except AsanaError as error:
            if error.refusal is not Refusal.NOT_ACCEPTED:
                raise
            yield from self._sections()

    def _sections(self) -> Iterator[list[dict[str, Any]]]:
        try:
            yield from by_section(self._client, self._project, FIELDS)
        except AsanaError as error:
            if error.refusal is not Refusal.NOT_ACCEPTED:
                raise
            raise UnclearError("the project holds more tasks than Asana lists") from error

    def _elsewhere(self, connection: Connection) -> HeartbeatTask | None:
        """A heartbeat that people have moved to another project, as far as search knows."""
        query = {"text": HEARTBEAT.header, "limit": MOST_FOUND, "opt_fields": FIELDS}
        try:
            answer = self._client.get(f"/workspaces/{self._workspace}/tasks/search", query)
        except AsanaError as error:
            if error.refusal not in UNAVAILABLE:
                raise
            return None
        candidates = [each for each in (heartbeat_in(task) for task in answer) if each is not None]
        while (found := ours(connection, candidates)) is not None:
            # Search may tell of a task that is deleted.
            if self.read(found.gid) is not None:
                return found
            candidates.remove(found)
        return None

    def _heartbeats(self, pages: Iterable[list[dict[str, Any]]]) -> Iterator[HeartbeatTask]:
        seen: set[str] = set()
        for page in pages:
            for task in page:
                found = heartbeat_in(task)
                if found is not None and found.gid not in seen:
                    seen.add(found.gid)
                    yield found
