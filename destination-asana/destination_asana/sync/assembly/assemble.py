"""The settings and the catalog → a sync that is ready to run."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from typing import Any

from destination_asana.config import Config
from destination_asana.sync.assembly.board import board_of
from destination_asana.sync.assembly.control import control_of
from destination_asana.sync.assembly.ending import finish_of
from destination_asana.sync.assembly.intake import intake_of
from destination_asana.sync.assembly.records import records_of
from destination_asana.sync.routes import routes_of
from destination_asana.sync.sync import Sync


def assemble(
    config: Config, catalog: Mapping[str, Any], emit: Callable[[dict[str, Any]], None], stopping: threading.Event
) -> Sync:
    """`emit` gets every message that goes back; `stopping` is set by a signal. Raises config_error for a stream of the
    catalog without route, and for files that cannot be written."""
    routes = routes_of(config, catalog)
    board = board_of(config, routes.values())
    control = control_of(board.tools.client, emit, stopping, releases_states=board.executor.writes)
    records = records_of(config, board, control)
    intake = intake_of(config, routes, board, records, control)
    return Sync(
        intake.streams,
        intake.admission,
        control.watermark,
        control.work,
        forward=emit,
        show_progress=control.progress.show,
        finish=finish_of(board, control, records, intake).run,
    )
