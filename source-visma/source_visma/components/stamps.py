"""Visma's dates and times as it writes them."""

import re
from datetime import datetime, timedelta
from typing import Any


class Stamp:
    """Visma's date and time without a zone, kept as text: trimmed ISO stamps sort like the moments they name."""

    # What needs no closer look. Whether a month has a day after the 28th does.
    USUAL = re.compile(r"\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,7})?")
    ODD = re.compile(r"(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d:\d\d)(?:\.(\d{1,7}))?)?(Z|[+-]\d\d:?\d\d)?")
    # The easternmost clock: what a stamp with a zone may be at the latest in a local time that is not known.
    EASTERNMOST = timedelta(hours=14)

    @classmethod
    def plain(cls, text: Any) -> str:
        """The stamp as Visma gives it: with a T, without a zone. Raises ValueError for what is no stamp."""
        match = cls.ODD.fullmatch(text) if isinstance(text, str) else None
        if match is None:
            raise ValueError(f"{text!r} is not a date and time")
        day, clock, fraction, _ = match.groups()
        plain = f"{day}T{clock or '00:00:00'}"
        datetime.fromisoformat(plain)
        return f"{plain}.{fraction}" if fraction else plain

    @classmethod
    def utc(cls, text: Any) -> str:
        """The moment in UTC, even, of a stamp that names its zone; empty for one without, whose zone is not known."""
        match = cls.ODD.fullmatch(text) if isinstance(text, str) else None
        if match is None or not match[4]:
            return ""
        even = cls.even(cls.plain(text))
        if match[4] == "Z":
            return even
        hours, minutes = int(match[4][1:3]), int(match[4][-2:])
        return cls.later(even, timedelta(hours=hours, minutes=minutes) * (1 if match[4][0] == "-" else -1))

    @classmethod
    def later(cls, even: str, by: timedelta) -> str:
        """An even stamp so much later."""
        try:
            return (datetime.fromisoformat(even[:26]) + by).isoformat(timespec="microseconds") + even[26:]
        except OverflowError:
            return even

    @classmethod
    def before(cls, plain: str, by: timedelta) -> str:
        """An earlier moment in the most exact form the API's filters take (milliseconds), rounded down."""
        try:
            return (datetime.fromisoformat(cls.even(plain)[:23]) - by).isoformat(timespec="milliseconds")
        except OverflowError:
            return plain

    @classmethod
    def reaches(cls, text: Any, since: str) -> bool:
        """Whether the stamp is not before the other, which has no zone. One that is missing or can't be read may be anything;
        one with a zone may be any local time of its moment."""
        try:
            utc = cls.utc(text)
            latest = cls.later(utc, cls.EASTERNMOST) if utc else cls.even(cls.plain(text))
            return latest >= cls.even(cls.plain(since))
        except ValueError:
            return True

    @classmethod
    def even(cls, plain: str) -> str:
        """The stamp with all seven decimals, so that equal moments are equal texts."""
        return f"{plain[:19]}.{plain[20:]:0<7}"
