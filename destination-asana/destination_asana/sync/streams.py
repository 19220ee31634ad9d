"""The streams of a sync: what each does with a record is said by its class."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from destination_asana.config import Route
from destination_asana.documents.cost_centers import CostCenterSegments
from destination_asana.errors import config_error
from destination_asana.protocol.watermark import StreamKey
from destination_asana.sync.records import Arrivals, Incoming, Results


class Stream(Protocol):
    """One stream of the catalog. There are four kinds: documents, options, numbers of cards, and what is ignored."""

    route: Route
    arrivals: Arrivals

    def take(self, incoming: Incoming) -> None:
        """Takes a record: writes it, or has it written in its turn, and reports it to the watermark when that is done."""

    def flush(self) -> None:
        """Writes records that wait for more of their kind."""


class IgnoredStream:
    """A stream whose records go nowhere; they are counted."""

    def __init__(self, route: Route, results: Results) -> None:
        self.route = route
        self.arrivals = Arrivals(route.source)
        self._results = results

    def take(self, incoming: Incoming) -> None:
        self._results.ignored(self.route, incoming)

    def flush(self) -> None:
        """Nothing waits."""


class Streams:
    """The streams of the catalog by name. `companies` are those of the records that have come."""

    def __init__(self, streams: Mapping[StreamKey, Stream], segments: CostCenterSegments) -> None:
        self._streams = streams
        self._segments = segments
        self.companies: set[str] = set()

    def of(self, key: StreamKey) -> Stream:
        """The stream of a record; sources may leave out the namespace. Raises config_error for one the catalog does not
        list."""
        stream = self._streams.get(key) or next(iter(self._named(key)), None)
        if stream is None:
            raise config_error(
                f"A record of the stream “{key[1]}” came in, but the configured catalog does not list that stream. "
                "Refresh the connection's schema, or add the stream to the catalog."
            )
        return stream

    def note(self, stream: Stream, incoming: Incoming) -> None:
        """Notes what a record tells beside its own content: its company, and what segments are called."""
        stream.arrivals.records += 1
        data = incoming.data
        if not isinstance(data, dict):
            return
        if data.get("company_id") is not None:
            self.companies.add(str(data["company_id"]).strip().casefold())
        if stream.route.source == "dimensions":
            self._segments.learn(data)

    def complete(self, key: StreamKey) -> None:
        """Notes that a stream has sent everything."""
        for stream in self._named(key):
            stream.arrivals.complete = True

    def flush(self) -> None:
        for stream in self._streams.values():
            stream.flush()

    def _named(self, key: StreamKey) -> list[Stream]:
        return [stream for (_, name), stream in self._streams.items() if name == key[1]]
