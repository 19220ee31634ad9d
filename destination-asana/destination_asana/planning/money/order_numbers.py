"""The numbers by which orders and the invoices that name them are looked up. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable

from destination_asana.documents import KEYS, Kind, identity, shares_in, text_value
from destination_asana.documents import fields as names
from destination_asana.planning.descriptions import ORDERS_OF_INVOICE
from destination_asana.planning.snapshot import Snapshot

# Orders of these types may share a number; blanket orders and templates commit to nothing themselves.
ORDER_TYPES = ("RegularOrder", "DropShip")
# Digits that numbers must share to be asked for together. Fewer are found in too much else.
_SHORTEST = 4
# How many last digits of a number are left open, and from how many numbers on.
_OPEN_DIGITS = ((1, 2), (2, 4))


def alike(numbers: Iterable[str]) -> list[tuple[str, list[str]]]:
    """Numbers that one question finds together, by the digits they begin with. Numbers with other characters are asked for
    one by one, since search may be case-sensitive."""
    left = {number for number in numbers if number.isascii() and number.isdigit()}
    groups: list[tuple[str, list[str]]] = []
    for open_digits, least in _OPEN_DIGITS:
        by_beginning: dict[str, list[str]] = {}
        for number in sorted(left):
            by_beginning.setdefault(number[:-open_digits], []).append(number)
        for beginning, group in by_beginning.items():
            if len(group) >= least and len(beginning) >= _SHORTEST:
                groups.append((beginning, group))
                left -= set(group)
    return groups


def proves_parts(text: str, beginning: str) -> bool:
    """Whether a search for `beginning`, some digits, that found this text finds parts of words: the text has a longer number
    that begins so. If it also has these digits by themselves, as an amount may, it proves nothing."""
    longer = re.search(rf"(?<!\d){beginning}\d", text)
    return longer is not None and re.search(rf"(?<!\d){beginning}(?!\d)", text) is None


def orders_with(company: str, number: str) -> list[str]:
    """The keys of the orders that may have a number."""
    return sorted(identity(each) for each in order_ids(company, number))


def order_ids(company: str, number: str) -> list[str]:
    """The Visma IDs of the orders that may have a number."""
    prefix = KEYS[Kind.ORDERS][0]
    return [f"{prefix}:{company}/{each}/{number}" for each in ORDER_TYPES]


def is_supplier_document(snapshot: Snapshot) -> bool:
    """Whether a task is of a supplier's document."""
    return identity(snapshot.visma_id).startswith(f"{KEYS[Kind.SUPPLIER_DOCUMENTS][0].casefold()}:")


def named_by(snapshot: Snapshot) -> Iterable[str]:
    """The numbers of the orders that a task of an invoice names."""
    return shares_in(
        text_value(snapshot.values, names.PURCHASE_ORDERS), snapshot.blocks.get(ORDERS_OF_INVOICE.header, ())
    )
