"""Visma's dates and times as it writes them."""

import re
from datetime import datetime, timedelta
from typing import Any


class Stamp:
    """Visma's date and time without a zone, as text: trimmed ISO stamps sort like the moments that they name."""

    # Stamps that are surely valid. Days after the 28th need a closer look.
    USUAL = re.compile(r"\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,7})?")
    NEVER = "0001-"  # how a date that was never set begins
    ODD = re.compile(r"(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d:\d\d)(?:\.(\d{1,7}))?)?(Z|[+-]\d\d:?\d\d)?")
    # The easternmost clock: the latest local time that a stamp with a zone can be.
    EASTERNMOST = timedelta(hours=14)

    @classmethod
    def plain(cls, text: Any) -> str:
        """The stamp in Visma's form: with a T, without a zone. Raises ValueError for a text that is not a stamp."""
        match = cls.ODD.fullmatch(text) if isinstance(text, str) else None
        if match is None:
            raise ValueError(f"{text!r} is not a date and time")
        day, clock, fraction, _ = match.groups()
        plain = f"{day}T{clock or '00:00:00'}"
        datetime.fromisoformat(plain)
        return f"{plain}.{fraction}" if fraction else plain

    @classmethod
    def largest(cls, texts: list[Any]) -> str:
        """The largest of these stamps, if all of them are surely valid; otherwise empty."""
        try:
            return max(texts) if texts and all(map(cls.USUAL.fullmatch, texts)) else ""
        except TypeError:  # one of them is no text
            return ""

    @classmethod
    def utc(cls, text: Any) -> str:
        """The moment in UTC, with seven decimals, of a stamp that names its zone. Empty for a stamp without a zone."""
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
        """A stamp with seven decimals, so much later."""
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
        """Whether the stamp may be the other, which has no zone, or later. A stamp that is missing, was never set or cannot be
        read may be anything; one with a zone may be any local time of its moment."""
        if isinstance(text, str) and text.startswith(cls.NEVER):
            return True
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
