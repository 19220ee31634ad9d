"""The streams whose records are documents."""

from __future__ import annotations

from collections.abc import Callable

from destination_asana.config import Route
from destination_asana.sync.assembly.adoption import Adopting
from destination_asana.sync.assembly.base import Base
from destination_asana.sync.assembly.closed import closed_of
from destination_asana.sync.assembly.documents import DocumentSyncs
from destination_asana.sync.document_stream import DocumentStream
from destination_asana.sync.upsert import Trail


class DocumentStreams:
    """Makes the streams of documents of one sync. All of them share `closed` and `outlook`."""

    def __init__(
        self, base: Base, trail: Trail, adopting: Adopting, *, admit: Callable[[str, str, Callable[[], object]], None]
    ) -> None:
        """`admit` takes a document's job once its project is open."""
        self._records = base.records
        self._trail = trail
        self._admit = admit
        self._hold = adopting.whole.hold
        self._documents = DocumentSyncs(base, trail, adopter_of=adopting.adopter_of)
        self._orders: list[DocumentStream] = []
        self.closed = closed_of(base, trail, self._orders_complete)
        self.outlook = base.control.outlook

    def make(self, route: Route) -> DocumentStream:
        stream = DocumentStream(
            route,
            documents=self._documents.of(route),
            results=self._records.results,
            rejections=self._records.rejections,
            admit=self._admit,
            trail=self._trail,
            closed=self.closed,
            hold=self._hold,
            outlook=self.outlook,
        )
        if route.of_orders:
            self._orders.append(stream)
        return stream

    def _orders_complete(self) -> bool:
        return all(stream.arrivals.complete for stream in self._orders)
