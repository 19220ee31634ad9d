"""What takes the records: the streams of the catalog."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from destination_asana.config import Config, Route
from destination_asana.protocol.watermark import StreamKey
from destination_asana.sync.admission import Admission
from destination_asana.sync.assembly.board import Board
from destination_asana.sync.assembly.control import Control
from destination_asana.sync.assembly.records import Records
from destination_asana.sync.assembly.streams import StreamMaker
from destination_asana.sync.cards import NumberStream
from destination_asana.sync.document_stream import DocumentStream
from destination_asana.sync.streams import Streams


@dataclass(frozen=True, slots=True)
class Intake:
    """`documents` are the streams that bring documents, `whole` those whose missing documents are marked, `numbers`
    those that bring numbers of tasks."""

    streams: Streams
    admission: Admission
    documents: list[DocumentStream]
    whole: list[DocumentStream]
    numbers: list[NumberStream]


def intake_of(
    config: Config, routes: Mapping[StreamKey, Route], board: Board, records: Records, control: Control
) -> Intake:
    marking = [route for route in routes.values() if config.mark_missing and route.of_documents and route.overwrites]
    admission = Admission(board.registers, control.work.submit, every_document=bool(marking))
    maker = StreamMaker(config, board, records, control, admission)
    streams = {key: maker.make(route) for key, route in routes.items()}
    documents = [stream for stream in streams.values() if isinstance(stream, DocumentStream)]
    whole = [stream for stream in documents if stream.route in marking]
    numbers = [stream for stream in streams.values() if isinstance(stream, NumberStream)]
    return Intake(Streams(streams, records.segments), admission, documents, whole, numbers)
