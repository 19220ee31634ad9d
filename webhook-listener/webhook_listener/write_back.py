"""Lines waiting for a Visma note: read, look, write under the ETag, remember. At most once per event, whatever is killed."""

from __future__ import annotations

import functools
import logging
import threading
from collections.abc import Callable, Sequence
from typing import TypeVar

from webhook_listener import notes
from webhook_listener.clock import Clock, iso
from webhook_listener.database import DAY, Database
from webhook_listener.http import ServiceError, UnreachableError
from webhook_listener.metrics import Metrics
from webhook_listener.processing import append
from webhook_listener.visma import Reference, Visma
from webhook_listener.worker import Rest, pause

T = TypeVar("T")
logger = logging.getLogger(__name__)
IDLE_SECONDS = 30.0
# Visma answers 429 when one failing request comes more than twice in five minutes (Visma community, "Rate limits").
CONFLICT_PAUSES = (0.5, 1.5)
GIVE_UP_SECONDS = DAY
# As many as a note has room for, so that none is dropped for length before it is known to be written.
LINES_AT_ONCE = notes.MAX_NOTE // (notes.MAX_LINE + 2) - 3
WRITER = "webhook-listener"
CONFLICT = "the document was changed by somebody else again and again while its note was written (412)"


class RefusedError(Exception):
    """A note that will not be written; the text says why."""


class WriteBack:
    """Works off the pending lines, document by document, each document's in the order of its events."""

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
        self._database = database
        self._visma = visma
        self._company_id = company_id
        self._clock = clock
        self._metrics = metrics
        self._stopping = stopping
        self._rest = Rest()

    def step(self) -> float:
        """Deals with one document's lines; returns the seconds until another may be due."""
        if self._rest.left:
            return self._rest.left
        now = self._clock()
        row = self._database.one(
            "SELECT visma_id, max(not_before) AS due FROM notes WHERE state = 'pending' "
            "GROUP BY visma_id ORDER BY due, min(log_id) LIMIT 1"
        )
        if row is None:
            return IDLE_SECONDS
        if row["due"] > now:
            return min(IDLE_SECONDS, max(0.05, row["due"] - now))
        visma_id = row["visma_id"]
        waiting = self._database.all(
            "SELECT n.log_id, n.line, n.attempts, l.recorded_at FROM notes n JOIN log l ON l.id = n.log_id "
            "WHERE n.state = 'pending' AND n.visma_id = ? ORDER BY n.log_id LIMIT ?",
            visma_id,
            LINES_AT_ONCE,
        )
        numbers = [int(one["log_id"]) for one in waiting]
        lines = [str(one["line"]) for one in waiting]
        attempts = max(int(one["attempts"]) for one in waiting)
        try:
            written = self._write(visma_id, lines)
        except RefusedError as error:
            self._settle(visma_id, numbers, lines, "refused", str(error))
        except (ServiceError, UnreachableError) as error:
            self._postpone(
                visma_id=visma_id,
                numbers=numbers,
                lines=lines,
                attempts=attempts,
                since=str(waiting[0]["recorded_at"]),
                error=error,
            )
        else:
            done = [pair for pair in zip(numbers, lines, strict=True) if pair[1] in written]
            self._settle(visma_id, [number for number, _ in done], [line for _, line in done], "written", None)
        return 0

    def _write(self, visma_id: str, lines: Sequence[str]) -> Sequence[str]:
        """Brings the lines into the note, as many at once as there is room for; returns those that are in it now.

        A line that is there already was written before a kill or a lost answer.
        """
        reference = Reference.of(visma_id)
        if reference is None or reference.company != self._company_id:
            raise RefusedError(f"it is not a document of the company {self._company_id}")
        for wait in (*CONFLICT_PAUSES, None):
            document = _looking(lambda: self._visma.read(reference))
            if not reference.names(document.record):
                raise RefusedError("Visma answered with another document under that number")
            note = _looking(functools.partial(self._visma.note, reference, document))
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
        """The note with the lines there is room for, and the lines that wait until these are known to be written."""
        earlier = self._database.all("SELECT line FROM notes WHERE visma_id = ? AND state = 'written'", visma_id)
        ours = {str(row["line"]) for row in earlier}
        for count in range(len(missing), 0, -1):
            try:
                return notes.add(note, missing[:count], ours), missing[count:]
            except notes.FullError:
                continue
        raise RefusedError(f"the note is full ({len(note)} characters)")

    def _put(self, reference: Reference, text: str, etag: str, first: bool) -> bool:
        """False when somebody else was quicker (412). Raises RefusedError for what no repeat will change."""
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

    def _postpone(
        self,
        *,
        visma_id: str,
        numbers: Sequence[int],
        lines: Sequence[str],
        attempts: int,
        since: str,
        error: ServiceError | UnreachableError,
    ) -> None:
        now = self._clock()
        if since < iso(now - GIVE_UP_SECONDS):
            self._settle(visma_id, numbers, lines, "refused", f"after a day of tries: {error}")
            return
        retry_after = getattr(error, "retry_after", None)
        wait = retry_after or pause(attempts)
        self._rest.begin(retry_after, wait)
        logger.warning(f"{visma_id}: {error}. The note waits; next try in {wait:.0f} s.")
        self._metrics.notes.labels("postponed").inc(len(numbers))
        with self._database.transaction() as connection:
            connection.executemany(
                "UPDATE notes SET attempts = attempts + 1, not_before = ? WHERE log_id = ?",
                [(now + wait, number) for number in numbers],
            )

    def _settle(
        self, visma_id: str, numbers: Sequence[int], lines: Sequence[str], state: str, reason: str | None
    ) -> None:
        now = self._clock()
        with self._database.transaction() as connection:
            for number, line in zip(numbers, lines, strict=True):
                event = connection.execute('SELECT "when" FROM log WHERE id = ?', (number,)).fetchone()
                connection.execute("UPDATE notes SET state = ? WHERE log_id = ?", (state, number))
                append(
                    connection,
                    now,
                    fingerprint=f"note {number}",
                    visma_id=visma_id,
                    who=WRITER,
                    what=f"note {state}",
                    detail=line if reason is None else f"{line} — {reason}",
                    # Asana's clock and this one differ; what came first stands first all the same.
                    when=max(iso(now), str(event["when"])),
                )
        self._metrics.notes.labels(state).inc(len(numbers))
        if reason is None:
            logger.info(f"{visma_id}: {len(numbers)} line(s) written into the Visma note.")
        else:
            logger.error(f"{visma_id}: the note was not written: {reason}. It will not be tried again.")


def _looking(call: Callable[[], T]) -> T:
    """A read; what is wrong with the access is mended by people and waited for, what is wrong with the document is not."""
    try:
        return call()
    except ServiceError as error:
        if error.passing or error.status in (401, 403):
            raise
        raise _refused(error) from None


def _refused(error: ServiceError) -> RefusedError:
    return RefusedError(f"Visma said “{error.said}” ({error.status})")
