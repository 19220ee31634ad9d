"""What comes after an attempt without a usable answer, as a table."""

import pytest
import requests
from airbyte_cdk.sources.streams.http.error_handlers import ResponseAction
from source_visma.components.attempts import Attempts, Then, Verdict
from source_visma.components.bearer import BearerAuth

RETRY, LIMITED = ResponseAction.RETRY, ResponseAction.RATE_LIMITED
REFRESH, FAIL = ResponseAction.REFRESH_TOKEN_THEN_RETRY, ResponseAction.FAIL
EVER = float("inf")


@pytest.mark.parametrize(
    ("before", "action", "status", "headers", "left", "verdict"),
    [
        # without an answer: longer and longer, up to the manifest's number
        ({"most": 7}, RETRY, 503, {}, EVER, (Then.ASK_AGAIN, 2.0)),
        ({"most": 7, "unanswered": 2}, RETRY, 500, {}, EVER, (Then.ASK_AGAIN, 8.0)),
        ({"most": 7, "unanswered": 6}, RETRY, 500, {}, EVER, (Then.UNANSWERED, 0.0)),
        ({"most": 7, "unanswered": 2, "limited": 1}, RETRY, 500, {}, EVER, (Then.ASK_AGAIN, 16.0)),
        ({"most": 7}, RETRY, 503, {"Retry_After": "20"}, EVER, (Then.ASK_AGAIN, 20.0)),
        ({"most": 7}, RETRY, 503, {"Retry_After": "20"}, 19.0, (Then.UNANSWERED, 0.0)),
        # a request that takes too long is not repeated where a smaller one may follow
        ({"most": 2}, RETRY, 504, {}, EVER, (Then.UNANSWERED, 0.0)),
        ({"most": 2}, RETRY, 500, {}, EVER, (Then.ASK_AGAIN, 2.0)),
        ({"most": 3}, RETRY, 408, {}, EVER, (Then.ASK_AGAIN, 2.0)),
        # the rate limit counts on its own
        ({"most": 1}, LIMITED, 429, {"Retry_After": "30"}, EVER, (Then.HOLD_ALL, 30.0)),
        ({"most": 1, "limited": 3}, LIMITED, 429, {}, EVER, (Then.HOLD_ALL, 16.0)),
        ({"most": 1, "limited": 14}, LIMITED, 429, {"Retry_After": "1"}, EVER, (Then.HOLD_ALL, 1.0)),
        ({"most": 1, "limited": 15}, LIMITED, 429, {"Retry_After": "1"}, EVER, (Then.LIMITED, 0.0)),
        ({"most": 1}, LIMITED, 429, {"Retry_After": "30"}, 29.0, (Then.LIMITED, 0.0)),
        # refused tokens
        ({"most": 7}, REFRESH, 401, {}, EVER, (Then.RENEW, 0.0)),
        ({"most": 7, "rejected": "old"}, REFRESH, 401, {}, EVER, (Then.ASK_AGAIN, 2.0)),
        ({"most": 7, "rejected": "old", "refusals": 2}, REFRESH, 401, {}, EVER, (Then.ASK_AGAIN, 8.0)),
        ({"most": 7, "rejected": "old", "refusals": 3}, REFRESH, 401, {}, EVER, (Then.REFUSED, 0.0)),
        ({"most": 7, "rejected": "old"}, REFRESH, 401, {}, 1.0, (Then.REFUSED, 0.0)),
        ({"most": 7}, FAIL, 403, {}, EVER, (Then.REFUSED, 0.0)),
    ],
)
def test_verdicts(answer, before, action, status, headers, left, verdict) -> None:
    found = Attempts(**before).verdict(action, answer(b"", status, **headers), left, token_worked=False)
    assert found == Verdict(*verdict)


def test_a_token_that_worked_before_may_work_again() -> None:
    refused = Attempts(7, rejected="old", refusals=3)
    assert refused.verdict(REFRESH, requests.Response(), EVER, token_worked=True).then is Then.REFUSED_LATER


def test_a_slow_answer_is_known_by_its_exception_too() -> None:
    slow, cut = requests.ReadTimeout("slow"), requests.ConnectionError("cut")
    assert Attempts(2).verdict(RETRY, slow, EVER, token_worked=True).then is Then.UNANSWERED
    assert Attempts(2).verdict(RETRY, cut, EVER, token_worked=True) == (Then.ASK_AGAIN, 2.0)


def test_limited_and_unanswered_attempts_count_apart() -> None:
    attempts = Attempts(2)
    for action in (LIMITED, LIMITED, RETRY):
        attempts.verdict(action, requests.ConnectionError(), EVER, token_worked=True)
    assert (attempts.limited, attempts.unanswered) == (2, 1)
    assert attempts.verdict(RETRY, requests.ConnectionError(), EVER, token_worked=True).then is Then.UNANSWERED


@pytest.mark.parametrize(("token", "header"), [("abc", "Bearer abc"), ("", None)])
def test_a_bearer_or_nothing(token: str, header: str | None) -> None:
    prepared = requests.Request("GET", "https://a.example", auth=BearerAuth(token)).prepare()
    assert prepared.headers.get("Authorization") == header
