"""What is done once at the end of the input: missing documents, a changed supplier mapping, the summary."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from destination_asana.board.fields.values import CustomFields
from destination_asana.sync.document_stream import DocumentStream
from destination_asana.sync.missing import MissingDocuments
from destination_asana.sync.reassignment import Brought, Reassignment
from destination_asana.sync.work import Work


class Finish:
    """The steps after the last message; each waits for the work of the one before."""

    def __init__(
        self,
        work: Work,
        missing: MissingDocuments,
        reassignment: Reassignment,
        fields: CustomFields,
        *,
        brought: Callable[[], Brought],
        show_progress: Callable[[], None],
        summarise: Callable[[], None],
    ) -> None:
        """`brought` tells what the sync has brought; `summarise` writes the summary on the log."""
        self._work = work
        self._missing = missing
        self._reassignment = reassignment
        self._fields = fields
        self._brought = brought
        self._show_progress = show_progress
        self._summarise = summarise

    def run(self) -> None:
        self._work.drain(self._show_progress)
        if self._work.goes_on:
            self._missing.mark(self._work.submit)
            self._work.drain(self._show_progress)
        if self._work.goes_on:
            self._reassignment.run(self._brought(), self._work.submit)
            self._work.drain(self._show_progress)
        self._fields.settle_owners()
        self._summarise()


def brought_by(companies: Iterable[str], streams: Iterable[DocumentStream]) -> Brought:
    """What a sync has brought, by the records of its streams."""
    kinds: dict[str, set[str]] = {}
    for stream in streams:
        kinds.setdefault(stream.route.project_gid, set()).update(stream.arrivals.kinds)
    return Brought(frozenset(companies), kinds)
