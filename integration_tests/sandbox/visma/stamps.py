"""Visma's date-times: local wall clock without a zone, in SQL Server ``datetime`` steps of 1/300 second, trailing zeros cut."""

from __future__ import annotations

import re
import time
from datetime import datetime, timedelta

# Formats the service documents for its date filters. A zone, a "Z" or more than three decimals is not among them.
_FILTER = re.compile(r"\d{4}-\d\d-\d\d(?:[ T]\d\d:\d\d:\d\d(?:\.\d{1,3})?)?\Z")
_RECORD = re.compile(r"(\d{4}-\d\d-\d\d)(?:T(\d\d:\d\d:\d\d)(?:\.(\d{1,7}))?)?\Z")


def render(moment: datetime) -> str:
    """A moment as the service writes it, e.g. ``2026-03-20T06:35:22.153``, ``…22.34`` or ``…22``."""
    ticks = round(moment.microsecond * 300 / 1_000_000)
    moment = moment.replace(microsecond=0) + timedelta(seconds=ticks // 300)
    milliseconds = round(ticks % 300 * 10 / 3)
    text = moment.strftime("%Y-%m-%dT%H:%M:%S")
    return f"{text}.{milliseconds:03d}".rstrip("0") if milliseconds else text


def parse(text: str | None) -> datetime | None:
    """The moment of a record's stamp, or None if it is missing or has another form."""
    match = _RECORD.match(text) if isinstance(text, str) else None
    if not match:
        return None
    date, clock, fraction = match.groups()
    try:
        moment = datetime.fromisoformat(f"{date}T{clock or '00:00:00'}")
    except ValueError:
        return None
    return moment.replace(microsecond=int((fraction or "0").ljust(6, "0")[:6]))


def parse_filter(text: str) -> datetime:
    """The moment in a date filter. Raises ValueError for a format that the service does not document."""
    if not _FILTER.match(text):
        raise ValueError(text)
    return datetime.fromisoformat(text)


class Clock:
    """The company's wall clock: this machine's, at an offset from UTC, shifted by control requests.

    Stamps are local time: when clocks go back, stamps go back with them, and an hour comes twice.
    """

    def __init__(self, offset: timedelta = timedelta(hours=1)) -> None:
        self.moved = 0.0
        self._offset = offset
        self._next: tuple[float, timedelta] | None = None
        self._last: datetime | None = None

    def set_offset(self, offset: timedelta, seconds: float = 0.0) -> None:
        """Changes the clock's offset from UTC after this many seconds; by default at once."""
        if seconds > 0:
            self._next = (self.seconds() + seconds, offset)
        else:
            self._offset, self._next = offset, None

    def seconds(self) -> float:
        """Seconds since the epoch, for lifetimes and windows."""
        return time.time() + self.moved

    def now(self) -> datetime:
        """Company-local time now, without zone."""
        return self._utc() + self._offset_now()

    def stamp(self, *, utc: bool = False) -> str:
        """A new modification stamp, never the same twice, as from a database that writes one row after the other."""
        moment = self._utc()
        if self._last is not None and moment - self._last < timedelta(milliseconds=4):
            moment = self._last + timedelta(milliseconds=4)
        self._last = moment
        return render(moment if utc else moment + self._offset_now())

    def _utc(self) -> datetime:
        return datetime(1970, 1, 1) + timedelta(seconds=self.seconds())

    def _offset_now(self) -> timedelta:
        if self._next is not None and self.seconds() >= self._next[0]:
            self._offset, self._next = self._next[1], None
        return self._offset
