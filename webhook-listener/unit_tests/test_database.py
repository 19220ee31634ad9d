"""What must not be forgotten, whatever goes wrong while it is written down."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from webhook_listener.database import Database
from webhook_listener.log import append


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = Database(tmp_path / "listener.sqlite")
    yield database
    database.close()


def test_a_commit_that_fails_leaves_nothing_open(database: Database) -> None:
    """Else the thread could store nothing more, however much room there is by then."""

    def broken() -> None:
        with database.transaction() as connection:
            connection.execute("PRAGMA defer_foreign_keys=ON")
            connection.execute("INSERT INTO notes (log_id, visma_id, line) VALUES (7, 'x', 'y')")

    for _ in range(2):
        with pytest.raises(sqlite3.IntegrityError):
            broken()
    with database.transaction() as connection:
        connection.execute("INSERT INTO facts VALUES ('name', 'value')")
    assert database.fact("name") == "value"
    assert database.number("SELECT count(*) FROM notes") == 0


def test_half_an_emoji_does_not_hold_up_the_log(database: Database) -> None:
    """Legal in JSON, no text that UTF-8 could write."""
    with database.transaction() as connection:
        append(connection, 0.0, what="commented", when="2026-11-23T10:15:07.120Z", detail="Thanks \ud83d")
    assert [row["detail"] for row in database.all("SELECT detail FROM log")] == ["Thanks ?"]
