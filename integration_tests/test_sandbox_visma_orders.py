"""Orders of the sandbox Visma and what hangs on them: call-offs, receipts, projects, budgets, payments."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import Any

import httpx
import pytest

from integration_tests.sandbox.harness import VismaSandbox
from integration_tests.sandbox.visma.client import read_pages

pytest_plugins = ["integration_tests.sandbox.visma.testing"]


def test_orders_wait_for_approval_and_are_rejected(visma: VismaSandbox) -> None:
    statuses = Counter(order["status"] for order in visma.documents("purchaseorder"))
    assert statuses["Balanced"] == 5
    assert statuses["Voided"] == 5
    for order in visma.documents("purchaseorder"):
        if order["status"] in ("Balanced", "Voided", "Hold"):
            assert not any(line["qtyOnReceipts"] for line in order["lines"])


def test_only_lines_called_off_a_blanket_order_name_an_order(visma: VismaSandbox) -> None:
    """A line's order number is that of the blanket order it comes from; no line points at its own order."""
    orders = visma.documents("purchaseorder")
    blankets = {o["orderNbr"]: o for o in orders if o["orderType"] == "Blanket"}
    calls = [(o, line) for o in orders for line in o["lines"] if "orderNumber" in line]
    assert Counter(line["orderNumber"] for _, line in calls).keys() == blankets.keys()
    for order, line in calls:
        assert (order["orderType"], line["orderType"]) == ("RegularOrder", "Blanket")
        assert order["supplier"] == blankets[line["orderNumber"]]["supplier"]
    assert Counter(o["orderType"] for o in orders) == {
        "RegularOrder": 285,
        "DropShip": 8,
        "Blanket": 4,
        "StandardBlanket": 3,
    }


def test_order_numbers_are_shared_between_types(visma: VismaSandbox) -> None:
    kinds = defaultdict(set)
    for order in visma.documents("purchaseorder"):
        kinds[order["orderNbr"]].add(order["orderType"])
    assert kinds["500001"] == {"RegularOrder", "DropShip"}
    assert kinds["900001"] == {"Blanket", "StandardBlanket"}


def test_lines_end_early_are_cancelled_and_come_one_by_one(visma: VismaSandbox) -> None:
    open_orders = [o for o in visma.documents("purchaseorder") if o["status"] in ("Open", "Printed")]
    lines = [line for order in open_orders for line in order["lines"]]
    assert any(line["canceled"] and line["completed"] for line in lines)
    assert any(line["completed"] and not line["canceled"] for line in lines)
    assert any(len({line["promised"] for line in order["lines"]}) > 1 for order in open_orders)
    assert any(o["lines"][0]["lineNbr"] == 6 for o in visma.documents("purchaseorder"))
    closed = [o for o in visma.documents("purchaseorder") if o["status"] == "Closed"]
    assert all(line["completed"] for order in closed for line in order["lines"])
    assert any(not order["purchaseReceipts"] for order in closed)


def test_lines_of_words_have_no_amount_and_services_are_never_received(visma: VismaSandbox) -> None:
    lines = [line for order in visma.documents("purchaseorder") for line in order["lines"]]
    words = [line for line in lines if line["lineType"] == "Description"]
    assert words
    for line in words:
        assert (line["amount"], line["orderQty"], {"account", "inventory", "sub"} & set(line)) == (0, 0, set())
    services = [line for line in lines if line["lineType"] == "Service"]
    assert services
    assert not any(line["qtyOnReceipts"] for line in services)


