"""OAuth access tokens: fetched once for all, renewed before they die, replaced once when refused."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests
from airbyte_cdk.models import FailureType
from airbyte_cdk.utils.traced_exception import AirbyteTracedException
from destination_asana.asana import auth
from destination_asana.asana.auth import BearerAuth, NoAuth, OAuthToken, PersonalAccessToken


class Tokens(OAuthToken):
    """Answers of the token service by hand, numbered."""

    def __init__(self, status=200, body='{"access_token": "token-%d", "expires_in": 3600}', patience=0):
        super().__init__("client", "secret", "refresh", "https://localhost/", patience=patience)
        self.status, self.body, self.asked = status, body, 0

    def _ask(self):
        self.asked += 1
        answer = requests.Response()
        answer.status_code = self.status
        answer._content = (self.body.replace("%d", str(self.asked))).encode()
        return answer


@pytest.fixture
def clock(monkeypatch):
    class Clock:
        now = 1000.0

    monkeypatch.setattr(auth.time, "monotonic", lambda: Clock.now)
    return Clock


def test_a_token_serves_until_five_minutes_before_its_end(clock):
    tokens = Tokens()
    assert tokens.token() == "token-1"
    clock.now += 3600 - 301
    assert tokens.token() == "token-1"
    clock.now += 2
    assert tokens.token() == "token-2"


def test_a_short_lived_token_serves_nine_tenths_of_its_life(clock):
    tokens = Tokens(body='{"access_token": "token-%d", "expires_in": 10}')
    tokens.token()
    clock.now += 8.9
    assert tokens.token() == "token-1"
    clock.now += 0.2
    assert tokens.token() == "token-2"


def test_a_renewal_that_fails_early_is_said_and_the_old_token_serves_on(clock, caplog):
    caplog.set_level("INFO")
    tokens = Tokens()
    tokens.token()
    clock.now += 3600 - 200
    tokens.status = 503
    assert [tokens.token(), tokens.token()] == ["token-1"] * 2
    assert tokens.asked == 2
    [line] = [record.getMessage() for record in caplog.records]
    assert line.startswith(
        "The access token could not be renewed yet (Asana's token service gave no token (status 503)."
    )
    assert " It lives for 200 s more; the renewal is tried again in " in line
    clock.now += 100
    tokens.status = 200
    assert tokens.token() == "token-3"


def test_many_threads_fetch_one_token_and_replace_a_refused_one_once():
    tokens = Tokens()
    together = threading.Barrier(8, timeout=30)

    def renewed():
        refused = tokens.token()
        together.wait()
        assert tokens.renew(refused)
        return tokens.token()

    with ThreadPoolExecutor(8) as pool:
        assert {each.result() for each in [pool.submit(renewed) for _ in range(8)]} == {"token-2"}
    assert tokens.asked == 2


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (400, '{"error": "invalid_grant", "error_description": "The refresh_token is not valid."}', "config_error"),
        (401, '{"error": "invalid_client"}', "config_error"),
        (503, "<html>busy</html>", "transient_error"),
        (200, "<html>a proxy's page</html>", "transient_error"),
        (200, "{}", "transient_error"),
    ],
)
def test_what_the_token_service_refuses_is_told_by_kind_and_without_secrets(status, body, kind):
    with pytest.raises(AirbyteTracedException) as caught:
        Tokens(status, body).token()
    assert caught.value.failure_type == FailureType(kind)
    assert "secret" not in caught.value.message.replace("client secret", "")


@pytest.mark.parametrize(
    ("status", "body"), [(503, "busy"), (429, ""), (200, "{}"), (400, '{"error": "invalid_grant"}')]
)
def test_an_early_renewal_that_fails_is_tried_again_while_the_old_token_lives(clock, status, body):
    tokens = Tokens()
    good = tokens.body
    assert tokens.token() == "token-1"
    clock.now += 3600 - 299
    tokens.status, tokens.body = status, body
    for _ in range(3):
        assert tokens.token() == "token-1"
    assert tokens.asked == 2, "the next try comes after a pause"
    clock.now += 1.1
    assert tokens.token() == "token-1"
    assert tokens.asked == 3
    tokens.status, tokens.body = 200, good
    clock.now += 2.1
    assert tokens.token() == "token-4"


def test_with_its_death_a_renewal_that_fails_ends_the_sync(clock):
    tokens = Tokens()
    tokens.token()
    tokens.status = 503
    clock.now += 3599
    assert tokens.token() == "token-1"
    clock.now += 1
    with pytest.raises(AirbyteTracedException):
        tokens.token()


@pytest.mark.parametrize("expires_in", ["-5", '"soon"', "NaN", "Infinity", "null", "0"])
def test_a_lifetime_that_is_none_is_an_hour(clock, expires_in):
    tokens = Tokens(body=f'{{"access_token": "token-%d", "expires_in": {expires_in}}}')
    tokens.token()
    clock.now += 3600 - 301
    assert tokens.token() == "token-1"
    clock.now += 2
    assert tokens.token() == "token-2"


def test_a_personal_access_token_is_never_renewed():
    token = PersonalAccessToken("abc")
    assert token.token() == "abc"
    assert token.renew("abc") is False


@pytest.mark.parametrize("asks_for", ["86400", "Fri, 07 Nov 2036 10:00:00 GMT", "200"])
def test_several_tries_come_before_the_end_however_long_the_token_service_asks_to_wait(clock, monkeypatch, asks_for):
    def sleep(seconds):
        clock.now += seconds

    monkeypatch.setattr(auth.time, "sleep", sleep)
    tokens = Tokens(patience=120)
    ask = tokens._ask

    def busy():
        answer = ask()
        answer.status_code, answer.headers["Retry-After"] = 503, asks_for
        return answer

    monkeypatch.setattr(tokens, "_ask", busy)
    with pytest.raises(AirbyteTracedException):
        tokens.token()
    assert tokens.asked == 4


def test_a_request_is_signed_with_the_token_or_left_alone():
    request = requests.Request("GET", "http://localhost/")
    assert BearerAuth("abc")(request.prepare()).headers["Authorization"] == "Bearer abc"
    assert "Authorization" not in NoAuth()(request.prepare()).headers


@pytest.mark.parametrize("token", ["abc\r\nX-Other: 1", "abc\n"])
def test_a_token_with_a_line_break_makes_no_header_of_its_own(token):
    with pytest.raises(requests.exceptions.InvalidHeader):
        BearerAuth(token)(requests.Request("GET", "http://localhost/").prepare())
