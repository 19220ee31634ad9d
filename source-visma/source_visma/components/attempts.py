"""What comes after an attempt that brought no usable answer. Decisions only: nothing here waits or sends."""

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

import requests
from airbyte_cdk.sources.streams.http.error_handlers import ResponseAction

from source_visma.components.waits import retry_after

PATIENT = 3  # tries of a request for which there is no smaller one
MOST_REFUSED = 3  # more refusals (401) of a fresh token, with growing pauses
MOST_LIMITED = 15  # answers 429 to one request; that is hours when each one names a time to wait

Problem = requests.Response | requests.RequestException


class Then(StrEnum):
    """What to do next."""

    ASK_AGAIN = "ask again after the pause"
    HOLD_ALL = "ask again after the pause, in which no stream sends a call"
    RENEW = "ask again at once with another token"
    REFUSED = "give up: asking again would change nothing"
    REFUSED_LATER = "give up: a token that worked before is refused"
    UNANSWERED = "give up: no usable answer came"
    LIMITED = "give up: the rate limit does not let the request through"


class Verdict(NamedTuple):
    """What to do next, and after how many seconds."""

    then: Then
    pause: float = 0.0


@dataclass
class Attempts:
    """The attempts at one request so far. ``most`` is how many may stay without an answer."""

    most: int
    unanswered: int = 0
    limited: int = 0  # answers 429
    refusals: int = 0  # of fresh tokens
    rejected: str = ""  # the token that was refused first
    impure: bool = False  # whether an answer had characters that JSON does not allow

    def verdict(self, action: ResponseAction, problem: Problem, left: float, *, token_worked: bool) -> Verdict:
        """Counts an attempt, and says what comes next. ``left`` is the number of seconds until the deadline."""
        if action is ResponseAction.REFRESH_TOKEN_THEN_RETRY:
            return self._after_refused_token(left, token_worked)
        if action is ResponseAction.FAIL:
            return Verdict(Then.REFUSED)
        if action is ResponseAction.RATE_LIMITED:
            self.limited += 1
            over, next_step, end = self._tries > MOST_LIMITED, Then.HOLD_ALL, Then.LIMITED
        else:
            self.unanswered += 1
            over, next_step, end = self._asked_enough(problem), Then.ASK_AGAIN, Then.UNANSWERED
        pause = self._pause(problem)
        return Verdict(end) if over or pause > left else Verdict(next_step, pause)

    @property
    def _tries(self) -> int:
        return self.unanswered + self.limited

    def _pause(self, problem: Problem) -> float:
        asked_for = retry_after(problem) if isinstance(problem, requests.Response) else None
        return asked_for or 2.0**self._tries

    def _asked_enough(self, problem: Problem) -> bool:
        return self.unanswered >= self.most or (self.most < PATIENT and timed_out(problem))

    def _after_refused_token(self, left: float, worked: bool) -> Verdict:
        """Some servers of the service may not know a fresh token for seconds, so that it is sent again."""
        if not self.rejected:
            return Verdict(Then.RENEW)
        pause = 2.0 ** (self.refusals + 1)
        if self.refusals < MOST_REFUSED and pause <= left:
            self.refusals += 1
            return Verdict(Then.ASK_AGAIN, pause)
        return Verdict(Then.REFUSED_LATER if worked else Then.REFUSED)


def timed_out(problem: Problem) -> bool:
    """Whether the answer took too long. The same request would take too long again."""
    if isinstance(problem, requests.Response):
        return problem.status_code in (408, 504)
    return isinstance(problem, requests.ReadTimeout)
