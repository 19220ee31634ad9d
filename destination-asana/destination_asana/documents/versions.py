"""Which of two versions of a document is the later one: Visma's own modification stamp tells, not the order of arrival.

What Asana holds of a document says in its description which version it is; a task of “Needs attention” which version got
through after one was rejected; and this module remembers what neither can: versions that changed nothing in Asana, and
those of tasks whose description a person has edited. A record without a stamp follows the order of arrival.
"""

from __future__ import annotations

import datetime
import threading
from typing import Any

STAMP = "lastModifiedDateTime"


def stamp_of(record: Any) -> str | None:
    """The stamp of a record as Visma wrote it; None where it has none, or none that is one."""
    stamp = record.get(STAMP) if isinstance(record, dict) else None
    text = stamp.strip() if isinstance(stamp, str) else ""
    moment = _moment(text)
    # An empty date of .NET (year 1) is none.
    return text.replace(" ", "T") if moment is not None and moment.year >= 1900 else None


def is_older(stamp: str | None, than: str | None) -> bool:
    """Whether a version is older than another; False where nothing tells.

    Stamps are local time: in the night in which clocks go back an hour comes twice, so that a stamp of that hour which
    is a little earlier may be the later one.
    """
    first, second = _moment(stamp), _moment(than)
    if first is None or second is None or (first.tzinfo is None) != (second.tzinfo is None):
        return False
    if first.tzinfo is None and _hour_that_comes_twice(first) and _hour_that_comes_twice(second):
        return second - first > datetime.timedelta(hours=1)
    return first < second


class Versions:
    """The versions that got through in this sync and that Asana does not tell. Thread-safe."""

    def __init__(self) -> None:
        self._stamps: dict[str, str] = {}
        self._lock = threading.Lock()

    def remember(self, key: str, stamp: str) -> None:
        with self._lock:
            if not is_older(stamp, self._stamps.get(key)):
                self._stamps[key] = stamp

    def newest(self, key: str, *told: str | None) -> str | None:
        """The latest of what is remembered of a document and what was `told` of it elsewhere."""
        newest = self._stamps.get(key)
        for stamp in told:
            if stamp is not None and (newest is None or is_older(newest, stamp)):
                newest = stamp
        return newest


def _moment(text: str | None) -> datetime.datetime | None:
    try:
        return datetime.datetime.fromisoformat(text or "")
    except ValueError:
        return None


def _hour_that_comes_twice(moment: datetime.datetime) -> bool:
    """On the last Sunday of October, at the hours at which clocks go back in Visma's countries."""
    last_sunday = moment.month == 10 and moment.day >= 25 and moment.isoweekday() == 7
    return last_sunday and 1 <= moment.hour <= 4
