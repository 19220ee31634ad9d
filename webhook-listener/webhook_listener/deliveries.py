"""The queue of accepted deliveries. A delivery leaves it only when its outcome is on disk."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass

from webhook_listener import signatures
from webhook_listener.clock import Clock
from webhook_listener.database import Database

IDLE_SECONDS = 30.0
# The key of a delivery that the listener sends to itself: read this task and its history, because its events are lost.
READ_AGAIN = "read_again"


@dataclass(frozen=True)
class Delivery:
    """One entry of the queue. `attempts` counts the failed tries."""

    number: int
    body: bytes
    attempts: int


class Deliveries:
    """The queue, in the database."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def add(self, connection: sqlite3.Connection, origin: str, body: bytes) -> bool:
        """Adds a delivery within a transaction. False if the same bytes have come from the same origin before."""
        cursor = connection.execute(
            "INSERT OR IGNORE INTO deliveries (origin, digest, body, received_at) VALUES (?, ?, ?, ?)",
            (origin, signatures.digest(body), body, self._clock()),
        )
        return cursor.rowcount > 0

    def next(self) -> Delivery | None:
        """The first delivery that is due."""
        row = self._database.one(
            "SELECT id, body, attempts FROM deliveries WHERE done_at IS NULL AND not_before <= ? ORDER BY id LIMIT 1",
            self._clock(),
        )
        return Delivery(row["id"], row["body"], row["attempts"]) if row else None

    def seconds_until_next(self) -> float:
        """The seconds until the next delivery in the queue is due."""
        due = self._database.number("SELECT min(not_before) FROM deliveries WHERE done_at IS NULL")
        return min(IDLE_SECONDS, max(0.05, due - self._clock())) if due else IDLE_SECONDS

    def count(self) -> int:
        """The number of unfinished deliveries."""
        return int(self._database.number("SELECT count(*) FROM deliveries WHERE done_at IS NULL"))

    def postpone(self, delivery: Delivery, seconds: float) -> None:
        """Counts a failed try and postpones the delivery."""
        self._database.run(
            "UPDATE deliveries SET attempts = attempts + 1, not_before = ? WHERE id = ?",
            self._clock() + seconds,
            delivery.number,
        )

    @contextlib.contextmanager
    def finishing(self, delivery: Delivery) -> Iterator[sqlite3.Connection]:
        """A transaction that finishes the delivery. After a kill, either all its writes and the end are kept, or nothing."""
        with self._database.transaction() as connection:
            yield connection
            connection.execute("UPDATE deliveries SET done_at = ? WHERE id = ?", (self._clock(), delivery.number))
