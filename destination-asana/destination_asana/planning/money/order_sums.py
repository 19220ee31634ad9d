"""An order's task × the invoices that name the order → the numbers and the block for the task. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from destination_asana.documents import OrderMoney, Share, label_of, number_of
from destination_asana.documents import fields as names
from destination_asana.planning.descriptions import INVOICES_OF_ORDER, Block
from destination_asana.planning.money.base_amounts import with_amounts_in_base
from destination_asana.planning.money.commitments import (
    Commitment,
    Invoice,
    amount_in,
    commitment,
    same_currency,
    to_the_cent,
)
from destination_asana.planning.money.order_memory import Memory, row_of, same_basis

# A block lists this many invoices and counts the rest in one row.
MOST_ROWS = 200
_AMBIGUOUS = "Several orders have this number, so none of these is counted for any of them"


@dataclass(frozen=True, slots=True)
class Sums:
    """What an order's task shows: the totals, and the block with the invoices. If several orders share its number, it is
    `ambiguous`."""

    total: Commitment
    block: Block
    ambiguous: bool = False

    @property
    def without_block(self) -> Sums:
        """The same for a person who has rewritten the description: the block only returns if it has invoices to list."""
        return self if len(self.block.rows) > 1 else replace(self, block=Block(INVOICES_OF_ORDER, ()))

    @property
    def fields(self) -> dict[str, float | None]:
        """The values of the fields, by name."""
        amounts = {
            names.COMMITTED: self.total.committed,
            names.RECEIVED: self.total.received,
            names.INVOICED: self.total.invoiced,
            names.REMAINING: self.total.remaining,
        }
        return {name: None if amount is None else float(amount) for name, amount in amounts.items()}


def added_up(
    visma_id: str,
    money: OrderMoney,
    invoices: Iterable[Invoice],
    *,
    ambiguous: bool,
    remember: bool = True,
    base_currencies: Collection[str] = (),
) -> Sums:
    """The sums of an order. If several orders share its number, no invoices count for any of them. `remember` is False if
    the amounts of the order are not certain. `base_currencies` are those that this sync has seen to be the company's."""
    number = number_of(visma_id)
    based = with_amounts_in_base(sorted(invoices, key=lambda each: each.visma_id), number, money, base_currencies)
    total = commitment(number, money, () if ambiguous else based)
    rows = [_invoice_row(money, each, share) for each in based if (share := each.share(number)) is not None]
    if len(rows) > MOST_ROWS:
        rows = [*rows[:MOST_ROWS], f"… and {len(rows) - MOST_ROWS} more"]
    if ambiguous and rows:
        rows.append(_AMBIGUOUS)
    return Sums(total, _block(visma_id, money if remember else None, total.invoiced, rows), ambiguous)


def kept(visma_id: str, money: OrderMoney, memory: Memory) -> Sums:
    """The sums of an order whose record has changed, while its invoices have not."""
    remaining = None if money.committed is None else max(Decimal("0.00"), money.committed - memory.invoiced)
    total = Commitment(money.committed, money.received, memory.invoiced, remaining)
    return Sums(total, _block(visma_id, money, memory.invoiced, memory.above))


def holds(memory: Memory, money: OrderMoney) -> bool:
    """Whether the sums that a task remembers hold for this version of its order, as long as no invoice comes."""
    return memory.whole and same_basis(memory.money, money) and _AMBIGUOUS not in memory.above


def _block(visma_id: str, money: OrderMoney | None, invoiced: Decimal, rows: Sequence[str]) -> Block:
    total = () if money is None or money.committed is None else (row_of(visma_id, money, invoiced, rows),)
    return Block(INVOICES_OF_ORDER, (*rows, *total))


def _invoice_row(money: OrderMoney, invoice: Invoice, share: Share) -> str:
    own = "not known" if share.amount is None else f"{share.amount:.2f}"
    row = f"{label_of(invoice.visma_id)}: {own} {invoice.currency or ''}".rstrip()
    if not invoice.counts:
        return f"{row} (not counted)"
    amount = amount_in(money, invoice.currency, share)
    if amount is None:
        return f"{row} (not counted: its amount in {money.currency or 'the order’s currency'} is not known)"
    if same_currency(invoice.currency, money.currency):
        return row
    return f"{row}, counted as {to_the_cent(amount):.2f} {money.currency or ''}".rstrip()
