"""A new release of the listener takes over the database of the one before, with what waits in it."""

import contextlib
import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from integration_tests.listener_board import FIRST, KARI, Board
from integration_tests.listener_process import Listener
from integration_tests.waiting import until

pytest_plugins = ["integration_tests.listener_testing"]
RELEASE_0_1_0 = Path(__file__).parents[1] / "webhook-listener/unit_tests/release_0_1_0.sql"


@pytest.fixture
def listener(board: Board, tmp_path: Path) -> Iterator[Listener]:
    """Not started yet; its database is a file of release 0.1.0."""
    with contextlib.closing(sqlite3.connect(tmp_path / "listener.sqlite")) as database:
        database.executescript(RELEASE_0_1_0.read_text("utf-8"))
    with Listener(tmp_path, board.server) as listener:
        yield listener


def command(listener: Listener, verb: str) -> tuple[int, str]:
    listener.config_path.write_text(json.dumps(listener.config))
    done = listener.run(verb)
    return done.returncode, done.stderr


def test_what_0_1_0_logged_stays_and_what_it_queued_is_worked_off(board: Board, listener: Listener) -> None:
    board.complete()
    task = json.dumps({"read_again": {"task": board.gids[FIRST], "since": "2026-01-01T00:00:00.000Z"}})
    path = listener.config["database_path"]
    with contextlib.closing(sqlite3.connect(path)) as database, database:
        row = ("again/1/2026-01-01", "digest-5", task.encode(), 1795000020.0)
        database.execute("INSERT INTO deliveries (origin, digest, body, received_at) VALUES (?, ?, ?, ?)", row)
    listener.start()
    until(lambda: listener.told(FIRST) == [("completed", KARI)])
    until(listener.idle)
    earlier = [line for line in listener.printed_log() if line["when"].startswith("2026-11-18")]
    assert [(line["visma_id"], line["who"], line["what"], line["detail"]) for line in earlier] == [
        ("SupplierInvoiceId:4100251/Invoice/200077", "Åsa Lindström", "completed", None),
        ("PurchaseOrderId:4100251/RegularOrder/500077", "Kari Nordmann", "commented", "paid twice?"),
    ]
    assert listener.stop() == 0
    listener.start()
    assert len(until(board.webhooks)) == 1


def test_a_database_of_a_newer_release_stops_every_command_in_words(listener: Listener) -> None:
    path = Path(listener.config["database_path"])
    with contextlib.closing(sqlite3.connect(path)) as database:
        database.execute("PRAGMA user_version = 2")
    before = path.read_bytes()
    for verb in ("serve", "log"):
        status, words = command(listener, verb)
        assert status == 2
        assert words.startswith(
            f"webhook-listener: database_path: {path} was written by a newer release of the listener"
        )
        assert "Traceback" not in words
    status, words = listener.check()
    assert (status, "TO DO  database_path: " in words, "newer release" in words) == (1, True, True)
    assert path.read_bytes() == before
