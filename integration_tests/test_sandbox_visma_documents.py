"""What the documents of the sandbox Visma mean: kinds, signs, lines and currencies, as the real service has them."""

from __future__ import annotations

import re
from collections import Counter
from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest

from integration_tests.sandbox.harness import VismaSandbox
from integration_tests.sandbox.visma.client import read_pages
from integration_tests.sandbox.visma.wire import to_json

pytest_plugins = ["integration_tests.sandbox.visma.testing"]

# Each kind of customer document: its list, how many there are, where its lines stand.
CUSTOMER_DOCUMENTS = [
    ("customerinvoice", "Invoice", 133, "invoiceLines"),
    ("customerCreditNote", "CreditNote", 11, "lines"),
    ("customerDebitNote", "DebitNote", 3, "lines"),
    ("customerOverdueCharge", "FinCharge", 3, "lines"),
]


@pytest.mark.parametrize(("entity", "kind", "count", "lines"), CUSTOMER_DOCUMENTS)
def test_each_kind_of_customer_document_has_a_list_of_its_own(
    api: httpx.Client, entity: str, kind: str, count: int, lines: str
) -> None:
    records = read_pages(api, f"/v1/{entity}", 1000)
    assert Counter(record["documentType"] for record in records) == {kind: count}
    assert all(record["metadata"] == {"totalCount": count, "maxPageSize": 1000} for record in records)
    assert all(record[lines] and not {"lines", "invoiceLines"} - {lines} & set(record) for record in records)
    assert all(record["detailTotal"] > 0 and record["amountInCurrency"] >= 0 for record in records)
    # The parameter is deprecated on these lists: it has no effect, whatever it says.
    for wanted in ("CreditNote", "Invoice", "Rubbish"):
        assert read_pages(api, f"/v1/{entity}", 1000, documentType=wanted) == records


@pytest.mark.parametrize(("entity", "number"), [("customerCreditNote", "100007"), ("customerOverdueCharge", "100001")])
def test_notes_by_number_and_by_stamp(visma: VismaSandbox, api: httpx.Client, entity: str, number: str) -> None:
    record = api.get(f"/v1/{entity}/{number}").json()
    assert (record["referenceNumber"], bool(record["creditTerms"])) == (number, True)
    assert api.get(f"/v1/{entity}/100002").status_code == (200 if entity == "customerOverdueCharge" else 404)
    listed = {r["referenceNumber"]: r for r in api.get(f"/v1/{entity}").json()}[number]
    assert (listed["creditTerms"], listed["paymentMethod"]) == ({}, {})
    visma.change(entity, f"{record['documentType']}/{number}", {"status": "Closed"}, stamp="2026-11-01T10:00:00")
    params = {"lastModifiedDateTime": "2026-11-01", "lastModifiedDateTimeCondition": ">="}
    assert [r["referenceNumber"] for r in api.get(f"/v1/{entity}", params=params).json()] == [number]
    params["lastModifiedDateTimeCondition"] = "<"
    assert number not in [r["referenceNumber"] for r in api.get(f"/v1/{entity}", params=params).json()]


def test_an_overdue_charge_is_an_amount_alone(api: httpx.Client) -> None:
    charge = api.get("/v1/customerOverdueCharge/100001").json()
    (line,) = charge["lines"]
    assert (line["quantity"], line["unitPriceInCurrency"], line["amount"]) == (0, 0, 350)
    assert (charge["amount"], charge["vatTotal"]) == (350, 0)
    # Overdue charges count on their own: an invoice has the same number.
    assert api.get("/v1/customerinvoice/100001").json()["documentType"] == "Invoice"


def by_kind(visma: VismaSandbox, kind: str) -> list[dict[str, Any]]:
    """Supplier documents of a type."""
    return [record for record in visma.documents("supplierInvoice") if record["documentType"] == kind]


def test_supplier_credit_notes_are_debit_adjustments(visma: VismaSandbox) -> None:
    """The purchase credit note is DebitAdj, without terms; CreditAdj is owed like an invoice, with terms and due date."""
    notes, adjustments = by_kind(visma, "DebitAdj"), by_kind(visma, "CreditAdj")
    assert (len(notes), len(adjustments)) == (40, 2)
    assert not any({"dueDate", "creditTerms"} & set(note) for note in notes)
    assert all(record["dueDate"] and record["creditTerms"]["id"] for record in adjustments)
    assert [record["referenceNumber"] for record in adjustments] == ["290001", "290002"]
    assert [(record["status"], record["balance"]) for record in adjustments] == [("Closed", 0), ("Open", 21900.85)]
    assert all(record["balance"] >= 0 and record["detailTotal"] > 0 for record in notes)
    # Half of them name the invoice they correct, by its own number, and its order where it has one.
    named = [note for note in notes if "originalReferenceNumber" in note]
    assert len(named) == 20
    assert any("poNumber" in line for note in named for line in note["invoiceLines"])


def test_prepayments_draw_from_the_invoices_series_and_their_order_names_them(visma: VismaSandbox) -> None:
    prepayments = by_kind(visma, "Prepayment")
    numbers = {record["referenceNumber"] for record in prepayments}
    assert len(numbers) == 3
    # One is used up, one used in part, one was only asked for.
    shares = sorted(round(record["balance"] / record["amount"], 2) for record in prepayments)
    assert shares == [0, 0.6, 1]
    assert all("200001" < number < "200450" for number in numbers)
    assert not numbers & {record["referenceNumber"] for record in by_kind(visma, "Invoice")}
    assert {order.get("paymentRefNbr") for order in visma.documents("purchaseorder")} - {None} == numbers


