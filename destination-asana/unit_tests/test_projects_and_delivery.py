"""Cards of projects, their numbers, and the delivery of an order's lines."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from destination_asana.documents.errors import RecordError
from destination_asana.documents.projects import card_of
from destination_asana.documents.reader import Reader
from destination_asana.planning.delivery import Delivery, completion, delivery_of, receipt_numbers
from destination_asana.planning.project_budget import ProjectNumbers, numbers_by_project

PROJECT: dict[str, Any] = {
    "company_id": "4100251",
    "internalID": 3101,
    "projectID": "P1001     ",
    "description": "Website",
    "status": "Active",
    "endDate": "2026-06-30T00:00:00",
    "projectManager": {"employeeName": "Kari Li", "contact": {"email": "kari@example.com"}},
    "systemTemplate": False,
}


def test_a_card() -> None:
    card = card_of(PROJECT, "X")
    assert card is not None
    assert card.visma_id == "ProjectId:4100251/3101"
    assert card.name == "Project P1001 · Website"
    assert (card.due_date, card.completed, card.manager_email) == ("2026-06-30", False, "kari@example.com")


@pytest.mark.parametrize(
    ("status", "completed"),
    [("Completed", True), ("Cancelled", True), ("OnHold", False), ("Planned", False), (None, False)],
)
def test_what_completes_a_card(status: str | None, completed: bool) -> None:
    card = card_of(PROJECT | {"status": status}, "X")
    assert card is not None
    assert card.completed is completed


@pytest.mark.parametrize("values", [{"systemTemplate": True}, {"projectID": "x  ", "internalID": 0}])
def test_templates_and_no_project_have_no_card(values: dict[str, Any]) -> None:
    assert card_of(PROJECT | values, "X") is None


def test_a_project_without_a_number_is_named() -> None:
    with pytest.raises(RecordError, match="internalID"):
        card_of(PROJECT | {"internalID": None}, "X")


def row(kind: str | None, group: str = "VARER", **values: Any) -> dict[str, Any]:
    return {"company_id": "1", "projectID": "P1001", "accountGroupID": group, "type": kind, **values}


AMOUNTS: dict[str, Any] = {
    "revisedBudgetAmount": 1000.1,
    "committedAmount": 400,
    "actualAmount": 300.05,
    "committedInvoicedAmount": 250,
    "committedOpenAmount": 150,
}


@pytest.mark.parametrize("kind", ["Income", "INCOME", "asset", "Liability"])
def test_rows_that_are_no_expense_do_not_count(kind: str) -> None:
    (numbers,) = numbers_by_project(
        [row(kind, **AMOUNTS), row(" expense", **AMOUNTS), row(None, "B", actualAmount=1)]
    ).values()
    assert numbers == ProjectNumbers(*map(Decimal, ("1000.10", "400.00", "301.05", "250.00", "549.05")))


def test_a_budget_row_that_comes_again_is_not_added() -> None:
    rows = [row("Expense", actualAmount=5, projectTaskID=None), row("Expense", actualAmount=7, projectTaskID="")]
    assert numbers_by_project(rows)["1", "p1001"].actual == Decimal("7.00")


# --- delivery ----------------------------------------------------------------------------------------------------------

LINE: dict[str, Any] = {
    "amount": 400,
    "orderQty": 4,
    "promised": "2026-05-04T00:00:00",
    "receivedAmt": 0,
    "qtyOnReceipts": 0,
}


@pytest.mark.parametrize(
    ("values", "done", "ending"),
    [
        ({}, False, ""),
        ({"qtyOnReceipts": 3, "receivedAmt": 300}, False, " · 3 of 4 received"),
        ({"qtyOnReceipts": 4, "receivedAmt": 300}, False, " · 4 of 4 received"),
        ({"qtyOnReceipts": 4, "receivedAmt": 400}, True, ""),
        ({"qtyOnReceipts": 2.5, "receivedAmt": 250, "orderQty": 4.5}, False, " · 2.5 of 4.5 received"),
        ({"completed": True, "qtyOnReceipts": 1}, True, ""),
        ({"canceled": True}, True, ""),
        ({"amount": 0, "receivedAmt": 0}, False, ""),
        ({"amount": None, "extCost": 80, "receivedAmt": 80}, True, ""),
    ],
)
def test_a_line(values: dict[str, Any], done: bool, ending: str) -> None:
    assert delivery_of(Reader(LINE | values)) == Delivery("2026-05-04", done, ending)


@pytest.mark.parametrize(
    ("done", "before", "completed", "by_sync", "what"),
    [
        (True, False, False, False, True),
        (True, None, False, False, True),
        (True, True, False, True, None),  # a person took the tick away
        (False, False, True, False, None),  # a person's tick
        (False, True, True, True, False),  # Visma takes it back
        (False, True, True, False, None),  # a person had completed it
        (True, False, True, False, None),
    ],
)
def test_ticks(done: bool, before: bool | None, completed: bool, by_sync: bool, what: bool | None) -> None:
    assert completion(Delivery(None, done, ""), before=before, completed=completed, by_sync=by_sync) is what


def test_receipts_of_an_order() -> None:
    receipts = [{"receiptNumber": number} for number in ("R2", "R1", None, "R2")]
    assert receipt_numbers(Reader({"purchaseReceipts": receipts})) == ("R2", "R1")
