"""The SQLite file. A method that changes something returns once the change is on disk."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from webhook_listener import files, migrations
from webhook_listener.config import ConfigError

DAY = 86_400.0
# Longer than Asana retries a delivery (24 h) and longer than a sync token of the Events API is valid (24 h).
KEPT_SECONDS = 3 * DAY


class Database:
    """Thread-safe: each thread has its own connection, open until `close`. So the threads must be few and long-lived."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._local = threading.local()
        self._all: list[sqlite3.Connection] = []
        self._lock = threading.Lock()
        try:
            files.make_folder_of(path)
            # The file holds the secrets that Asana signs with. SQLite gives its -wal and -shm the permissions of the file.
            os.close(files.private(path, os.O_RDWR | os.O_CREAT))
            migrations.bring_up(path)
        except (OSError, sqlite3.Error) as error:
            reason = error.strerror if isinstance(error, OSError) else str(error)
            raise ConfigError(
                f"database_path: {path} cannot be opened ({reason}). It must be a file on a local disk that this user may "
                "write; in Docker, inside a mounted volume."
            ) from None

    @property
    def connection(self) -> sqlite3.Connection:
        """This thread's connection. Statements outside `transaction` commit automatically."""
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            connection = sqlite3.connect(self.path, timeout=5, isolation_level=None, check_same_thread=False)
            connection.row_factory = sqlite3.Row
            # FULL: a commit is on disk before it returns, so that it survives a power failure.
            connection.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;")
            self._local.connection = connection
            with self._lock:
                self._all.append(connection)
        return connection

    @contextlib.contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """All or nothing, one writer at a time."""
        connection = self.connection
        connection.execute("BEGIN IMMEDIATE")
        try:
            yield connection
            connection.execute("COMMIT")
        except BaseException:
            # A full disk may already have ended the transaction.
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise

    def close(self) -> None:
        """Closes every thread's connection."""
        with self._lock:
            for connection in self._all:
                connection.close()
            self._all.clear()

    def one(self, sql: str, *values: Any) -> sqlite3.Row | None:
        """The first row, or None."""
        row: sqlite3.Row | None = self.connection.execute(sql, values).fetchone()
        return row

    def all(self, sql: str, *values: Any) -> list[sqlite3.Row]:
        """Every row."""
        return self.connection.execute(sql, values).fetchall()

    def number(self, sql: str, *values: Any) -> float:
        """The first column of the first row; 0 without a row."""
        row = self.one(sql, *values)
        return float(row[0] or 0) if row else 0.0

    def run(self, sql: str, *values: Any) -> int:
        """Executes one statement and returns the number of changed rows."""
        return self.connection.execute(sql, values).rowcount

    def fact(self, name: str) -> str | None:
        """A single stored value, or None."""
        row = self.one("SELECT value FROM facts WHERE name = ?", name)
        return row["value"] if row else None

    def remember(self, name: str, value: str) -> None:
        self.run("INSERT INTO facts VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value", name, value)

    def prune(self, now: float) -> None:
        """Deletes finished deliveries, events, hints and webhooks after some days. The log and pending work stay."""
        before = now - KEPT_SECONDS
        with self.transaction() as connection:
            connection.execute("DELETE FROM deliveries WHERE done_at < ?", (before,))
            connection.execute("DELETE FROM seen WHERE seen_at < ?", (before,))
            connection.execute("DELETE FROM hints WHERE served_at < ?", (before,))
            connection.execute("DELETE FROM webhooks WHERE state = 'retired' AND changed_at < ?", (before,))
