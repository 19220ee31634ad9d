"""Projects, their budgets, receipts, payments and branches: what each list has of its own."""

from datetime import datetime
from typing import Any

import pytest

from .sandbox.harness import VismaSandbox
from .source_runs import read, saved

pytest_plugins = ["integration_tests.sandbox.visma.testing"]

ROW = {
    "projectID": "P7",
    "projectTaskID": "01",
    "accountGroupID": "VARER",
    "inventoryNumber": "<N/A>",
    "type": "Expense",
    "description": "Materials",
}
ADDED = {
    "revisedBudgetAmount": 300.3,
    "actualAmount": 30.0,
    "committedQty": 2.5,
    "rate": 7.0,
}


def rows(*different: dict[str, Any], total: int | None = None) -> list[dict[str, Any]]:
    metadata = {"totalCount": len(different) if total is None else total, "maxPageSize": 1000}
    return [ROW | row | {"metadata": metadata} for row in different]


def numbers(record: dict[str, Any]) -> dict[str, Any]:
    return {name: record[name] for name in ADDED if name in record}


def test_budget_rows_that_share_a_key_are_added(visma: VismaSandbox) -> None:
    """The first two are alike in all they say. The sum is exact to the decimal."""
    alike = {"revisedBudgetAmount": 100.1, "actualAmount": 10, "committedQty": 1.25, "rate": 7.0}
    third = {"revisedBudgetAmount": 100.1, "actualAmount": 10.0, "committedQty": None, "description": "Freight"}
    other = {"projectTaskID": None, "inventoryNumber": None, "revisedBudgetAmount": 5.0}
    visma.fault(path="/v1/projectbudget", times=0, kind="status", status=200, body=rows(alike, alike, third, other))
    done = read(visma, "project_budgets")
    assert done.code == 0, done.logs
    assert done.keys("project_budgets") == [
        ("P7", "01", "VARER", "<N/A>", "Expense"),
        ("P7", "", "VARER", "", "Expense"),
    ]
    first, second = done.records("project_budgets")
    assert numbers(first) == ADDED
    assert first["description"] == "Materials"
    assert numbers(second) == {"revisedBudgetAmount": 5.0}
    assert done.statuses("project_budgets")[-1] == "COMPLETE"


def test_budget_rows_are_counted_before_they_are_added(visma: VismaSandbox) -> None:
    """P1002 of the company has each of its groups twice; over pages of two rows, too, nothing is missing."""
    held = visma.documents("projectbudget")
    visma.control("PATCH", "settings", {"page_caps": {"projectbudget": 2}})
    done = read(visma, "project_budgets")
    assert done.code == 0, done.logs
    assert len(held) - len(done.records("project_budgets")) == 2
    shown = {
        key[:3]: record
        for key, record in zip(done.keys("project_budgets"), done.records("project_budgets"), strict=True)
    }
    both = [
        row["revisedBudgetAmount"] for row in held if (row["projectID"], row["accountGroupID"]) == ("P1002", "VARER")
    ]
    assert len(both) == 2
    assert shown["P1002", "01", "VARER"]["revisedBudgetAmount"] == pytest.approx(sum(both))


@pytest.mark.parametrize("total", [3, 9])
def test_a_budget_that_is_not_whole_sends_nothing(visma: VismaSandbox, total: int) -> None:
    body = rows({"revisedBudgetAmount": 1.0}, {"revisedBudgetAmount": 2.0}, total=total)
    visma.fault(path="/v1/projectbudget", query={"pageNumber": "1"}, times=0, kind="status", status=200, body=body)
    for number in range(2, 6):
        visma.fault(
            path="/v1/projectbudget", query={"pageNumber": str(number)}, times=0, kind="status", status=200, body=[]
        )
    done = read(visma, "project_budgets", "branches")
    assert done.code == 1
    assert done.records("project_budgets") == []
    assert done.statuses("project_budgets")[-1] == "INCOMPLETE"
    assert done.statuses("branches")[-1] == "COMPLETE"


def test_a_budget_field_that_is_spelled_in_another_way_is_no_empty_one(visma: VismaSandbox) -> None:
    visma.fault(kind="respell", names={"projectTaskID": "projectTaskId"}, path="/v1/projectbudget", times=0)
    done = read(visma, "project_budgets")
    assert done.code == 1
    assert "without projectTaskID, but one named projectTaskId" in done.output


def test_pages_of_receipts_have_500_rows_at_most(visma: VismaSandbox) -> None:
    done = read(visma, "purchase_receipts")
    assert done.code == 0
    asked = {entry["query"]["pageSize"] for entry in visma.log(path="/v2/PurchaseReceipt")}
    assert asked == {"500"}
    assert len(done.records("purchase_receipts")) == len(visma.documents("PurchaseReceipt"))


@pytest.mark.parametrize(("utc", "stamp"), [(True, "2027-01-01T08:30"), (False, "2027-01-01T09:30")])
def test_branches_carry_either_clock(visma: VismaSandbox, utc: bool, stamp: str) -> None:
    """At half past nine in Bergen. The state is the stamp as it came, and the next change is read from there."""
    visma.control("PATCH", "settings", {"utc_stamps": utc})
    now = visma.control("POST", "clock", {})["now"]
    visma.control(
        "POST",
        "clock",
        {"advance": (datetime(2027, 1, 1, 9, 30, 1) - datetime.fromisoformat(now)).total_seconds()},
    )
    number = visma.documents("branch")[0]["number"]
    visma.change("branch", number, {"name": "Bergen"})
    first = read(visma, "branches")
    assert first.states("branches")[-1]["lastModifiedDateTime"].startswith(stamp)
    visma.control("POST", "clock", {"advance": 600})
    visma.change("branch", number, {"name": "Bergen sentrum"})
    second = read(visma, "branches", state=first.state)
    assert [record["name"] for record in second.records("branches")] == ["Bergen sentrum"]


def test_a_start_date_loses_no_branch_whose_stamp_is_utc(visma: VismaSandbox) -> None:
    """Half past midnight on 1 February in Bergen is 23:30 of the day before in UTC."""
    branch = visma.documents("branch")[0]
    visma.change("branch", branch["number"], {}, stamp="2026-01-31T23:30:00")
    done = read(visma, "branches", start_date="2026-02-01")
    assert (branch["branchId"],) in done.keys("branches")


@pytest.mark.parametrize(
    ("stream", "path"),
    [
        ("projects", "/v1/project"),
        ("project_budgets", "/v1/projectbudget"),
        ("purchase_receipts", "/v2/PurchaseReceipt"),
        ("supplier_payments", "/v1/supplierPayment"),
        ("branches", "/v1/branch"),
    ],
)
def test_a_module_the_company_lacks_is_skipped_beside_others(visma: VismaSandbox, stream: str, path: str) -> None:
    visma.fault(path=path, times=0, status=403, kind="status")
    beside = read(visma, stream, "suppliers")
    assert beside.code == 0
    assert f"{stream} is skipped, as the other streams can be read" in beside.logs
    alone = read(visma, stream)
    assert alone.code == 1


def test_a_project_keeps_its_padded_id_and_its_people(visma: VismaSandbox) -> None:
    visma.change("project", "P1001", {"projectID": "P1001     "})
    done = read(visma, "projects", state=saved("projects", lastModifiedDateTime="2026-11-01T00:00:00"))
    records = {record["internalID"]: record for record in done.records("projects")}
    assert records[3101]["projectID"] == "P1001     "
    assert "@" in records[3101]["projectManager"]["contact"]["email"]
