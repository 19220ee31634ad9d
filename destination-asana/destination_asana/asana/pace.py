"""The pace of requests: how many a second a rate limit lets through, learned from its refusals. Pure; the caller gives
the time.

Asana documents 150 requests a minute for free workspaces and 1,500 for paid ones, counted over windows whose length it
does not publish. Refused requests count, too, and a cost quota may allow less (source: Asana developer docs, "Rate
limits"). So nothing is assumed before the first refusal.
"""

from __future__ import annotations

import math
from collections import deque

# Requests a minute that Asana documents: of all kinds by plan, and of searches.
DOCUMENTED = (150.0, 1500.0)
DOCUMENTED_SEARCHES = (60.0,)
# A measured pace this close to a documented one is taken for it.
_CLOSE = 0.12
# The part of the measured pace that is used at first.
_JUST_BELOW = 0.95
# The pace grows by this part in the first minute after a refusal, and ever faster after it: a limit that stays is met
# once in some minutes, and a limit that has become wider is found within minutes.
_GROWTH = 0.002
# How long what got through is remembered, in seconds. A longer window is not to be expected.
_LONGEST_MEMORY = 60.0
# A refusal so many seconds, or requests, after the last pause follows at once. So many in a row lower the pace to what
# got through, but not below this part at a time.
_AT_ONCE, _ENOUGH_LATER, _IN_A_ROW = 2.0, 10, 2
_FASTEST_FALL = 0.6
# A first refusal teaches the pace only after so many requests, or the third one after fewer.
_ENOUGH = 25
_UNEXPLAINED = 3
# Requests that may follow each other at once when the caller is late.
_CATCH_UP = 2.0


class Pace:
    """Gives out the moments at which requests may start. Times are in seconds of a monotonic clock. Not thread-safe.

    `resumes` is the end of the last pause; before the first one, the first request. The pace grows from there.
    """

    def __init__(self, documented: tuple[float, ...] = DOCUMENTED) -> None:
        self._documented = [each / 60 for each in documented]
        self._through: deque[float] = deque()
        self._ceiling: float | None = None
        self.resumes = -math.inf
        self._next = -math.inf
        # Begin and length of the window that an unbounded burst has filled, until its answers have come.
        self._filled: tuple[float, float] | None = None
        self._unexplained = 0
        self._in_a_row = 0

    @property
    def per_minute(self) -> float | None:
        """The learned pace, in requests a minute; None as long as none was learned."""
        return None if self._ceiling is None else self._ceiling * 60

    def reserve(self, now: float) -> float:
        """The moment at which the next request may start. Not to be asked during a pause."""
        if self.resumes == -math.inf:
            self.resumes = now
        if self._filled is not None:
            self._learn(*self._filled)
        speed = self.speed(now)
        if speed is None:
            return now
        at = max(self._next, now - _CATCH_UP / speed)
        self._next = at + 1 / speed
        return max(at, now)

    def speed(self, now: float) -> float | None:
        """The present pace in requests a second; None if it is not bounded."""
        if self._ceiling is None:
            return None
        minutes = max(0.0, now - self.resumes) / 60
        return self._ceiling * (_JUST_BELOW + _GROWTH * (math.exp(min(minutes, 12.0)) - 1))

    def got_through(self, now: float) -> None:
        """Counts a request that the limit let through."""
        self._through.append(now)
        while self._through[0] <= now - _LONGEST_MEMORY:
            self._through.popleft()

    def refused(self, now: float, pause: float, *, again: bool = False) -> None:
        """Learns from a refusal at `now`, after which nothing is sent for `pause` seconds. `again` means that an earlier
        refusal of the same burst was already counted; only the pause may become longer."""
        resumes = now + pause
        if again:
            resumes = max(resumes, self.resumes)
        elif self._ceiling is None:
            # The burst since the start has filled one window, and the pause is the rest of it. A pause comes in whole
            # seconds, rounded up. What got through is counted when all answers to the burst have come.
            begun = self.resumes if self.resumes > -math.inf else now
            window = min(max(resumes - 0.5 - begun, 1.0), _LONGEST_MEMORY)
            self._filled = max(begun, resumes - 0.5 - window), window
        else:
            self._ceiling = self._lower(self._ceiling, now, resumes)
        self.resumes = self._next = resumes

    def _learn(self, begun: float, window: float) -> None:
        """The first pace. A refusal after few requests says more about others on the token, or about the requests in flight,
        than about the pace; so it takes several of them, and then the lowest documented pace is assumed."""
        self._filled = None
        count = self._count(begun)
        self._unexplained += count < _ENOUGH
        if count >= _ENOUGH:
            self._ceiling = self._plausible(count / window)
        elif self._unexplained >= _UNEXPLAINED:
            self._ceiling = max(self._documented[0], count / window)

    def _lower(self, ceiling: float, now: float, resumes: float) -> float:
        """A little less than the present pace. Only refusals in a row show that much less is left, since others use the token:
        then it is what got through since the last pause, this pause included."""
        before = self.speed(now) or ceiling
        at_once = now - self.resumes < max(_AT_ONCE, _ENOUGH_LATER / before)
        self._in_a_row = self._in_a_row + 1 if at_once else 0
        if self._in_a_row < _IN_A_ROW:
            return self._plausible(before * _JUST_BELOW)
        measured = self._count(self.resumes) / max(resumes - self.resumes, 0.1)
        return self._plausible(max(min(measured, before), before * _FASTEST_FALL))

    def _count(self, since: float) -> int:
        return max(1, sum(since <= each for each in self._through))

    def _plausible(self, measured: float) -> float:
        """A documented pace, if the measured one is close to it."""
        return next((each for each in self._documented if abs(measured / each - 1) <= _CLOSE), measured)
