"""At how many points the tests kill a sync: at few of them by default, at all with KILL_POINTS=all (CONTRIBUTING.md)."""

import os
from collections.abc import Iterable
from typing import TypeVar

T = TypeVar("T")
ALL = os.environ.get("KILL_POINTS") == "all"


def some(points: Iterable[T], count: int = 5) -> list[T]:
    """So many of these points, evenly from the first to the last; all of them with KILL_POINTS=all."""
    every = list(points)
    if ALL or len(every) <= count:
        return every
    return [every[round(place * (len(every) - 1) / max(count - 1, 1))] for place in range(count)]
