"""The queue of lines for Visma notes, in the database: one line for each logged act, with its outcome."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from webhook_listener.clock import Clock, iso
from webhook_listener.database import Database
from webhook_listener.log import append

WRITER = "webhook-listener"


class State(StrEnum):
    """The outcome of a line. A line with neither is pending."""

    WRITTEN = "written"
    REFUSED = "refused"


@dataclass(frozen=True)
class Line:
    """A pending line. `number` is the number of its act in the log; `since` is when the act was logged (RFC 3339)."""

    number: int
    text: str
    attempts: int
    since: str


class NoteQueue:
    """The queue by document. Each document's lines are in the order of their acts."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def first(self) -> tuple[str, float] | None:
        """The Visma ID of the document that is due next, and the seconds until then."""
        row = self._database.one(
            "SELECT visma_id, max(not_before) AS due FROM notes WHERE state = 'pending' "
            "GROUP BY visma_id ORDER BY due, min(log_id) LIMIT 1"
        )
        return (str(row["visma_id"]), float(row["due"]) - self._clock()) if row else None

    def lines(self, visma_id: str, limit: int) -> list[Line]:
        """A document's pending lines, oldest first."""
        rows = self._database.all(
            "SELECT n.log_id, n.line, n.attempts, l.recorded_at FROM notes n JOIN log l ON l.id = n.log_id "
            "WHERE n.state = 'pending' AND n.visma_id = ? ORDER BY n.log_id LIMIT ?",
            visma_id,
            limit,
        )
        return [Line(row["log_id"], row["line"], row["attempts"], row["recorded_at"]) for row in rows]

    def written(self, visma_id: str) -> set[str]:
        """The lines that have been written into the document's note."""
        rows = self._database.all("SELECT line FROM notes WHERE visma_id = ? AND state = 'written'", visma_id)
        return {str(row["line"]) for row in rows}

    def postpone(self, lines: Sequence[Line], seconds: float) -> None:
        """Counts a failed try and postpones the lines."""
        due = self._clock() + seconds
        with self._database.transaction() as connection:
            connection.executemany(
                "UPDATE notes SET attempts = attempts + 1, not_before = ? WHERE log_id = ?",
                [(due, line.number) for line in lines],
            )

    def finish(self, visma_id: str, lines: Sequence[Line], state: State, reason: str | None = None) -> None:
        """Removes the lines from the queue, and logs the outcome of each."""
        now = self._clock()
        with self._database.transaction() as connection:
            for line in lines:
                act = connection.execute('SELECT "when" FROM log WHERE id = ?', (line.number,)).fetchone()
                connection.execute("UPDATE notes SET state = ? WHERE log_id = ?", (state, line.number))
                append(
                    connection,
                    now,
                    fingerprint=f"note {line.number}",
                    visma_id=visma_id,
                    who=WRITER,
                    what=f"note {state}",
                    detail=line.text if reason is None else f"{line.text} — {reason}",
                    # Asana's clock and the local one may differ. The log must still show the act before its note.
                    when=max(iso(now), str(act["when"])),
                )
