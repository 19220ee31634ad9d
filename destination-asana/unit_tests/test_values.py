"""Typed reading of a record's values."""

import math
from decimal import Decimal

import pytest
from destination_asana.documents.errors import RecordError
from destination_asana.documents.reader import Reader, half_up
from destination_asana.documents.values import number_value, text_value
from hypothesis import given
from hypothesis import strategies as st


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, None),
        ("", None),
        ("  ", None),
        (" a ", "a"),
        (12, "12"),
        ("a\x00b", "ab"),
        ("\ud83dx", "x"),
        ("æøå", "æøå"),
    ],
)
def test_text(value, text):
    assert Reader({"f": value}).text("f") == text


@pytest.mark.parametrize(
    ("value", "places", "rounded"),
    [
        (0.005, 2, "0.01"),
        (1.005, 2, "1.01"),
        (-2.675, 2, "-2.68"),
        (2.5, 0, "3"),
        (3.5, 0, "4"),
        (-2.5, 0, "-3"),
        (0.25, 1, "0.3"),
        (0.35, 1, "0.4"),
        (Decimal("1000.0000"), 2, "1000.00"),
        (-0.004, 2, "0.00"),
    ],
)
def test_halves_are_rounded_away_from_zero_as_people_round_money(value, places, rounded):
    assert str(half_up(value, places)) == rounded


@pytest.mark.parametrize("value", [-0.0, "-0.0000", "-0"])
def test_zero_has_no_sign(value):
    assert str(Reader({"f": value}).number("f")) in ("0", "0.0", "0.0000")


@pytest.mark.parametrize("value", ["1,5", "x", True, [], {}, math.nan, math.inf])
def test_not_a_number(value):
    with pytest.raises(RecordError, match="should be a number"):
        Reader({"f": value}).money("f")


def test_an_amount_that_would_lose_cents_is_refused():
    assert Reader({"f": 9_999_999_999_999.99}).money("f") == Decimal("9999999999999.99")
    with pytest.raises(RecordError, match="larger than Asana can store"):
        Reader({"f": 10_000_000_000_000}).money("f")


@pytest.mark.parametrize(
    ("value", "date"),
    [
        ("2026-01-24T00:00:00", "2026-01-24"),
        ("2026-01-24", "2026-01-24"),
        ("2026-01-24T23:59:59.1234567", "2026-01-24"),
        ("0001-01-01T00:00:00", None),
        ("1900-01-01T00:00:00", "1900-01-01"),
        ("", None),
        (None, None),
    ],
)
def test_dates(value, date):
    assert Reader({"f": value}).date("f") == date


@pytest.mark.parametrize("value", ["24.01.2026", "2026-13-01", "2026-01-2400", 20260124, "T00:00:00"])
def test_not_a_date(value):
    with pytest.raises(RecordError, match="should be a date"):
        Reader({"f": value}).date("f")


def test_an_error_names_the_whole_path_and_never_floods():
    inner = Reader({"a": {"b": [{"c": "x" * 500}]}}).object("a").objects("b")[0]
    with pytest.raises(RecordError) as caught:
        inner.number("c")
    assert caught.value.field == "a.b[0].c"
    assert len(caught.value.problem) < 120


@given(st.integers(min_value=-(10**15) + 1, max_value=10**15 - 1))
def test_every_cent_survives_the_way_through_a_json_number(cents):
    amount = Reader({"f": f"{'-' if cents < 0 else ''}{abs(cents) // 100}.{abs(cents) % 100:02d}"}).money("f")
    assert amount is not None
    assert round(float(half_up(amount, 2)) * 100) == cents


@given(st.text())
def test_any_text_is_fit_for_utf8_and_xml(value):
    text = Reader({"f": value}).text("f")
    if text is not None:
        text.encode()
        assert not any(ord(c) < 32 and c not in "\t\n\r" for c in text)


@pytest.mark.parametrize(
    ("value", "text", "number"),
    [
        ("x", "x", None),
        ("", "", None),
        (1.5, None, 1.5),
        (0, None, 0),
        (("x", "y"), None, None),
        (["x"], None, None),
        (None, None, None),
    ],
)
def test_values_of_fields_by_their_type(value, text, number):
    assert (text_value({"f": value}, "f"), number_value({"f": value}, "f")) == (text, number)
    assert (text_value({"f": value}, "g"), number_value({"f": value}, "g")) == (None, None)
