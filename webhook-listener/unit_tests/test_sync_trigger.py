"""A command that is slow, fails, or is not there."""

import logging
import sys
import threading
from pathlib import Path

import pytest
from webhook_listener.sync_trigger import Command, Started


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
