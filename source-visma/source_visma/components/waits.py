"""How long an answer asks to wait."""

import math
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import requests

LONGEST = 86_400.0  # a day: the budgets of calls are per hour


def retry_after(response: requests.Response) -> float | None:
    """Seconds that Retry-After asks for, as a number or as a date: at least one, at most a day. None without it."""
    text = response.headers.get("Retry-After", "").strip()
    try:
        seconds = float(text)
    except ValueError:
        until = moment_of(text)
        if until is None:
            return None
        # The date is by the service's clock, so the difference is, too.
        now = moment_of(response.headers.get("Date", "")) or datetime.now(UTC)
        seconds = (until - now).total_seconds()
    return None if math.isnan(seconds) else min(max(1.0, seconds), LONGEST)


def moment_of(text: str) -> datetime | None:
    """The moment a header names, in UTC; None when it names none."""
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError):
        return None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
