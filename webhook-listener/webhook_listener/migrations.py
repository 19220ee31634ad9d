"""The schema of the database file, as numbered steps. A file stores the number of the last step that was applied to it.

A file of release 0.1.0 stores 0 and has the tables of step 1. A released step is never edited: a new schema is a new file in
`schema/`. `check` may run beside a server of the previous release, so a step must keep that server's statements valid.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator, Sequence
from importlib import resources
from pathlib import Path

from webhook_listener.config import ConfigError


def _released() -> tuple[str, ...]:
    folder = resources.files("webhook_listener").joinpath("schema")
    scripts = {file.name: file.read_text("utf-8") for file in folder.iterdir() if file.name.endswith(".sql")}
    return tuple(scripts[name] for name in sorted(scripts))


STEPS = _released()


def bring_up(path: Path, steps: Sequence[str] = STEPS) -> None:
    """Creates the file or migrates it to the newest schema, in one transaction. A kill leaves either the old or the new one.

    Raises ConfigError for a file of a newer release or of another program, and leaves it unchanged. Otherwise it may raise
    sqlite3.Error.
    """
    if check_readable(path, steps) == len(steps):
        return
    with contextlib.closing(sqlite3.connect(path, timeout=5, isolation_level=None)) as connection:
        connection.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;")
        connection.execute("BEGIN IMMEDIATE")
        # Another process may have migrated the file since the check above.
        before = _known_version(connection, path, steps)
        for number, script in enumerate(steps[before:], before + 1):
            for statement in _statements(script):
                connection.execute(statement)
            connection.execute(f"PRAGMA user_version = {number}")
        connection.execute("COMMIT")


def check_readable(path: Path, steps: Sequence[str] = STEPS) -> int:
    """The schema version of the file, or 0 without a file. Only reads.

    Raises ConfigError for a file of a newer release or of another program, and sqlite3.Error for a file that is not a
    database.
    """
    if not path.exists():
        return 0
    # The last writes of a killed process may be in the write-ahead log. Without that log, the file is opened immutable, so
    # that not even a lock is left behind.
    mode = "mode=ro" if path.with_name(f"{path.name}-wal").exists() else "mode=ro&immutable=1"
    address = f"{path.absolute().as_uri()}?{mode}"
    with contextlib.closing(sqlite3.connect(address, uri=True, timeout=5)) as connection:
        return _known_version(connection, path, steps)


def _known_version(connection: sqlite3.Connection, path: Path, steps: Sequence[str]) -> int:
    version = int(connection.execute("PRAGMA user_version").fetchone()[0])
    if version > len(steps):
        raise ConfigError(
            f"database_path: {path} was written by a newer release of the listener (its schema version is {version}, this release "
            f"knows {len(steps)}). It was not touched. Install the newer release again, or name another file."
        )
    tables = {row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    if tables and "webhooks" not in tables:
        raise ConfigError(
            f"database_path: {path} is a database of another program. It was not touched. Name a file of the listener's own."
        )
    return version


def _statements(script: str) -> Iterator[str]:
    """The statements of a script, one by one, because sqlite3's `executescript` would commit first."""
    statement = ""
    *pieces, rest = script.split(";")
    for piece in pieces:
        statement += f"{piece};"
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""
    if (statement + rest).strip():
        yield statement + rest
