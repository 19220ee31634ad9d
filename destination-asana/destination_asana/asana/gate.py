"""One gate for all requests of one token: how many in flight, and when nobody may send."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

logger = logging.getLogger("airbyte")

# Per token and independent of each other; source: Asana developer docs, "Rate limits", concurrent requests.
MAX_READS_IN_FLIGHT = 50
MAX_WRITES_IN_FLIGHT = 15


class Gate:
    """Keeps all workers inside the token's limits.

    The requests per minute differ by plan and are counted over windows Asana does not publish, so they are learned
    from its answers: a 429 stops every worker for its Retry-After (pauses.py) and halves the number of requests in
    flight; every success opens the gate again a little. On a throttled plan that costs one refused request a window.
    """

    def __init__(self, reads: int = MAX_READS_IN_FLIGHT, writes: int = MAX_WRITES_IN_FLIGHT) -> None:
        self._limits = {False: float(reads), True: float(writes)}
        self._window = dict(self._limits)
        self._in_flight = {False: 0, True: 0}
        self._paused_until = 0.0
        self._last_pause_began = 0.0
        self._lock = threading.Lock()
        # One condition per kind, so that a finished request wakes one waiting request and not all of them.
        self._free = {write: threading.Condition(self._lock) for write in (False, True)}
        self.seconds_waited = 0.0
        self.pauses = 0
        self.peak_reads = 0
        self.peak_writes = 0

    @contextmanager
    def slot(self, write: bool) -> Iterator[float]:
        """A place among the requests in flight; gives the moment (monotonic seconds) the request may start."""
        free = self._free[write]
        with free:
            while True:
                now = time.monotonic()
                if now < self._paused_until:
                    free.wait(self._paused_until - now)
                elif self._in_flight[write] >= int(self._window[write]):
                    free.wait()
                else:
                    break
            self._in_flight[write] += 1
            if write:
                self.peak_writes = max(self.peak_writes, self._in_flight[write])
            else:
                self.peak_reads = max(self.peak_reads, self._in_flight[write])
            started = time.monotonic()
        try:
            yield started
        finally:
            with free:
                self._in_flight[write] -= 1
                free.notify()

    def throttled(self, write: bool, started: float, retry_after: float) -> None:
        """Stops everybody for `retry_after` seconds after the 429 of a request that began at `started`."""
        with self._lock:
            now = time.monotonic()
            until = now + retry_after
            # Answers to requests sent before the last pause are the same event, told again.
            if started >= self._last_pause_began:
                self._last_pause_began = now
                self._window[write] = max(1.0, self._window[write] / 2)
                self.pauses += 1
                logger.info(f"Asana asks for a pause of {retry_after:g} s (429, too many requests); all workers wait.")
            if until > self._paused_until:
                self.seconds_waited += until - max(now, self._paused_until)
                self._paused_until = until

    def succeeded(self, write: bool) -> None:
        """Opens the gate a little further, up to the documented limit."""
        if self._window[write] < self._limits[write]:
            with self._free[write]:
                self._window[write] = min(self._limits[write], self._window[write] + 1 / self._window[write])
                self._free[write].notify()
