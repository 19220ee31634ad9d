"""The streams of one sync, by what their end needs of them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from destination_asana.config import Route
from destination_asana.sync.admission import Admission
from destination_asana.sync.cards import NumberStream
from destination_asana.sync.closed_documents import ClosedDocuments
from destination_asana.sync.document_stream import DocumentStream
from destination_asana.sync.streams import Streams


@dataclass(frozen=True, slots=True)
class Intake:
    """`documents` are the streams that bring documents, `compared` those of a dry run that bring all of them, `whole` those
    whose missing documents are marked, and `numbers` those that bring the numbers of cards. `closed` decides about closed
    documents without a task."""

    streams: Streams
    admission: Admission
    closed: ClosedDocuments
    documents: list[DocumentStream]
    compared: list[DocumentStream]
    whole: list[DocumentStream]
    numbers: list[NumberStream]

    @classmethod
    def of(
        cls,
        streams: Streams,
        admission: Admission,
        closed: ClosedDocuments,
        *,
        marking: Collection[Route],
        compared: Collection[Route],
    ) -> Intake:
        """`marking` are the routes whose missing documents are marked, `compared` those that are compared."""
        documents = [stream for stream in streams.all if isinstance(stream, DocumentStream)]
        return cls(
            streams,
            admission,
            closed,
            documents=documents,
            compared=[stream for stream in documents if stream.route in compared],
            whole=[stream for stream in documents if stream.route in marking],
            numbers=[stream for stream in streams.all if isinstance(stream, NumberStream)],
        )
