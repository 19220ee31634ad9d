"""The totals of an order: committed, received, invoiced and remaining. Pure.

Visma stores neither an order's invoices nor its invoiced amount, so the sync adds up all invoices that name the order.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from destination_asana.documents import OrderMoney, Share, comparable, half_up, identity


@dataclass(frozen=True, slots=True)
class Invoice:
    """A supplier document's net amounts by order number (`shares`), in `currency`. `counts` is False if its type or status
    keeps it out of the totals."""

    visma_id: str
    currency: str | None
    counts: bool
    shares: Mapping[str, Share]

    def share(self, number: str) -> Share | None:
        """Its net amount for the order with this number, or None."""
        wanted = comparable(number)
        return next((share for name, share in self.shares.items() if comparable(name) == wanted), None)


@dataclass(frozen=True, slots=True)
class Commitment:
    """The totals of an order in its own currency; None for one that is not known. `converted` and `unknown` are the Visma
    IDs of documents: those that were converted from another currency, and those that do not count because their amount in
    the order's currency is not known."""

    committed: Decimal | None
    received: Decimal
    invoiced: Decimal
    remaining: Decimal | None
    converted: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()


def commitment(number: str, money: OrderMoney, invoices: Iterable[Invoice]) -> Commitment:
    """The totals of the order with this number. Each document counts once, in whatever sequence they come."""
    invoiced = Fraction(0)
    converted: list[str] = []
    unknown: list[str] = []
    for invoice in {identity(each.visma_id): each for each in invoices}.values():
        share = invoice.share(number)
        if share is None or not invoice.counts:
            continue
        amount = amount_in(money, invoice.currency, share)
        if amount is None:
            unknown.append(invoice.visma_id)
        elif not same_currency(invoice.currency, money.currency):
            converted.append(invoice.visma_id)
        invoiced += amount or 0
    total = to_the_cent(invoiced)
    remaining = None if money.committed is None else max(Decimal("0.00"), money.committed - total)
    return Commitment(
        money.committed, money.received, total, remaining, tuple(sorted(converted)), tuple(sorted(unknown))
    )


def amount_in(money: OrderMoney, currency: str | None, share: Share) -> Fraction | None:
    """A document's amount in the order's currency; None if it is not known."""
    if same_currency(currency, money.currency):
        return None if share.amount is None else Fraction(share.amount)
    return None if share.in_base is None else money.converted(share.in_base)


def same_currency(one: str | None, other: str | None) -> bool:
    return comparable(one) == comparable(other)


def orders_dropped(before: Mapping[str, Share], after: Mapping[str, Share]) -> tuple[str, ...]:
    """The orders that a document named before and names no longer. Their totals are written before the document, because
    its field is the last trace of them."""
    kept = {comparable(number) for number in after}
    return tuple(number for number in before if comparable(number) not in kept)


def to_the_cent(amount: Fraction) -> Decimal:
    """Rounds exactly, halves away from zero."""
    cents, rest = divmod(abs(amount.numerator) * 100, amount.denominator)
    cents += rest * 2 >= amount.denominator
    return half_up(Decimal(cents if amount >= 0 else -cents) / 100, 2)
