"""The lines of a document and their names in Asana. Pure."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from destination_asana.documents.texts import shortened, size_of

MAX_NAME = 1024
SUMMARY_DESCRIPTION = 60
# Room for the line number and its dot. A longer number takes room from the description.
NUMBER_ROOM = 12


class Option(NamedTuple):
    """An account or a cost centre: its code and, if known, its description. The code of a cost centre is unique only
    within `segment`, the id of its subaccount segment; `segment_name` is that segment's description."""

    code: str
    description: str | None
    segment: str | None = None
    segment_name: str | None = None

    @property
    def name(self) -> str:
        # On one line: Asana may tidy white space, and then the name would look changed at every sync.
        return shortened(" ".join(f"{self.code} {self.description or ''}".split()), MAX_NAME)


@dataclass(frozen=True, slots=True)
class Delivery:
    """The delivery of an order line. `due_on` is the promised date; `done` says whether Visma is finished with the line;
    `ending` ends its name in Asana while only a part has arrived."""

    due_on: str | None
    done: bool
    ending: str


class LineItem(NamedTuple):
    """One line of a document. `number` is its identity within the document; `text` is its name in Asana without it; only
    order lines have a `delivery`."""

    number: int | None
    description: str
    quantity: str | None
    text: str
    account: Option | None
    cost_centers: tuple[Option, ...]
    delivery: Delivery | None = None

    @property
    def name(self) -> str:
        """`{line number}. {description} — {quantity} × {unit cost} = {amount} {currency}`, at most 1,024 characters. If part
        of an order line has arrived, its name ends in ` · {received} of {quantity} received`."""
        return f"{self.number}. {self.text}"

    @property
    def name_before_arrival(self) -> str:
        """The name without the ending about the receipt."""
        return self.name.removesuffix(self.delivery.ending) if self.delivery else self.name

    @classmethod
    def of(
        cls,
        *,
        number: int | None,
        description: str | None,
        quantity: Decimal | None,
        unit_cost: Decimal | None,
        amount: Decimal | None,
        currency: str | None,
        account: Option | None,
        cost_centers: tuple[Option, ...],
        delivery: Delivery | None = None,
    ) -> LineItem:
        """Makes a line from its parts, with amount and unit cost in `currency` (ISO code). Parts that are None are left out
        of the name; so are a quantity or unit cost of 0 that only means that nobody entered one."""
        if not quantity and (amount or not unit_cost):
            quantity = None
        if not unit_cost and amount:
            unit_cost = None
        words = " ".join((description or "(no description)").split())
        sums = _sums(quantity, unit_cost, amount, currency) + (delivery.ending if delivery else "")
        room = MAX_NAME - max(NUMBER_ROOM, len(f"{number}. ")) - size_of(sums)
        if size_of(words) > room:
            words = shortened(words, room - 1) + "…"
        quantity_text = None if quantity is None else plain(quantity)
        return cls(number, words, quantity_text, words + sums, account, cost_centers, delivery)

    @staticmethod
    def numbered(lines: Sequence[LineItem]) -> list[LineItem]:
        """The same lines in line order, each with a number."""
        order = line_order([line.number for line in lines])
        return [lines[place]._replace(number=number) for number, place in order]


def line_order(given: Sequence[int | None]) -> list[tuple[int, int]]:
    """The lines of these numbers in line order, each as its number and its place in the record. Lines without a number get
    unused ones, in the order of the record."""
    taken = frozenset(given)
    free = (number for number in itertools.count(1) if number not in taken)
    return sorted((next(free) if number is None else number, place) for place, number in enumerate(given))


def _sums(quantity: Decimal | None, unit_cost: Decimal | None, amount: Decimal | None, currency: str | None) -> str:
    """The part of a line's name behind its description: ` — 2 × 500.00 = 1000.00 NOK`."""
    text = None if amount is None else money(amount)
    if quantity is not None and unit_cost is not None:
        text = f"{plain(quantity)} × {money(unit_cost)}" + (f" = {text}" if text else "")
    elif text is None:
        # A quantity has no currency.
        return "" if quantity is None else f" — {plain(quantity)}"
    return f" — {text} {currency or ''}".rstrip()


def plain(number: Decimal) -> str:
    """`2`, `2.5`: no trailing zeros, no exponent."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def money(number: Decimal) -> str:
    """`10.00`, `0.125`: at least two decimals, and all that the number has."""
    whole, _, decimals = plain(number).partition(".")
    return f"{whole}.{decimals.ljust(2, '0')}"


def summary(lines: Sequence[LineItem], limit: int) -> str | None:
    """The lines in short: `10 × Paper A4; 2 × Toner`. A long list is cut between items and ends with the count of the rest."""
    items = []
    for line in lines:
        words = line.description
        if len(words) > SUMMARY_DESCRIPTION:
            words = words[: SUMMARY_DESCRIPTION - 1].rstrip() + "…"
        items.append(f"{line.quantity} × {words}" if line.quantity is not None else words)
    text = "; ".join(items)
    kept = len(items)
    while size_of(text) > limit:
        kept -= 1
        text = "; ".join(items[:kept]) + f"; +{len(items) - kept} more"
    return text or None
