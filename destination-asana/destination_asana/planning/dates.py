"""Calendar dates. Pure."""

from __future__ import annotations

import datetime


def shifted(day: str, days: int) -> str:
    """So many days after `YYYY-MM-DD`."""
    return (datetime.date.fromisoformat(day) + datetime.timedelta(days=days)).isoformat()
