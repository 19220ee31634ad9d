"""The steps at the end of the input: missing documents, a changed supplier mapping, the summary."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from destination_asana.board.fields import CustomFields
from destination_asana.sync.document_stream import DocumentStream
from destination_asana.sync.ending.missing import MissingDocuments
from destination_asana.sync.ending.reassignment import Brought, Reassignment
from destination_asana.sync.heart import Heart
from destination_asana.sync.work import Work


class Finish:
    """The steps after the last message. Each waits for the previous one to finish."""

    def __init__(
        self,
        work: Work,
        missing: MissingDocuments,
        reassignment: Reassignment,
        fields: CustomFields,
        heart: Heart,
        *,
        conclude_closed: Callable[[], None],
        conclude_lines: Callable[[], None],
        brought: Callable[[], Brought],
        show_progress: Callable[[], None],
        summarise: Callable[[], None],
    ) -> None:
        """`conclude_closed` leaves out the closed documents that still wait for an order; `conclude_lines` says in Asana which
        lines are there; `brought` returns what the sync has brought; `summarise` logs the summary."""
        self._work = work
        self._missing = missing
        self._reassignment = reassignment
        self._fields = fields
        self._heart = heart
        self._conclude_closed = conclude_closed
        self._conclude_lines = conclude_lines
        self._brought = brought
        self._show_progress = show_progress
        self._summarise = summarise

    def run(self) -> None:
        self._work.drain(self._show_progress)
        if self._work.goes_on:
            self._conclude_closed()
        if self._work.goes_on:
            self._missing.mark(self._work.submit)
            self._work.drain(self._show_progress)
        if self._work.goes_on:
            self._reassignment.run(self._brought(), self._work.submit)
            self._work.drain(self._show_progress)
        if self._work.goes_on:
            self._conclude_lines()
        self._fields.options.settle_owners()
        if self._work.goes_on:
            self._heart.beat()
        self._summarise()


def brought_by(companies: Iterable[str], streams: Iterable[DocumentStream]) -> Brought:
    """What a sync has brought, according to the records of its streams."""
    kinds: dict[str, set[str]] = {}
    for stream in streams:
        kinds.setdefault(stream.route.project_gid, set()).update(stream.arrivals.kinds)
    return Brought(frozenset(companies), kinds)
