"""Writes the pending lines into Visma's notes, with the ETag of the version read. A kill does not duplicate a line."""

from __future__ import annotations

import functools
import logging
import threading
from collections.abc import Callable, Sequence
from typing import TypeVar

from webhook_listener import notes
from webhook_listener.clock import Clock, iso
from webhook_listener.database import DAY, Database
from webhook_listener.http import CallError, ServiceError
from webhook_listener.metrics import Metrics
from webhook_listener.note_queue import Line, NoteQueue, State
from webhook_listener.visma import Reference, Visma
from webhook_listener.worker import Rest, pause

T = TypeVar("T")
logger = logging.getLogger(__name__)
IDLE_SECONDS = 30.0
# Visma answers 429 if the same failing request comes more than twice in five minutes (Visma community, "Rate limits").
CONFLICT_PAUSES = (0.5, 1.5)
GIVE_UP_SECONDS = DAY
# No more lines than a note has room for, so that no line is dropped for length before it is known to be written.
LINES_AT_ONCE = notes.MAX_NOTE // (notes.MAX_LINE + 2) - 3
CONFLICT = "the document was changed by somebody else again and again while its note was written (412)"


class RefusedError(Exception):
    """A note that cannot be written; the text says why."""


class WriteBack:
    """Writes the pending lines, document by document, in the order of the document's events."""

    def __init__(
        self,
        *,
        database: Database,
        visma: Visma,
        company_id: str,
        clock: Clock,
        metrics: Metrics,
        stopping: threading.Event,
    ) -> None:
        self._queue = NoteQueue(database, clock)
        self._visma = visma
        self._company_id = company_id
        self._clock = clock
        self._metrics = metrics
        self._stopping = stopping
        self._rest = Rest()

    def step(self) -> float:
        """Writes one document's lines. Returns the seconds until the next document may be due."""
        if self._rest.left:
            return self._rest.left
        first = self._queue.first()
        if first is None:
            return IDLE_SECONDS
        visma_id, seconds = first
        if seconds > 0:
            return min(IDLE_SECONDS, max(0.05, seconds))
        lines = self._queue.lines(visma_id, LINES_AT_ONCE)
        try:
            written = self._write(visma_id, [line.text for line in lines])
        except RefusedError as error:
            self._finish(visma_id, lines, State.REFUSED, str(error))
        except CallError as error:
            self._postpone(visma_id, lines, error)
        else:
            self._finish(visma_id, [line for line in lines if line.text in written], State.WRITTEN)
        return 0

    def _write(self, visma_id: str, lines: Sequence[str]) -> Sequence[str]:
        """Adds to the note as many of the lines as there is room for, and returns those that are in it now.

        A line that is already there was written before a kill or a lost answer.
        """
        reference = Reference.of(visma_id)
        if reference is None or reference.company != self._company_id:
            raise RefusedError(f"it is not a document of the company {self._company_id}")
        for wait in (*CONFLICT_PAUSES, None):
            document = _reading(lambda: self._visma.read(reference))
            if not reference.names(document.record):
                raise RefusedError("Visma answered with another document under that number")
            note = _reading(functools.partial(self._visma.note, reference, document))
            missing = notes.missing(note, lines)
            if not missing:
                return lines
            if not document.etag:
                raise RefusedError("Visma gave no ETag, and without one somebody's text could be lost")
            text, later = self._longer(visma_id, note, missing)
            if self._put(reference, text, document.etag, first=wait == CONFLICT_PAUSES[0]):
                return [line for line in lines if line not in later]
            if wait is not None:
                self._stopping.wait(wait)
        raise RefusedError(CONFLICT)

    def _longer(self, visma_id: str, note: str, missing: Sequence[str]) -> tuple[str, Sequence[str]]:
        """The note with as many lines as there is room for, and the lines that must wait until these are written."""
        ours = self._queue.written(visma_id)
        for count in range(len(missing), 0, -1):
            try:
                return notes.add(note, missing[:count], ours), missing[count:]
            except notes.FullError:
                continue
        raise RefusedError(f"the note is full ({len(note)} characters)")

    def _put(self, reference: Reference, text: str, etag: str, first: bool) -> bool:
        """Writes the note. False if somebody else was quicker (412). Raises RefusedError if a retry cannot help."""
        try:
            self._visma.write_note(reference, text, etag)
        except ServiceError as error:
            if error.status == 412:
                return False
            if error.status == 429 and not first:
                raise RefusedError(CONFLICT) from None
            if error.passing or error.status == 401:
                raise
            raise _refused(error) from None
        return True

    def _postpone(self, visma_id: str, lines: Sequence[Line], error: CallError) -> None:
        if lines[0].since < iso(self._clock() - GIVE_UP_SECONDS):
            self._finish(visma_id, lines, State.REFUSED, f"after a day of tries: {error}")
            return
        wait = error.retry_after or pause(max(line.attempts for line in lines))
        self._rest.begin(error.retry_after, wait)
        logger.warning(f"{visma_id}: {error}. The note waits; next try in {wait:.0f} s.")
        self._metrics.notes.labels("postponed").inc(len(lines))
        self._queue.postpone(lines, wait)

    def _finish(self, visma_id: str, lines: Sequence[Line], state: State, reason: str | None = None) -> None:
        self._queue.finish(visma_id, lines, state, reason)
        self._metrics.notes.labels(state).inc(len(lines))
        if reason is None:
            logger.info(f"{visma_id}: {len(lines)} line(s) written into the Visma note.")
        else:
            logger.error(f"{visma_id}: the note was not written: {reason}. It will not be tried again.")


def _reading(call: Callable[[], T]) -> T:
    """Reads from Visma. A refused access is retried later, because people can fix it; a refused document raises
    RefusedError."""
    try:
        return call()
    except ServiceError as error:
        if error.passing or error.status in (401, 403):
            raise
        raise _refused(error) from None


def _refused(error: ServiceError) -> RefusedError:
    return RefusedError(f"Visma said “{error.message}” ({error.status})")
