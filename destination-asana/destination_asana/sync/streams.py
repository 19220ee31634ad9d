"""The streams of a sync. The class of a stream decides how it treats a record."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, Protocol

from destination_asana.config import Route
from destination_asana.documents import CostCenterSegments
from destination_asana.errors import config_error
from destination_asana.protocol import StreamKey
from destination_asana.sync.arrivals import Arrivals
from destination_asana.sync.outlook import Outlook
from destination_asana.sync.records import Incoming, Results


class Stream(Protocol):
    """One stream of the catalog. There are four kinds: documents, options, numbers of cards, and ignored streams."""

    route: Route
    arrivals: Arrivals

    def take(self, incoming: Incoming) -> None:
        """Takes a record. Writes it, or submits it for writing, and reports it to the watermark when it is done."""

    def flush(self) -> None:
        """Writes records that have been collected into a batch."""


class IgnoredStream:
    """A stream whose records are ignored; they are only counted."""

    def __init__(self, route: Route, results: Results) -> None:
        self.route = route
        self.arrivals = Arrivals(route.source)
        self._results = results

    def take(self, incoming: Incoming) -> None:
        self._results.ignored(self.route, incoming)

    def flush(self) -> None:
        """Nothing waits."""


class Streams:
    """The streams of the catalog, by name. `companies` are the companies of the records so far."""

    def __init__(self, streams: Mapping[StreamKey, Stream], segments: CostCenterSegments, outlook: Outlook) -> None:
        self._streams = streams
        self._segments = segments
        self._outlook = outlook
        self.companies: set[str] = set()

    @property
    def all(self) -> Collection[Stream]:
        """Every stream, in the order of the catalog."""
        return self._streams.values()

    def of(self, key: StreamKey) -> Stream:
        """The stream of a record. A source may leave out the namespace. Raises config_error for a stream that the catalog
        does not list."""
        stream = self._streams.get(key) or next(iter(self._named(key)), None)
        if stream is None:
            raise config_error(
                f"A record of the stream “{key[1]}” came in, but the configured catalog does not list that stream. "
                "Refresh the connection's schema, or add the stream to the catalog."
            )
        return stream

    def note(self, stream: Stream, incoming: Incoming) -> None:
        """Learns from a record, beyond its own content, its company and the descriptions of segments."""
        stream.arrivals.records += 1
        data = incoming.data
        if not isinstance(data, dict):
            return
        if data.get("company_id") is not None:
            self.companies.add(str(data["company_id"]).strip().casefold())
        if stream.route.source == "dimensions":
            self._segments.learn(data)

    def note_state(self, state: Any) -> None:
        """Learns the company from a STATE, because a sync may bring no record."""
        for name in ("stream", "stream_state", "company_id"):
            state = state.get(name) if isinstance(state, dict) else None
        if state is not None:
            self.companies.add(str(state).strip().casefold())

    def announce(self, key: StreamKey, rows: int) -> None:
        """The source says how many records a stream has."""
        for stream in self._named(key):
            if stream.route.of_documents:
                self._outlook.announce(stream.route.stream, rows)

    def complete(self, key: StreamKey) -> None:
        """Marks a stream as complete."""
        for stream in self._named(key):
            stream.arrivals.complete = True

    def flush(self) -> None:
        for stream in self._streams.values():
            stream.flush()

    def _named(self, key: StreamKey) -> list[Stream]:
        return [stream for (_, name), stream in self._streams.items() if name == key[1]]
