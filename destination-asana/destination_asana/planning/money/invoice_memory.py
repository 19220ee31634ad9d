"""The orders that an invoice names, from its task and from its record. Pure."""

from __future__ import annotations

from destination_asana.documents import (
    Document,
    FieldValues,
    Kind,
    counts_as_invoiced,
    kind_in,
    shares_in,
    text_value,
    type_in,
)
from destination_asana.documents import fields as names
from destination_asana.planning.descriptions import ORDERS_OF_INVOICE
from destination_asana.planning.money.commitments import Invoice
from destination_asana.planning.snapshot import Snapshot

_MONEY = frozenset({names.PURCHASE_ORDERS, names.STATUS, names.CURRENCY})


def invoice_in(snapshot: Snapshot, values: FieldValues) -> Invoice:
    """The invoice as the task of a supplier document stores it; `values` are the task's field values."""
    shares = shares_in(text_value(values, names.PURCHASE_ORDERS), snapshot.blocks.get(ORDERS_OF_INVOICE.header, ()))
    counting = _counts(snapshot.visma_id, text_value(values, names.STATUS))
    return Invoice(snapshot.visma_id, text_value(values, names.CURRENCY), counting, shares)


def may_affect_orders(document: Document) -> bool:
    """Whether a document is one that names orders, and its record carries anything that their sums depend on."""
    of_supplier = kind_in(document.visma_id) is Kind.SUPPLIER_DOCUMENTS
    return of_supplier and not _MONEY.isdisjoint(document.fields)


def invoice_of(document: Document, before: Invoice | None) -> Invoice:
    """The invoice as its record gives it. What a partial record does not carry is as it was `before`, on its task."""
    carried = document.fields
    if before is None:
        before = Invoice(document.visma_id, None, _counts(document.visma_id, None), {})
    return Invoice(
        document.visma_id,
        text_value(carried, names.CURRENCY) if names.CURRENCY in carried else before.currency,
        _counts(document.visma_id, document.status) if names.STATUS in carried else before.counts,
        document.shares if names.PURCHASE_ORDERS in carried else before.shares,
    )


def _counts(visma_id: str, status: str | None) -> bool:
    # A prepayment is a request for money.
    return not type_in(visma_id).claim and counts_as_invoiced(status)
