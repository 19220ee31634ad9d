"""When a call may be sent: so many at once, within the budget of calls, and not while Visma asks to wait."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import cache
from typing import Any

import requests
from airbyte_cdk.models import FailureType

from source_visma.components.clock import CLOCK
from source_visma.components.deadlines import NEVER
from source_visma.components.errors import LOGGER, give_up
from source_visma.components.service_clock import ServiceClock
from source_visma.components.waits import retry_after


class Gate:
    """Lets the calls of all streams through: so many at once, none while Visma asks to wait, spaced when few are left.

    Rules: Visma.net API documentation, "Rate limits" (calls per hour, company and client; Retry-After in seconds).
    """

    EASY = 30  # answers without a refusal, before one more call at once is tried

    def __init__(self, workers: int) -> None:
        # No more threads than calls at once: a thread too many would overtake another that waits, and with one worker the
        # pages of a list would come in another order than they were asked for.
        self.pool = ThreadPoolExecutor(workers, thread_name_prefix="visma-page")
        self.room_ahead = threading.Semaphore(workers + 2)  # pages on their way or in memory, ahead of the readers
        self._slots = threading.Semaphore(workers)
        self._workers = self._allowed = workers  # calls at once: at most, and at present
        self._surplus = 0  # places that disappear when their calls end
        self._answered, self._patience = 0, self.EASY
        self._lock = threading.Lock()
        self._closed_until = self._next_call = self._window_ends = self._told = 0.0
        self._left, self._reserve, self._in_flight = NEVER, 0.0, 0
        self.clock = ServiceClock()
        self.lists: dict[str, Any] = {}  # by stream
        self.readable: set[str] = set()  # streams that got an answer
        self.refused: set[str] = set()  # streams that were refused
        self.asking_others = threading.Lock()

    @contextmanager
    def turn(self, deadline: float) -> Iterator[int]:
        """Waits for a free place and until the call may be sent. Yields the number of other calls in flight.

        Raises transient_error when the deadline is earlier.
        """
        self._slots.acquire()
        try:
            while (delay := self._book()) > 0:
                if CLOCK.now() + delay > deadline:
                    give_up(
                        FailureType.transient_error,
                        f"Visma.net's rate limit is used up. The next call may go out in {delay:.0f} s.",
                    )
                CLOCK.sleep(delay)
            try:
                yield self._in_flight - 1
            finally:
                with self._lock:
                    self._in_flight -= 1
        finally:
            self._leave()

    def close(self, seconds: float) -> None:
        """Lets nothing through for some time."""
        with self._lock:
            self._closed_until = max(self._closed_until, CLOCK.now() + seconds)

    def learn(self, response: requests.Response) -> None:
        """Takes over what an answer says about waiting and about the calls that are left in the present window."""
        headers = response.headers
        if response.status_code == 429:
            self.close(retry_after(response) or 0.0)
        else:
            self._ease()
        try:
            limit, left, reset = (int(headers[f"X-RateLimit-{name}"]) for name in ("Limit", "Remaining", "Reset"))
        except (KeyError, ValueError):
            return
        if reset > 86400:  # older gateways sent a point in time by their own clock
            return
        with self._lock:
            ends = CLOCK.now() + reset
            left -= self._in_flight - 1  # some may be counted in it already; a wait is better than a refusal
            self._left = left if ends > self._window_ends + 2 else min(self._left, left)
            self._window_ends, self._reserve = ends, limit / 10

    def crowded(self, response: requests.Response, beside: int) -> bool:
        """Whether a refusal means that too many calls were in flight. Then fewer are sent at once from now on.

        It means that when it names no time to wait, calls are left in the budget and others were in flight.
        """
        with self._lock:
            beside = max(beside, self._in_flight)
            if response.status_code != 429 or retry_after(response) or self._left < 1 or beside < 1:
                return False
            fewer = max(1, min(self._allowed - 1, beside))
            self._surplus += self._allowed - fewer
            self._patience = min(self._patience * 2, 100 * self.EASY)
            self._allowed, self._answered = fewer, 0
            return True

    def _ease(self) -> None:
        """Counts an answer. After many of them, one more call may be sent at once."""
        with self._lock:
            self._answered += 1
            if self._allowed == self._workers or self._answered < self._patience:
                return
            self._allowed, self._answered = self._allowed + 1, 0
            if self._surplus:
                self._surplus -= 1
            else:
                self._slots.release()

    def _leave(self) -> None:
        with self._lock:
            if self._surplus:
                self._surplus -= 1
            else:
                self._slots.release()

    def _book(self) -> float:
        """Seconds to wait; 0 when a call may be sent now, which is counted."""
        with self._lock:
            now = CLOCK.now()
            if now < self._closed_until:
                return self._closed_until - now
            if now >= self._window_ends:
                self._left = NEVER
            if self._left < self._reserve or self._left < 1:
                self._tell(now)
            if self._left < 1:
                return self._window_ends - now
            if now < self._next_call and self._left < NEVER:
                return self._next_call - now
            self._left -= 1
            self._in_flight += 1
            if self._left < self._reserve:
                self._next_call = now + (self._window_ends - now) / (self._left + 1)
            return 0.0

    def _tell(self, now: float) -> None:
        """Logs once in a window why calls wait."""
        if self._window_ends > self._told + 2:
            self._told = self._window_ends
            LOGGER.info(
                f"Visma.net's call budget has {max(0, self._left):.0f} calls left for {self._window_ends - now:.0f} s. They "
                "are spread over that time; then the next budget begins."
            )


# Streams are built independently of each other, each with its own components; what the API counts per client and
# company has to be one object for all of them.
@cache
def shared_gate(api_url: str, client_id: str, company_id: str, workers: int) -> Gate:
    """The one gate for this client and company."""
    return Gate(workers)
