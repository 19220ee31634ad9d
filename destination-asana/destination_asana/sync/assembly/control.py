"""The release of states, the end of the sync, and its progress."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from destination_asana.protocol import Watermark
from destination_asana.sync.assembly.board import Board
from destination_asana.sync.outlook import Outlook
from destination_asana.sync.pool import KeyedPool
from destination_asana.sync.progress import Progress
from destination_asana.sync.work import Work

# More than the 15 writes that Asana allows at once, so that the next write is ready when one finishes.
WORKERS = 24


@dataclass(frozen=True, slots=True)
class Control:
    """Made before the streams, which report to it."""

    watermark: Watermark
    work: Work
    progress: Progress
    outlook: Outlook


def control_of(board: Board, emit: Callable[[dict[str, Any]], None], stopping: threading.Event) -> Control:
    """`emit` gets each released STATE, unless the sync releases none."""
    client = board.tools.client
    watermark = Watermark(emit if board.executor.writes else _keep)
    outlook = Outlook(lambda: board.identity.first_sync, lambda: client.gate.per_minute)
    work = Work(KeyedPool(WORKERS), stopping)
    return Control(watermark, work, Progress(client, watermark, outlook), outlook)


def _keep(message: dict[str, Any]) -> None:
    """A sync that writes nothing releases no state, because its records are not in Asana."""
