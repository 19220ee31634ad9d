"""An order's task × the invoices that name the order → the numbers and the block it is to show. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from destination_asana.documents import fields as names
from destination_asana.documents.order_money import OrderMoney
from destination_asana.documents.order_references import counts, read
from destination_asana.documents.visma_ids import label_of, type_in
from destination_asana.planning.blocks import INVOICES_OF_ORDER, ORDERS_OF_INVOICE, Block
from destination_asana.planning.commitments import Commitment, Invoice, commitment
from destination_asana.planning.snapshot import Snapshot

# Rows of invoices; of more of them the rest is counted in one row.
MOST_ROWS = 200
_LINES = "Lines of the order"
_RATE = re.compile(rf"^{_LINES}: (-?\d+(?:\.\d+)?) .*= (-?\d+(?:\.\d+)?) in the company's currency$")


def shown_invoice(snapshot: Snapshot, shown: Mapping[str, Any]) -> Invoice:
    """What the task of a supplier's document remembers of orders; `shown` are its field values."""
    shares = read(shown.get(names.PURCHASE_ORDERS), snapshot.blocks.get(ORDERS_OF_INVOICE.header, ()))
    claim = type_in(snapshot.visma_id).claim
    counting = counts("Prepayment" if claim else None, shown.get(names.STATUS))
    return Invoice(snapshot.visma_id, shown.get(names.CURRENCY), counting, shares)


def shown_money(snapshot: Snapshot, shown: Mapping[str, Any]) -> OrderMoney:
    """What the task of an order remembers of its money."""
    rate = next((match for row in _rows_of(snapshot) if (match := _RATE.match(row)) is not None), None)
    # Only an order in a foreign currency keeps its totals; those of any other are the same in both.
    line_total, in_base = (Decimal(1), Decimal(1)) if rate is None else map(Decimal, rate.groups())
    return OrderMoney(
        shown.get(names.CURRENCY),
        _decimal(shown.get(names.COMMITTED)),
        _decimal(shown.get(names.RECEIVED)),
        line_total,
        in_base,
    )


def numbers(total: Commitment) -> dict[str, float]:
    """The field values that follow from invoices."""
    return {names.INVOICED: float(total.invoiced), names.REMAINING: float(total.remaining)}


def sum_of(number: str, money: OrderMoney, invoices: Sequence[Invoice], *, ambiguous: bool) -> Commitment:
    """The sum of an order. Where several orders have the number, invoices count for none of them."""
    return commitment(number, money, () if ambiguous else [_in_base(each, money) for each in invoices])


def block(number: str, money: OrderMoney, invoices: Iterable[Invoice], *, ambiguous: bool) -> Block:
    """What the order's description says of its invoices, and of its own totals where it is in a foreign currency."""
    based = [_in_base(each, money) for each in sorted(invoices, key=lambda each: each.visma_id)]
    rows = [_of_invoice(number, money, each) for each in based]
    if len(rows) > MOST_ROWS:
        rows = [*rows[:MOST_ROWS], f"… and {len(rows) - MOST_ROWS} more"]
    if ambiguous and rows:
        rows.append("Several orders have this number, so none of these is counted for any of them")
    return Block(INVOICES_OF_ORDER, (*_of_rate(money), *rows))


def block_with_totals(money: OrderMoney, shown: Snapshot) -> Block:
    """The block as the order's task shows it, with the totals of its lines as they are now."""
    rows = [row for row in _rows_of(shown) if not row.startswith(f"{_LINES}: ")]
    return Block(INVOICES_OF_ORDER, (*_of_rate(money), *rows))


def totals_differ(money: OrderMoney, shown: Snapshot) -> bool:
    """Whether amounts of the company's currency are converted in another way than the task's numbers were."""
    return list(_of_rate(money)) != [row for row in _rows_of(shown) if row.startswith(f"{_LINES}: ")]


def _in_base(invoice: Invoice, money: OrderMoney) -> Invoice:
    """The invoice with its amounts in the company's currency, where they need no saying: for an order in a foreign currency,
    a document in another one that keeps no second amounts is in the company's."""
    if not _of_rate(money):
        return invoice
    shares = {
        number: share if share.in_base is not None else share._replace(in_base=share.amount)
        for number, share in invoice.shares.items()
    }
    return replace(invoice, shares=shares)


def _rows_of(snapshot: Snapshot) -> Sequence[str]:
    return snapshot.blocks.get(INVOICES_OF_ORDER.header, ())


def _of_rate(money: OrderMoney) -> tuple[str, ...]:
    if not money.line_total or not money.line_total_in_base or money.line_total == money.line_total_in_base:
        return ()
    totals = f"{_whole(money.line_total)} {money.currency or ''}".rstrip()
    return (f"{_LINES}: {totals} = {_whole(money.line_total_in_base)} in the company's currency",)


def _whole(amount: Decimal) -> str:
    """All decimals of an amount, two at least."""
    return f"{amount:.2f}" if amount == round(amount, 2) else f"{amount.normalize():f}"


def _of_invoice(number: str, money: OrderMoney, invoice: Invoice) -> str:
    share = invoice.share(number)
    amount = f"{share.amount:.2f} {invoice.currency or ''}".rstrip() if share is not None else "0.00"
    row = f"{label_of(invoice.visma_id)}: {amount}"
    if not invoice.counts:
        return f"{row} (not counted)"
    if share is None or (invoice.currency or "").casefold() == (money.currency or "").casefold():
        return row
    converted = None if share.in_base is None else money.converted(share.in_base)
    if converted is None:
        return f"{row} (not counted: its amount in {money.currency or 'the order’s currency'} is not known)"
    return f"{row}, counted as {float(converted):.2f} {money.currency or ''}".rstrip()


def _decimal(value: Any) -> Decimal:
    return Decimal(str(value)) if isinstance(value, (int, float)) else Decimal(0)
