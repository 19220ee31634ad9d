"""Which of two versions of a document is the later one: Visma's own modification stamp tells, not the order of arrival.

What Asana holds of a document says in its description which version it is; a task of “Needs attention” which version got
through after one was rejected; and this module remembers what neither can: versions that changed nothing in Asana, and
those of tasks whose description a person has edited. A record without a stamp follows the order of arrival.
"""

from __future__ import annotations

import datetime
import re
import threading
from typing import Any

STAMP = "lastModifiedDateTime"
# Visma's countries lie between UTC and so many hours east of it.
FARTHEST_EAST = datetime.timedelta(hours=3)
# Clocks of machines may be wrong, by years on a bad day.
MOST_AHEAD = datetime.timedelta(days=3650)
_DATE_AND_TIME = re.compile(r"^(\d{4}-\d{2}-\d{2})\s+(\d)")
_SPACES = re.compile(r"\s+")


def stamp_of(record: Any) -> str | None:
    """The stamp of a record as Visma wrote it, without white space; None where it has none, or none that is one."""
    stamp = record.get(STAMP) if isinstance(record, dict) else None
    text = _SPACES.sub("", _DATE_AND_TIME.sub(r"\1T\2", stamp.strip())) if isinstance(stamp, str) else ""
    return text if _moment(text) is not None else None


def is_older(stamp: str | None, than: str | None) -> bool:
    """Whether a version is older than another; False where nothing tells.

    Stamps are local time: in the night in which clocks go back an hour comes twice, so that a stamp of that hour which
    is a little earlier may be the later one. One with an offset and one without are some hours apart before they tell.
    """
    first, second = _moment(stamp), _moment(than)
    if first is None or second is None or _is_mistaken(second):
        return False
    if (first.tzinfo is None) != (second.tzinfo is None):
        return _latest(first) < _earliest(second)
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
        moment = datetime.datetime.fromisoformat(text or "")
    except ValueError:
        return None
    # An empty date of .NET (year 1) is none, and the last one (year 9999) means no end.
    return moment if 1900 <= moment.year < 9999 else None


def _is_mistaken(moment: datetime.datetime) -> bool:
    """Whether a stamp lies so far ahead that no clock explains it: it would keep every later version out for ever."""
    return _earliest(moment) > datetime.datetime.now(datetime.UTC) + MOST_AHEAD


def _earliest(moment: datetime.datetime) -> datetime.datetime:
    """The moment a stamp stands for; of local time, the first one it may stand for in one of Visma's countries."""
    return moment if moment.tzinfo else moment.replace(tzinfo=datetime.UTC) - FARTHEST_EAST


def _latest(moment: datetime.datetime) -> datetime.datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=datetime.UTC)


def _hour_that_comes_twice(moment: datetime.datetime) -> bool:
    """On the last Sunday of October, at the hours at which clocks go back in Visma's countries."""
    last_sunday = moment.month == 10 and moment.day >= 25 and moment.isoweekday() == 7
    return last_sunday and 1 <= moment.hour <= 4
