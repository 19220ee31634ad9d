"""A database file outlives the release that made it: it is brought up to the newest layout whole, or left as it was."""

import contextlib
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from webhook_listener import migrations
from webhook_listener.config import ConfigError
from webhook_listener.database import Database

RELEASE_0_1_0 = Path(__file__).with_name("release_0_1_0.sql").read_text("utf-8")
TABLES = ("webhooks", "deliveries", "seen", "log", "notes", "documents", "projects", "hints", "facts")
# A layout to come, which changes what is there: it cannot be gone through twice, and a half of it would be a loss.
LATER = """
ALTER TABLE facts ADD COLUMN noted_at REAL;
UPDATE facts SET noted_at = 1795000000.0;
CREATE TABLE notes_2 (log_id INTEGER PRIMARY KEY REFERENCES log (id), visma_id TEXT NOT NULL, line TEXT NOT NULL,
    state TEXT NOT NULL, attempts INTEGER NOT NULL, not_before REAL NOT NULL);
INSERT INTO notes_2 SELECT * FROM notes;
DROP TABLE notes;
ALTER TABLE notes_2 RENAME TO notes;
CREATE TRIGGER notes_stay BEFORE DELETE ON notes BEGIN
    SELECT RAISE(ABORT, 'a note is never deleted; not at all');
END;
"""
# Migrates one copy of a file per statement, each in a process that ends just before it, as a power cut ends one.
KILLED = """
import os, shutil, signal, sqlite3, sys
from pathlib import Path
from webhook_listener import migrations

source, folder, later = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]
connect = sqlite3.connect

def migrate(path, left):
    def count(statement):
        nonlocal left
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    def watched(*names, **options):
        connection = connect(*names, **options)
        connection.set_trace_callback(count)
        return connection

    sqlite3.connect = watched
    migrations.bring_up(path, (*migrations.STEPS, later))
    os._exit(0)

killed, number = True, 0
while killed:
    number += 1
    path = folder / f"{number}.sqlite"
    shutil.copyfile(source, path)
    child = os.fork()
    if child == 0:
        migrate(path, number)
    killed = os.WIFSIGNALED(os.waitpid(child, 0)[1])
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A file of release 0.1.0."""
    path = tmp_path / "listener.sqlite"
    with contextlib.closing(sqlite3.connect(path)) as connection:
        connection.executescript(RELEASE_0_1_0)
    return path


def rows(path: Path) -> dict[str, list[tuple[object, ...]]]:
    """Everything in the file, in the columns of 0.1.0."""
    with contextlib.closing(sqlite3.connect(path)) as connection:
        found = {}
        for table in TABLES:
            columns = "name, value" if table == "facts" else "*"
            found[table] = connection.execute(f"SELECT {columns} FROM {table} ORDER BY 1").fetchall()
        return found


def version(path: Path) -> int:
    with contextlib.closing(sqlite3.connect(path)) as connection:
        return int(connection.execute("PRAGMA user_version").fetchone()[0])


def test_a_file_of_0_1_0_opens_and_keeps_everything(path: Path) -> None:
    before = rows(path)
    assert [len(before[table]) for table in TABLES] == [1, 2, 1, 2, 2, 1, 1, 1, 1]
    assert version(path) == 0
    with contextlib.closing(Database(path)) as database:
        assert database.fact("own_user") == "1208000000000010"
        assert database.number("SELECT count(*) FROM deliveries WHERE done_at IS NULL") == 1
        with pytest.raises(sqlite3.IntegrityError, match="the log only grows"):
            database.run("DELETE FROM log")
    assert rows(path) == before
    assert version(path) == 1


def test_a_new_file_and_one_brought_up_have_the_same_layout(path: Path, tmp_path: Path) -> None:
    layouts = []
    for file in (path, tmp_path / "new.sqlite"):
        with contextlib.closing(Database(file)) as database:
            layouts.append({tuple(row) for row in database.all("SELECT type, name, tbl_name, sql FROM sqlite_master")})
    assert layouts[0] == layouts[1]
    assert (version(path), version(tmp_path / "new.sqlite")) == (1, 1)


def test_a_file_0_1_0_was_killed_over_is_completed(tmp_path: Path) -> None:
    """That release made its tables one by one."""
    path = tmp_path / "listener.sqlite"
    first, _, _ = RELEASE_0_1_0.partition("-- What was accepted")
    with contextlib.closing(sqlite3.connect(path)) as connection:
        connection.executescript(first)
    Database(path).close()
    assert version(path) == 1
    assert rows(path)["log"] == []


def test_killed_before_any_statement_of_a_migration(path: Path) -> None:
    """All of the old layout or all of the new one, never a row less; the next start brings it up."""
    before = rows(path)
    folder = path.with_name("killed")
    folder.mkdir()
    subprocess.run([sys.executable, "-c", KILLED, str(path), str(folder), LATER], check=True, timeout=120)
    endings = []
    for copy in sorted(folder.glob("*.sqlite")):
        endings.append(version(copy))
        assert rows(copy) == before, copy.name
        migrations.bring_up(copy, (*migrations.STEPS, LATER))
        assert (version(copy), rows(copy)) == (2, before), copy.name
    assert len(endings) > 30
    assert set(endings) == {0, 2}


def test_a_step_that_fails_leaves_the_file_as_it_was(path: Path) -> None:
    before = rows(path)
    with pytest.raises(sqlite3.OperationalError, match="no such table"):
        migrations.bring_up(path, (*migrations.STEPS, "DELETE FROM facts; DELETE FROM nowhere;"))
    assert (version(path), rows(path)) == (0, before)


@pytest.mark.parametrize("killed", [False, True])
def test_a_file_of_a_newer_release_is_refused_and_not_touched(path: Path, killed: bool) -> None:
    code = f"import sqlite3, os; c = sqlite3.connect({str(path)!r}); c.execute('PRAGMA user_version = 7'); c.commit(); "
    code += "os.kill(os.getpid(), 9)" if killed else "c.close()"
    subprocess.run([sys.executable, "-c", code], check=False)
    kept = {"listener.sqlite", "listener.sqlite-wal"} if killed else {"listener.sqlite"}
    before = {name: path.with_name(name).read_bytes() for name in kept}
    with pytest.raises(ConfigError) as caught:
        Database(path)
    assert str(caught.value) == (
        f"database_path: {path} was written by a newer release of the listener (its schema version is 7, this release knows 1). "
        "It was not touched. Install the newer release again, or name another file."
    )
    assert {name: path.with_name(name).read_bytes() for name in kept} == before
    assert {file.name for file in path.parent.iterdir()} - {"listener.sqlite-shm"} == kept


def test_another_programs_database_is_refused_and_not_touched(tmp_path: Path) -> None:
    path = tmp_path / "cashbook.sqlite"
    with contextlib.closing(sqlite3.connect(path)) as connection:
        connection.executescript("CREATE TABLE entries (amount TEXT); INSERT INTO entries VALUES ('12.50');")
    before = path.read_bytes()
    with pytest.raises(ConfigError, match=r"is a database of another program\. It was not touched"):
        Database(path)
    assert path.read_bytes() == before
    assert [file.name for file in tmp_path.iterdir()] == ["cashbook.sqlite"]
