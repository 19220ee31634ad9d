"""Visma's dates and times as it writes them."""

import re
from datetime import datetime, timedelta
from typing import Any


class Stamp:
    """Visma's date and time without a zone, kept as text: trimmed ISO stamps sort like the moments they name."""

    # What needs no closer look. Whether a month has a day after the 28th does.
    USUAL = re.compile(r"\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,7})?")
    ODD = re.compile(r"(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d:\d\d)(?:\.(\d{1,7}))?)?(?:Z|[+-]\d\d:?\d\d)?")

    @classmethod
    def plain(cls, text: Any) -> str:
        """The stamp as Visma gives it: with a T, without a zone. Raises ValueError for what is no stamp."""
        match = cls.ODD.fullmatch(text) if isinstance(text, str) else None
        if match is None:
            raise ValueError(f"{text!r} is not a date and time")
        day, clock, fraction = match.groups()
        plain = f"{day}T{clock or '00:00:00'}"
        datetime.fromisoformat(plain)
        return f"{plain}.{fraction}" if fraction else plain

    @classmethod
    def before(cls, plain: str, by: timedelta) -> str:
        """An earlier moment in the most exact form the API's filters take (milliseconds), rounded down."""
        try:
            return (datetime.fromisoformat(cls.even(plain)[:23]) - by).isoformat(timespec="milliseconds")
        except OverflowError:
            return plain

    @classmethod
    def reaches(cls, text: Any, since: str) -> bool:
        """Whether the stamp is not before the other. One that is missing or can't be read may be anything."""
        try:
            return cls.even(cls.plain(text)) >= cls.even(cls.plain(since))
        except ValueError:
            return True

    @classmethod
    def even(cls, plain: str) -> str:
        """The stamp with all seven decimals, so that equal moments are equal texts."""
        return f"{plain[:19]}.{plain[20:]:0<7}"
