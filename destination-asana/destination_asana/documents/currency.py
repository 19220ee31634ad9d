"""The amounts of an invoice or note in the document's own currency. Pure.

Visma gives most amounts twice: `xInCurrency` is in the currency of the document, plain `x` in the company's. Its exchange
rate is no way from the one to the other: for some pairs of currencies it multiplies, for others it divides, and a
document does not say which. What no number of the document tells stays empty; a number in the company's currency is
never shown beside the code of another one.
"""

from __future__ import annotations

from decimal import Decimal
from itertools import product

from destination_asana.documents.reader import CENT, Reader, half_up

IN_CURRENCY = "InCurrency"
# Amounts that come twice, so that the two tell whether the document is in the company's currency.
_TOTALS = ("amount", "balance", "detailTotal", "discountTotal", "vatTotal", "vatTaxableTotal", "vatExemptTotal")
_LINE_TOTALS = ("cost", "amount")
# How far a total computed by way of the company's currency may be from the same total summed up from its parts.
_NEAR = 2 * CENT


class DocumentAmounts:
    """Reads the amounts of one document. `unknown` tells, afterwards, whether some of them could not be told."""

    def __init__(self, document: Reader, lines: list[Reader]) -> None:
        self._document = document
        self._plain_counts = _is_in_company_currency(document, lines)
        self.unknown = False

    def balance(self) -> Decimal | None:
        """What is left to pay, or to be set off."""
        return self.of(self._document, "balance")

    def amount(self) -> Decimal | None:
        """What the document is about, VAT included; before release, when that is 0, its balance."""
        plain, own = self._document.money("amount"), self._document.money("amount" + IN_CURRENCY)
        if not plain and not own:
            balance = self.balance()
            if self.unknown or (balance is not None and balance > 0):
                return balance
            return plain if own is None else own
        if plain and not own:
            own = plain if self._plain_counts else self._translated(plain)
            self.unknown |= own is None
        return own

    def of(self, reader: Reader, name: str) -> Decimal | None:
        """The number `name` of the document, or of one of its lines."""
        own, plain = reader.money(name + IN_CURRENCY), reader.money(name)
        # Nothing is nothing in any currency.
        if own is not None or self._plain_counts or not plain:
            return plain if own is None else own
        self.unknown = True
        return None

    def _translated(self, amount: Decimal) -> Decimal | None:
        """The total of a supplier's document, which Visma gives in the company's currency alone."""
        document = self._document
        balance, own_balance = document.money("balance"), document.money("balance" + IN_CURRENCY)
        if balance is not None and own_balance and _cents(balance) == _cents(amount):
            # Nothing is paid yet.
            return own_balance
        details, own_details = document.money("detailTotal"), document.money("detailTotal" + IN_CURRENCY)
        if not details or not own_details or _cents(details) == _cents(own_details):
            # Equal details beside other totals that differ tell nothing either.
            return None
        estimate = document.bounded("amount", amount * own_details / details)
        nearest = min(self._sums(own_details), key=lambda total: abs(total - estimate))
        return nearest if abs(nearest - estimate) <= _NEAR else _cents(estimate)

    def _sums(self, details: Decimal) -> list[Decimal]:
        """What the total may be made of, in the document's currency: VAT may be part of the details, a discount may
        concern the whole document, and the end be rounded."""
        names = ("discountTotal", "vatTotal", "roundingDiff")
        discount, vat, rounding = (self._document.money(name + IN_CURRENCY) or Decimal(0) for name in names)
        choices = ((-discount, Decimal(0)), (vat, Decimal(0)), (Decimal(0), rounding, -rounding))
        return [details + sum(chosen) for chosen in product(*choices)]


def _is_in_company_currency(document: Reader, lines: list[Reader]) -> bool:
    """Whether the document's currency is the company's, so that plain numbers are right as they are."""
    pairs = _pairs([document], _TOTALS) + _pairs(lines, _LINE_TOTALS)
    if not pairs:
        # Without the code of a currency a number says nothing wrong.
        return document.text("currencyId") is None
    return all(_cents(plain) == _cents(own) for plain, own in pairs)


def _pairs(readers: list[Reader], names: tuple[str, ...]) -> list[tuple[Decimal, Decimal]]:
    """Numbers that come twice: plain and in the document's currency. A zero tells nothing: nothing is left to pay of a
    paid invoice in any currency, and a number nobody filled in is 0, too."""
    both = ((reader.money(name), reader.money(name + IN_CURRENCY)) for reader in readers for name in names)
    return [(plain, own) for plain, own in both if plain and own]


def _cents(number: Decimal) -> Decimal:
    return half_up(number, 2)
