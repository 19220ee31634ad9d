"""The format of log lines. No line contains a secret, and no foreign text can begin a new line."""

from __future__ import annotations

import logging
import re
import sys

_secrets: set[str] = set()
# Control characters (line ends, escape sequences), Unicode's line ends, marks of direction, halves of surrogate pairs.
_DECEPTIVE = re.compile(r"[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]+")


def add_secret(value: str) -> None:
    """Registers a value that must not appear in any output."""
    if len(value) >= 4:
        _secrets.add(value)


def plain(text: str) -> str:
    """A text of others that cannot pass for more than a part of its line."""
    return _DECEPTIVE.sub(" ", text)


def escaped(json_text: str) -> str:
    """The same JSON without characters that steer a terminal or turn the direction of writing."""
    return _DECEPTIVE.sub(lambda found: "".join(f"\\u{ord(each):04x}" for each in found[0]), json_text)


def redacted(text: str) -> str:
    """The text with every registered secret replaced."""
    for secret in sorted(_secrets, key=len, reverse=True):
        text = text.replace(secret, "****")
    return text


class _Formatter(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        record.msg, record.args = plain(record.getMessage()), None
        message, *trace = redacted(super().format(record)).split("\n")
        # An exception may repeat texts of others, so the lines of its traceback are set in.
        return "\n".join([message, *(f"    {plain(line)}" for line in trace)])


def set_up_logging() -> None:
    """One line for each record on standard error. Libraries that log request addresses are limited to warnings."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Formatter("%(asctime)s %(levelname)s %(message)s", "%Y-%m-%dT%H:%M:%S%z"))
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    for name in ("httpx", "httpcore", "uvicorn.access"):
        logging.getLogger(name).setLevel(logging.WARNING)
