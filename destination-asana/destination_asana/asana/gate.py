"""One gate for all requests of one token: how many may be in flight, how fast they may follow each other, and when nobody
may send."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import Enum

from destination_asana.asana.pace import DOCUMENTED_SEARCHES, Pace

logger = logging.getLogger("airbyte")

# Per token and independent of each other; source: Asana developer docs, "Rate limits", concurrent requests.
MAX_READS_IN_FLIGHT = 50
MAX_WRITES_IN_FLIGHT = 15


class Kind(Enum):
    """The kinds of requests that Asana limits in different ways. Searches have a limit of their own beside the common one."""

    READ = "read"
    SEARCH = "search"
    WRITE = "write"

    @property
    def write(self) -> bool:
        return self is Kind.WRITE


class _Lane:
    """One rate limit: its pace, and when its last pause began."""

    def __init__(self, pace: Pace) -> None:
        self.pace = pace
        self.pause_began = 0.0
        # Grows with each pause: a moment that was given out before is void.
        self.pauses = 0


class Gate:
    """Keeps all workers within the token's limits.

    A 429 stops every worker for its Retry-After (pauses.py), halves the number of requests in flight, and teaches the pace
    (pace.py). Every other answer opens the gate again a little. The 429 of a search stops only searches: if the common limit is
    meant, another request meets it, too.
    """

    def __init__(
        self,
        reads: int = MAX_READS_IN_FLIGHT,
        writes: int = MAX_WRITES_IN_FLIGHT,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._limits = {False: float(reads), True: float(writes)}
        self._window = dict(self._limits)
        self._in_flight = {False: 0, True: 0}
        self._clock = clock
        self._common = _Lane(Pace())
        self._searches = _Lane(Pace(DOCUMENTED_SEARCHES))
        self._lock = threading.Lock()
        # One condition for each kind, so that a finished request wakes one waiting request and not all of them.
        self._free = {write: threading.Condition(self._lock) for write in (False, True)}
        self.seconds_waited = 0.0
        self.peak_reads = 0
        self.peak_writes = 0

    @property
    def pauses(self) -> int:
        """How often Asana asked for a pause."""
        return self._common.pauses + self._searches.pauses

    @property
    def per_minute(self) -> float | None:
        """The pace that refusals have taught, in requests a minute; None without any."""
        return self._common.pace.per_minute

    @contextmanager
    def slot(self, kind: Kind) -> Iterator[float]:
        """A place among the requests in flight. Yields the moment (monotonic seconds) at which the request may start."""
        free = self._free[kind.write]
        with free:
            self._take_place(kind.write)
        try:
            yield self._wait_for_turn(kind)
        finally:
            with free:
                self._in_flight[kind.write] -= 1
                free.notify()

    def _take_place(self, write: bool) -> None:
        while self._in_flight[write] >= int(self._window[write]):
            self._free[write].wait()
        self._in_flight[write] += 1
        if write:
            self.peak_writes = max(self.peak_writes, self._in_flight[write])
        else:
            self.peak_reads = max(self.peak_reads, self._in_flight[write])

    def _wait_for_turn(self, kind: Kind) -> float:
        """Waits until the pace and the pauses allow the request."""
        lanes = [self._common, self._searches] if kind is Kind.SEARCH else [self._common]
        turns: dict[_Lane, tuple[int, float]] = {}
        while True:
            with self._lock:
                now = self._clock()
                wait = max(lane.pace.resumes for lane in lanes) - now
                if wait <= 0:
                    for lane in lanes:
                        if lane not in turns or turns[lane][0] != lane.pauses:
                            turns[lane] = lane.pauses, lane.pace.reserve(now)
                    wait = max(turn for _, turn in turns.values()) - now
            if wait <= 0:
                return now
            time.sleep(wait)

    def throttled(self, kind: Kind, started: float, retry_after: float) -> None:
        """Stops everybody for `retry_after` seconds after the 429 of a request that began at `started`."""
        lane = self._searches if kind is Kind.SEARCH else self._common
        with self._lock:
            now = self._clock()
            # Answers to requests that were sent before the last pause belong to the same event.
            again = started < lane.pause_began
            if not again:
                lane.pause_began = now
                lane.pauses += 1
                self._window[kind.write] = max(1.0, self._window[kind.write] / 2)
                whom = "searches wait" if lane is self._searches else "all workers wait"
                logger.info(f"Asana asks for a pause of {retry_after:g} s (429, too many requests); {whom}.")
            before = max(now, lane.pace.resumes)
            lane.pace.refused(now, retry_after, again=again)
            self.seconds_waited += max(0.0, lane.pace.resumes - before)

    def answered(self, kind: Kind) -> None:
        """Counts a request that the rate limit let through, and opens the gate a little further, up to the documented
        limit."""
        with self._lock:
            now = self._clock()
            self._common.pace.got_through(now)
            if kind is Kind.SEARCH:
                self._searches.pace.got_through(now)
            if self._window[kind.write] < self._limits[kind.write]:
                self._window[kind.write] = min(
                    self._limits[kind.write], self._window[kind.write] + 1 / self._window[kind.write]
                )
                self._free[kind.write].notify()
