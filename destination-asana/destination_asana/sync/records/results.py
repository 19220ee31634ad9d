"""The result of each record: counted for people, and reported to the watermark so that states can be released."""

from __future__ import annotations

from destination_asana.config import Route
from destination_asana.documents import Document
from destination_asana.planning import Action
from destination_asana.protocol import Ticket, Watermark
from destination_asana.sync.records.incoming import Incoming
from destination_asana.sync.summary import Summary


class Results:
    """Takes the results of records. Thread-safe."""

    def __init__(self, watermark: Watermark, summary: Summary) -> None:
        self._watermark = watermark
        self._summary = summary

    def done(self, incoming: Incoming) -> None:
        """A record is in Asana. Its changes are counted by `count`, or with its document."""
        self._watermark.done(incoming.ticket)

    def free(self, ticket: Ticket) -> None:
        """A record waits, but the records behind it need not. Its stream's STATEs are on hold meanwhile."""
        self._watermark.done(ticket)

    def left_out(self, route: Route, ticket: Ticket) -> None:
        """A record makes no task, as the settings ask."""
        self._summary.count(route.stream, Action.LEFT_OUT)
        self._watermark.done(ticket)

    def ignored(self, route: Route, incoming: Incoming) -> None:
        """A record was ignored."""
        self._summary.count(route.stream, Action.IGNORED)
        self._watermark.done(incoming.ticket)

    def rejected(self, route: Route, incoming: Incoming) -> None:
        """A record was set aside."""
        self._summary.count(route.stream, Action.QUARANTINED)
        self._watermark.done(incoming.ticket, rejected=True)

    def count(self, route: Route, action: Action, number: int) -> None:
        self._summary.count(route.stream, action, number)

    def without_amounts(self, document: Document) -> None:
        """Some amounts of a document are known only in another currency."""
        self._summary.without_amounts(document)
