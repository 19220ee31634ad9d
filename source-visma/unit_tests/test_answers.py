"""Answers that are not what was asked for: what they are taken for, and what is said about them."""

import pytest
from source_visma.components.answers import json_of
from source_visma.components.errors import ImpureAnswer, Refusal, SaidInstead, UnreadableAnswer
from source_visma.components.waits import retry_after


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (b'[{"name": "Nord\x01lys"}]', "Nord\ufffdlys"),
        (b'[{"name": "Nordlys \\ud83d AS"}]', "Nordlys \ufffd AS"),
        (b'[{"name": "Nordlys \\uDC00"}]', "Nordlys \ufffd"),
        (b'[{"name": "\\ud83d\\ude00 \\\\ud83d \\udE00"}]', "\U0001f600 \\ud83d \ufffd"),
        (b'\xef\xbb\xbf[{"name": "Nordlys"}]', "Nordlys"),
        ('[{"name": "Bl\u00e5b\u00e6r"}]'.encode("utf-16"), "Bl\u00e5b\u00e6r"),
        (b'[{"name": "Bl\xe5b\xe6r"}]', "Bl\ufffdb\ufffdr"),
        (b'[{"name": "two\nlines\tand a tab"}]', "two\nlines\tand a tab"),
    ],
)
def test_characters_json_does_not_allow(answer, body: bytes, text: str) -> None:
    with pytest.raises(ImpureAnswer) as found:
        json_of(answer(body), list)
    assert json_of(found.value.mended, list) == [{"name": text}]


@pytest.mark.parametrize(
    ("body", "place"),
    [
        (b'[{"name": "Nord\x01lys"},\n {"name": Nordlys}]', "line 2, column 11"),
        (b'[{"name": "Nordlys", "amount": 1.5.2}]', "line 1, column 35"),
        (b'[{"name": "Bl\xe5b', "line 1, column 11"),
        (b"<html>", "line 1, column 1"),
        (b'[{"amount": 1e999}]', "a number that is none"),
        (b'[{"amount": NaN}]', "a number that is none"),
    ],
)
def test_what_cannot_be_read_even_so_is_said_with_its_place(answer, body: bytes, place: str) -> None:
    with pytest.raises(UnreadableAnswer, match=f"not the whole JSON list .*{place}") as found:
        json_of(answer(body), list)
    assert type(found.value) is UnreadableAnswer


@pytest.mark.parametrize(("body", "status"), [(b"", 204), (b"null", 200), (b" null\n", 200)])
def test_ways_of_saying_nothing(answer, body: bytes, status: int) -> None:
    assert json_of(answer(body, status), list) == []


def test_words_of_the_service_in_place_of_a_list(answer) -> None:
    with pytest.raises(SaidInstead, match=r"said: VismaId: 7\. Down until six") as found:
        json_of(answer(b'{"message": "VismaId: 7.\\r\\nDown until\\nsix"}'), list)
    assert not isinstance(found.value, Refusal)
    assert "firewall" not in found.value.advice


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b'"The service is down for maintenance"', "The service is down for maintenance"),
        (b'{"ExceptionType": "System.TimeoutException", "ExceptionMessage": "Timeout expired"}', "Timeout expired"),
        (b'{"title": "Service Unavailable", "status": 503}', "Service Unavailable"),
        (b'{"title": "Error", "detail": "The company is being upgraded"}', "The company is being upgraded"),
    ],
)
def test_words_in_other_forms_are_said_and_not_taken_for_a_refusal(answer, body: bytes, words: str) -> None:
    with pytest.raises(SaidInstead, match=f"said: {words}$") as found:
        json_of(answer(body), list)
    assert not isinstance(found.value, Refusal)


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"Service temporarily\r\nunavailable", "; it says: Service temporarily unavailable"),
        (b"<html><body><h1>Sign in to the network</h1></body></html>", "; it says: Sign in to the network"),
        (b'[{"name": "Kari Nordmann", "phone', "column 28"),
        (b'\xef\xbb\xbf [{"name": "Kari Nordmann"', "column 27"),
    ],
)
def test_a_text_in_place_of_json_is_said_and_cut_records_are_not(answer, body: bytes, words: str) -> None:
    with pytest.raises(UnreadableAnswer) as found:
        json_of(answer(body), list)
    assert str(found.value).endswith(words)
    assert "Nordmann" not in str(found.value)


@pytest.mark.parametrize(
    "body",
    [
        b'{"ExceptionType": "IPPException", "ExceptionMessage": "No license", "ExceptionFaultCode": "12027"}',
        b'{"message": "12027: No license for this company."}',
        b'"12027: No license for this company."',
    ],
)
def test_a_refusal_of_the_gateway_means_what_it_means_with_its_usual_status(answer, body: bytes) -> None:
    with pytest.raises(Refusal, match="12027: No license") as found:
        json_of(answer(body), list)
    assert found.value.usual.status_code == 400


@pytest.mark.parametrize(
    ("value", "date", "seconds"),
    [
        ("17", "", 17),
        ("Wed, 21 Oct 2026 07:28:30 GMT", "Wed, 21 Oct 2026 07:28:00 GMT", 30),
        ("Wed, 21 Oct 2026 07:28:00 GMT", "Wed, 21 Oct 2026 07:28:30 GMT", 1),
        ("Wed, 21 Oct 2099 07:28:00 GMT", "", 86400),
        ("0", "", 1),
        ("-5", "", 1),
        ("1e30", "", 86400),
        ("nan", "", None),
        ("soon", "", None),
        ("", "", None),
    ],
)
def test_how_long_to_wait(answer, value: str, date: str, seconds: float | None) -> None:
    assert retry_after(answer(b"", 429, Retry_After=value, Date=date)) == seconds
