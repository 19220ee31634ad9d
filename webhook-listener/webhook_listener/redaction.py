"""The format of the log: no line shows a secret, and no text of others can start a line."""

from __future__ import annotations

import logging
import re
import sys

_secrets: set[str] = set()
_LINE_ENDS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")


def add_secret(value: str) -> None:
    """Registers a value that no output may show."""
    if len(value) >= 4:
        _secrets.add(value)


def redacted(text: str) -> str:
    """The text with every registered secret replaced."""
    for secret in sorted(_secrets, key=len, reverse=True):
        text = text.replace(secret, "****")
    return text


class _Formatter(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        record.msg, record.args = _LINE_ENDS.sub(" ", record.getMessage()), None
        return redacted(super().format(record))


def set_up_logging() -> None:
    """One line per record on standard error; libraries that log addresses of requests are silenced below warnings."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Formatter("%(asctime)s %(levelname)s %(message)s", "%Y-%m-%dT%H:%M:%S%z"))
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    for name in ("httpx", "httpcore", "uvicorn.access"):
        logging.getLogger(name).setLevel(logging.WARNING)
