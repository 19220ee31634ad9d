"""The values of the custom fields that all kinds of documents have. Pure."""

from __future__ import annotations

from decimal import Decimal

from destination_asana.documents import fields as names
from destination_asana.documents.document.line_parts import distinct
from destination_asana.documents.line_items import LineItem, summary
from destination_asana.documents.reader import half_up
from destination_asana.documents.texts import shortened
from destination_asana.documents.types import Kind
from destination_asana.documents.values import DocumentValue
from destination_asana.documents.visma_ids import kind_in, type_in


def field_values(
    visma_id: str,
    *,
    name: str | None,
    amount: Decimal | None,
    balance: Decimal | None,
    currency: str | None,
    due_date: str | None,
    date: str | None,
    status: str | None,
    lines: list[LineItem],
) -> dict[str, DocumentValue]:
    """`name` is that of the party, `status` as on Visma's screens."""
    kind, document_type = kind_in(visma_id), type_in(visma_id)
    return {
        names.VISMA_ID: visma_id,
        names.DOCUMENT_TYPE: document_type.option,
        names.SUPPLIER: None if kind is Kind.CUSTOMER_DOCUMENTS else _cut(name),
        names.CUSTOMER: _cut(name) if kind is Kind.CUSTOMER_DOCUMENTS else None,
        names.AMOUNT: _in_cents(amount),
        names.BALANCE: _in_cents(balance),
        names.CURRENCY: _cut(currency),
        names.DUE_DATE: due_date,
        names.DOCUMENT_DATE: date,
        names.STATUS: status,
        names.LINE_ITEMS: summary(lines, names.MAX_TEXT),
        names.GL_ACCOUNTS: distinct(line.account for line in lines if line.account),
        names.COST_CENTERS: distinct(option for line in lines for option in line.cost_centers),
    }


def _in_cents(amount: Decimal | None) -> float | None:
    return None if amount is None else float(half_up(amount, 2))


def _cut(value: str | None) -> str | None:
    return None if value is None else shortened(value, names.MAX_TEXT)
