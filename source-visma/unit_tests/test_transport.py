"""Addresses, refusals in words, and the gate's bookkeeping; what goes over the wire is tested against the sandbox."""

import pytest
from airbyte_cdk.utils.traced_exception import AirbyteTracedException
from source_visma.components.addresses import checked_url
from source_visma.components.clock import CLOCK
from source_visma.components.gate import Gate
from source_visma.components.words import message_of


@pytest.mark.parametrize(
    "url", ["https://api.finance.visma.net", "http://localhost:8101", "http://127.0.0.1", "http://[::1]:9"]
)
def test_addresses_a_token_may_go_to(url: str) -> None:
    assert checked_url("api_url", url + "/") == url


@pytest.mark.parametrize(
    "url",
    [
        "http://api.finance.visma.net",
        "http://localhost.evil.example",
        "https://",
        "https://[half",
        "x",
    ],
)
def test_addresses_it_may_not_go_to(url: str) -> None:
    with pytest.raises(AirbyteTracedException, match="api_url must begin with https://"):
        checked_url("api_url", url)


def test_an_address_that_some_programs_read_in_another_way() -> None:
    with pytest.raises(AirbyteTracedException, match="api_url must not hold a user name or password"):
        checked_url("api_url", "http://localhost@evil.example")


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b'{"error": "invalid_client"}', "invalid_client"),
        (b'{"error": "invalid_scope", "error_description": "Not yours"}', "invalid_scope: Not yours"),
        (b'{"message": "VismaId: 1. Error"}', "VismaId: 1. Error"),
        (b'{"Message": "Error"}', "Error"),
        (
            b'{"ExceptionType": "IPPException", "ExceptionMessage": "No license", "ExceptionFaultCode": "12027"}',
            "12027: No license",
        ),
        (b"<html><body><h1>502</h1>\n<p>Bad   gateway</p></body></html>", "502 Bad gateway"),
        (b"", "nothing"),
        (b"{}", "nothing"),
        (b"[1]", "[1]"),
    ],
)
def test_what_the_service_said(answer, body: bytes, words: str) -> None:
    assert " ".join(message_of(answer(body, 500)).split()) == words


def limits(answer, left: int, reset: int, limit: int = 100):
    return answer(b"[]", X_RateLimit_Limit=str(limit), X_RateLimit_Remaining=str(left), X_RateLimit_Reset=str(reset))


def wait(gate: Gate) -> float:
    """Seconds the next call has to wait; a call that need not is answered at once."""
    seconds = gate._book()
    if not seconds:
        gate._in_flight -= 1
    return seconds


@pytest.fixture(autouse=True)
def standing_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """No time passes between what was said and what it is asked for."""
    monkeypatch.setattr(CLOCK, "now", lambda: 1000.0)


def test_calls_go_out_while_nothing_is_known() -> None:
    gate = Gate(2)
    assert [wait(gate) for _ in range(50)] == [0.0] * 50


def test_a_closed_gate() -> None:
    gate = Gate(2)
    gate.close(30)
    gate.close(10)
    assert 29 < wait(gate) <= 30


def test_retry_after_closes_it(answer) -> None:
    gate = Gate(2)
    gate.learn(answer(b"", 429, Retry_After="17"))
    assert 16 < wait(gate) <= 17


def test_an_empty_budget_waits_for_the_window(answer) -> None:
    gate = Gate(1)
    with gate.turn(float("inf")):
        gate.learn(limits(answer, 0, 40))
    assert 39 < wait(gate) <= 40


def test_the_last_calls_of_a_budget_are_spaced(answer) -> None:
    gate = Gate(1)
    with gate.turn(float("inf")):
        gate.learn(limits(answer, 5, 60))
    assert wait(gate) == 0
    assert 11 < wait(gate) <= 12


def test_calls_in_flight_are_kept_in_reserve(answer) -> None:
    gate = Gate(3)
    for _ in range(3):
        gate._book()
    gate.learn(limits(answer, 2, 60))
    assert wait(gate) > 0


def test_a_deadline_is_not_waited_past() -> None:
    gate = Gate(1)
    gate.close(600)
    with pytest.raises(AirbyteTracedException, match="rate limit is used up"), gate.turn(0.0):
        raise AssertionError("the call went out")


def test_points_in_time_and_broken_headers_are_passed_over(answer) -> None:
    gate = Gate(1)
    gate.learn(limits(answer, 0, 1_790_000_000))
    gate.learn(answer(b"[]", X_RateLimit_Remaining="many"))
    assert wait(gate) == 0


def test_a_date_closes_it_too(answer) -> None:
    gate = Gate(2)
    gate.learn(
        answer(
            b"",
            429,
            Retry_After="Wed, 21 Oct 2026 07:28:17 GMT",
            Date="Wed, 21 Oct 2026 07:28:00 GMT",
        )
    )
    assert 16 < wait(gate) <= 17


def free(gate: Gate) -> int:
    """How many calls may go out at once."""
    taken = 0
    while gate._slots.acquire(blocking=False):
        taken += 1
    for _ in range(taken):
        gate._slots.release()
    return taken


def test_too_many_at_once_is_one_fewer_and_slowly_one_more(answer) -> None:
    gate, refusal = Gate(4), answer(b"", 429)
    for _ in range(2):
        with gate.turn(float("inf")) as first, gate.turn(float("inf")) as second:
            gate.learn(refusal)
            assert (first, second) == (0, 1)
        assert gate.crowded(refusal, 3)
    with gate.turn(float("inf")):
        pass  # a place goes when its call is over
    assert free(gate) == 2
    for _ in range(4 * Gate.EASY):
        assert free(gate) == 2
        gate.learn(answer(b"[]"))
    assert free(gate) == 3


def test_it_is_never_less_than_one_call(answer) -> None:
    gate, refusal = Gate(3), answer(b"", 429)
    for _ in range(5):
        gate.crowded(refusal, 2)
        with gate.turn(float("inf")):
            pass
    with gate.turn(float("inf")):
        pass
    assert free(gate) == 1


def test_a_refusal_that_says_how_long_or_comes_to_a_call_alone_is_another_thing(answer) -> None:
    gate = Gate(4)
    assert not gate.crowded(answer(b"", 429, Retry_After="5"), 3)
    assert not gate.crowded(answer(b"", 429), 0)
    assert not gate.crowded(answer(b"", 503), 3)
    assert free(gate) == 4
