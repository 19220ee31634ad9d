"""What a first load will cost, said as soon as it can be known."""

from __future__ import annotations

import logging
import math
from collections.abc import Callable

logger = logging.getLogger("airbyte")

# Of the 1,500 requests a minute that Asana's paid plans allow, what a sync reaches for sure.
CALLS_PER_MINUTE = 1275
# Said with the first records, then each time the load has grown so many times.
FIRST, GROWTH = 200, 5


# A learned pace that has moved by this factor is said again.
NEWS = 1.5


class Outlook:
    """Counts the documents of a first load. `is_first` says whether no document was in Asana before this sync; `per_minute`
    is the pace of calls that Asana's refusals have taught, None without any."""

    def __init__(self, is_first: Callable[[], bool], per_minute: Callable[[], float | None]) -> None:
        self._is_first = is_first
        self._per_minute = per_minute
        self._said_pace: float | None = None
        self._tasks = 0
        self._left_out = 0
        self._items = 0
        self._announced: dict[str, int] = {}
        self._next = FIRST

    def announce(self, stream: str, rows: int) -> None:
        """The source says how many records a stream of documents has."""
        self._announced[stream] = rows

    def expect(self, items: int) -> None:
        """A document that may get a task has come, with so many lines that become items."""
        self._tasks += 1
        self._items += items
        if self._tasks >= self._next and self._is_first():
            self._next = self._tasks * GROWTH
            self._say()

    def leave_out(self) -> None:
        """A closed document that probably gets no task has come."""
        self._left_out += 1

    def show(self) -> None:
        """Says what the load takes at the pace that the sync has learned, as soon as it has, and when it has changed much."""
        pace, said = self._per_minute(), self._said_pace
        if self._next == FIRST or pace is None or (said is not None and 1 / NEWS < pace / said < NEWS):
            return
        self._said_pace = pace
        tasks, calls = self._whole()
        logger.info(
            f"First load: {tasks} tasks and {calls} calls take {_at(pace, calls)}, as many as Asana lets through."
        )

    @property
    def _so_far(self) -> int:
        return self._tasks + self._left_out

    def _whole(self) -> tuple[int, int]:
        """The tasks and calls of the whole load, as far as they are known. The documents to come are taken for like those so
        far: as many of them get a task, with as many lines."""
        so_far = self._so_far
        factor = max(sum(self._announced.values()), so_far) / so_far
        return round(self._tasks * factor), round((self._tasks + self._items) * factor)

    def _say(self) -> None:
        known = sum(self._announced.values())
        tasks, calls = self._whole()
        self._said_pace = self._per_minute()
        pace = (
            f"At the {CALLS_PER_MINUTE} calls a minute that a paid plan takes for sure, this takes {_duration(calls / CALLS_PER_MINUTE)}"
            if self._said_pace is None
            else f"This takes {_at(self._said_pace, calls)}, as many as Asana lets through"
        )
        so_far = self._so_far
        counted = f"Visma announces {known} documents" if known > so_far else f"{so_far} documents so far"
        smaller = "" if self._left_out else "create_closed off, "
        logger.info(
            f"First load: {counted}, about {tasks} tasks and {calls} calls to Asana. {pace}. More documents make it longer. "
            f"To make it smaller: a later start_date in the source, {smaller}line_items as description. You may stop "
            "the sync at any time and go on later; nothing is written twice."
        )


def _at(pace: float, calls: int) -> str:
    return f"{_duration(calls / pace)} at {pace:.0f} calls a minute"


def _duration(minutes: float) -> str:
    """A duration in words: minutes, or hours from two on."""
    if minutes > 120:
        return f"about {minutes / 60:.0f} h"
    whole = math.ceil(minutes)
    return f"about {whole} {'minute' if whole == 1 else 'minutes'}"
