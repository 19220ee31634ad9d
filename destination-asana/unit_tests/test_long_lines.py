"""Lines at the limits: long descriptions, long lists, and the order of lines whose numbers do not decide it."""

from decimal import Decimal

import pytest
from destination_asana.documents.line_items import Delivery, LineItem, Option, summary


def line(number: int | None, description: str, quantity: int | None = None) -> LineItem:
    return LineItem.of(
        number=number,
        description=description,
        quantity=None if quantity is None else Decimal(quantity),
        unit_cost=None,
        amount=None,
        currency="NOK",
        account=None,
        cost_centers=(),
    )


@pytest.mark.parametrize(
    ("number", "description", "text"),
    [
        # 12 of the 1,024 characters are for the number.
        (1, "x" * 1012, "x" * 1012),
        (1, "x" * 1013, "x" * 1011 + "…"),
        (9_999_999_999, "x" * 1012, "x" * 1012),
        (99_999_999_999, "x" * 1011, "x" * 1011),
        (99_999_999_999, "x" * 1012, "x" * 1010 + "…"),
        (None, "x" * 1012, "x" * 1012),
    ],
)
def test_a_description_gets_the_room_that_the_number_leaves(number: int | None, description: str, text: str) -> None:
    assert line(number, description).text == text


def test_the_ending_about_the_receipt_is_never_cut() -> None:
    delivery = Delivery(None, False, " · 3 of 4 received")
    made = LineItem.of(
        number=1,
        description="x" * 2000,
        quantity=None,
        unit_cost=None,
        amount=None,
        currency=None,
        account=None,
        cost_centers=(),
        delivery=delivery,
    )
    assert made.text == "x" * 993 + "… · 3 of 4 received"
    assert made.name_before_arrival == "1. " + "x" * 993 + "…"


def test_a_line_of_which_nothing_arrives_has_one_name() -> None:
    assert line(1, "Paper", 2).name_before_arrival == line(1, "Paper", 2).name == "1. Paper — 2"


@pytest.mark.parametrize(
    ("option", "name"),
    [
        (Option("3000", None), "3000"),
        (Option("3000", ""), "3000"),
        (Option(" 3000", "Sales \n abroad "), "3000 Sales abroad"),
        (Option("3000", "x" * 2000), "3000 " + "x" * 1019),
    ],
)
def test_the_name_of_an_option(option: Option, name: str) -> None:
    assert option.name == name


@pytest.mark.parametrize(
    ("description", "short"),
    [
        ("x" * 60, "x" * 60),
        ("x" * 61, "x" * 59 + "…"),
        ("x" * 58 + " yz", "x" * 58 + "…"),
    ],
)
def test_a_long_description_is_short_in_the_summary(description: str, short: str) -> None:
    assert summary([line(1, description, 2)], 1024) == f"2 × {short}"


@pytest.mark.parametrize(
    ("limit", "text"),
    [
        (58, "10 × Paper; 10 × Paper; 10 × Paper; 10 × Paper; 10 × Paper"),
        (57, "10 × Paper; 10 × Paper; 10 × Paper; 10 × Paper; +1 more"),
        (54, "10 × Paper; 10 × Paper; 10 × Paper; +2 more"),
        (31, "10 × Paper; 10 × Paper; +3 more"),
        (30, "10 × Paper; +4 more"),
    ],
)
def test_the_summary_holds_as_many_items_as_fit(limit: int, text: str) -> None:
    assert summary([line(number, "Paper", 10) for number in range(5)], limit) == text


@pytest.mark.parametrize(
    ("numbers", "names"),
    [
        # Lines that share a number stay as the record has them.
        ([1, 1, 1], ["1. c", "1. a", "1. b"]),
        ([2, 1, 1], ["1. a", "1. b", "2. c"]),
        ([1, 0, -1], ["-1. b", "0. a", "1. c"]),
        ([None, 1, None], ["1. a", "2. c", "3. b"]),
        ([2, None, 1], ["1. b", "2. c", "3. a"]),
    ],
)
def test_lines_in_line_order(numbers: list[int | None], names: list[str]) -> None:
    lines = [line(number, description) for number, description in zip(numbers, "cab", strict=True)]
    assert [each.name for each in LineItem.numbered(lines)] == names
