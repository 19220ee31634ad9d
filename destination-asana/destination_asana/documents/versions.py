"""Which of two versions of a document is later, by Visma's own modification stamp and not by the order of arrival.

The description of a task says which version it shows. A task in “Needs attention” says which version was written after
another one was rejected. This module remembers the versions that neither can show: those that changed nothing in Asana,
and those of tasks whose description a person has edited. Records without a stamp follow the order of arrival. Pure.
"""

from __future__ import annotations

import datetime
import re
import threading
from typing import Any

STAMP = "lastModifiedDateTime"
# Local time in Visma's countries is between UTC and this far ahead of it.
FARTHEST_EAST = datetime.timedelta(hours=3)
# The clock of a machine may be wrong by years.
MOST_AHEAD = datetime.timedelta(days=3650)
_DATE_AND_TIME = re.compile(r"^(\d{4}-\d{2}-\d{2})\s+(\d)")
_SPACES = re.compile(r"\s+")


def stamp_of(record: Any) -> str | None:
    """The stamp of a record as Visma wrote it, without white space. None if it is missing or invalid."""
    stamp = record.get(STAMP) if isinstance(record, dict) else None
    if not isinstance(stamp, str):
        return None
    text = _SPACES.sub("", _DATE_AND_TIME.sub(r"\1T\2", stamp.strip()))
    return text if _moment(text) is not None else None


def is_older(stamp: str | None, than: str | None) -> bool:
    """Whether a version is older than another. False if the stamps do not decide.

    Stamps are local time. When clocks go back, one hour comes twice, and the earlier of two stamps in that hour may belong to
    the later version. A stamp with an offset and one without must be some hours apart before they decide.
    """
    first, second = _moment(stamp), _moment(than)
    if first is None or second is None or _is_mistaken(second):
        return False
    if (first.tzinfo is None) != (second.tzinfo is None):
        return _latest(first) < _earliest(second)
    if first.tzinfo is None and _may_come_twice(first) and _may_come_twice(second):
        return second - first > datetime.timedelta(hours=1)
    return first < second


class Versions:
    """The versions that this sync has processed and that Asana does not show. Thread-safe."""

    def __init__(self) -> None:
        self._stamps: dict[str, str] = {}
        self._lock = threading.Lock()

    def remember(self, key: str, stamp: str) -> None:
        with self._lock:
            if not is_older(stamp, self._stamps.get(key)):
                self._stamps[key] = stamp

    def newest(self, key: str, *others: str | None) -> str | None:
        """The latest stamp of a document among those remembered here and the `others`."""
        newest = self._stamps.get(key)
        for stamp in others:
            if stamp is not None and (newest is None or is_older(newest, stamp)):
                newest = stamp
        return newest


def _moment(text: str | None) -> datetime.datetime | None:
    if text is None:
        return None
    try:
        moment = datetime.datetime.fromisoformat(text)
    except ValueError:
        return None
    # In .NET year 1 means an empty date and year 9999 means no end.
    return moment if 1900 <= moment.year < 9999 else None


def _is_mistaken(moment: datetime.datetime) -> bool:
    """Whether a stamp is too far in the future for any clock. It would keep out every later version for ever."""
    return _earliest(moment) > datetime.datetime.now(datetime.UTC) + MOST_AHEAD


def _earliest(moment: datetime.datetime) -> datetime.datetime:
    """The moment of a stamp. For local time, the earliest moment it can mean in any of Visma's countries."""
    return moment if moment.tzinfo else moment.replace(tzinfo=datetime.UTC) - FARTHEST_EAST


def _latest(moment: datetime.datetime) -> datetime.datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=datetime.UTC)


def _may_come_twice(moment: datetime.datetime) -> bool:
    """Whether a local time falls in the hours when clocks go back in Visma's countries, on the last Sunday of October."""
    last_sunday = moment.month == 10 and moment.day >= 25 and moment.isoweekday() == 7
    return last_sunday and 1 <= moment.hour <= 4
