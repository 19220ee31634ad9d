"""Projects with their managers, and budget rows whose numbers are the sums of what orders and invoices say of the project."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from integration_tests.sandbox.visma.company import names, projects
from integration_tests.sandbox.visma.company.common import FIRST_DAY, Books, midnight, money, pick, uuid_of
from integration_tests.sandbox.visma.company.currencies import rate_of
from integration_tests.sandbox.visma.store import Record

# Account group → how accounts of its lines begin.
_GROUPS = {"VARER": "4", "TJENESTER": "567"}
# Budget in parts of what was spent or is committed, where it is not a fifth more; one project is over its budget.
_BUDGETED = {"P1003": 0.92, "P2002": 1.6, "P1006": 0.6}
# Budgets for goods of projects that have bought nothing yet.
_AGREED = {"P1004": 240000.0, "P1007": 850000.0}
_COMMITTING = ("Open", "Printed", "PendingPrint", "PendingEmail", "Closed", "Cancelled")
_POSTED = ("Open", "Closed", "Printed", "Prebooked")
_AMOUNTS = (
    *("originalBudgetAmount", "revisedBudgetAmount", "actualAmount", "committedAmount"),
    *("committedOpenAmount", "committedInvoicedAmount"),
)
_QUANTITIES = ("committedQty", "committedOpenQty", "committedReceivedQty", "actualQty")


def enter_projects(books: Books) -> None:
    """Enters project and projectbudget. Needs the parties, orders and supplier documents."""
    rows = names.rows(names.PROJECTS)
    books.records["project"] = [_project(books, *row) for row in rows]
    books.records["projectbudget"] = [
        row
        for record in books.records["project"]
        if record["internalID"] in range(1, 3190)
        for row in _rows(books, record)
    ]


def _project(
    books: Books, internal: str, number: str, description: str, status: str, customer: str, manager: str
) -> Record:
    employee = books.find("employee", "employeeNumber", manager) if manager else None
    record: Record = {
        "internalID": int(internal),
        "projectID": number,
        "hold": status == "OnHold",
        "status": status,
        "description": description,
        "assets": 0.0,
        "liability": 0.0,
        "income": 0.0,
        "expenses": 0.0,
        "startDate": midnight(FIRST_DAY),
        "restrictEmployees": False,
        "branch": {"number": "1", "name": names.COMPANY},
        "lastModifiedDateTime": books.moment_after(date(2025, 9, 1), 380),
        "tasks": [{"taskId": "01", "description": "Innkjøp", "status": "Active"}] if manager else [],
        "employees": [],
        "publicId": uuid_of("project", number),
        "systemTemplate": number.startswith("MAL"),
        "timeStamp": books.versions.next(),
        "attributes": [],
        "note": None,
    }
    if manager:
        record["endDate"] = midnight(date(2026, 3 + int(internal) % 10, 28))
    if customer:
        record["customer"] = pick(books.find("customer", "number", customer), "number", "name")
    if employee:
        record["projectManager"] = pick(employee, "employeeId", "employeeNumber", "employeeName", "status", "contact")
    return record


def _rows(books: Books, project: Record) -> Iterator[Record]:
    """A row of income, one of expenses for each account group, one of them twice: cost codes, which rows do not show."""
    yield _row(project, "SALG", "Income", "Fakturert kunde", dict.fromkeys(_AMOUNTS, 0.0) | {"actualAmount": 120000.0})
    for group, beginnings in _GROUPS.items():
        sums = _sums(books, project["projectID"], beginnings)
        if project["projectID"] == "P1002":
            half = {name: money(value / 2) for name, value in sums.items()}
            rest = {name: money(value - half[name]) for name, value in sums.items()}
            yield _row(project, group, "Expense", "Kostnader", half)
            yield _row(project, group, "Expense", "Kostnader, tillegg", rest)
        else:
            yield _row(project, group, "Expense", "Kostnader", sums)


def _row(project: Record, group: str, kind: str, text: str, sums: dict[str, float]) -> Record:
    return {
        "projectID": project["projectID"],
        "projectTaskID": "01",
        "accountGroupID": group,
        "inventoryNumber": "<N/A>",
        "description": text,
        "uom": "STK",
        "rate": 0.0,
        "originalBudgetQty": 0.0,
        "revisedBudgetQty": 0.0,
        "committedInvoicedQty": 0.0,
        **dict.fromkeys(_QUANTITIES, 0.0),
        **sums,
        "type": kind,
    }


def _sums(books: Books, project: str, beginnings: str) -> dict[str, float]:
    """Company-currency sums over the lines of this project and these accounts."""
    sums = dict.fromkeys((*_AMOUNTS, *_QUANTITIES), 0.0)
    for order in books.records["purchaseorder"]:
        if order["orderType"] in ("RegularOrder", "DropShip") and order["status"] in _COMMITTING:
            for line in _of(order["lines"], project, beginnings):
                rate = rate_of(order["currency"])
                ended = line["completed"] or line["canceled"]
                amount = line["receivedAmt"] if line["canceled"] else line["amount"]
                sums["committedAmount"] += amount * rate
                sums["committedQty"] += line["orderQty"]
                sums["committedReceivedQty"] += line["qtyOnReceipts"]
                sums["committedOpenAmount"] += 0.0 if ended else (line["amount"] - line["receivedAmt"]) * rate
                sums["committedOpenQty"] += 0.0 if ended else line["orderQty"] - line["qtyOnReceipts"]
    for document in books.records["supplierInvoice"]:
        if document["status"] in _POSTED and document["documentType"] != "Prepayment":
            sign = -1 if document["documentType"] == "DebitAdj" else 1
            for line in _of(document["invoiceLines"], project, beginnings):
                sums["actualAmount"] += sign * line["cost"]
                sums["actualQty"] += sign * line["quantity"]
                sums["committedInvoicedAmount"] += sign * line["cost"] if "poNumber" in line else 0.0
    spent = max(sums["actualAmount"], sums["committedAmount"])
    agreed = _AGREED.get(project, 0.0) if beginnings == _GROUPS["VARER"] else 0.0
    sums["originalBudgetAmount"] = agreed or float(round(spent * 1.1, -3))
    sums["revisedBudgetAmount"] = agreed or float(round(spent * _BUDGETED.get(project, 1.2), -3))
    return {name: money(value) for name, value in sums.items()}


def _of(lines: list[Record], project: str, beginnings: str) -> list[Record]:
    return [
        line
        for line in lines
        if line.get("project", {}).get("id") == project
        and project != projects.NON_PROJECT
        and line["account"]["number"][0] in beginnings
    ]
