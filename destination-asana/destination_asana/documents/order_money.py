"""What an order commits to and what of it came, out of its record. Lines alone count, net of VAT. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from destination_asana.documents.reader import Reader, half_up

ORDER_TYPES = frozenset({"regularorder", "dropship"})
# Nothing is committed yet: on hold, waiting for approval (Visma's `Balanced`), rejected (`Voided`).
_NOT_COMMITTED = frozenset({"hold", "balanced", "voided"})
# Visma closes an order at receipt: no more comes, whatever was ordered.
_ENDED = frozenset({"closed", "cancelled"})
_ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class OrderMoney:
    """Amounts in the order's currency, to the cent. The totals of its lines, in that currency and in the company's, tell how
    an amount of the company's currency is converted."""

    currency: str | None
    committed: Decimal
    received: Decimal
    line_total: Decimal | None = None
    line_total_in_base: Decimal | None = None

    def converted(self, amount: Decimal) -> Fraction | None:
        """An amount of the company's currency in the order's; None for an order that does not tell the rate."""
        if not self.line_total or not self.line_total_in_base:
            return None
        return Fraction(amount) * Fraction(self.line_total) / Fraction(self.line_total_in_base)


def money_of(order: Reader) -> OrderMoney | None:
    """The money of a purchase order; None for blanket orders and templates, which commit to nothing themselves."""
    if (order.text("orderType") or "").casefold() not in ORDER_TYPES:
        return None
    status = (order.text("status") or "").casefold()
    lines = order.objects("lines")
    received = sum((line.number("receivedAmt") or _ZERO for line in lines), _ZERO)
    committed = sum((_committed(line, ended=status in _ENDED) for line in lines), _ZERO)
    return OrderMoney(
        order.text("currency"),
        half_up(_ZERO if status in _NOT_COMMITTED else committed, 2),
        half_up(received, 2),
        order.number("lineTotal"),
        order.number("lineTotalInBaseCurrency"),
    )


def line_amount(line: Reader) -> Decimal | None:
    """What was ordered on a line, after its discount."""
    return line.first_number("amount", "extCost")


def _committed(line: Reader, *, ended: bool) -> Decimal:
    """What a line commits to: what was ordered or, where nothing more comes, what was received."""
    over = ended or line.raw("completed") is True or line.raw("canceled") is True
    return (line.number("receivedAmt") if over else line_amount(line)) or _ZERO