def test_orders_and_receipts_agree(visma: VismaSandbox) -> None:
    """qtyOnReceipts counts unreleased receipts, receivedAmt only released ones; returns take away."""
    quantities: dict[Any, float] = defaultdict(float)
    amounts: dict[Any, float] = defaultdict(float)
    receipts = visma.documents("PurchaseReceipt")
    for receipt in receipts:
        sign = -1 if receipt["receiptType"] == "PoReturn" else 1
        for line in receipt["lines"]:
            key = (line["poOrderType"], line["poOrderNbr"], line["poOrderLineNbr"])
            quantities[key] += sign * line["receiptQty"]
            amounts[key] += sign * line["amount"] if receipt["status"] == "Released" else 0
    for order in visma.documents("purchaseorder"):
        for line in order["lines"]:
            key = (order["orderType"], order["orderNbr"], line["lineNbr"])
            assert line["qtyOnReceipts"] == quantities.pop(key, 0)
            assert line["receivedAmt"] == pytest.approx(amounts.get(key, 0), abs=0.02)
    assert not quantities
    assert {(r["receiptType"], r["status"]) for r in receipts} == {
        ("PoReceipt", "Released"),
        ("PoReceipt", "Balanced"),
        ("PoReceipt", "Hold"),
        ("PoReturn", "Released"),
    }


def test_invoice_lines_name_orders_and_receipts_that_exist(visma: VismaSandbox) -> None:
    orders = {o["orderNbr"]: o for o in visma.documents("purchaseorder") if o["orderType"] == "RegularOrder"}
    orders |= {o["orderNbr"]: o for o in visma.documents("purchaseorder") if o["orderType"] == "Blanket"}
    receipts = {r["receiptNbr"]: r for r in visma.documents("PurchaseReceipt")}
    found = 0
    for invoice in visma.documents("supplierInvoice"):
        for line in invoice["invoiceLines"]:
            if "poReceiptNbr" in line:
                received = receipts[line["poReceiptNbr"]]["lines"][line["poReceiptLineNbr"] - 1]
                assert (received["poOrderNbr"], received["poOrderLineNbr"]) == (line["poNumber"], line["poLineNr"])
                assert line["poNumber"] in orders or received["poOrderType"] == "DropShip"
                found += 1
    assert found > 100


def test_receipts_have_a_page_of_five_hundred_and_find_their_order(visma: VismaSandbox, api: httpx.Client) -> None:
    page = api.get("/v2/PurchaseReceipt", params={"pageSize": 1000}).json()
    assert {record["metadata"]["maxPageSize"] for record in page} == {500}
    number = page[0]["lines"][0]["poOrderNbr"]
    found = read_pages(api, "/v2/PurchaseReceipt", 500, poOrderNbr=number)
    assert page[0]["receiptNbr"] in [record["receiptNbr"] for record in found]
    assert all(any(line["poOrderNbr"] == number for line in record["lines"]) for record in found)
    assert page[0]["lines"][0]["expirationDate"] == "0001-01-01T00:00:00"
    assert api.get(f"/v2/PurchaseReceipt/{page[0]['receiptNbr']}").json()["receiptType"] == "PoReceipt"


@pytest.mark.parametrize(
    ("entity", "lines"),
    [
        ("purchaseorder", "lines"),
        ("PurchaseReceipt", "lines"),
        ("supplierInvoice", "invoiceLines"),
        ("journaltransaction", "journalTransactionLines"),
    ],
)
def test_most_lines_have_a_project_the_rest_the_non_project_code_or_none(
    visma: VismaSandbox, entity: str, lines: str
) -> None:
    found = Counter(
        line["project"]["id"] if "project" in line else None
        for record in visma.documents(entity)
        for line in record[lines]
    )
    real = sum(count for name, count in found.items() if name not in (None, "X"))
    assert real > found["X"] > found[None] > 0
    shown = next(
        line for r in visma.documents(entity) for line in r[lines] if line.get("project", {}).get("id") == "P1001"
    )
    assert shown["project"] == {"internalId": 3101, "id": "P1001", "description": "Hotell Nordlys, lobby og bar"}


def test_projects_templates_and_the_non_project(api: httpx.Client) -> None:
    every = api.get("/v1/project").json()
    assert len(every) == 14
    assert [p["projectID"] for p in api.get("/v1/project", params={"nonProject": "true"}).json()] == ["X"]
    assert [p["projectID"] for p in every if p["systemTemplate"]] == ["MAL-1"]
    assert api.get("/v1/project/P1001").json()["projectManager"]["contact"]["email"] == "nora.fjeld@fjordlys.example"


