"""Dates, times and plain notes as Asana writes and reads them."""

import html
import re
from datetime import UTC, date, datetime

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}\Z")


def iso(moment: float | None) -> str | None:
    """Seconds since 1970 as `2026-01-31T09:30:00.123Z`."""
    if moment is None:
        return None
    seconds, thousandths = divmod(round(moment * 1000), 1000)
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{thousandths:03d}Z"


def parse_date(text: object) -> str | None:
    """The date `YYYY-MM-DD`, or None if the text is not a calendar date."""
    if not isinstance(text, str) or not _DATE.match(text):
        return None
    try:
        date.fromisoformat(text)
    except ValueError:
        return None
    return text


def parse_moment(text: object) -> float | None:
    """Seconds since 1970 of an ISO 8601 date or date-time (no zone = UTC), or None."""
    if not isinstance(text, str) or len(text) < 10:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()


def day_of(moment: float) -> str:
    return datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%d")


def rich(text: str, html_text: str | None = None) -> str:
    """The rich-text form of a text: the original one, or the plain text escaped in a `<body>`."""
    return html_text if html_text is not None else f"<body>{html.escape(text, quote=False)}</body>"
