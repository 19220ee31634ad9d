"""The amounts of invoices in the company's currency, which the sync knows only by what documents show of it. Pure.

No record names the company's currency. A document in that currency gives the same amount twice, and its task states it once.
So does a task of which somebody has removed the other amount.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from destination_asana.documents import OrderMoney, Share, comparable
from destination_asana.planning.money.commitments import Invoice


def with_amounts_in_base(
    invoices: Sequence[Invoice], number: str, money: OrderMoney, base_currencies: Collection[str]
) -> list[Invoice]:
    """The invoices with their amounts in the company's currency. An invoice that states no such amount is in that currency,
    unless something shows that it is not: its currency is a foreign one in another document, or another currency is the
    company's."""
    stated = [
        (each.currency, share) for each in invoices if (share := each.share(number)) is not None and share.states_base
    ]
    foreign = {
        comparable(currency)
        for currency, share in stated
        if share.in_base is not None and share.in_base != share.amount
    }
    home = {comparable(currency) for currency, share in stated if share.amount and share.in_base == share.amount}
    home.update(map(comparable, base_currencies))
    if money.rate is not None:
        (home if money.rate == 1 else foreign).add(comparable(money.currency))
    # A missing code says nothing.
    foreign.discard("")
    home -= {*foreign, ""}
    return [_in_base(each, number, foreign, home) for each in invoices]


def _in_base(invoice: Invoice, number: str, foreign: Collection[str], home: Collection[str]) -> Invoice:
    share = invoice.share(number)
    if share is None or share.states_base:
        return invoice
    code = comparable(invoice.currency)
    # Zero is zero in any currency.
    if share.amount and (code in foreign or (code and home and code not in home)):
        return invoice
    return replace(invoice, shares={number: Share(share.amount, share.amount)})
