"""What has come of each record: counted for people, and reported to the watermark, so that states may leave."""

from __future__ import annotations

from destination_asana.config import Route
from destination_asana.documents.document import Document
from destination_asana.planning.actions import Action
from destination_asana.protocol.watermark import Watermark
from destination_asana.sync.records.incoming import Incoming
from destination_asana.sync.summary import Summary


class Results:
    """Takes the results of records. Thread-safe."""

    def __init__(self, watermark: Watermark, summary: Summary) -> None:
        self._watermark = watermark
        self._summary = summary

    def done(self, incoming: Incoming) -> None:
        """A record is in Asana; what it changed there is counted by `count`, or with its document."""
        self._watermark.done(incoming.ticket)

    def ignored(self, route: Route, incoming: Incoming) -> None:
        """A record that goes nowhere."""
        self._summary.count(route.stream, Action.IGNORED)
        self._watermark.done(incoming.ticket)

    def rejected(self, route: Route, incoming: Incoming) -> None:
        """A record that was set aside."""
        self._summary.count(route.stream, Action.QUARANTINED)
        self._watermark.done(incoming.ticket, rejected=True)

    def count(self, route: Route, action: Action, number: int) -> None:
        self._summary.count(route.stream, action, number)

    def without_amounts(self, document: Document) -> None:
        """Some amounts of a document are known in another currency than its own only."""
        self._summary.without_amounts(document)
