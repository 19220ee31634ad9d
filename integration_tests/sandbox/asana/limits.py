"""The limits of a token: requests per minute, requests in flight, searches, and the cost quota.

Rules: Asana developer docs, "Rate limits". Refused requests count as well; the cost of an answer is charged afterwards.
"""

import math
import time
from collections import deque
from typing import Any

from .errors import ApiError, throttled
from .settings import Settings


class Usage:
    """What one token has used. Times are of the monotonic clock."""

    def __init__(self, settings: Settings, name: str) -> None:
        self.settings = settings
        self.name = name
        self.requests: deque[float] = deque()
        self.searches: deque[float] = deque()
        self.in_flight = {"read": 0, "write": 0}
        self.peak = {"read": 0, "write": 0}
        self.refused = {"rate": 0, "in_flight": 0, "search": 0, "cost": 0}
        self.spent = 0.0
        self._charged_at = self._now()

    def _now(self) -> float:
        return time.monotonic() + self.settings.limits_clock_offset

    def admit(self, kind: str, count: int = 1, searches: int = 0) -> None:
        """Admits `count` requests (more than one in a batch) of kind `read` or `write`, or raises ApiError 429.

        `searches` of them are searches.
        """
        budget = self.settings.request_budget
        if budget:
            window = self.settings.rate_window
            refused = _over(self.requests, max(1, round(budget * window / 60)), window, count, self._now())
            if refused:
                raise self._refuse("rate", refused)
        if searches:
            refused = _over(self.searches, max(1, self.settings.search_per_minute), 60.0, searches, self._now())
            if refused:
                raise self._refuse("search", refused)
        allowed = self.settings.reads_in_flight if kind == "read" else self.settings.writes_in_flight
        if allowed and self.in_flight[kind] + count > allowed:
            raise self._refuse("in_flight", 1)
        if self.balance() < 0:
            per_second = self.settings.cost_budget / 60
            raise self._refuse("cost", max(1, math.ceil(-self.balance() / per_second)))

    def _refuse(self, reason: str, wait: int) -> ApiError:
        self.refused[reason] += 1
        return throttled(wait)

    def begin(self, kind: str, count: int = 1) -> None:
        self.in_flight[kind] += count
        self.peak[kind] = max(self.peak[kind], self.in_flight[kind])

    def end(self, kind: str, count: int = 1) -> None:
        self.in_flight[kind] -= count

    def balance(self) -> float:
        """The rest of the cost quota, which refills steadily up to one minute's worth."""
        budget = self.settings.cost_budget
        if not budget:
            return math.inf
        now = self._now()
        self.spent = max(0.0, self.spent - (now - self._charged_at) * budget / 60)
        self._charged_at = now
        return budget - self.spent

    def charge(self, cost: float) -> None:
        self.balance()
        self.spent += cost

    def as_dict(self) -> dict[str, Any]:
        balance = self.balance()
        return {
            "in_flight": self.in_flight,
            "peak_in_flight": self.peak,
            "refused": self.refused,
            "cost_balance": None if balance == math.inf else round(balance, 1),
        }


def _over(log: deque[float], allowed: int, window: float, count: int, now: float) -> int:
    """Counts `count` requests. Returns the seconds to wait if they exceed `allowed` in `window`, else 0."""
    while log and log[0] <= now - window:
        log.popleft()
    log.extend([now] * count)
    if len(log) <= allowed:
        return 0
    while len(log) > 2 * allowed:  # a client that hammers is not shut out for ever
        log.popleft()
    return max(1, math.ceil(log[len(log) - allowed] + window - now))
