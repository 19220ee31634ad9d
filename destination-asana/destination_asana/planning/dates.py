"""Calendar dates. Pure."""

from __future__ import annotations

import datetime


def shifted(day: str, days: int) -> str:
    """The date `days` days after `day` (`YYYY-MM-DD`)."""
    return (datetime.date.fromisoformat(day) + datetime.timedelta(days=days)).isoformat()
