"""Visma IDs: what they begin with, what they name, and how far one stream's reach goes."""

from typing import Any

import pytest
from destination_asana.documents.errors import RecordError
from destination_asana.documents.reader import Reader
from destination_asana.documents.types import Kind
from destination_asana.documents.visma_ids import (
    company_of,
    kind_in,
    label_of,
    number_of,
    prefixes_of,
    recognised_kind,
    scopes_in,
    scopes_of,
    visma_id_in,
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
        ("SupplierInvoiceId:41/Invoice/A/9/2", Kind.SUPPLIER_DOCUMENTS, "41", "A/9/2", "Invoice A/9/2"),
        ("PurchaseOrderId:41/RegularOrder/A:9", Kind.ORDERS, "41", "A:9", "PO A:9"),
        ("CustomerInvoiceId:41", Kind.CUSTOMER_DOCUMENTS, "41", "", ""),
        ("soon", Kind.SUPPLIER_DOCUMENTS, "", "", ""),
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
    ("stream", "companies", "scopes"),
    [
        ("purchase_orders", ["41", "42"], {"purchaseorderid:41/", "purchaseorderid:42/"}),
        ("projects", ["41"], {"projectid:41/"}),
        (
            "customer_credit_notes",
            ["41", "42"],
            {
                "customerinvoiceid:41/creditnote/",
                "customerinvoiceid:41/creditmemo/",
                "customerinvoiceid:42/creditnote/",
                "customerinvoiceid:42/creditmemo/",
            },
        ),
        ("customer_overdue_charges", ["41"], {"customerinvoiceid:41/fincharge/"}),
        ("purchase_orders", [], set()),
        ("erp_orders", ["41"], set()),
    ],
)
def test_how_far_a_stream_reaches_that_brought_nothing(stream: str, companies: list[str], scopes: set[str]) -> None:
    assert scopes_in(stream, companies) == scopes


@pytest.mark.parametrize(
    ("stream", "record", "kind"),
    [
        ("customer_debit_notes", {}, Kind.CUSTOMER_DOCUMENTS),
        ("purchase_orders", {"referenceNumber": "1"}, Kind.ORDERS),
        ("things", {"orderNbr": None, "referenceNumber": None}, Kind.ORDERS),
        ("things", {"referenceNumber": None}, Kind.SUPPLIER_DOCUMENTS),
        ("things", {"referenceNumber": "1", "customer": None}, Kind.CUSTOMER_DOCUMENTS),
    ],
)
def test_what_a_record_is(stream: str, record: dict[str, Any], kind: Kind) -> None:
    assert recognised_kind(stream, record) is kind


def test_a_visma_id_is_as_long_as_a_text_in_asana_may_be() -> None:
    """`PurchaseOrderId:41/RegularOrder/` has 32 characters, and Asana allows 1,024."""
    record = {"company_id": 41, "orderType": "RegularOrder", "orderNbr": "9" * 992}
    assert visma_id_in(Kind.ORDERS, Reader(record)) == "PurchaseOrderId:41/RegularOrder/" + "9" * 992
    with pytest.raises(RecordError) as caught:
        visma_id_in(Kind.ORDERS, Reader(record | {"orderNbr": "9" * 993}))
    assert str(caught.value) == "orderType/orderNbr: is longer than Asana allows (1024 characters)"


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
