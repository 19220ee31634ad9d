"""The numbers of a project's card, row by row, and the projects that a task shows."""

from decimal import Decimal
from typing import Any

import pytest
from destination_asana.documents.errors import RecordError
from destination_asana.documents.reader import Reader
from destination_asana.planning.cards.card import is_gone, plan_numbers
from destination_asana.planning.cards.project_budget import (
    ProjectNumbers,
    numbers_by_project,
    project_of,
    prove,
    row_key,
)
from destination_asana.planning.cards.shown_projects import projects_shown
from destination_asana.planning.changes import Change
from destination_asana.planning.snapshot import Snapshot

CARD = "ProjectId:4100251/3101"
INVOICE = "SupplierInvoiceId:4100251/Invoice/200123"


def row(**values: Any) -> dict[str, Any]:
    return {"company_id": "AB1", "projectID": "P1001 ", "projectTaskID": "01", "accountGroupID": "VARER", **values}


def numbers(*amounts: str) -> ProjectNumbers:
    return ProjectNumbers(*map(Decimal, amounts))


# --- the sums ----------------------------------------------------------------------------------------------------------


def test_each_project_of_each_company_has_sums_of_its_own() -> None:
    rows = [
        row(
            inventoryNumber="A",
            revisedBudgetAmount=1000.105,
            committedAmount=400.004,
            actualAmount=300.05,
            committedInvoicedAmount=250,
            committedOpenAmount=150.5,
        ),
        row(inventoryNumber="B", type=" Expense ", revisedBudgetAmount=1.0, committedOpenAmount=None),
        row(company_id="2", actualAmount=7.005),
        row(projectID="P2", type="Income", revisedBudgetAmount=9.0),
        row(projectID=None, committedAmount=3),
    ]
    assert numbers_by_project(rows) == {
        ("ab1", "p1001"): numbers("1001.11", "400.00", "300.05", "250.00", "550.56"),
        ("2", "p1001"): numbers("0.00", "0.00", "7.01", "0.00", "-7.01"),
        # Income is no cost, but the project has a card.
        ("ab1", "p2"): numbers("0.00", "0.00", "0.00", "0.00", "0.00"),
        ("ab1", ""): numbers("0.00", "3.00", "0.00", "0.00", "0.00"),
    }


@pytest.mark.parametrize("kind", ["income", "asset", "Assets", "LIABILITY", "liabilities "])
def test_types_that_are_no_cost(kind: str) -> None:
    assert numbers_by_project([row(type=kind, actualAmount=1)]) == {
        ("ab1", "p1001"): numbers("0.00", "0.00", "0.00", "0.00", "0.00")
    }


def test_the_key_of_a_row() -> None:
    whole = row(inventoryNumber=7, type="Expense", actualAmount=1)
    assert row_key(whole) == ("AB1", "P1001 ", "01", "VARER", "7", "Expense")
    assert row_key({"company_id": "1", "projectID": None}) == ("1", "", "", "", "", "")


def test_a_row_without_a_company_is_of_no_project() -> None:
    assert project_of(Reader(row())) == ("ab1", "p1001")
    with pytest.raises(RecordError) as caught:
        project_of(Reader(row(company_id=" ")))
    assert str(caught.value) == "company_id: is missing, and without it the budget row belongs to no project"


@pytest.mark.parametrize(
    "name",
    [
        "revisedBudgetAmount",
        "committedAmount",
        "actualAmount",
        "committedInvoicedAmount",
        "committedOpenAmount",
        "type",
    ],
)
def test_any_part_of_a_row_may_be_broken(name: str) -> None:
    prove(Reader(row(type="Expense")))
    with pytest.raises(RecordError) as caught:
        prove(Reader(row(**{name: {}})))
    assert caught.value.field == name


@pytest.mark.parametrize(
    "name", ["Visma budget", "Visma committed", "Visma actual", "Visma invoiced", "Visma remaining"]
)
def test_one_number_is_enough_to_have_numbers(name: str) -> None:
    found = ProjectNumbers.of_card({name: 2.345, "Visma amount": 9.0})
    assert found is not None
    expected = dict.fromkeys(found.fields, 0.0) | {name: 2.35}
    assert found.fields == expected


# --- the card ----------------------------------------------------------------------------------------------------------


def test_the_change_of_a_card() -> None:
    card = Snapshot("7", CARD)
    change = plan_numbers(card, "P1001", {"Visma budget": 10.0, "Visma actual": 2.0}, {"Visma actual": 2})
    assert change == Change(CARD, "Project P1001", card, fields={"Visma budget": (None, 10.0)})


@pytest.mark.parametrize(("status", "gone"), [("Gone from Visma", True), ("Active", False), (None, False)])
def test_a_card_says_that_its_project_is_gone(status: str | None, gone: bool) -> None:
    assert is_gone({"Visma status": status}) is gone
    assert not is_gone({})


@pytest.mark.parametrize(
    ("task", "shown", "projects"),
    [
        # Of a card its own, by its text, else by its name.
        (
            Snapshot("1", CARD, name="Project P9 · Yard", project_id="P1001"),
            {"Visma projects": ("P2 Shop",)},
            ("P1001",),
        ),
        (Snapshot("1", CARD, name="Project P9 · Yard"), {}, ("P9",)),
        (Snapshot("1", CARD, name="Our yard"), {"Visma projects": ("P2 Shop",)}, ()),
        (
            Snapshot("1", INVOICE, name="Project P9", project_id="P1001"),
            {"Visma projects": ("P1001 Website", "P2 Shop")},
            ("P1001 Website", "P2 Shop"),
        ),
        (Snapshot("1", INVOICE), {}, ()),
        # Somebody has made another kind of field of it.
        (Snapshot("1", INVOICE), {"Visma projects": "P1001"}, ()),
    ],
)
def test_the_projects_that_a_task_shows(task: Snapshot, shown: dict[str, Any], projects: tuple[str, ...]) -> None:
    assert projects_shown(task, shown) == projects