def test_an_order_that_came_in_part_is_billed_in_part(visma: VismaSandbox) -> None:
    """Four lamps ordered, three of them received in two deliveries, each with an invoice of its own."""
    order = visma.document("purchaseorder", "RegularOrder/500223")
    (line,) = order["lines"]
    assert (order["status"], line["orderQty"], line["qtyOnReceipts"], line["completed"]) == ("Open", 4.0, 3.0, False)
    assert (line["amount"], line["receivedAmt"], order["openBalance"]) == (7940.0, 5955.0, 1985.0)
    assert [(each["status"], each["totalQty"]) for each in order["purchaseReceipts"]] == [
        ("Released", 2.0),
        ("Released", 1.0),
    ]
    billed = [
        (invoice["status"], each["quantity"], each["costInCurrency"], each["poReceiptNbr"])
        for invoice in visma.documents("supplierInvoice")
        for each in invoice["invoiceLines"]
        if each.get("poNumber") == "500223"
    ]
    receipts = [each["receiptNumber"] for each in order["purchaseReceipts"]]
    assert billed == [("Open", 2.0, 3970.0, receipts[0]), ("Open", 1.0, 1985.0, receipts[1])]


def test_budget_rows_have_no_stamp_and_may_look_alike(api: httpx.Client) -> None:
    rows = read_pages(api, "/v1/projectbudget", 1000)
    assert not any("lastModifiedDateTime" in row for row in rows)
    alike = Counter((r["projectID"], r["projectTaskID"], r["accountGroupID"], r["type"]) for r in rows)
    assert max(alike.values()) == 2
    assert {row["type"] for row in rows} == {"Income", "Expense"}
    mine = api.get("/v1/projectbudget", params={"project": "P1001"}).json()
    assert {row["projectID"] for row in mine} == {"P1001"}
    goods = next(row for row in mine if row["accountGroupID"] == "VARER")
    assert goods["revisedBudgetAmount"] > goods["committedAmount"] > goods["committedOpenAmount"] > 0


def test_payments_agree_with_what_invoices_leave_open(visma: VismaSandbox) -> None:
    """Credit notes and prepayments stand among the payments, under the numbers they have as documents."""
    paid: dict[str, float] = defaultdict(float)
    payments = visma.documents("supplierPayment")
    for payment in payments:
        for line in payment["paymentLines"]:
            paid[line["invoiceRefNbr"]] += line["amountPaid"]
    for invoice in visma.documents("supplierInvoice"):
        if (
            invoice["documentType"] == "Invoice"
            and invoice["status"] in ("Open", "Closed")
            and invoice["currencyId"] == "NOK"
        ):
            left = invoice["amount"] - paid[invoice["referenceNumber"]]
            assert invoice["balance"] == pytest.approx(left, abs=0.02)
    assert {payment["type"] for payment in payments} == {"Payment", "VoidPayment", "DebitAdj", "Prepayment"}


def test_codes_repeat_between_segments_and_other_dimensions_have_values(api: httpx.Client) -> None:
    segments = api.get("/v1/dimension/SUBACCOUNT").json()["segments"]
    assert [segment["description"] for segment in segments] == ["Avdeling", "Sted", "Kostnadsbærer"]
    holders = [s["segmentId"] for s in segments if "100" in [v["valueId"] for v in s["segmentValues"]]]
    assert holders == [1, 3]
    for name in ("INSITE", "CUSTOMER", "PROJECT"):
        assert api.get(f"/v1/dimension/{name}").json()["segments"][0]["segmentValues"]
    orders = {tuple(p["segmentId"] for p in s["segments"]) for s in lines_subaccounts(api)}
    assert orders == {(1, 2, 3), (3, 2, 1)}


def lines_subaccounts(api: httpx.Client) -> list[dict[str, Any]]:
    """Subaccounts of the lines of orders."""
    orders = read_pages(api, "/v1/purchaseorder", 100)
    return [line["sub"] for order in orders for line in order["lines"] if "sub" in line]
