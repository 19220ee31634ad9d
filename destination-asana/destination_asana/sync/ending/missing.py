"""Marks documents that a complete stream no longer brings as gone from Visma."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from functools import partial

from destination_asana.board import Index
from destination_asana.documents import identity
from destination_asana.planning import Snapshot
from destination_asana.sync.document_stream import DocumentStream
from destination_asana.sync.pool import Job
from destination_asana.sync.registers import Registers

logger = logging.getLogger("airbyte")


class MissingDocuments:
    """Finds the documents in Asana that no stream has brought. `whole` are the streams that bring all of their documents,
    so that absence means something; `streams` are all streams of documents, because two of them may bring the same kind."""

    def __init__(
        self, streams: Sequence[DocumentStream], whole: Sequence[DocumentStream], registers: Registers
    ) -> None:
        self._streams = streams
        self._whole = whole
        self._registers = registers

    def mark(self, submit: Callable[[str, Job], None]) -> None:
        """Passes a job to `submit` for each missing document. A stream that is incomplete or has brought nothing does not
        count."""
        seen = {key for stream in self._streams for key in stream.arrivals.keys}
        for stream in self._whole:
            if not (stream.arrivals.complete and stream.arrivals.records):
                continue
            if stream.arrivals.nameless:
                logger.warning(
                    f"{stream.route.stream}: {stream.arrivals.nameless} records without identity came, so it is not known which "
                    "documents are missing; none is marked."
                )
                continue
            index = self._registers.of(stream.route.project_gid).index
            for snapshot in index.all():
                key = identity(snapshot.visma_id)
                if key not in seen and any(key.startswith(scope) for scope in stream.arrivals.scopes):
                    submit(key, partial(_mark, stream, index, snapshot))


def _mark(stream: DocumentStream, index: Index, found: Snapshot) -> None:
    """Marks a document. Search may still find a task that people have deleted; its orders must not be added up for that."""
    current = index.confirm(found)
    if current is not None:
        stream.documents.gone.mark(current)
