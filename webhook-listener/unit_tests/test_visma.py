"""Which Visma address stands for a Visma ID."""

import pytest
from webhook_listener.visma import Reference


@pytest.mark.parametrize(
    ("visma_id", "path"),
    [
        ("SupplierInvoiceId:4100251/Invoice/200123", "/v1/supplierInvoice/Invoice/200123"),
        # A credit note, which Visma's API calls a debit adjustment, and a credit adjustment.
        ("SupplierInvoiceId:4100251/DebitAdj/200124", "/v1/supplierInvoice/DebitAdj/200124"),
        ("SupplierInvoiceId:4100251/CreditAdj/200131", "/v1/supplierInvoice/CreditAdj/200131"),
        ("SupplierInvoiceId:4100251/Prepayment/1", "/v1/supplierInvoice/Prepayment/1"),
        ("PurchaseOrderId:4100251/RegularOrder/500001", "/v1/purchaseorder/500001"),
        ("PurchaseOrderId:4100251/RegularOrder/A/1 b", "/v1/purchaseorder/b64(QS8xIGI)"),
    ],
)
def test_paths(visma_id: str, path: str) -> None:
    reference = Reference.of(visma_id)
    assert reference is not None
    assert (reference.company, reference.path) == ("4100251", path)


@pytest.mark.parametrize(
    "other",
    [
        "CustomerInvoiceId:1/Invoice/2",
        "CustomerInvoiceId:1/CreditNote/3",
        "CustomerInvoiceId:1/FinCharge/4",
        "ProjectId:1/5",
        "SupplierInvoiceId:1/Invoice",
        "",
        "x",
    ],
)
def test_documents_without_a_note_of_ours(other: str) -> None:
    assert Reference.of(other) is None


def test_another_document_under_the_same_number() -> None:
    order = Reference.of("PurchaseOrderId:1/RegularOrder/2")
    assert order is not None
    assert order.names({"orderType": "RegularOrder", "orderNbr": "2"})
    assert not order.names({"orderType": "Blanket", "orderNbr": "2"})
    assert not order.names({})
