"""The time and its written forms. Everybody asks one clock, so that a test can let a day pass."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

Clock = Callable[[], float]
"""Gives seconds since 1970."""

system: Clock = time.time


def iso(moment: float) -> str:
    """Seconds since 1970 as `2026-11-23T10:15:00.123Z`."""
    return datetime.fromtimestamp(moment, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def parse(text: object) -> float | None:
    """Seconds since 1970 of an RFC 3339 date-time (no zone = UTC), or None when it is none."""
    if not isinstance(text, str) or len(text) < 10:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()


def parse_http(text: str) -> float | None:
    """Seconds since 1970 of a date as HTTP headers carry it (`Mon, 23 Nov 2026 10:15:07 GMT`), or None when it is none."""
    try:
        return parsedate_to_datetime(text).timestamp()
    except ValueError:
        return None
