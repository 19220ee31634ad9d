"""The wait before a retry: the service's own hint (`Retry-After`), trusted within bounds. Pure."""

from __future__ import annotations

import datetime
import math
from collections.abc import Mapping

from destination_asana.asana.stamps import http_date

# No such service shuts a client out for longer, and a wrong hint must not hold a sync for a day.
LONGEST_HINT = 300.0
# Without a useful hint, pauses double from one second up to this.
LONGEST_GUESS = 60.0


def hint_in(headers: Mapping[str, str]) -> float | None:
    """The seconds that a `Retry-After` asks for, as a number or a date; None if it is missing or neither.

    A date is compared with the answer's own `Date` or, without one, with this machine's clock.
    """
    text = (headers.get("Retry-After") or "").strip()
    try:
        seconds = float(text)
    except ValueError:
        moment = http_date(text)
        if moment is None:
            return None
        seconds = (moment - (http_date(headers.get("Date")) or datetime.datetime.now(datetime.UTC))).total_seconds()
    return None if math.isnan(seconds) else seconds


def pause_after(hint: float | None, tries: int) -> float:
    """The pause before the next try, after this many: the hint if it is a second or more, at most LONGEST_HINT; else one
    second, doubled with every try."""
    if hint is not None and hint >= 1.0:
        return min(hint, LONGEST_HINT)
    return min(LONGEST_GUESS, 2.0 ** min(tries - 1, 10))
