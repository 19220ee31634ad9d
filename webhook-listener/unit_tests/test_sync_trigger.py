"""Syncs that Visma's events start: by a command, which may be slow, fail or not be there, and by Airbyte."""

import logging
import sys
import threading
from pathlib import Path
from typing import Any

import pytest
from webhook_listener import listener, sync_trigger
from webhook_listener.config import Airbyte
from webhook_listener.database import Database
from webhook_listener.http import UnreachableError
from webhook_listener.metrics import Metrics
from webhook_listener.sync_trigger import AirbyteJob, Command, Started, SyncTrigger


@pytest.mark.parametrize(("status", "outcome"), [(0, Started.STARTED), (75, Started.BUSY), (1, Started.FAILED)])
def test_what_a_status_means(status: int, outcome: Started) -> None:
    assert Command([sys.executable, "-c", f"raise SystemExit({status})"], threading.Event()).start() is outcome


def test_a_program_that_is_not_there(caplog: pytest.LogCaptureFixture) -> None:
    assert Command(["no-such-program"], threading.Event()).start() is Started.FAILED
    assert "no-such-program cannot be started" in caplog.text


def test_one_that_may_hang_is_named_once_and_left_to_run(caplog: pytest.LogCaptureFixture, tmp_path: Path) -> None:
    """The program ends when it has been named."""
    named = tmp_path / "named"
    code = f"import os, time\nwhile not os.path.exists({str(named)!r}): time.sleep(0.01)"

    class Naming(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            named.touch()

    handler = Naming()
    logging.getLogger("webhook_listener.sync_trigger").addHandler(handler)
    try:
        assert Command([sys.executable, "-c", code], threading.Event(), patience=0).start() is Started.STARTED
    finally:
        logging.getLogger("webhook_listener.sync_trigger").removeHandler(handler)
    assert [record.levelname for record in caplog.records] == ["WARNING"]
    assert "is still running" in caplog.text


def test_a_program_is_asked_to_end_when_the_listener_stops(tmp_path: Path) -> None:
    stopping = threading.Event()
    stopping.set()
    command = Command([sys.executable, "-c", "import threading; threading.Event().wait()"], stopping)
    assert command.start() is Started.FAILED


def test_a_standalone_sync_has_time_to_end() -> None:
    """It ends its connectors within 20 seconds. Killed earlier, it would leave its resolved configurations behind."""
    assert 20 < sync_trigger.STOP_SECONDS < listener.COMMAND_STOP_SECONDS < 30


@pytest.mark.parametrize(("status", "outcome"), [(200, Started.STARTED), (409, Started.BUSY)])
def test_a_job_of_airbyte(services: Any, status: int, outcome: Started) -> None:
    services.answers["POST /v1/applications/token"] = (200, {"access_token": "airbyte-token", "expires_in": 180})
    services.answers["POST /v1/jobs"] = (status, {})
    job = AirbyteJob(Airbyte("https://airbyte.example.com/v1", "c1", "id", "airbyte-secret"))
    assert job.start() is outcome
    assert services.bodies[-1] == b'{"connectionId":"c1","jobType":"sync"}'


class Starter:
    """Ends as it is told to."""

    def __init__(self) -> None:
        self.outcome: Started | None = Started.STARTED
        self.tries = 0

    def start(self) -> Started:
        self.tries += 1
        if self.outcome is None:
            raise UnreachableError("Airbyte gave no answer to POST /jobs (ConnectError)")
        return self.outcome


@pytest.fixture
def starter() -> Starter:
    return Starter()


@pytest.fixture
def trigger(database: Database, starter: Starter, clock: Any, metrics: Metrics) -> SyncTrigger:
    return SyncTrigger(database, starter, clock, metrics, quiet=5.0)


def hint(database: Database, moment: float) -> None:
    database.run("INSERT INTO hints (digest, received_at) VALUES (?, ?)", str(moment), moment)


def waiting(database: Database) -> int:
    return int(database.number("SELECT count(*) FROM hints WHERE served_at IS NULL"))


def test_one_sync_serves_all_events_before_a_pause(
    trigger: SyncTrigger, starter: Starter, database: Database, clock: Any
) -> None:
    assert trigger.step() == 30.0
    hint(database, clock.now - 6)
    hint(database, clock.now - 2)
    assert (trigger.step(), starter.tries) == (3.0, 0)
    clock.now += 3
    assert trigger.step() == 0
    assert (starter.tries, waiting(database)) == (1, 0)


def test_events_that_never_pause_wait_for_a_minute_at_most(
    trigger: SyncTrigger, starter: Starter, database: Database, clock: Any
) -> None:
    hint(database, clock.now - 60)
    hint(database, clock.now)
    assert (trigger.step(), starter.tries) == (0, 1)


@pytest.mark.parametrize(("outcome", "again_after"), [(Started.BUSY, 60.0), (Started.FAILED, 8.0), (None, 8.0)])
def test_what_did_not_start_is_tried_again_for_a_day(
    trigger: SyncTrigger,
    starter: Starter,
    database: Database,
    clock: Any,
    outcome: Started | None,
    again_after: float,
    caplog: pytest.LogCaptureFixture,
) -> None:
    starter.outcome = outcome
    hint(database, clock.now - 6)
    assert trigger.step() == 0
    assert (trigger.step(), waiting(database)) == (min(30.0, again_after), 1)
    clock.now += again_after
    trigger.step()
    assert (starter.tries, waiting(database)) == (2, 1)
    clock.now += 86_400
    trigger.step()
    assert waiting(database) == 0
    assert "No sync could be started for a day" in caplog.text
