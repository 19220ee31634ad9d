"""Sums of a document of the supplier or customer ledger: ``…InCurrency`` in the document's currency, plain in the company's.

The shapes are those in which the sums of the lines and the amount of the document differ by more than the VAT.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from integration_tests.sandbox.visma.company.common import money
from integration_tests.sandbox.visma.store import Record

PLAIN = "plain"
ROUNDED = "rounded"  # the amount is rounded to whole units of the document's currency
ROUNDED_AT_HOME = "rounded at home"  # only the amount in the company's currency is, to 50 øre
DISCOUNT = "discount"  # a discount on the document as a whole, 5 %
INCLUSIVE = "inclusive"  # the lines' amounts include VAT
LINE_DISCOUNT = "line discount"
FOREIGN_SHAPES = (PLAIN, ROUNDED, DISCOUNT, ROUNDED_AT_HOME, INCLUSIVE, LINE_DISCOUNT)
HOME_SHAPES = {12: DISCOUNT, 14: INCLUSIVE, 16: ROUNDED, 18: LINE_DISCOUNT}


def shape_of(currency: str, position: int) -> str:
    """The shape of the document at this position; most in the company's own currency are plain."""
    if currency == "NOK":
        return HOME_SHAPES.get(position % 25, PLAIN)
    return FOREIGN_SHAPES[position % len(FOREIGN_SHAPES)]


@dataclass(frozen=True)
class Totals:
    """The sums, in the document's currency, and the rate that makes the company's of them."""

    detail: float
    discount: float
    taxable: float
    exempt: float
    vat: float
    rounding: float
    total: float
    rate: float
    rounding_at_home: float

    @property
    def total_at_home(self) -> float:
        """The document's amount in the company's currency."""
        return money(self.total * self.rate - self.rounding_at_home)

    def fields(self) -> Record:
        """The fields both ledgers have, but for amount and balance."""
        return {
            **_both("detailTotal", self.detail, self.rate),
            **_both("discountTotal", self.discount, self.rate),
            **_both("vatTaxableTotal", self.taxable, self.rate),
            **_both("vatExemptTotal", self.exempt, self.rate),
            **_both("vatTotal", self.vat, self.rate),
            "roundingDiff": money(self.rounding * self.rate + self.rounding_at_home),
        }

    def balance(self, share: float) -> Record:
        """The balance when this share of the document is still open."""
        at_home = self.total_at_home if share == 1 else money(self.total * share * self.rate)
        return {"balance": at_home, "balanceInCurrency": money(self.total * share)}


def totals(amounts: Sequence[float], vat_rate: float, shape: str, rate: float) -> Totals:
    """The sums of lines with these amounts. A rounding difference is the amount before rounding less the one after."""
    detail = money(sum(amounts))
    discount = money(detail * 0.05) if shape == DISCOUNT else 0.0
    net = money(detail - discount)
    if shape == INCLUSIVE:
        vat_rate = vat_rate or 0.25
        vat, total = money(detail - detail / (1 + vat_rate)), detail
        net = money(detail - vat)
    else:
        vat = money(net * vat_rate)
        total = money(net + vat)
    exact, at_home = total, 0.0
    if shape == ROUNDED:
        total = float(round(total))
    if shape == ROUNDED_AT_HOME:
        at_home = money(total * rate - round(total * rate * 2) / 2)
    taxable, exempt = (net, 0.0) if vat else (0.0, net)
    return Totals(detail, discount, taxable, exempt, vat, money(exact - total), total, rate, at_home)


def _both(name: str, value: float, rate: float) -> Record:
    return {name: money(value * rate), f"{name}InCurrency": value}
