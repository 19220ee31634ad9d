"""Moves the heartbeat: one write for each good sync."""

from __future__ import annotations

import datetime
import logging
from collections.abc import Sequence
from typing import Any

from destination_asana.asana import NOT_THERE, OF_CONTENT_OR_GONE, AsanaError, Cause, Client, UnreachableError
from destination_asana.board import Assignees, Heartbeats, UnclearError, member_named
from destination_asana.planning.descriptions import with_blocks
from destination_asana.planning.heartbeat import NAME, Beat, Connection, HeartbeatTask
from destination_asana.writing.notices.comments import CLOCK_MARGIN

logger = logging.getLogger("airbyte")


class Heartbeat:
    """The heartbeat of one register project. `who` is the setting of the assignee, `days` how far ahead it is due."""

    def __init__(
        self, client: Client, heartbeats: Heartbeats, assignees: Assignees, project_gid: str, *, who: str, days: int
    ) -> None:
        self._client = client
        self._heartbeats = heartbeats
        self._assignees = assignees
        self._project = project_gid
        self._who = who
        self._days = days

    @classmethod
    def of(
        cls, client: Client, assignees: Assignees, workspace_gid: str, project_gid: str, *, who: str, days: int
    ) -> Heartbeat:
        heartbeats = Heartbeats(client, workspace_gid, project_gid)
        return cls(client, heartbeats, assignees, project_gid, who=who, days=days)

    def beat(self, connection: Connection, did: Sequence[str]) -> None:
        """Moves the due date ahead and says what the sync did. A failure is a warning: the documents are in Asana, and a
        task that does not move is overdue soon, which is what it is for."""
        try:
            self._write(connection, did)
        except UnclearError as error:
            logger.warning(f"The task “{NAME}” of this connection stays as it is: {error}.")
        except (AsanaError, UnreachableError) as error:
            logger.warning(f"The task “{NAME}” could not be moved ahead, although the sync was good: {error}")

    def _write(self, connection: Connection, did: Sequence[str]) -> None:
        found = self._heartbeats.find(connection)
        # Asana's clock is known from its answers only, and this sync may have had none before.
        now = self._client.server_time()
        due_on = (now + datetime.timedelta(days=self._days)).date().isoformat()
        beat = Beat(connection, f"{now:%Y-%m-%d %H:%M} UTC", did, self._who)
        if found is None or not self._update(found, beat, due_on):
            self._create(beat, due_on)
        logger.info(f"Heartbeat: the task “{NAME}” is due on {due_on}.")

    def _update(self, found: HeartbeatTask, beat: Beat, due_on: str) -> bool:
        """Updates the task. False if somebody has deleted it."""
        task = self._heartbeats.read(found.gid)
        if task is None:
            return False
        data: dict[str, Any] = {"due_on": due_on, "html_notes": with_blocks(task.get("html_notes") or "", [beat.block])}
        if task.get("completed"):
            # A completed task is never overdue, so nobody would notice that syncs have stopped.
            data["completed"] = False
        if found.reminds != self._who and (gid := self._assignee()) is not None:
            data["assignee"] = gid
        try:
            self._client.put(f"/tasks/{found.gid}", data)
        except AsanaError as error:
            if error.refusal in NOT_THERE:
                return False
            if not self._lacks_assignee(data, error):
                raise
            self._client.put(f"/tasks/{found.gid}", data)
        return True

    def _create(self, beat: Beat, due_on: str) -> None:
        data: dict[str, Any] = {
            "name": NAME,
            "html_notes": f"<body>{beat.block.html}</body>",
            "due_on": due_on,
            "projects": [self._project],
        }
        if (gid := self._assignee()) is not None:
            data["assignee"] = gid
        since = self._client.earliest_time() - CLOCK_MARGIN

        def create() -> None:
            self._client.create("/tasks", data, lambda: self._heartbeats.find_created(beat.connection, since))

        try:
            create()
        except AsanaError as error:
            if not self._lacks_assignee(data, error):
                raise
            create()

    def _assignee(self) -> str | None:
        named = member_named(self._assignees, self._who)
        if named.problem is not None:
            logger.warning(f"heartbeat: {named.problem} Nobody is reminded until then.")
        return named.member.gid if named.member is not None else None

    def _lacks_assignee(self, data: dict[str, Any], error: AsanaError) -> bool:
        """Whether the write may be tried again, now without the assignee that Asana refuses."""
        if error.refusal not in OF_CONTENT_OR_GONE or Cause.ASSIGNEE not in error.causes:
            return False
        if data.pop("assignee", None) is None:
            return False
        logger.warning(
            f"heartbeat: Asana does not accept “{self._who}” as assignee: “{error.message}”. Nobody is reminded; name another "
            "member."
        )
        return True


class NoHeartbeat:
    """For a dry run, and for settings without a heartbeat."""

    def beat(self, connection: Connection, did: Sequence[str]) -> None:
        """Does nothing."""
