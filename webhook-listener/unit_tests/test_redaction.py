"""Log lines: no secret in them, and one line per record whatever people are called."""

import io
import logging

import pytest
from webhook_listener import redaction


@pytest.mark.parametrize("end", ["\n", "\r\n", "\x85", "\u2028", "\x1b"])
def test_nobody_writes_a_line_of_his_own(monkeypatch: pytest.MonkeyPatch, end: str) -> None:
    written = io.StringIO()
    monkeypatch.setattr("sys.stderr", written)
    root = logging.getLogger()
    before = root.handlers[:], root.level
    redaction.add_secret("agreed-with-asana")
    try:
        redaction.set_up_logging()
        logging.getLogger("x").warning(f"completed by Kari{end}2026-11-23 ERROR agreed-with-asana")
        try:
            raise ValueError("agreed-with-asana")
        except ValueError:
            logging.getLogger("x").exception("unexpected")
    finally:
        root.handlers[:], root.level = before
    first, second, *traceback = written.getvalue().split("\n")
    assert first.endswith("WARNING completed by Kari 2026-11-23 ERROR ****")
    assert second.endswith("ERROR unexpected")
    assert traceback[-2] == "ValueError: ****"
