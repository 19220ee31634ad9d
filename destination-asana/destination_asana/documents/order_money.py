"""The committed and received amounts of an order, summed over the lines of its record, net of VAT. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from destination_asana.documents.reader import Reader, half_up

ORDER_TYPES = frozenset({"regularorder", "dropship"})
# An order commits to nothing while it is on hold, pending approval (`Balanced` in the API) or rejected (`Voided`).
_NOT_COMMITTED = frozenset({"hold", "balanced", "voided"})
# Visma closes an order at receipt: nothing more will be delivered, whatever was ordered.
_ENDED = frozenset({"closed", "cancelled"})
_ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class OrderMoney:
    """Amounts in the order's currency, to the cent. `committed` is None if it is not known, which no record leads to. The
    two line totals, in the order's currency and in the company's, give the rate between them."""

    currency: str | None
    committed: Decimal | None
    received: Decimal
    line_total: Decimal | None = None
    line_total_in_base: Decimal | None = None

    @property
    def rate(self) -> Fraction | None:
        """The order's currency in units of the company's currency. None if a line total is null or 0, or if the two have
        different signs. Both may be null, even if the order is in the company's currency."""
        if not self.line_total or not self.line_total_in_base:
            return None
        rate = Fraction(self.line_total) / Fraction(self.line_total_in_base)
        return rate if rate > 0 else None

    def converted(self, amount: Decimal) -> Fraction | None:
        """Converts an amount from the company's currency into the order's. None if the order gives no rate. Zero is zero in
        any currency."""
        if not amount:
            return Fraction(0)
        return None if self.rate is None else Fraction(amount) * self.rate


def money_of(order: Reader) -> OrderMoney | None:
    """The amounts of a purchase order; None for blanket orders and templates, which commit to nothing themselves."""
    if order.word("orderType") not in ORDER_TYPES:
        return None
    status = order.word("status")
    lines = order.objects("lines")
    received = sum(line.number("receivedAmt") or _ZERO for line in lines)
    committed = sum(_committed(line, ended=status in _ENDED) for line in lines)
    return OrderMoney(
        order.text("currency"),
        half_up(_ZERO if status in _NOT_COMMITTED else committed, 2),
        half_up(received, 2),
        order.number("lineTotal"),
        order.number("lineTotalInBaseCurrency"),
    )


def line_amount(line: Reader) -> Decimal | None:
    """The amount ordered on a line, after discount."""
    return line.first_number("amount", "extCost")


def _committed(line: Reader, *, ended: bool) -> Decimal:
    """The committed amount of a line: the amount ordered or, if no more deliveries will follow, the amount received."""
    finished = ended or line.raw("completed") is True or line.raw("canceled") is True
    return (line.number("receivedAmt") if finished else line_amount(line)) or _ZERO
