"""Lines of orders that are no goods or no order yet, and the receipts of an order."""

from typing import Any

import pytest
from destination_asana.documents.line_items import Delivery
from destination_asana.documents.translation import translate

LINE: dict[str, Any] = {
    "lineNbr": 1,
    "lineDescription": "Paper",
    "orderQty": 10,
    "unitCost": 25,
    "amount": 250,
    "promised": "2026-02-10T00:00:00",
    "qtyOnReceipts": 4,
}


@pytest.mark.parametrize(
    ("kind", "due", "line_due"),
    [
        ("RegularOrder", "2026-02-03", "2026-02-10"),
        ("Blanket", "2026-02-03", "2026-02-10"),
        ("StandardBlanket", None, None),
    ],
)
def test_a_template_is_never_due_and_neither_are_its_lines(
    make_order: Any, kind: str, due: str | None, line_due: str | None
) -> None:
    document = translate("purchase_orders", make_order(orderType=kind, lines=[LINE]))
    assert (document.due_date, document.fields["Visma due date"]) == (due, due)
    assert [line.delivery for line in document.lines] == [Delivery(line_due, False, " · 4 of 10 received")]
    assert [line.name for line in document.lines] == ["1. Paper — 10 × 25.00 = 250.00 NOK · 4 of 10 received"]


@pytest.mark.parametrize("kind", ["Description", " DESCRIPTION"])
def test_a_line_of_text_has_no_amount_whatever_stands_there(make_order: Any, kind: str) -> None:
    values = LINE | {"lineType": kind, "lineDescription": "Deliver to gate B", "qtyOnReceipts": None}
    for numbers in ({}, {"amount": None, "extCost": 250}, {"amount": None, "unitCost": None}):
        document = translate("purchase_orders", make_order(lines=[values | numbers]))
        assert [line.name for line in document.lines] == ["1. Deliver to gate B"]
        assert document.fields["Visma line items"] == "Deliver to gate B"


def test_the_receipts_of_an_order_are_a_row_of_its_description(make_order: Any) -> None:
    receipts = [{"receiptNumber": "R2"}, {"receiptNumber": "R1"}, None, {"receiptNumber": "R2"}]
    document = translate("purchase_orders", make_order(purchaseReceipts=receipts))
    assert document.facts == [("Supplier", "Nordic Office AS (50012)"), ("Receipts", "R2, R1")]
