"""One sync: processes the messages of the input in order, and releases states."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from destination_asana.errors import config_error
from destination_asana.protocol import Message, MessageKind, Watermark, lost_message, parse, read_ahead
from destination_asana.sync.admission import Admission
from destination_asana.sync.adoption import Adoption
from destination_asana.sync.records import Incoming
from destination_asana.sync.source_health import SourceHealth
from destination_asana.sync.streams import Streams
from destination_asana.sync.work import Work

# How many unfinished records may be read ahead. It limits memory, and keeps standard input moving while Asana throttles.
READ_AHEAD = 5000


class Sync:
    """Processes one input. `forward` gets the messages that go out unchanged; `show_progress` is called throughout,
    `finish` once at the end of the input, `conclude` at the end of the sync, however it ends."""

    def __init__(
        self,
        streams: Streams,
        admission: Admission,
        watermark: Watermark,
        work: Work,
        health: SourceHealth,
        *,
        adoption: Adoption,
        forward: Callable[[dict[str, Any]], None],
        show_progress: Callable[[], None],
        finish: Callable[[], None],
        conclude: Callable[[], None],
    ) -> None:
        self._streams = streams
        self._admission = admission
        self._watermark = watermark
        self._work = work
        self._health = health
        self._adoption = adoption
        self._forward = forward
        self._show_progress = show_progress
        self._finish = finish
        self._conclude = conclude
        self._records = 0
        self._replayed = 0

    def run(self, lines: Iterable[bytes]) -> None:
        """Processes the input to its end, or raises whatever ends it early. By then, every STATE whose records are in
        Asana has been released."""
        ended_by: BaseException | None = None
        try:
            self._read(lines)
            if not self._work.broken:
                # A checkpoint that did not come whole is not decided about.
                self._flush(checkpoint=self._work.goes_on)
                self._finish()
                self._refuse_a_vain_replay()
        except Exception as error:
            self._work.fail(error)
        finally:
            ended_by = self._work.stop()
            self._conclude()
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
                self._health.heard()
                self._records += 1
                # Only the quarantine file has a reason beside a record.
                self._replayed += "reason" in message.raw
                self._take_record(message.raw.get("record"))
            case MessageKind.STATE:
                self._health.heard()
                self._streams.note_state(message.raw.get("state"))
                self._flush(checkpoint=True)
                self._watermark.state(message.raw)
            case MessageKind.STATUS:
                self._health.heard()
                self._health.status(message.stream[1], message.status)
                if message.status == "COMPLETE":
                    self._streams.complete(message.stream)
                self._flush()
            case MessageKind.ESTIMATE:
                self._streams.announce(message.stream, message.rows)
            case MessageKind.FAILURE:
                self._health.failed()
            case MessageKind.FORWARD:
                self._forward(message.raw)
            case MessageKind.LOST:
                # Records before the lost message are still written, so that their states can be released, but no later ones.
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
        # Records that adoption holds back wait for the end of their checkpoint, which must be read for it.
        while not self._watermark.wait_below(READ_AHEAD + self._adoption.held, 1.0):
            self._flush()
            self._show_progress()
            # A rejected record that ends the sync never counts as done, so waiting for it would not end.
            if not self._work.goes_on:
                return
        stream.take(incoming)

    def _refuse_a_vain_replay(self) -> None:
        """Fails a replay that wrote nothing, because each of its records was rejected again. Its caller would take it for done."""
        if self._records == self._replayed > 0 == self._watermark.kept:
            raise config_error(
                f"The replay wrote nothing: {'its record was' if self._replayed == 1 else f'all {self._replayed} records were'} "
                "rejected again, for the reasons in the log. Correct what they name, in Visma or in the file, and replay again."
            )

    def _flush(self, *, checkpoint: bool = False) -> None:
        """Writes everything that was waiting to be batched: documents of projects that are not open yet, and options; at the
        end of a `checkpoint`, also documents that may take over tasks."""
        self._admission.open_waiting()
        if checkpoint:
            self._adoption.decide()
        self._streams.flush()
