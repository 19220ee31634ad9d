"""Which of Visma's two families of amounts is in the document's currency. Pure."""

from __future__ import annotations

from destination_asana.values import Reader

IN_CURRENCY = "InCurrency"
# Totals that come in both families; enough of them are filled on any real invoice.
_TOTALS = ("detailTotal", "balance", "vatTotal", "vatTaxableTotal")
_CENTS = 0.05


def amount_and_balance(reader: Reader) -> tuple[float | None, float | None]:
    """An invoice's amount and what is left to pay, both in the document's currency (`currencyId`).

    Visma gives most amounts twice, `x` and `xInCurrency`, and contradicts itself on which is which: the official
    document calls `InCurrency` the company's ("default") currency, live companies show the document's there. The
    exchange rate (units of company currency for one of the document's) settles it where the two differ; without it the
    live reading counts. A supplier invoice has a single `amount`; where it turns out to be in company currency, the sum
    of the document-currency totals takes its place.
    """
    suffix = "" if _plain_is_documents(reader) else IN_CURRENCY
    other = IN_CURRENCY if suffix == "" else ""
    amount = reader.amount("amount" + suffix)
    if amount is None:
        amount = reader.amount("amount" + other)
        total = _total(reader, suffix)
        if (
            amount is not None
            and total is not None
            and not _close(amount, total)
            and _fits(amount, _total(reader, other))
        ):
            if _plain_is_documents(reader) is None:
                # No rate tells: at least amount and balance are then of the same family.
                suffix = other
            else:
                amount = total
    balance = reader.amount("balance" + suffix)
    if balance is None:
        balance = reader.amount("balance" if suffix else "balance" + IN_CURRENCY)
    return amount, balance


def _plain_is_documents(reader: Reader) -> bool | None:
    """What the exchange rate says about the plain family; None when it says nothing."""
    rate = float(reader.number("exchangeRate") or 0)
    if rate <= 0 or abs(rate - 1) < 1e-6:
        return None
    for name in _TOTALS:
        plain, in_currency = reader.amount(name), reader.amount(name + IN_CURRENCY)
        if plain and in_currency and not _close(plain, in_currency):
            if _near(plain, in_currency * rate):
                return False
            if _near(in_currency, plain * rate):
                return True
    return None


def _total(reader: Reader, suffix: str) -> float | None:
    net, vat = reader.amount("detailTotal" + suffix), reader.amount("vatTotal" + suffix)
    return None if net is None else round(net + (vat or 0.0), 2)


def _fits(amount: float, total: float | None) -> bool:
    return total is not None and _close(amount, total)


def _close(one: float, other: float) -> bool:
    return abs(one - other) < _CENTS


def _near(one: float, other: float) -> bool:
    return abs(one - other) <= max(_CENTS, abs(other) * 0.005)