def test_drafts_have_an_amount_of_zero_and_approval_is_no_status(visma: VismaSandbox) -> None:
    drafts = [r for r in visma.documents("supplierInvoice") if r["status"] in ("Hold", "Balanced")]
    assert {bool(r["amount"]) for r in drafts} == {True, False}
    assert all(r["balance"] > 0 for r in drafts)
    assert {r["approvalStatus"] for r in drafts} >= {"SentToApproval", "RejectedInApproval"}
    assert any(not r["amount"] and r["balance"] for r in visma.documents("customerinvoice"))


def test_supplier_lines_may_be_an_amount_alone(visma: VismaSandbox) -> None:
    lines = [line for invoice in by_kind(visma, "Invoice") for line in invoice["invoiceLines"]]
    bare = [line for line in lines if not line["quantity"]]
    assert {(line["unitCost"], line["unitCostInCurrency"]) for line in bare} == {(0, 0)}
    assert all(line["cost"] > 0 and not {"uom", "inventoryNumber", "poNumber"} & set(line) for line in bare)
    assert {line["transactionDescription"] == "" for line in bare} == {True, False}
    assert any(line["discountPercent"] for line in lines)


RATES = {"EUR": {11.6215}, "USD": {0.096026}, "DKK": {155.72}, "SEK": {1.012761, None}}


@pytest.mark.parametrize("entity", ["supplierInvoice", "customerinvoice", "purchaseorder"])
def test_rates_multiply_divide_are_per_hundred_or_missing(visma: VismaSandbox, entity: str) -> None:
    shown: dict[str, set[float | None]] = {}
    for record in visma.documents(entity):
        shown.setdefault(record.get("currencyId") or record["currency"], set()).add(record.get("exchangeRate"))
    del shown["NOK"]
    assert shown == {currency: RATES[currency] for currency in shown}
    assert len(shown) > 2


def test_foreign_documents_are_rounded_discounted_and_inclusive_of_vat(visma: VismaSandbox) -> None:
    """Plain is the company's currency, …InCurrency the document's; a supplier document's amount has no twin."""
    foreign = [r for r in visma.documents("supplierInvoice") if r["currencyId"] != "NOK" and r["amount"]]
    assert not any("amountInCurrency" in record for record in foreign)
    for record in foreign:
        parts = record["detailTotal"] - record["discountTotal"] - record["roundingDiff"]
        parts += 0 if record["taxCalculationMode"] == "Gross" else record["vatTotal"]
        assert record["amount"] == pytest.approx(parts, abs=0.02)
    shares = {round(r["balance"] / r["amount"], 3) for r in foreign}
    assert {0.0, 0.6, 1.0} <= shares
    assert any(r["discountTotalInCurrency"] for r in foreign)
    assert any(r["roundingDiffInCurrency"] for r in foreign)
    assert any(r["roundingDiff"] and not r["roundingDiffInCurrency"] for r in foreign)
    assert any(r["taxCalculationMode"] == "Gross" and r["vatTotalInCurrency"] for r in foreign)


def test_orders_count_the_other_way(visma: VismaSandbox) -> None:
    order = next(o for o in visma.documents("purchaseorder") if o["currency"] == "EUR")
    assert order["orderTotalInBaseCurrency"] / order["orderTotal"] == pytest.approx(11.6215, abs=0.001)


def test_numbers_carry_the_databases_decimals(api: httpx.Client) -> None:
    text = api.get("/v1/supplierInvoice/200002").text
    assert re.search(r'"amount":\d+\.\d{4}[,}]', text)
    assert re.search(r'"vatRate":25\.000000[,}]', text)
    assert re.search(r'"quantity":\d+\.\d{6}[,}]', text)
    assert '"lineNumber":1,' in text
    listed = api.get("/v1/purchaseorder").text
    assert re.search(r'"orderQty":\d+\.\d{6},', listed)
    assert re.search(r'"orderTotal":\d+\.\d{4},', listed)


def test_only_fields_of_numbers_are_written_with_decimals() -> None:
    record = {"amount": 5, "lineNumber": 5, "description": '"amount":1,', "unitCost": -0.5, "exchangeRate": 0.09602612}
    assert to_json(record) == (
        b'{"amount":5.0000,"lineNumber":5,"description":"\\"amount\\":1,","unitCost":-0.500000,"exchangeRate":0.09602612}'
    )


def test_stamps_go_back_when_clocks_do(visma: VismaSandbox) -> None:
    """One hour comes twice in autumn: what is written in the second one has stamps before those of the first."""

    def stamped() -> datetime:
        return datetime.fromisoformat(visma.change("supplier", "50001", {})["lastModifiedDateTime"])

    visma.control("POST", "clock", {"utc_offset_minutes": 120})
    visma.control("POST", "clock", {"utc_offset_minutes": 60, "in": 1800})
    summer = stamped()
    visma.control("POST", "clock", {"advance": 1500})
    assert timedelta(minutes=25) <= stamped() - summer < timedelta(minutes=30)
    visma.control("POST", "clock", {"advance": 600})
    assert timedelta(minutes=-25) <= stamped() - summer < timedelta(minutes=-15)
    visma.control("POST", "clock", {"utc_offset_minutes": 120})
    assert timedelta(minutes=35) <= stamped() - summer < timedelta(minutes=45)
