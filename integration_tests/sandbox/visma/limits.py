"""Rate limits: a fixed window for each company and client, and the rule against repeating one request over and over."""

from __future__ import annotations

import math
import time
from collections import defaultdict, deque
from email.utils import formatdate

from integration_tests.sandbox.visma.errors import RefusedError
from integration_tests.sandbox.visma.settings import Settings
from integration_tests.sandbox.visma.stamps import Clock

POLICY = "4-fixed-window"


class RateLimiter:
    """Counts calls. Rules and headers: Visma.net API documentation, "Rate limits"; repeats: its 2021 predecessor."""

    def __init__(self, settings: Settings, clock: Clock) -> None:
        self._settings = settings
        self._clock = clock
        self._windows: dict[str, tuple[float, int]] = {}
        self._failures: dict[str, deque[float]] = defaultdict(deque)
        self._repeats: dict[str, deque[float]] = defaultdict(deque)
        self._closed_until = 0.0
        self.too_early = 0

    def headers(self, caller: str) -> dict[str, str]:
        """The present X-RateLimit headers for this caller."""
        if not self._settings.rate_headers:
            return {}
        start, used = self._window(caller)
        return {
            "X-RateLimit-Limit": str(self._settings.rate_limit),
            "X-RateLimit-Remaining": str(max(0, self._settings.rate_limit - used)),
            "X-RateLimit-Reset": str(self._seconds_left(start)),
            "X-RateLimit-Policy": POLICY,
        }

    def admit(self, caller: str, request: str) -> None:
        """Counts one call. Raises RefusedError 429 with Retry-After if the caller may not make it now."""
        if self._clock.seconds() < self._closed_until:
            self.too_early += 1
        start, used = self._window(caller)
        if used >= self._settings.rate_limit:
            self.close(self._seconds_left(start))
            raise self._too_many(self._seconds_left(start), "API calls quota exceeded.")
        self._windows[caller] = (start, used + 1)
        self._repeated(self._failures[request], self._settings.failing_limit, self._settings.failing_window)
        if self._settings.repeat_limit:
            times = self._repeats[request]
            self._repeated(times, self._settings.repeat_limit, self._settings.repeat_window)
            times.append(self._clock.seconds())

    def failed(self, request: str) -> None:
        """Remembers that the service itself refused this request."""
        self._failures[request].append(self._clock.seconds())

    def close(self, seconds: float) -> None:
        """Registers that the caller was asked to wait. Calls before that time are counted in ``too_early``."""
        self._closed_until = max(self._closed_until, self._clock.seconds() + seconds)

    def _repeated(self, times: deque[float], limit: int, window: float) -> None:
        now = self._clock.seconds()
        while times and times[0] <= now - window:
            times.popleft()
        if limit and len(times) >= limit:
            raise self._too_many(times[0] + window - now, "Same request made too many times.")

    def _too_many(self, seconds: float, message: str) -> RefusedError:
        told = waiting(max(1, math.ceil(seconds)), self._settings.retry_after)
        return RefusedError(429, {"message": message}, {"Retry-After": told})

    def crowd(self, calls: int) -> None:
        """Raises RefusedError 429 without a time to wait if too many calls run at once."""
        if 0 < self._settings.concurrent_calls < calls:
            raise RefusedError(429, {"message": "Too many concurrent requests."})

    def _window(self, caller: str) -> tuple[float, int]:
        now = self._clock.seconds()
        start, used = self._windows.get(caller, (now, 0))
        if now >= start + self._settings.rate_window:
            start, used = now, 0
        self._windows[caller] = (start, used)
        return start, used

    def _seconds_left(self, start: float) -> int:
        return max(0, math.ceil(start + self._settings.rate_window - self._clock.seconds()))


def waiting(seconds: float, form: str) -> str:
    """The value of Retry-After, as a number or as a date."""
    return formatdate(math.ceil(time.time()) + seconds, usegmt=True) if form == "date" else f"{seconds:g}"
