"""What must not be forgotten, whatever goes wrong while it is written down."""

import os
import sqlite3
import stat
from pathlib import Path

import pytest
from webhook_listener import files
from webhook_listener.database import Database
from webhook_listener.log import append


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


@pytest.mark.parametrize("umask", [0o022, 0o000])
def test_the_file_and_what_sqlite_puts_beside_it_are_their_owners_alone(tmp_path: Path, umask: int) -> None:
    """From the moment they exist: the file holds the secrets that Asana signs with."""
    before = os.umask(umask)
    try:
        database = Database(tmp_path / "var" / "listener" / "listener.sqlite")
        database.remember("name", "value")
        found = {path.name: oct(stat.S_IMODE(path.stat().st_mode)) for path in tmp_path.rglob("*")}
        database.close()
    finally:
        os.umask(before)
    kept = dict.fromkeys(("listener.sqlite", "listener.sqlite-wal", "listener.sqlite-shm"), "0o600")
    assert found == {"var": "0o700", "listener": "0o700", **kept}


@pytest.mark.parametrize(("mode", "said"), [(0o600, False), (0o700, False), (0o640, True), (0o604, True)])
def test_a_file_that_others_may_read_is_noticed_and_left_as_it_is(tmp_path: Path, mode: int, said: bool) -> None:
    path = tmp_path / "listener.sqlite"
    path.touch()
    path.chmod(mode)
    Database(path).close()
    assert stat.S_IMODE(path.stat().st_mode) == mode
    assert files.open_to_others(path) is said
    assert not files.open_to_others(tmp_path / "not-there.sqlite")
