"""Streams of accounts and cost centres, whose records become options of a custom field."""

from __future__ import annotations

from collections.abc import Callable

from destination_asana.config import Route
from destination_asana.documents import CostCenterSegments, Entry, RecordError, entry_of
from destination_asana.sync.arrivals import Arrivals
from destination_asana.sync.records import Incoming, Rejections, Results
from destination_asana.writing import AttentionExecutor, document_of
from destination_asana.writing.options import Vocabulary


class OptionStream:
    """Collects entries and writes them in batches, at the latest before a STATE."""

    def __init__(
        self,
        route: Route,
        *,
        segments: CostCenterSegments,
        vocabulary: Vocabulary,
        results: Results,
        rejections: Rejections,
        attention: AttentionExecutor,
        ready: Callable[[], None],
    ) -> None:
        """`ready` is called before a batch is written."""
        self.route = route
        self.arrivals = Arrivals(route.source)
        self._segments = segments
        self._vocabulary = vocabulary
        self._results = results
        self._rejections = rejections
        self._ready = ready
        self._attention = attention
        self._waiting: list[tuple[Entry, Incoming]] = []

    def take(self, incoming: Incoming) -> None:
        try:
            entry = entry_of(self.route.source, incoming.data, self._segments)
        except RecordError as error:
            self._rejections.reject_later(self.route, self.arrivals, incoming, error)
            return
        if entry is None:
            self._results.ignored(self.route, incoming)
        else:
            self._waiting.append((entry, incoming))

    def flush(self) -> None:
        if not self._waiting:
            return
        self._ready()
        batch, self._waiting = self._waiting, []
        written = self._vocabulary.apply(entry for entry, _ in batch)
        for action, number in written.counts.items():
            self._results.count(self.route, action, number)
        for entry, incoming in batch:
            refusal = written.refused.get(entry.origin)
            if refusal is not None:
                self._rejections.reject_later(self.route, self.arrivals, incoming, refusal)
            else:
                self._attention.close(document_of(self.route.stream, incoming.data, None))
                self._results.done(incoming)
