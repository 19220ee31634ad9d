"""Log lines: no secret in them, and one line per record whatever people are called."""

import io
import json
import logging

import pytest
from webhook_listener import redaction


@pytest.mark.parametrize("end", ["\n", "\r\n", "\x85", "\u2028", "\x1b", "\x9b", "\x00", "\u202e", "\u2066", "\ud83d"])
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
            raise ValueError(f"agreed-with-asana{end}2026-11-23 ERROR forged")
        except ValueError:
            logging.getLogger("x").exception("unexpected")
    finally:
        root.handlers[:], root.level = before
    first, second, *traceback = written.getvalue().split("\n")
    assert first.endswith("WARNING completed by Kari 2026-11-23 ERROR ****")
    assert second.endswith("ERROR unexpected")
    assert all(line.startswith("    ") for line in traceback[:-1])
    assert "    ValueError: ****" in "\n".join(traceback)


def test_json_on_a_terminal_is_the_same_json_without_effects() -> None:
    said = json.dumps({"detail": "a\x9b31m\u202eb\u2028c\x7f", "who": "Kåre"}, ensure_ascii=False)
    assert redaction.escaped(said) == r'{"detail": "a\u009b31m\u202eb\u2028c\u007f", "who": "Kåre"}'
    assert json.loads(redaction.escaped(said)) == json.loads(said)
