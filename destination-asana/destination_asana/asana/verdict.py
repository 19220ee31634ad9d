"""The next step after an attempt at a request: take the answer, repeat the request, look for its effect, or give up.
Pure.

Sources: Asana developer docs, "Errors" (statuses), "Rate limits" (429, `Retry-After`). Asana has no idempotency key, so a
create is repeated only if it certainly did not reach Asana.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

import requests
from urllib3.exceptions import ConnectTimeoutError, MaxRetryError, NewConnectionError, ProxyError

from destination_asana.asana.pauses import hint_in, pause_after

UNAUTHORIZED, TOO_MANY_REQUESTS, GATEWAY_TIMEOUT = 401, 429, 504
# A fault on Asana's side that may pass. 501 and the like do not pass.
PASSING_FAULTS = frozenset({500, 502, 503, GATEWAY_TIMEOUT})
# If a gateway gave up after this many seconds, the server may still be working, whatever the gateway answers.
SLOW_AFTER = 5.0
# The total pauses for rate limits that a single request takes before it ends the sync.
LONGEST_WAIT = 3600.0


class Step(StrEnum):
    """The next step."""

    TAKE = "take the answer"
    RENEW = "renew the access token and repeat"
    WAIT = "wait as the rate limit asks and repeat"
    REPEAT = "repeat after a short pause"
    LOOK = "look whether the request was applied"
    REFUSED = "report Asana's refusal"
    UNREACHABLE = "report that Asana gives no usable answer"


@dataclass(frozen=True)
class Answer:
    """An answer of Asana. `body` is its JSON, or None without JSON."""

    status: int
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def ok(self) -> bool:
        return self.status < 400

    @property
    def whole(self) -> bool:
        """Whether this is a success with Asana's `data` envelope. A success without it was cut off or is not Asana's."""
        return self.ok and isinstance(self.body, dict) and "data" in self.body


@dataclass(frozen=True)
class Patience:
    """The limits of retries: `attempts` for faults, `throttles` for rate limits; a pause that a rate limit asks for is
    kept up to `longest_pause` seconds."""

    attempts: int = 8
    throttles: int = 1000
    longest_pause: float = float("inf")


@dataclass(frozen=True)
class Verdict:
    """The next step. `pause` is in seconds; `reason` says what happened, without secrets; `slow` means that the server
    may still be working on the request."""

    step: Step
    reason: str = ""
    pause: float = 0.0
    slow: bool = False


@dataclass(frozen=True)
class Attempt:
    """An attempt and the earlier ones. `seconds` is how long the answer took; `waited` how long the request has paused
    for rate limits."""

    patience: Patience = Patience()
    repeatable: bool = True
    number: int = 1
    renewed: bool = False
    throttled: int = 0
    waited: float = 0.0
    seconds: float = 0.0

    @property
    def is_last(self) -> bool:
        return self.number >= self.patience.attempts

    def after(self, verdict: Verdict) -> Attempt:
        """The next attempt at the same request."""
        if verdict.step is Step.RENEW:
            return replace(self, renewed=True)
        if verdict.step is Step.WAIT:
            return replace(self, throttled=self.throttled + 1, waited=self.waited + verdict.pause)
        return replace(self, number=self.number + 1)


def verdict(answer: Answer | None, error: requests.RequestException | None, attempt: Attempt) -> Verdict:
    """The next step after an attempt that got an answer or, without one, failed with an error."""
    if answer is None:
        assert error is not None, "an attempt gives an answer or an error"
        return _without_answer(error, attempt)
    if answer.whole:
        return Verdict(Step.TAKE)
    if answer.status == UNAUTHORIZED and not attempt.renewed:
        return Verdict(Step.RENEW)
    if answer.status == TOO_MANY_REQUESTS:
        return _throttled(answer, attempt)
    if answer.ok or answer.status in PASSING_FAULTS:
        return _unusable(answer, attempt)
    return Verdict(Step.REFUSED)


def _without_answer(error: requests.RequestException, attempt: Attempt) -> Verdict:
    reason = _plain_reason(error)
    if not (attempt.repeatable or _never_sent(error)):
        slow = isinstance(error, requests.Timeout) or attempt.seconds > SLOW_AFTER
        return Verdict(Step.LOOK, reason, slow=slow)
    if attempt.is_last:
        return Verdict(Step.UNREACHABLE, reason)
    return Verdict(Step.REPEAT, reason, _short_pause(attempt))


def _throttled(answer: Answer, attempt: Attempt) -> Verdict:
    """Asana refuses the request without processing it, so any request may be repeated."""
    pause = pause_after(hint_in(answer.headers), attempt.throttled + 1)
    patience = attempt.patience
    if attempt.throttled >= patience.throttles or pause > patience.longest_pause or attempt.waited >= LONGEST_WAIT:
        return Verdict(Step.REFUSED)
    return Verdict(Step.WAIT, pause=pause)


def _unusable(answer: Answer, attempt: Attempt) -> Verdict:
    """An incomplete success, or a fault that may pass. The request may have been applied before either."""
    if not attempt.repeatable:
        reason = "an answer that is not whole" if answer.ok else f"status {answer.status}"
        return Verdict(Step.LOOK, reason, slow=answer.status == GATEWAY_TIMEOUT or attempt.seconds > SLOW_AFTER)
    if not attempt.is_last:
        reason = f"status {answer.status}" + (", not whole" if answer.ok else "")
        return Verdict(Step.REPEAT, reason, _short_pause(attempt))
    return Verdict(Step.UNREACHABLE, "an answer that is not valid JSON") if answer.ok else Verdict(Step.REFUSED)


def _short_pause(attempt: Attempt) -> float:
    """Half a second, doubled with every attempt, at most a minute."""
    return float(min(60.0, 0.5 * 2 ** (attempt.number - 1)))


def _never_sent(error: requests.RequestException) -> bool:
    """Whether the connection itself failed, so that the request cannot have been applied."""
    if isinstance(error, requests.ConnectTimeout):
        return True
    cause = error.args[0] if error.args else None
    reason = cause.reason if isinstance(cause, MaxRetryError) else cause
    return isinstance(reason, (NewConnectionError, ConnectTimeoutError, ProxyError))


def _plain_reason(error: requests.RequestException) -> str:
    if isinstance(error, requests.Timeout):
        return "it did not answer in time"
    if isinstance(error, requests.exceptions.SSLError):
        return "its TLS certificate could not be verified"
    if _never_sent(error):
        return "no connection"
    return "the connection broke before the answer was whole"
