"""How long to wait before asking again: a service's own hint (`Retry-After`), trusted within bounds. Pure."""

from __future__ import annotations

import datetime
import math
from collections.abc import Mapping
from email.utils import parsedate_to_datetime

# No service of this kind shuts a client out for longer; a mistaken hint must not hold a sync for a day.
LONGEST_HINT = 300.0
# Where a hint is of no use, pauses double from a second up to this.
LONGEST_GUESS = 60.0


def hint_in(headers: Mapping[str, str]) -> float | None:
    """The seconds a `Retry-After` asks for, as a number or as a date; None where it is missing or is neither.

    A date is compared with the answer's own `Date`, or, without one, with this machine's clock.
    """
    text = (headers.get("Retry-After") or "").strip()
    try:
        seconds = float(text)
    except ValueError:
        moment = _moment(text)
        if moment is None:
            return None
        seconds = (moment - (_moment(headers.get("Date")) or datetime.datetime.now(datetime.UTC))).total_seconds()
    return None if math.isnan(seconds) else seconds


def pause_after(hint: float | None, tries: int) -> float:
    """The pause before the next try after so many: the hint where it is a second or more, at most LONGEST_HINT; else a
    second that doubles with every try."""
    if hint is not None and hint >= 1.0:
        return min(hint, LONGEST_HINT)
    return min(LONGEST_GUESS, 2.0 ** min(tries - 1, 10))


def _moment(text: str | None) -> datetime.datetime | None:
    try:
        moment = parsedate_to_datetime(text or "")
    except (ValueError, TypeError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=datetime.UTC)
