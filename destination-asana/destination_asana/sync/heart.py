"""The heartbeat of a sync: only a sync that brought everything moves it."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Protocol

from destination_asana.planning.heartbeat import Connection
from destination_asana.sync.source_health import SourceHealth
from destination_asana.sync.summary import Summary
from destination_asana.writing import HeartbeatExecutor

logger = logging.getLogger("airbyte")


class Heart(Protocol):
    """Beats once, at the end of a sync without errors."""

    def beat(self) -> None:
        """Moves the heartbeat if the source has read Visma to the end."""


class NoHeart:
    """For settings without a heartbeat."""

    def beat(self) -> None:
        """Does nothing."""


class OneBeat:
    """Moves the heartbeat of the connection. `connection` returns what is known of it at the end of the sync."""

    def __init__(
        self,
        heartbeat: HeartbeatExecutor,
        health: SourceHealth,
        connection: Callable[[], Connection],
        summary: Summary,
    ) -> None:
        self._heartbeat = heartbeat
        self._health = health
        self._connection = connection
        self._summary = summary

    def beat(self) -> None:
        problem = self._health.problem
        if problem is not None:
            logger.info(f"Heartbeat: the due date stays, because {problem}.")
            return
        self._heartbeat.beat(self._connection(), self._summary.rows())
