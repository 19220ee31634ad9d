"""One sync: the messages of the input, in their order, to Asana and back as released states."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from destination_asana.errors import config_error
from destination_asana.protocol.messages import Message, MessageKind, lost_message, parse
from destination_asana.protocol.stdin import read_ahead
from destination_asana.protocol.watermark import Watermark
from destination_asana.sync.admission import Admission
from destination_asana.sync.records import Incoming
from destination_asana.sync.streams import Streams
from destination_asana.sync.work import Work

# Records read ahead of Asana; bounds the memory, and keeps standard input moving while Asana throttles.
READ_AHEAD = 5000


class Sync:
    """Reads one input. `forward` gets the messages that go back as they came; `show_progress` is called all along, `finish`
    once at the end of the input."""

    def __init__(
        self,
        streams: Streams,
        admission: Admission,
        watermark: Watermark,
        work: Work,
        *,
        forward: Callable[[dict[str, Any]], None],
        show_progress: Callable[[], None],
        finish: Callable[[], None],
    ) -> None:
        self._streams = streams
        self._admission = admission
        self._watermark = watermark
        self._work = work
        self._forward = forward
        self._show_progress = show_progress
        self._finish = finish

    def run(self, lines: Iterable[bytes]) -> None:
        """Works through the input to its end, or until something ends it early, which is raised then. By that time every
        STATE whose records are in Asana has left."""
        ended_by: BaseException | None = None
        try:
            self._read(lines)
            if not self._work.broken:
                self._flush()
                self._finish()
        except Exception as error:
            self._work.fail(error)
        finally:
            ended_by = self._work.stop()
        if ended_by is not None:
            raise ended_by

    def _read(self, lines: Iterable[bytes]) -> None:
        number = 0
        for line in read_ahead(lines):
            if not self._work.goes_on:
                return
            if line is None:
                self._admission.open_waiting()
            else:
                number += 1
                self._take(parse(line), number)
            self._show_progress()

    def _take(self, message: Message, number: int) -> None:
        match message.kind:
            case MessageKind.RECORD:
                self._take_record(message.raw.get("record"))
            case MessageKind.STATE:
                self._flush()
                self._watermark.state(message.raw)
            case MessageKind.STATUS:
                if message.status == "COMPLETE":
                    self._streams.complete(message.stream)
                self._flush()
            case MessageKind.FORWARD:
                self._forward(message.raw)
            case MessageKind.LOST:
                # What came before it is still written, so that the states before it can leave; no later one may.
                self._work.lose(lost_message(number))

    def _take_record(self, record: Any) -> None:
        if not isinstance(record, dict) or not isinstance(record.get("stream"), str):
            raise config_error(
                "A RECORD message without a stream came in; the source does not speak the Airbyte protocol."
            )
        key = (record.get("namespace"), record["stream"])
        stream = self._streams.of(key)
        incoming = Incoming(record, self._watermark.record(key))
        self._streams.note(stream, incoming)
        while not self._watermark.wait_below(READ_AHEAD, 1.0):
            self._flush()
            self._show_progress()
            # Refused records are never finished: waiting for them would not end.
            if not self._work.goes_on:
                return
        stream.take(incoming)

    def _flush(self) -> None:
        """Writes what waits for more of its kind: documents of projects that are not open, and options."""
        self._admission.open_waiting()
        self._streams.flush()
