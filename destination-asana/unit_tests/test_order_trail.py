"""By which numbers orders and their invoices are looked up, and which orders are looked up together."""

import pytest
from destination_asana.planning.money.order_numbers import (
    alike,
    is_supplier_document,
    named_by,
    order_ids,
    orders_with,
    proves_parts,
)
from destination_asana.planning.snapshot import Snapshot


@pytest.mark.parametrize(
    ("numbers", "groups"),
    [
        # The last digit is open where two share the rest, the last two where four do.
        (["500221", "500229", "500230"], [("50022", ["500221", "500229"])]),
        (["500201", "500212", "500223", "500234"], [("5002", ["500201", "500212", "500223", "500234"])]),
        (["500201", "500202", "500213", "500223"], [("50020", ["500201", "500202"])]),
        (
            ["500221", "500301", "500312", "500229", "500334", "500323"],
            [("50022", ["500221", "500229"]), ("5003", ["500301", "500312", "500323", "500334"])],
        ),
        # Too short a beginning is found in too much; letters may be told apart by their case.
        (["1021", "1022", "1023"], []),
        (["PO5001", "PO5002"], []),
        (["500221", "500221"], []),
        ([], []),
    ],
)
def test_numbers_that_begin_alike_make_one_question(numbers, groups):
    assert alike(numbers) == groups


@pytest.mark.parametrize(
    ("text", "proof"),
    [
        ("500011: 7.00", True),
        ("PurchaseOrderId:4100251/RegularOrder/500011", True),
        ("600000: 1.00; 500011: 150001.00", True),
        # These hold the beginning as a word of its own.
        ("500011: 50001.00", False),
        ("50001: 3.00; 500012: 7.00", False),
        ("500012: 3.00; 500013: -50001.25", False),
        ("PurchaseOrderId:50001/RegularOrder/500011", False),
        # No number begins so.
        ("150001: 7.00", False),
        ("", False),
    ],
)
def test_what_proves_that_search_finds_parts_of_words(text, proof):
    assert proves_parts(text, "50001") is proof


def test_the_orders_that_may_have_a_number():
    assert order_ids("4100251", "PO-1") == [
        "PurchaseOrderId:4100251/RegularOrder/PO-1",
        "PurchaseOrderId:4100251/DropShip/PO-1",
    ]
    assert orders_with("4100251", "PO-1") == [
        "purchaseorderid:4100251/dropship/po-1",
        "purchaseorderid:4100251/regularorder/po-1",
    ]


@pytest.mark.parametrize(
    ("visma_id", "is_one"),
    [
        ("SupplierInvoiceId:4100251/DebitAdj/200124", True),
        (" supplierinvoiceid:4100251/invoice/200123", True),
        ("CustomerInvoiceId:4100251/Invoice/100123", False),
        ("PurchaseOrderId:4100251/RegularOrder/000123", False),
        ("SupplierInvoiceIdentity:1/2/3", False),
    ],
)
def test_documents_of_suppliers(visma_id, is_one):
    assert is_supplier_document(Snapshot("1", visma_id)) is is_one


def test_the_orders_that_the_task_of_an_invoice_names():
    invoice = Snapshot(
        "1",
        "SupplierInvoiceId:4100251/Invoice/200123",
        values={"Visma purchase orders": "500001: 100.00; 500002: 5.00"},
        blocks={"Purchase orders of this invoice": ["500002: 5.00 = 57.50", "500003: 1.00 = 11.50"]},
    )
    assert set(named_by(invoice)) == {"500001", "500002", "500003"}
    assert list(named_by(Snapshot("1", invoice.visma_id))) == []
