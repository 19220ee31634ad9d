"""What the sync reads of an invoice for the totals of orders, and the change that writes these totals to an order's task."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from destination_asana.documents.order_references import Share
from destination_asana.documents.translation import translate
from destination_asana.planning.changes import Change
from destination_asana.planning.descriptions.blocks import INVOICES_OF_ORDER, Block
from destination_asana.planning.money.commitments import Invoice
from destination_asana.planning.money.invoice_memory import invoice_in, invoice_of, may_affect_orders
from destination_asana.planning.money.order_changes import order_change
from destination_asana.planning.snapshot import Snapshot

D = Decimal
INVOICE = "SupplierInvoiceId:4100251/Invoice/200123"
ORDER = "PurchaseOrderId:4100251/RegularOrder/500001"
BEFORE = Invoice(INVOICE, "USD", True, {"500009": Share(D("9.00"), D("81.00"))})
LINES = [
    {"lineNumber": 1, "poNumber": "500001", "poLineNr": 1, "costInCurrency": 100.0, "cost": 1150.0},
    {"lineNumber": 2, "poNumber": "500002", "poLineNr": 7, "costInCurrency": 5.0, "cost": 57.5},
]


# --- from a task -------------------------------------------------------------------------------------------------------


def test_an_invoice_as_its_task_stores_it():
    task = Snapshot("1", INVOICE, blocks={"Purchase orders of this invoice": ["500002: 5.00 = 57.50"]})
    values = {"Visma purchase orders": "500001: 100.00", "Visma status": "Open", "Visma currency": "EUR"}
    assert invoice_in(task, values) == Invoice(
        INVOICE, "EUR", True, {"500001": Share(D("100.00")), "500002": Share(D("5.00"), D("57.50"))}
    )


def test_a_task_without_any_values_names_no_orders():
    assert invoice_in(Snapshot("1", INVOICE), {}) == Invoice(INVOICE, None, True, {})


@pytest.mark.parametrize(
    ("visma_type", "status", "counts"),
    [
        ("Invoice", "Prebooked", True),
        ("DebitAdj", "Closed", True),
        ("Invoice", "Hold", False),
        ("Invoice", "Voided", False),
        # A prepayment is a request for money, whatever Visma says of it.
        ("Prepayment", "Open", False),
        ("prepayment", "Closed", False),
    ],
)
def test_whether_an_invoice_counts_by_its_task_and_by_its_record(make_invoice, visma_type, status, counts):
    visma_id = f"SupplierInvoiceId:4100251/{visma_type}/200123"
    assert invoice_in(Snapshot("1", visma_id), {"Visma status": status}).counts is counts
    document = translate("supplier_invoices", make_invoice(documentType=visma_type, status=status))
    assert invoice_of(document, None).counts is counts


# --- from a record -----------------------------------------------------------------------------------------------------


def test_an_invoice_as_its_record_gives_it(make_invoice):
    document = translate("supplier_invoices", make_invoice(currencyId="EUR", status="Hold", invoiceLines=LINES))
    found = Invoice(
        INVOICE,
        "EUR",
        False,
        {"500001": Share(D("100.00"), D("1150.00")), "500002": Share(D("5.00"), D("57.50"))},
    )
    assert invoice_of(document, None) == found
    assert invoice_of(document, BEFORE) == found


@pytest.mark.parametrize(
    ("carried", "expected"),
    [
        ({"Visma due date": "2026-02-01"}, BEFORE),
        ({"Visma currency": "EUR"}, replace(BEFORE, currency="EUR")),
        ({"Visma currency": None}, replace(BEFORE, currency=None)),
        ({"Visma status": "Voided"}, replace(BEFORE, counts=False)),
        (
            {"Visma purchase orders": "…"},
            replace(
                BEFORE,
                shares={"500001": Share(D("100.00"), D("1150.00")), "500002": Share(D("5.00"), D("57.50"))},
            ),
        ),
    ],
)
def test_a_partial_record_replaces_what_it_carries(make_invoice, carried: dict[str, Any], expected: Invoice):
    whole = translate("supplier_invoices", make_invoice(currencyId="EUR", status="Voided", invoiceLines=LINES))
    assert invoice_of(replace(whole, fields=carried), BEFORE) == expected


@pytest.mark.parametrize(("visma_type", "counts"), [("Invoice", True), ("Prepayment", False)])
def test_a_partial_record_of_an_invoice_that_has_no_task(make_invoice, visma_type, counts):
    whole = translate("supplier_invoices", make_invoice(documentType=visma_type, status="Hold", invoiceLines=LINES))
    visma_id = f"SupplierInvoiceId:4100251/{visma_type}/200123"
    assert invoice_of(replace(whole, fields={}), None) == Invoice(visma_id, None, counts, {})


@pytest.mark.parametrize(
    ("visma_id", "carried", "may"),
    [
        (INVOICE, "Visma purchase orders", True),
        (INVOICE, "Visma status", True),
        (INVOICE, "Visma currency", True),
        (INVOICE, "Visma amount", False),
        (ORDER, "Visma status", False),
        ("CustomerInvoiceId:4100251/Invoice/200123", "Visma currency", False),
    ],
)
def test_which_records_may_change_the_totals_of_orders(make_invoice, visma_id, carried, may):
    document = translate("supplier_invoices", make_invoice())
    assert may_affect_orders(replace(document, visma_id=visma_id, fields={carried: None})) is may


# --- to an order's task ------------------------------------------------------------------------------------------------


def test_only_what_differs_is_written_to_an_order():
    block = Block(INVOICES_OF_ORDER, ("Invoice 200123: 250.00 NOK",))
    task = Snapshot("1", ORDER, blocks={"Invoices of this order": ["Invoice 200123: 200.00 NOK"]})
    wanted = {"Visma committed": 1000.0, "Visma invoiced": 250.0, "Visma remaining": 750.0, "Visma received": None}
    shown = {"Visma committed": 1000, "Visma invoiced": 200.0}
    assert order_change(task, shown, wanted, block) == Change(
        ORDER,
        "PO 500001",
        task,
        fields={"Visma invoiced": (200.0, 250.0), "Visma remaining": (None, 750.0)},
        blocks=(block,),
    )
    right = replace(task, blocks={"Invoices of this order": ["Invoice 200123: 250.00 NOK"]})
    assert order_change(right, wanted, wanted, block) == Change(ORDER, "PO 500001", right)
