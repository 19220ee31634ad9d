"""The streams of one sync: where each goes, and what has come of it so far."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from destination_asana.config import Config, Route
from destination_asana.documents.entries import Entry
from destination_asana.protocol.watermark import StreamKey, Ticket
from destination_asana.sync.activation import route_of
from destination_asana.sync.document_stream import Upserter
from destination_asana.writing.vocabulary import Vocabulary

OVERWRITE_MODES = ("overwrite", "overwrite_dedup")


@dataclass
class Stream:
    """One stream of the catalog during the sync: `upserter` for one of documents; for one of options, the `entries` that
    wait to be written. `complete`: its COMPLETE status has arrived;
    `nameless` counts rejected records whose identity is not known."""

    route: Route
    overwrite: bool
    upserter: Upserter | None = None
    entries: list[tuple[Entry, Mapping[str, Any], Ticket]] = field(default_factory=list)
    vocabulary: Vocabulary | None = None
    records: int = 0
    complete: bool = False
    nameless: int = 0


def streams_of(config: Config, catalog: Mapping[str, Any]) -> dict[StreamKey, Stream]:
    """Every stream of the catalog with its route; raises before the first write when one has none."""
    streams: dict[StreamKey, Stream] = {}
    for configured in catalog.get("streams") or []:
        described = configured.get("stream") or {}
        key = (described.get("namespace"), described.get("name"))
        mode = configured.get("destination_sync_mode")
        streams[key] = Stream(route_of(config, configured), mode in OVERWRITE_MODES)
    return streams
