"""Cards of projects, their numbers, and the delivery of an order's lines."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from destination_asana.documents.delivery import delivery_of, receipt_numbers
from destination_asana.documents.errors import RecordError
from destination_asana.documents.line_items import Delivery
from destination_asana.documents.projects import is_card
from destination_asana.documents.reader import Reader
from destination_asana.documents.subject import Subject
from destination_asana.documents.translation import translate
from destination_asana.documents.visma_ids import label_of
from destination_asana.planning.cards.card import plan_numbers, project_in_name
from destination_asana.planning.cards.project_budget import ProjectNumbers, numbers_by_project, prove
from destination_asana.planning.lines.delivery import completion
from destination_asana.planning.snapshot import Snapshot

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


@pytest.mark.parametrize(
    ("status", "closed"),
    [("Completed", True), ("Cancelled", True), ("OnHold", False), ("Planned", False), (None, None)],
)
def test_what_completes_a_card(status: str | None, closed: bool | None) -> None:
    assert translate("projects", PROJECT | {"status": status}).closed is closed


@pytest.mark.parametrize(
    ("values", "card"),
    [
        ({}, True),
        ({"systemTemplate": True}, False),
        ({"systemTemplate": None, "nonProject": False}, True),
        ({"nonProject": True}, False),
        ({"projectID": "x  ", "internalID": 0}, False),
        ({"projectID": "X1"}, True),
        # Without its number it is no card either, which the reader says.
        ({"projectID": None}, True),
    ],
)
def test_templates_and_no_project_have_no_card(values: dict[str, Any], card: bool) -> None:
    assert is_card(PROJECT | values, "X") is card


def test_what_is_no_record_is_left_to_the_reader() -> None:
    assert is_card("text", "X")


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
        ({"qtyOnReceipts": 5, "receivedAmt": 400.01}, True, ""),
        ({"amount": -400}, False, ""),
        ({"amount": -400, "receivedAmt": -400}, True, ""),
        ({"amount": -400, "receivedAmt": -399.99}, False, ""),
        ({"qtyOnReceipts": 3, "receivedAmt": None}, False, " · 3 of 4 received"),
        ({"qtyOnReceipts": None}, False, ""),
        ({"qtyOnReceipts": -1}, False, ""),
        ({"qtyOnReceipts": 0.5}, False, " · 0.5 of 4 received"),
        ({"amount": 0.5, "receivedAmt": 0.4}, False, ""),
        ({"amount": 0.5, "receivedAmt": 0.5}, True, ""),
        ({"amount": -400, "receivedAmt": 400}, False, ""),
        ({"qtyOnReceipts": 1, "orderQty": None}, False, ""),
        ({"completed": None, "canceled": False}, False, ""),
    ],
)
def test_a_line(values: dict[str, Any], done: bool, ending: str) -> None:
    assert delivery_of(Reader(LINE | values)) == Delivery("2026-05-04", done, ending)


@pytest.mark.parametrize(
    ("done", "before", "completed", "by_sync", "what"),
    [
        (True, False, False, False, True),
        (True, True, False, True, None),  # a person took the tick away
        (False, False, True, False, None),  # a person's tick
        (False, True, True, True, False),  # Visma takes it back
        (False, True, True, False, None),  # a person had completed it
        (True, False, True, False, None),
    ],
)
def test_ticks(done: bool, before: bool, completed: bool, by_sync: bool, what: bool | None) -> None:
    assert completion(Delivery(None, done, ""), before=before, completed=completed, by_sync=by_sync) is what


def test_receipts_of_an_order() -> None:
    receipts = [{"receiptNumber": number} for number in ("R2", "R1", None, "R2")]
    assert receipt_numbers(Reader({"purchaseReceipts": receipts})) == ("R2", "R1")


# --- cards -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "project", "called"),
    [
        ("Project P1001 · Website", "P1001", "Website"),
        ("Project P 10-02", "P 10-02", ""),
        ("Project P1 · Old · new", "P1", "Old · new"),
        (" Project A ", "A", ""),
        ("Our website", None, ""),
        ("Project ", None, ""),
        ("Projects P1 · Website", None, "Website"),
    ],
)
def test_what_the_name_of_a_card_says(name: str, project: str | None, called: str) -> None:
    assert project_in_name(name) == (project, called)


def test_only_numbers_that_differ_are_written() -> None:
    card = Snapshot("7", "ProjectId:1/3101")
    wanted = {"Visma budget": 10.0, "Visma actual": 0.0, "Visma remaining": 10.0}
    change = plan_numbers(card, "P1001", wanted, {"Visma budget": 10, "Visma remaining": 9.99})
    assert change.fields == {"Visma actual": (None, 0.0), "Visma remaining": (9.99, 10.0)}
    assert (change.label, change.visma_id, change.current) == ("Project P1001", "ProjectId:1/3101", card)


def test_numbers_by_the_names_of_fields_and_back() -> None:
    numbers = ProjectNumbers(*map(Decimal, ("5.00", "4.00", "3.00", "2.00", "1.00")))
    named = {
        "Visma budget": 5.0,
        "Visma committed": 4.0,
        "Visma actual": 3.0,
        "Visma invoiced": 2.0,
        "Visma remaining": 1.0,
    }
    assert numbers.fields == named
    assert ProjectNumbers.of_card(named) == numbers
    assert ProjectNumbers.of_card(dict.fromkeys(named)) is None
    without = ProjectNumbers.of_card({"Visma budget": 5.0})
    assert without == ProjectNumbers(*map(Decimal, ("5.00", "0.00", "0.00", "0.00", "0.00")))


def test_rows_whose_keys_differ_in_letters_alone_are_two_rows() -> None:
    rows = [
        row("Expense", actualAmount=5),
        row("EXPENSE", actualAmount=7),
        row(None, projectID="p1001 ", actualAmount=1),
    ]
    assert numbers_by_project(rows)["1", "p1001"].actual == Decimal("13.00")


@pytest.mark.parametrize(
    ("values", "field"),
    [({"company_id": None}, "company_id"), ({"actualAmount": "x"}, "actualAmount"), ({"type": {}}, "type")],
)
def test_rows_that_cannot_be_added(values: dict[str, Any], field: str) -> None:
    with pytest.raises(RecordError) as caught:
        prove(Reader(row("Expense") | values))
    assert caught.value.field == field


def test_a_card_as_a_document() -> None:
    record = PROJECT | {"customer": {"number": "10", "name": "Nord"}, "startDate": "2026-01-05", "note": "Mind the gap"}
    card = translate("projects", record)
    assert (card.visma_id, card.label, card.name) == (
        "ProjectId:4100251/3101",
        "Project P1001",
        "Project P1001 · Website",
    )
    assert card.fields == {
        "Visma ID": "ProjectId:4100251/3101",
        "Visma document type": "Project",
        "Visma due date": "2026-06-30",
        "Visma document date": "2026-01-05",
        "Visma status": "Active",
    }
    assert card.facts == [
        ("Project ID", "P1001"),
        ("Project description", "Website"),
        ("Project manager", "Kari Li"),
        ("Customer", "Nord (10)"),
        ("Start date", "2026-01-05"),
    ]
    assert (card.lines, card.note, card.closed, card.manager_email) == ([], "Mind the gap", False, "kari@example.com")
    assert label_of(card.visma_id) == "Project 3101"


def test_a_card_of_which_visma_knows_little() -> None:
    card = translate("projects", {"company_id": "4100251", "internalID": 3101, "projectID": "P1001"})
    assert (card.name, card.label, card.closed, card.manager_email) == ("Project P1001", "Project P1001", None, None)
    assert card.fields == {
        "Visma ID": "ProjectId:4100251/3101",
        "Visma document type": "Project",
        "Visma due date": None,
        "Visma document date": None,
        "Visma status": None,
    }
    assert card.facts == [("Project ID", "P1001"), ("Project description", "(none)")]
    assert card.subject == Subject(projects=(("P1001", None),))
    assert (card.note, card.version, card.lines) == (None, None, [])


@pytest.mark.parametrize("branch", [{"number": "1", "name": None}, {"number": None, "name": "Head office"}])
def test_a_card_is_routed_by_project_and_branch(branch: dict[str, Any]) -> None:
    card = translate("projects", PROJECT | {"branch": branch})
    assert card.subject == Subject(projects=(("P1001", "Website"),), branches=((branch["number"], branch["name"]),))
    assert card.facts[-1] == ("Branch", branch["number"] or branch["name"])
