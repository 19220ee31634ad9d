"""When states leave, what ends the sync, and how far it is."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from destination_asana.asana.client import Client
from destination_asana.protocol.watermark import Watermark
from destination_asana.sync.pool import KeyedPool
from destination_asana.sync.progress import Progress
from destination_asana.sync.work import Work

# More than the 15 writes Asana takes at once, so that a finished write finds the next one waiting.
WORKERS = 24


@dataclass(frozen=True, slots=True)
class Control:
    """Made before the streams, which report to it."""

    watermark: Watermark
    work: Work
    progress: Progress


def control_of(
    client: Client, emit: Callable[[dict[str, Any]], None], stopping: threading.Event, *, releases_states: bool
) -> Control:
    """`emit` gets each STATE when it may leave, where states are released at all."""
    watermark = Watermark(emit if releases_states else _keep)
    return Control(watermark, Work(KeyedPool(WORKERS), stopping), Progress(client, watermark))


def _keep(message: dict[str, Any]) -> None:
    """A dry run releases no state: its records are not in Asana."""
