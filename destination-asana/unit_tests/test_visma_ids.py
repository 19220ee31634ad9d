"""Visma IDs: what they begin with, what they name, and how far one stream's reach goes."""

import pytest
from destination_asana.documents.types import Kind
from destination_asana.documents.visma_ids import (
    company_of,
    kind_in,
    label_of,
    number_of,
    prefixes_of,
    scopes_of,
    visma_id_of,
)


@pytest.mark.parametrize(
    ("stream", "prefixes"),
    [
        ("purchase_orders", {"purchaseorderid"}),
        ("supplier_invoices", {"supplierinvoiceid"}),
        ("customer_overdue_charges", {"customerinvoiceid"}),
        ("projects", {"projectid"}),
        ("erp_orders", set()),
    ],
)
def test_prefixes_of_a_stream(stream: str, prefixes: set[str]) -> None:
    assert prefixes_of(stream) == prefixes


@pytest.mark.parametrize(
    ("visma_id", "kind", "company", "number", "label"),
    [
        ("PurchaseOrderId:41/RegularOrder/0001", Kind.ORDERS, "41", "0001", "PO 0001"),
        ("SupplierInvoiceId:41/Prepayment/9", Kind.SUPPLIER_DOCUMENTS, "41", "9", "Prepayment 9"),
        ("CustomerInvoiceId: 41 /CreditNote/A/9", Kind.CUSTOMER_DOCUMENTS, "41", "A/9", "Sales credit note A/9"),
        ("ProjectId:41/3101", Kind.PROJECTS, "41", "3101", "Project 3101"),
        ("Another:41/Invoice/9", Kind.SUPPLIER_DOCUMENTS, "41", "9", "Invoice 9"),
    ],
)
def test_the_parts_of_a_visma_id(visma_id: str, kind: Kind, company: str, number: str, label: str) -> None:
    assert (kind_in(visma_id), company_of(visma_id), number_of(visma_id), label_of(visma_id)) == (
        kind,
        company,
        number,
        label,
    )


@pytest.mark.parametrize(
    ("stream", "visma_id", "scopes"),
    [
        ("purchase_orders", "PurchaseOrderId:41/DropShip/1", {"purchaseorderid:41/"}),
        ("supplier_invoices", "SupplierInvoiceId:41/DebitAdj/1", {"supplierinvoiceid:41/"}),
        ("customer_invoices", "CustomerInvoiceId:41/Invoice/1", {"customerinvoiceid:41/invoice/"}),
        (
            "customer_credit_notes",
            "CustomerInvoiceId:41/CreditNote/1",
            {"customerinvoiceid:41/creditnote/", "customerinvoiceid:41/creditmemo/"},
        ),
        (
            "customer_debit_notes",
            "CustomerInvoiceId:41/Other/1",
            {"customerinvoiceid:41/debitnote/", "customerinvoiceid:41/other/"},
        ),
    ],
)
def test_how_far_a_stream_reaches(stream: str, visma_id: str, scopes: set[str]) -> None:
    assert scopes_of(stream, visma_id) == scopes


@pytest.mark.parametrize(
    ("stream", "record", "visma_id"),
    [
        ("projects", {"company_id": 41, "internalID": 3101}, "ProjectId:41/3101"),
        ("projects", {"company_id": 41, "internalID": True}, None),
        ("things", {"id": 1}, None),
        ("customer_invoices", None, None),
    ],
)
def test_the_visma_id_of_any_record(stream: str, record: object, visma_id: str | None) -> None:
    assert visma_id_of(stream, record) == visma_id
