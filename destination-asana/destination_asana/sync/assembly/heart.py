"""The heartbeat of the connection."""

from __future__ import annotations

from collections.abc import Collection

from destination_asana.config import Route
from destination_asana.planning.heartbeat import Connection
from destination_asana.sync.assembly.base import Base
from destination_asana.sync.heart import Heart, NoHeart, OneBeat
from destination_asana.sync.source_health import SourceHealth
from destination_asana.sync.streams import Streams


def heart_of(base: Base, routes: Collection[Route], taken: Streams, health: SourceHealth) -> Heart:
    config = base.config
    setting = config.heartbeat
    if setting is None:
        return NoHeart()
    # Two connections may share a stream of options, but not one of documents.
    streams = [each.stream for each in routes if each.of_documents] or [each.stream for each in routes]

    def connection() -> Connection:
        return Connection.of(config.project_gid, taken.companies, streams)

    heartbeat = base.board.executor.heartbeat(config.project_gid, who=setting.assignee, days=setting.days)
    return OneBeat(heartbeat, health, connection, base.records.summary)
