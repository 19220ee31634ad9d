"""Documents that a whole stream no longer brings are marked as gone from Visma."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from functools import partial

from destination_asana.documents.visma_ids import identity
from destination_asana.sync.document_stream import DocumentStream
from destination_asana.sync.pool import Job
from destination_asana.sync.registers import Registers

logger = logging.getLogger("airbyte")


class MissingDocuments:
    """Finds the documents in Asana that no stream has brought. Which are compared is said by `whole`, the streams that
    bring all of theirs; `streams` are all that bring documents, since two of them may bring the same kind."""

    def __init__(
        self, streams: Sequence[DocumentStream], whole: Sequence[DocumentStream], registers: Registers
    ) -> None:
        self._streams = streams
        self._whole = whole
        self._registers = registers

    def mark(self, submit: Callable[[str, Job], None]) -> None:
        """Hands a job to `submit` for each document that is missing. A stream that is not complete, or has brought nothing,
        tells nothing of what is missing."""
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
            for snapshot in self._registers.of(stream.route.project_gid).index.all():
                key = identity(snapshot.visma_id)
                if key not in seen and any(key.startswith(scope) for scope in stream.arrivals.scopes):
                    submit(key, partial(stream.documents.gone.mark, snapshot))
