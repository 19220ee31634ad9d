"""The Visma ID, which names one Visma document in Asana, and the label people know it by. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from destination_asana.document_fields import MAX_TEXT
from destination_asana.errors import RecordError
from destination_asana.values import Reader

# By kind of document: the prefix of its Visma ID, and its key after company_id.
KEYS = {
    "purchase_orders": ("PurchaseOrderId", ("orderType", "orderNbr")),
    "supplier_invoices": ("SupplierInvoiceId", ("documentType", "referenceNumber")),
    "customer_invoices": ("CustomerInvoiceId", ("documentType", "referenceNumber")),
}
LABELS = {"creditadj": "Credit note", "creditmemo": "Credit note", "creditnote": "Credit note"}
LABELS |= {"debitadj": "Debit note", "debitmemo": "Debit note", "prepayment": "Prepayment"}


def identity(visma_id: str) -> str:
    """A Visma ID as it is compared: Visma's keys do not tell upper from lower case."""
    return visma_id.strip().casefold()


def kind_of(source: str, record: Mapping[str, Any]) -> str | None:
    """The kind of document a record of the stream `source` is, a key of KEYS; streams of other names tell by content."""
    if source in KEYS:
        return source
    if "orderNbr" in record:
        return "purchase_orders"
    if "referenceNumber" in record:
        return "customer_invoices" if "customer" in record else "supplier_invoices"
    return None


def visma_id_in(kind: str, reader: Reader) -> str:
    """The Visma ID out of the parts of a record's key. Raises RecordError naming every part that is missing."""
    prefix, key = KEYS[kind]
    parts = {name: reader.key(name) for name in ("company_id", *key)}
    missing = [name for name, value in parts.items() if value is None]
    if missing:
        raise RecordError(", ".join(missing), "is missing, and without it the document has no identity")
    company, document_type, number = parts.values()
    visma_id = f"{prefix}:{company}/{document_type}/{number}"
    if len(visma_id) > MAX_TEXT:
        raise RecordError("/".join(key), f"is longer than Asana can hold ({MAX_TEXT} characters)")
    return visma_id


def visma_id_of(source: str, record: Any) -> str | None:
    """The Visma ID of a record that may be broken elsewhere, or None when a part of its key is."""
    kind = kind_of(source, record) if isinstance(record, Mapping) else None
    try:
        return visma_id_in(kind, Reader(record)) if kind else None
    except RecordError:
        return None


def label_of(visma_id: str) -> str:
    """`Invoice 200123` for `SupplierInvoiceId:4100251/Invoice/200123`."""
    prefix, _, rest = visma_id.partition(":")
    _, document_type, number = [*rest.split("/", 2), "", ""][:3]
    return (
        f"PO {number}" if prefix == "PurchaseOrderId" else f"{LABELS.get(document_type.casefold(), 'Invoice')} {number}"
    )
