"""Invoices and notes of suppliers and customers: record → Document. Pure."""

from __future__ import annotations

from decimal import Decimal

from destination_asana.documents import fields as names
from destination_asana.documents.currency import DocumentAmounts
from destination_asana.documents.document import Document, account_of, cost_centers_of, document_of, first_of, party_of
from destination_asana.documents.line_items import LineItem
from destination_asana.documents.order_references import block_rows, field_text, shares_of
from destination_asana.documents.reader import Reader
from destination_asana.documents.subject import subject_of
from destination_asana.documents.visma_ids import type_in


def supplier_invoice(reader: Reader, visma_id: str) -> Document:
    supplier = reader.object("supplier")
    orders = [number for line in reader.objects("invoiceLines") if (number := line.text("poNumber"))]
    document = _invoice(
        reader,
        visma_id,
        party=supplier,
        supplier=supplier,
        due_date=reader.date("dueDate"),
        date=reader.date("date"),
        lines=reader.objects("invoiceLines"),
        unit_cost="unitCost",
        line_amount="cost",
        description="transactionDescription",
        facts=[
            ("Supplier", party_of(supplier)),
            ("Supplier reference", reader.text("supplierReference") or reader.text("buyerReference")),
            ("Payment reference", reader.text("paymentRefNo")),
            ("Purchase orders", ", ".join(dict.fromkeys(orders)) or None),
            ("Description", reader.text("description")),
        ],
    )
    shares = shares_of(reader)
    document.shares = shares
    document.fields[names.PURCHASE_ORDERS] = field_text(shares)
    document.reference_rows = block_rows(shares)
    return document


def customer_invoice(reader: Reader, visma_id: str) -> Document:
    customer = reader.object("customer")
    return _invoice(
        reader,
        visma_id,
        party=customer,
        due_date=reader.date("documentDueDate"),
        date=reader.date("documentDate"),
        # Invoices have `invoiceLines`; notes and overdue charges have `lines`.
        lines=reader.objects("invoiceLines") or reader.objects("lines"),
        unit_cost="unitPrice",
        line_amount="amount",
        description="description",
        facts=[
            ("Customer", party_of(customer)),
            ("Customer reference", reader.text("customerRefNumber")),
            ("External reference", reader.text("externalReference")),
            ("Payment reference", reader.text("paymentReference")),
            ("Invoice text", reader.text("invoiceText")),
        ],
    )


def _invoice(
    reader: Reader,
    visma_id: str,
    *,
    party: Reader,
    supplier: Reader | None = None,
    due_date: str | None,
    date: str | None,
    lines: list[Reader],
    unit_cost: str,
    line_amount: str,
    description: str,
    facts: list[tuple[str, str | None]],
) -> Document:
    kind, currency = type_in(visma_id), reader.text("currencyId")
    amounts = DocumentAmounts(reader, lines)
    amount = amounts.amount()
    # A prepayment is a request and, once paid, a claim on the supplier or by the customer. It is never a debt.
    balance = None if kind.claim else amounts.balance()
    if kind.credit:
        amount, balance = (None if value is None else -abs(value) for value in (amount, balance))
    items = [
        LineItem.of(
            number=line.integer("lineNumber"),
            description=first_of(line.text(description), line.text("inventoryNumber"), account_of(line)),
            quantity=line.number("quantity"),
            unit_cost=amounts.of(line, unit_cost),
            amount=_signed(amounts.of(line, line_amount), credit=kind.credit),
            currency=currency,
            account=account_of(line),
            cost_centers=cost_centers_of(line.object("subaccount")),
        )
        for line in lines
    ]
    document = document_of(
        reader,
        visma_id,
        party=party,
        amount=amount,
        balance=balance,
        currency=currency,
        due_date=due_date,
        date=date,
        lines=items,
        facts=facts,
    )
    document.unknown_amounts = amounts.unknown
    document.subject = subject_of(reader, lines, document.lines, supplier)
    document.fields[names.PROJECTS] = document.subject.project_options
    return document


def _signed(amount: Decimal | None, *, credit: bool) -> Decimal | None:
    # Zero has no sign.
    return -amount if credit and amount else amount
