"""The amounts of an invoice or note in the document's own currency. Pure.

Visma gives most amounts twice: `xInCurrency` is in the document's currency, plain `x` in the company's. The exchange rate
cannot convert one into the other: for some currency pairs it multiplies, for others it divides, and a document does not
say which. An amount that the document's own numbers do not determine stays empty. A number in the company's currency
never appears beside another currency's code.
"""

from __future__ import annotations

from decimal import Decimal
from itertools import product

from destination_asana.documents.reader import CENT, Reader, half_up

IN_CURRENCY = "InCurrency"
# Amounts that come in both currencies. Comparing the two shows whether the document is in the company's currency.
_TOTALS = ("amount", "balance", "detailTotal", "discountTotal", "vatTotal", "vatTaxableTotal", "vatExemptTotal")
_LINE_TOTALS = ("cost", "amount")
# How far a total that was converted from the company's currency may be from the sum of its parts.
_NEAR = 2 * CENT


class DocumentAmounts:
    """Reads the amounts of one document. `unknown` is True once an amount could not be determined. `in_company_currency`
    means that the amounts it gives in both currencies are equal."""

    def __init__(self, document: Reader, lines: list[Reader]) -> None:
        self._document = document
        self.in_company_currency = _is_in_company_currency(document, lines)
        self.unknown = False

    def balance(self) -> Decimal | None:
        """The amount left to pay or, on a credit note, left to set off."""
        return self.of(self._document, "balance")

    def amount(self) -> Decimal | None:
        """The document amount, VAT included. Before release Visma gives 0; the balance stands in for it."""
        plain, own = self._document.money("amount"), self._document.money("amount" + IN_CURRENCY)
        if not plain and not own:
            balance = self.balance()
            if self.unknown or (balance is not None and balance > 0):
                return balance
            return plain if own is None else own
        if plain and not own:
            own = plain if self.in_company_currency else self._converted(plain)
            self.unknown |= own is None
        return own

    def of(self, reader: Reader, name: str) -> Decimal | None:
        """The amount `name` of the document or of one of its lines."""
        own, plain = reader.money(name + IN_CURRENCY), reader.money(name)
        # Zero is zero in any currency.
        if own is not None or self.in_company_currency or not plain:
            return plain if own is None else own
        self.unknown = True
        return None

    def pair(self, reader: Reader, name: str) -> tuple[Decimal | None, Decimal | None]:
        """The amount `name` in the document's currency and in the company's, as Visma gives them; None for one that is not
        known. An amount that is empty in both is zero in both. A zero in the company's currency beside another amount is an
        empty one."""
        own, plain = self.of(reader, name), reader.money(name)
        if not own and not plain:
            return Decimal(0), Decimal(0)
        return own, plain or None

    def _converted(self, amount: Decimal) -> Decimal | None:
        """The total of a supplier document, which Visma gives in the company's currency only."""
        document = self._document
        balance, own_balance = document.money("balance"), document.money("balance" + IN_CURRENCY)
        if balance is not None and own_balance and _cents(balance) == _cents(amount):
            # Nothing has been paid yet, so the balance is the total.
            return own_balance
        details, own_details = document.money("detailTotal"), document.money("detailTotal" + IN_CURRENCY)
        if not details or not own_details or _cents(details) == _cents(own_details):
            # The line totals are equal although other totals differ, so they give no rate.
            return None
        estimate = document.bounded("amount", amount * own_details / details)
        nearest = min(self._possible_totals(own_details), key=lambda total: abs(total - estimate))
        return nearest if abs(nearest - estimate) <= _NEAR else _cents(estimate)

    def _possible_totals(self, details: Decimal) -> list[Decimal]:
        """The totals that the document's parts allow, in its currency. The lines may include VAT, a discount may apply to
        the whole document, and the total may be rounded."""
        names = ("discountTotal", "vatTotal", "roundingDiff")
        discount, vat, rounding = (self._document.money(name + IN_CURRENCY) or Decimal(0) for name in names)
        choices = ((-discount, Decimal(0)), (vat, Decimal(0)), (Decimal(0), rounding, -rounding))
        return [details + sum(chosen) for chosen in product(*choices)]


def _is_in_company_currency(document: Reader, lines: list[Reader]) -> bool:
    """Whether the document is in the company's currency, so that plain amounts can be used as they are."""
    pairs = _pairs([document], _TOTALS) + _pairs(lines, _LINE_TOTALS)
    if not pairs:
        # Without a currency code beside it, no number can be wrong.
        return document.text("currencyId") is None
    return all(_cents(plain) == _cents(own) for plain, own in pairs)


def _pairs(readers: list[Reader], names: tuple[str, ...]) -> list[tuple[Decimal, Decimal]]:
    """Pairs of the plain amount and the amount in the document's currency. Zeros are left out, because they prove nothing:
    a paid invoice has a balance of 0 in every currency, and a number that nobody entered is 0, too."""
    both = ((reader.money(name), reader.money(name + IN_CURRENCY)) for reader in readers for name in names)
    return [(plain, own) for plain, own in both if plain and own]


def _cents(number: Decimal) -> Decimal:
    return half_up(number, 2)
