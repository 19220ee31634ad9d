"""What the documents of the sandbox Visma mean: kinds, signs, lines and currencies, as the real service has them."""

from __future__ import annotations

from collections import Counter

import httpx
import pytest

from integration_tests.sandbox.harness import VismaSandbox
from integration_tests.sandbox.visma.client import read_pages

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
    assert all(record["amount"] > 0 and record["amountInCurrency"] > 0 for record in records)
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
    assert (line["quantity"], line["unitPriceInCurrency"], line["amountInCurrency"]) == (0, 0, 350)
    assert (charge["amountInCurrency"], charge["vatTotalInCurrency"]) == (350, 0)
    # Overdue charges count on their own: an invoice has the same number.
    assert api.get("/v1/customerinvoice/100001").json()["documentType"] == "Invoice"
