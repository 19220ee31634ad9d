"""Stamps: text from Visma that has to sort, reach back and survive as it came."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from source_visma.components.stamps import Stamp

moments = st.datetimes(min_value=datetime(1900, 1, 2), max_value=datetime(2200, 1, 1))
ticks = st.integers(0, 9)


def written(moment: datetime, tick: int = 0) -> str:
    """As Visma writes it: seven decimals at most, zeros at the end trimmed."""
    fraction = f"{moment.microsecond:06d}{tick}".rstrip("0")
    return f"{moment:%Y-%m-%dT%H:%M:%S}" + (f".{fraction}" if fraction else "")


@given(moments, ticks, moments, ticks)
def test_text_sorts_like_time(one: datetime, tick: int, two: datetime, other: int) -> None:
    assert (written(one, tick) < written(two, other)) == ((one, tick) < (two, other))


@given(moments, ticks)
def test_what_visma_writes_is_kept(moment: datetime, tick: int) -> None:
    stamp = written(moment, tick)
    assert Stamp.USUAL.fullmatch(stamp) or moment.day > 28
    assert Stamp.plain(stamp) == stamp


@given(moments, ticks, st.integers(0, 10_000))
def test_reaching_back_never_ends_too_late(moment: datetime, tick: int, minutes: int) -> None:
    """The filter's milliseconds are rounded down: at most one of them early."""
    found = Stamp.before(written(moment, tick), timedelta(minutes=minutes))
    exact = moment - timedelta(minutes=minutes)
    assert timedelta(0) <= exact - datetime.fromisoformat(found) < timedelta(milliseconds=1)
    assert len(found) == 23


@given(moments)
def test_equal_moments_are_equal_when_even(moment: datetime) -> None:
    exact = f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond:06d}"
    assert Stamp.even(written(moment)) == Stamp.even(exact) == exact + "0"


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("2026-03-20", "2026-03-20T00:00:00"),
        ("2026-03-20 06:35:22", "2026-03-20T06:35:22"),
        ("2026-03-20T06:35:22.15Z", "2026-03-20T06:35:22.15"),
        ("2026-03-20T06:35:22+01:00", "2026-03-20T06:35:22"),
        ("2026-03-20T06:35:22.1234567", "2026-03-20T06:35:22.1234567"),
    ],
)
def test_other_spellings(text: str, plain: str) -> None:
    assert Stamp.plain(text) == plain


@pytest.mark.parametrize("text", ["", "yesterday", "20.03.2026", "2026-02-30", "2026-03-20T25:00:00", 20260320, None])
def test_what_is_no_stamp(text: object) -> None:
    with pytest.raises(ValueError, match=r"is not a date and time|day is out of range|hour must be"):
        Stamp.plain(text)


def test_before_all_time() -> None:
    assert Stamp.before("0001-01-01T00:00:00", timedelta(days=1)) == "0001-01-01T00:00:00"
    assert Stamp.before("2026-01-01T00:00:00", timedelta(days=1900 * 365)) == "0127-04-07T00:00:00.000"


@pytest.mark.parametrize(
    "text", ["2026-03-20T08:00:00", "2026-03-20 08:00:00.1", "2026-03-20T08:00:00Z", "2026-03-21", None, "odd"]
)
def test_what_may_be_new_since_then(text: str | None) -> None:
    assert Stamp.reaches(text, "2026-03-20T08:00:00.000")


@pytest.mark.parametrize("text", ["2026-03-20T07:59:59.9999999", "2026-03-20 07:59:59", "2026-03-20"])
def test_what_is_older(text: str) -> None:
    assert not Stamp.reaches(text, "2026-03-20T08:00:00.000")


@pytest.mark.parametrize(
    ("text", "utc"),
    [
        ("2026-03-20T06:35:22.15+01:00", "2026-03-20T05:35:22.1500000"),
        ("2026-03-20T22:35:22.1234567-0230", "2026-03-21T01:05:22.1234567"),
        ("2026-03-20T06:35:22Z", "2026-03-20T06:35:22.0000000"),
        ("2026-03-20T06:35:22", ""),
        ("0001-01-01T00:00:00+02:00", "0001-01-01T00:00:00.0000000"),
    ],
)
def test_moments_of_stamps_with_a_zone(text: str, utc: str) -> None:
    assert Stamp.utc(text) == utc


def test_a_stamp_that_was_never_set_may_be_any() -> None:
    assert Stamp.reaches("0001-01-01T00:00:00", "2026-06-20T10:00:00")


def test_a_stamp_with_a_zone_may_be_any_local_time() -> None:
    """08:30Z is 10:30 in Norway's summer: after 10:00 there."""
    assert Stamp.reaches("2026-06-20T08:30:00Z", "2026-06-20T10:00:00")
    assert not Stamp.reaches("2026-06-19T19:59:00Z", "2026-06-20T10:00:00")


@pytest.mark.parametrize(
    ("texts", "largest"),
    [
        (["2026-01-05T08:00:00", "2026-01-07T08:00:00.5", "2026-01-06T23:59:59"], "2026-01-07T08:00:00.5"),
        ([], ""),
        (["2026-01-05T08:00:00", None], ""),
        (["2026-01-05T08:00:00", 5], ""),
        (["2026-01-05T08:00:00", ""], ""),
        (["2026-01-05T08:00:00", "2026-01-31T08:00:00"], ""),
        (["2026-01-05T08:00:00Z"], ""),
    ],
)
def test_the_largest_of_stamps_that_are_surely_valid(texts, largest) -> None:
    assert Stamp.largest(texts) == largest
