"""Times as Asana writes and reads them, and dates in HTTP headers. Pure."""

from __future__ import annotations

import datetime
from email.utils import parsedate_to_datetime


def iso(moment: datetime.datetime) -> str:
    """A time (UTC) in the form that Asana reads."""
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03d}Z"


def stamp_in(text: str | None) -> datetime.datetime | None:
    """Parses a time as Asana writes it (RFC 3339); None for any other text."""
    try:
        moment = datetime.datetime.fromisoformat((text or "").replace("Z", "+00:00"))
    except ValueError:
        return None
    return _in_utc(moment)


def http_date(text: str | None) -> datetime.datetime | None:
    """The date in a header such as `Date` or `Retry-After`; None for any other text."""
    try:
        moment = parsedate_to_datetime(text or "")
    except (ValueError, TypeError):
        return None
    return _in_utc(moment)


def _in_utc(moment: datetime.datetime) -> datetime.datetime:
    """The moment itself; without a zone, UTC."""
    return moment if moment.tzinfo else moment.replace(tzinfo=datetime.UTC)
