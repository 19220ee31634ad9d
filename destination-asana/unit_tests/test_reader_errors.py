"""Values of the wrong kind: the error names the field with its path, and shows what stands there."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from destination_asana.documents.errors import RecordError
from destination_asana.documents.reader import Reader

VISMA_ID = "PurchaseOrderId:1/RegularOrder/7"


def refused(read: Callable[[Reader], object], record: dict[str, Any]) -> str:
    with pytest.raises(RecordError) as caught:
        read(Reader(record, visma_id=VISMA_ID))
    document, _, words = str(caught.value).partition(": ")
    assert document == VISMA_ID
    return words


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ({}, "an object"),
        ([], "a list"),
        (True, "the truth value true"),
        (False, "the truth value false"),
        (2.5, "“2.5”"),
    ],
)
def test_no_part_of_a_key(value: object, words: str) -> None:
    assert refused(lambda reader: reader.key("f"), {"f": value}) == f"f: should be text, but is {words}"


@pytest.mark.parametrize(
    ("value", "key"), [(None, None), ("", None), (" ", None), (" a ", "a"), (7, "7"), ("a\x00b", "ab")]
)
def test_parts_of_a_key(value: object, key: str | None) -> None:
    assert Reader({"f": value}).key("f") == key


@pytest.mark.parametrize(("value", "words"), [({}, "an object"), ([], "a list"), (True, "the truth value true")])
def test_no_text(value: object, words: str) -> None:
    assert refused(lambda reader: reader.text("f"), {"f": value}) == f"f: should be text, but is {words}"


@pytest.mark.parametrize(
    ("value", "word"), [(" Regular  Order", "regular order"), ("HOLD", "hold"), (7, "7"), ("", ""), (None, "")]
)
def test_visma_words(value: object, word: str) -> None:
    assert Reader({"f": value}).word("f") == word


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("a  lot", "“a lot”"),
        ("a\x00b\ud83d", "“ab”"),
        ({}, "an object"),
        (True, "the truth value true"),
        ("NaN", "“NaN”"),
        ("x" * 99, f"“{'x' * 60}”"),
    ],
)
def test_no_number(value: object, words: str) -> None:
    assert refused(lambda reader: reader.number("f"), {"f": value}) == f"f: should be a number, but is {words}"


@pytest.mark.parametrize("value", ["3,5", "1,234", "1.234,50"])
def test_a_comma_is_not_guessed_at(value: str) -> None:
    error = refused(lambda reader: reader.objects("lines")[0].number("orderQty"), {"lines": [{"orderQty": value}]})
    assert error == f"lines[0].orderQty: should be a number with a decimal point, but is “{value}”"


@pytest.mark.parametrize(("value", "number"), [(" 1.50 ", Decimal("1.50")), ("", None), (None, None), (3, Decimal(3))])
def test_numbers(value: object, number: Decimal | None) -> None:
    assert Reader({"f": value}).number("f") == number


def test_an_amount_that_is_too_large_names_its_field() -> None:
    words = "lines[0].f: 10000000000000 is larger than Asana can store to the cent"
    assert (
        refused(lambda reader: reader.objects("lines")[0].money("f"), {"lines": [{"f": 10_000_000_000_000}]}) == words
    )
    assert Reader({"f": -9_999_999_999_999.99}).money("f") == Decimal("-9999999999999.99")


@pytest.mark.parametrize(("value", "number"), [(7, 7), ("7.00", 7), (-1.0, -1), (None, None)])
def test_whole_numbers(value: object, number: int | None) -> None:
    assert Reader({"f": value}).integer("f") == number


def test_no_whole_number() -> None:
    assert refused(lambda reader: reader.integer("f"), {"f": 1.5}) == "f: should be a whole number, but is “1.5”"


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("soon", "“soon”"),
        (20260124, "“20260124”"),
        ("2026-01-24Z", "“2026-01-24Z”"),
        ("2026-01-24X10:00", "“2026-01-24X10:00”"),
        ({}, "an object"),
    ],
)
def test_no_date(value: object, words: str) -> None:
    assert refused(lambda reader: reader.date("f"), {"f": value}) == f"f: should be a date, but is {words}"


@pytest.mark.parametrize(
    ("value", "date"),
    [
        (" 2026-01-24 ", "2026-01-24"),
        ("2026-01-24 10:00", "2026-01-24"),
        ("1899-12-31", None),
        ("1900-12-31", "1900-12-31"),
    ],
)
def test_dates(value: str, date: str | None) -> None:
    assert Reader({"f": value}).date("f") == date


def test_no_object() -> None:
    assert refused(lambda reader: reader.object("f"), {"f": "x"}) == "f: should be an object, but is “x”"
    inner = {"a": {"b": 1}}
    assert refused(lambda reader: reader.object("a").object("b"), inner) == "a.b: should be an object, but is “1”"


def test_no_list() -> None:
    assert refused(lambda reader: reader.objects("f"), {"f": {}}) == "f: should be a list, but is an object"
    assert refused(lambda reader: reader.objects("f"), {"f": [None, {}, 3]}) == "f[2]: should be an object"
    deep = {"a": {"f": [{}, {"n": "x"}]}}
    assert refused(lambda reader: reader.object("a").objects("f")[1].number("n"), deep) == (
        "a.f[1].n: should be a number, but is “x”"
    )
    assert [each.text("n") for each in Reader({"f": [None, {"n": 1}]}).objects("f")] == ["1"]


def test_the_first_field_with_a_number_counts() -> None:
    reader = Reader({"a": None, "b": 0, "c": 5})
    assert reader.first_number("a", "b", "c") == Decimal(0)
    assert reader.first_number("a", "x") is None
