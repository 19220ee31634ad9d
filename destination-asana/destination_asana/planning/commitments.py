"""The sum of an order: what it commits to, what came, what was invoiced, and what is left. Pure.

Orders name no invoices, and Visma keeps no invoiced amount of an order, so that the sum is one over all invoices that name it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from destination_asana.documents.order_money import OrderMoney
from destination_asana.documents.order_references import Share
from destination_asana.documents.reader import half_up
from destination_asana.documents.visma_ids import identity


@dataclass(frozen=True, slots=True)
class Invoice:
    """What a supplier's document says of orders: `shares` by order number, in `currency`; `counts` as its status has it."""

    visma_id: str
    currency: str | None
    counts: bool
    shares: Mapping[str, Share]

    def share(self, number: str) -> Share | None:
        """What it says of the order of a number."""
        wanted = _compared(number)
        return next((share for name, share in self.shares.items() if _compared(name) == wanted), None)


@dataclass(frozen=True, slots=True)
class Commitment:
    """The numbers of an order in its own currency. `converted` and `unknown` are Visma IDs of documents in another currency:
    those that were converted, and those that could not be, and count for nothing."""

    committed: Decimal
    received: Decimal
    invoiced: Decimal
    remaining: Decimal
    converted: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()


def commitment(number: str, money: OrderMoney, invoices: Iterable[Invoice]) -> Commitment:
    """The sum for an order of this number. Each document counts once, whatever the order they come in."""
    invoiced = Fraction(0)
    converted: list[str] = []
    unknown: list[str] = []
    for invoice in {identity(each.visma_id): each for each in invoices}.values():
        share = invoice.share(number)
        if share is None or not invoice.counts:
            continue
        if (invoice.currency or "").casefold() == (money.currency or "").casefold():
            invoiced += Fraction(share.amount)
            continue
        amount = None if share.in_base is None else money.converted(share.in_base)
        (unknown if amount is None else converted).append(invoice.visma_id)
        invoiced += amount or 0
    total = _to_the_cent(invoiced)
    remaining = max(Decimal("0.00"), money.committed - total)
    return Commitment(
        money.committed, money.received, total, remaining, tuple(sorted(converted)), tuple(sorted(unknown))
    )


def orders_touched(before: Mapping[str, Share], after: Mapping[str, Share]) -> tuple[str, ...]:
    """The orders whose sums a document may change: those it named and those it names. One that did not change names its
    orders all the same: the sync that wrote it may have ended before it came to them."""
    return tuple(dict.fromkeys([*before, *after]))


def orders_dropped(before: Mapping[str, Share], after: Mapping[str, Share]) -> tuple[str, ...]:
    """The orders that a document named and no longer names. Their sums are written before the document: its field is the
    last trace of them."""
    kept = {_compared(number) for number in after}
    return tuple(number for number in before if _compared(number) not in kept)


def _compared(number: str) -> str:
    return " ".join(number.split()).casefold()


def _to_the_cent(amount: Fraction) -> Decimal:
    """Rounded as people round money, exactly: halves go away from zero."""
    cents, rest = divmod(abs(amount.numerator) * 100, amount.denominator)
    cents += rest * 2 >= amount.denominator
    return half_up(Decimal(cents if amount >= 0 else -cents) / 100, 2)
