"""The message of a refusal, in one line; access tokens and their renewal."""

import itertools
from typing import Any

import httpx
import pytest
from webhook_listener import http
from webhook_listener.http import OAuthToken, TokenError, words


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (
            {"message": "Error: Terms 'TT' cannot be found in the system.\r\nTry another.\r\n"},
            "Error: Terms 'TT' cannot be found in the system. Try another.",
        ),
        ({"ExceptionType": "IPPException", "ExceptionMessage": "", "ExceptionFaultCode": "12002"}, "12002"),
        (
            {"ExceptionMessage": "No license for this company.", "ExceptionFaultCode": "12027"},
            "No license for this company.",
        ),
        ({}, "nothing but the status 400"),
    ],
)
def test_words(body: dict[str, str], message: str) -> None:
    assert words(httpx.Response(400, json=body)) == message


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    now = [1000.0]
    monkeypatch.setattr(http.time, "monotonic", lambda: now[0])
    return now


def serve(monkeypatch: pytest.MonkeyPatch, expires_in: object) -> OAuthToken:
    """A token service that numbers its tokens."""
    numbers = itertools.count(1)

    def post(*_: object, **__: object) -> httpx.Response:
        return httpx.Response(200, json={"access_token": f"token-number-{next(numbers)}", "expires_in": expires_in})

    monkeypatch.setattr(http.httpx, "post", post)
    return OAuthToken("Asana", "https://app.asana.com/-/oauth_token", {"client_secret": "a secret"})


@pytest.mark.parametrize(
    ("expires_in", "good_for"),
    [(3600, 3480), (100, 80), ("100", 80), (None, 144), ("soon", 144), (-5, 144), (0, 144)],
)
def test_a_token_is_renewed_before_it_expires(
    monkeypatch: pytest.MonkeyPatch, clock: list[float], expires_in: object, good_for: float
) -> None:
    token = serve(monkeypatch, expires_in)
    assert token.token() == "token-number-1"
    clock[0] += good_for - 0.1
    assert token.token() == "token-number-1"
    clock[0] += 0.1
    assert token.token() == "token-number-2"


def test_a_refused_token_is_replaced_once(monkeypatch: pytest.MonkeyPatch, clock: list[float]) -> None:
    token = serve(monkeypatch, 3600)
    first = token.token()
    assert token.renew(first)
    assert token.renew(first)
    assert token.token() == "token-number-2"


def test_an_answer_without_a_token(monkeypatch: pytest.MonkeyPatch) -> None:
    answer = httpx.Response(400, json={"error": "invalid_grant"})
    monkeypatch.setattr(http.httpx, "post", lambda *_, **__: answer)
    token = OAuthToken("Asana", "https://app.asana.com/-/oauth_token", {})
    with pytest.raises(TokenError, match="Asana's token service answered 400 to a token request: invalid_grant"):
        token.token()


@pytest.mark.parametrize(
    ("header", "seconds"),
    [("7", 7.0), ("0.5", 0.5), ("-5", 0.0), ("1e300", 86_400.0), ("inf", None), ("nan", None), ("soon", None)],
)
def test_no_pause_is_longer_than_a_thread_can_wait(services: Any, header: str, seconds: float | None) -> None:
    services.answers["GET /tasks/7"] = (429, None, {"Retry-After": header})
    service = http.Service("Asana", "https://app.asana.com/api/1.0", http.NoAuthentication())
    with pytest.raises(http.ServiceError) as refused:
        service.call("GET", "/tasks/7")
    service.close()
    assert refused.value.retry_after == seconds
