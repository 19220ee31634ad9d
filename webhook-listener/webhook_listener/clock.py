"""The time and its written forms. All code uses one clock, so that a test can move it forward by a day."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

Clock = Callable[[], float]
"""Returns the seconds since 1970."""

# The times that have a written form with room on both sides: roughly the years 2 to 9998. Nobody means any other.
_EARLIEST, _LATEST = -62_100_000_000.0, 253_370_000_000.0

system: Clock = time.time


def iso(moment: float) -> str:
    """Seconds since 1970 as `2026-11-23T10:15:00.123Z`."""
    return datetime.fromtimestamp(moment, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def parse(text: object) -> float | None:
    """Seconds since 1970 of an RFC 3339 date-time (without a zone: UTC), or None for any other text and for times without a
    written form in UTC."""
    if not isinstance(text, str) or len(text) < 10:
        return None
    try:
        moment = datetime.fromisoformat(text)
        seconds = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
    except (ValueError, OverflowError):
        return None
    return seconds if _EARLIEST < seconds < _LATEST else None


def parse_http(text: str) -> float | None:
    """Seconds since 1970 of a date in an HTTP header (`Mon, 23 Nov 2026 10:15:07 GMT`), or None for any other text and for
    times without a written form in UTC."""
    try:
        seconds = parsedate_to_datetime(text).timestamp()
    except (ValueError, OverflowError):
        return None
    return seconds if _EARLIEST < seconds < _LATEST else None
