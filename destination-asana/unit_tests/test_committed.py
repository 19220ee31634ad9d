"""What an order commits to and has received, line by line, net of VAT."""

from decimal import Decimal
from typing import Any

import pytest
from destination_asana.documents.order_money import OrderMoney, line_amount, money_of
from destination_asana.documents.reader import Reader

D = Decimal
LINE: dict[str, Any] = {"amount": 80, "extCost": 95, "receivedAmt": 30}
ORDER: dict[str, Any] = {
    "orderType": "RegularOrder",
    "status": "Open",
    "currency": "EUR",
    "lineTotal": "80.00",
    "lineTotalInBaseCurrency": "920.00",
    "lines": [LINE],
}


@pytest.mark.parametrize(
    ("values", "committed", "received"),
    [
        ({}, "80.00", "30.00"),
        ({"completed": False, "canceled": None}, "80.00", "30.00"),
        ({"completed": True}, "30.00", "30.00"),
        ({"canceled": True}, "30.00", "30.00"),
        ({"canceled": True, "receivedAmt": None}, "0.00", "0.00"),
        ({"amount": None}, "95.00", "30.00"),
        ({"amount": None, "extCost": None}, "0.00", "30.00"),
        ({"amount": "80.005", "receivedAmt": "30.005"}, "80.01", "30.01"),
        # Goods that go back.
        ({"amount": -80, "receivedAmt": -30}, "-80.00", "-30.00"),
    ],
)
def test_one_line(values: dict[str, Any], committed: str, received: str) -> None:
    assert money_of(Reader(ORDER | {"lines": [LINE | values]})) == OrderMoney(
        "EUR", D(committed), D(received), D("80.00"), D("920.00")
    )


def test_the_amount_ordered_on_a_line() -> None:
    assert line_amount(Reader(LINE)) == D(80)
    assert line_amount(Reader(LINE | {"amount": None})) == D(95)
    assert line_amount(Reader({"amount": 0, "extCost": 95})) == D(0)
    assert line_amount(Reader({})) is None
