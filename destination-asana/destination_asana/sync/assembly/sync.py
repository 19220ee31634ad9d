"""The settings and the catalog → a sync, ready to run."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from typing import Any

from destination_asana.config import Config
from destination_asana.sync.assembly.adoption import adopting_of
from destination_asana.sync.assembly.base import base_of
from destination_asana.sync.assembly.ending import finish_of
from destination_asana.sync.assembly.intake import intake_of
from destination_asana.sync.routes import routes_of
from destination_asana.sync.source_health import SourceHealth
from destination_asana.sync.sync import Sync


def assemble(
    config: Config, catalog: Mapping[str, Any], emit: Callable[[dict[str, Any]], None], stopping: threading.Event
) -> Sync:
    """`emit` gets every outgoing message; `stopping` is set by a signal. Raises config_error for a stream without a
    route, and for files that cannot be written."""
    routes = routes_of(config, catalog)
    base = base_of(config, routes.values(), emit, stopping)
    adopting = adopting_of(base)
    intake = intake_of(base, routes, adopting)
    health = SourceHealth([route.stream for route in routes.values()])
    return Sync(
        intake.streams,
        intake.admission,
        base.control.watermark,
        base.control.work,
        health,
        adoption=adopting.whole,
        forward=emit,
        show_progress=base.control.progress.show,
        finish=finish_of(base, routes, intake, health=health, adoption=adopting.whole).run,
        conclude=base.records.reporting.lines.close,
    )
