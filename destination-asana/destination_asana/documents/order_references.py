"""The orders that a supplier document names, its net amount for each, and the text that stores them in Asana. Pure.

The custom field has the form `500001: 1234.50; 500002: -20.00`. Entries that do not fit go into a block of the description.
Unless the document is in the company's currency, the block also holds the amounts in that currency:
`500001: 1234.50 = 14567.10`. An amount that Visma does not give is written as `not known`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import NamedTuple

from destination_asana.documents.currency import DocumentAmounts
from destination_asana.documents.fields import MAX_TEXT
from destination_asana.documents.line_items import line_order
from destination_asana.documents.reader import Reader, half_up
from destination_asana.documents.texts import comparable, one_line, size_of

# Documents that are not in the ledger: drafts, templates, rejected and voided ones. The sync itself writes `Gone from Visma`.
_NOT_COUNTED = frozenset({"hold", "balanced", "scheduled", "pendingapproval", "rejected", "voided", "gonefromvisma"})
_UNKNOWN = "not known"
_AMOUNT = rf"[-\u2212]?\d+(?:\.\d{{1,2}})?|{_UNKNOWN}"
_ENTRY = re.compile(rf"\s*(\S.*?)\s*:\s*({_AMOUNT})\s*(?:;|$)")
_ROW = re.compile(rf"^\s*(\S.*?)\s*:\s*({_AMOUNT})(?:\s*=\s*({_AMOUNT}))?\s*$")


class Share(NamedTuple):
    """A document's net amount for one order, in the document's currency and in the company's. None means not known.

    `states_base` is False if only the first amount is given, although nothing else speaks against the company's currency. The tasks
    of documents in that currency state it so. People may have removed the other amount.
    """

    amount: Decimal | None
    in_base: Decimal | None = None
    states_base: bool = True


def counts_as_invoiced(status: str | None) -> bool:
    """Whether a supplier document of this status counts as invoiced. Drafts, templates and void documents do not."""
    return "".join(comparable(status).split()) not in _NOT_COUNTED


def shares_of(invoice: Reader) -> dict[str, Share]:
    """The net amount of the lines that name an order, by order number, in line order. Negative on a credit note."""
    rows = invoice.objects("invoiceLines")
    lines = [rows[place] for _, place in line_order([row.integer("lineNumber") for row in rows])]
    amounts = DocumentAmounts(invoice, lines)
    sign = -1 if invoice.word("documentType") == "debitadj" else 1
    found: dict[str, tuple[str, Decimal | None, Decimal | None]] = {}
    for line in lines:
        number = line.text("poNumber")
        if number is None:
            continue
        own, base = amounts.pair(line, "cost")
        name, own_before, base_before = found.get(comparable(number), (number, Decimal(0), Decimal(0)))
        found[comparable(number)] = (name, _plus(own_before, own, sign), _plus(base_before, base, sign))
    return {
        number: Share(_rounded(own), _rounded(base), states_base=base is not None or not amounts.in_company_currency)
        for number, own, base in found.values()
    }


def field_text(shares: Mapping[str, Share]) -> str | None:
    """The text of the field: as many entries as fit, from the first on. None without orders."""
    return "; ".join(_fitting(_entries(shares))) or None


def block_rows(shares: Mapping[str, Share], *, whole: bool = False) -> list[str]:
    """The rows of the description's block. If the document is in the company's currency, the entries that do not fit the
    field, or all if `whole`; else all, with the amounts in the company's currency. Empty if no block is needed."""
    if any(share.states_base and (share.in_base is None or share.in_base != share.amount) for share in shares.values()):
        return [f"{_entry(number, share)} = {_words(share.in_base)}" for number, share in shares.items()]
    entries = _entries(shares)
    return entries if whole else entries[len(_fitting(entries)) :]


def read_field(text: str | None) -> dict[str, Share]:
    """Reads the orders from the text of the field. Words that people wrote between the entries are skipped, as long as they
    cannot be taken for an order number."""
    entries = _ENTRY.findall(text) if text else ()
    return {one_line(name): Share(_amount(amount), states_base=False) for name, amount in entries}


def shares_in(text: str | None, rows: Iterable[str]) -> dict[str, Share]:
    """Reads the orders that a task stores in its field (`text`) and in the `rows` of its description's block. If both name an
    order, the field wins, because people see it; the block adds the company's currency if its amount agrees. A block that
    does so for any order belongs to a document for which it must do so for all."""
    matches = (match for row in rows if (match := _ROW.match(row)) is not None)
    in_block = {
        one_line(name): Share(_amount(amount), _amount(base) if base else None, states_base=bool(base))
        for name, amount, base in (match.groups() for match in matches)
    }
    any_states_base = any(share.states_base for share in in_block.values())
    shares = dict(in_block)
    for name, share in read_field(text).items():
        kept = in_block.get(name)
        shares[name] = kept if kept is not None and kept.amount == share.amount else share
    return {name: share._replace(states_base=share.states_base or any_states_base) for name, share in shares.items()}


def _plus(total: Decimal | None, amount: Decimal | None, sign: int) -> Decimal | None:
    return None if total is None or amount is None else total + sign * amount


def _rounded(amount: Decimal | None) -> Decimal | None:
    return None if amount is None else half_up(amount, 2)


def _words(amount: Decimal | None) -> str:
    return _UNKNOWN if amount is None else f"{amount:.2f}"


def _entries(shares: Mapping[str, Share]) -> list[str]:
    return [_entry(number, share) for number, share in shares.items()]


def _entry(number: str, share: Share) -> str:
    return f"{number}: {_words(share.amount)}"


def _fitting(entries: list[str]) -> list[str]:
    """The first entries, as many as fit the field."""
    size = 0
    for place, entry in enumerate(entries):
        size += size_of(entry) + (2 if place else 0)
        if size > MAX_TEXT:
            return entries[:place]
    return entries


def _amount(text: str) -> Decimal | None:
    return None if text == _UNKNOWN else Decimal(text.replace("\u2212", "-"))
