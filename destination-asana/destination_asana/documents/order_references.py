"""The orders that a supplier's document names, with its net amount for each, and the text that keeps them in Asana. Pure.

`500001: 1234.50; 500002: -20.00` is the form in the field; what does not fit stands in a block of the description. The block
also holds the company's own currency, where that is another one: `500001: 1234.50 = 14567.10`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import NamedTuple

from destination_asana.documents.currency import DocumentAmounts
from destination_asana.documents.fields import MAX_TEXT
from destination_asana.documents.reader import Reader, half_up

# Not in the ledger yet, templates, rejected or taken back. `Gone from Visma` is what the sync writes itself.
_NOT_COUNTED = frozenset({"hold", "balanced", "scheduled", "pendingapproval", "rejected", "voided", "gone from visma"})
_AMOUNT = r"[-\u2212]?\d+(?:\.\d{1,2})?"
_ENTRY = re.compile(rf"\s*(\S.*?)\s*:\s*({_AMOUNT})\s*(?:;|$)")
_ROW = re.compile(rf"^\s*(\S.*?)\s*:\s*({_AMOUNT})(?:\s*=\s*({_AMOUNT}))?\s*$")


class Share(NamedTuple):
    """What a document says of one order: its net amount, and the same in the company's currency where it tells that."""

    amount: Decimal
    in_base: Decimal | None = None


def counts(document_type: str | None, status: str | None) -> bool:
    """Whether a supplier's document counts as invoiced: neither a prepayment nor a draft, a template or void."""
    words = "".join((status or "").casefold().split())
    return (document_type or "").casefold() != "prepayment" and words not in {"".join(s.split()) for s in _NOT_COUNTED}


def shares_of(invoice: Reader) -> dict[str, Share]:
    """By order number, in line order: the net amounts of the lines that name the order; below zero on a credit note."""
    lines = sorted(
        invoice.objects("invoiceLines"), key=lambda line: (number := line.integer("lineNumber")) is None or number
    )
    amounts = DocumentAmounts(invoice, lines)
    sign = -1 if (invoice.text("documentType") or "").casefold() == "debitadj" else 1
    found: dict[str, tuple[Decimal, Decimal | None]] = {}
    for line in lines:
        number = line.text("poNumber")
        if number is None:
            continue
        amount, base = found.get(number, (Decimal(0), Decimal(0)))
        cost = line.number("cost")
        found[number] = (
            amount + sign * (amounts.of(line, "cost") or 0),
            None if base is None or cost is None else base + sign * cost,
        )
    return {
        number: Share(half_up(amount, 2), None if base is None else half_up(base, 2))
        for number, (amount, base) in found.items()
    }


def field_text(shares: Mapping[str, Share]) -> str | None:
    """The text of the field: as many whole entries as it holds, from the first on; None without orders."""
    return "; ".join(_held(_entries(shares))) or None


def block_rows(shares: Mapping[str, Share], *, foreign: bool) -> list[str]:
    """The rows of the description's block: all orders of a document in a foreign currency, else those the field does not
    hold; none where no block is needed."""
    entries = _entries(shares)
    rows = [
        f"{entry} = {share.in_base:.2f}" if foreign and share.in_base is not None else entry
        for entry, share in zip(entries, shares.values(), strict=True)
    ]
    return rows if foreign else rows[len(_held(entries)) :]


def read_field(text: str | None) -> dict[str, Share]:
    """The orders in the text of a field. Words that people wrote between the entries are passed over, if they can be told
    from an order's number."""
    return {" ".join(name.split()): Share(_decimal(amount)) for name, amount in _ENTRY.findall(text or "")}


def read(text: str | None, rows: Iterable[str]) -> dict[str, Share]:
    """The orders that a task remembers, in its field (`text`) and in the `rows` of its description's block. The field wins
    where both name an order, since people see it, and the block adds the company's currency as long as it agrees."""
    matches = (match for row in rows if (match := _ROW.match(row)) is not None)
    shares = {
        " ".join(name.split()): Share(_decimal(amount), _decimal(base) if base else None)
        for name, amount, base in (match.groups() for match in matches)
    }
    for name, share in read_field(text).items():
        kept = shares.get(name)
        shares[name] = kept if kept is not None and kept.amount == share.amount else share
    return shares


def _entries(shares: Mapping[str, Share]) -> list[str]:
    return [f"{number}: {share.amount:.2f}" for number, share in shares.items()]


def _held(entries: list[str]) -> list[str]:
    """The entries that the field holds."""
    size = 0
    for place, entry in enumerate(entries):
        size += len(entry) + (2 if place else 0)
        if size > MAX_TEXT:
            return entries[:place]
    return entries


def _decimal(text: str) -> Decimal:
    return Decimal(text.replace("\u2212", "-"))
