"""The lines of a document: their names in Asana, and which of the existing items each of them is. Pure."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple

MAX_NAME = 1024
SUMMARY_DESCRIPTION = 60
# Room for a line's number and its dot; numbers that take more leave less to the words.
NUMBER_ROOM = 12
_LEADING_NUMBER = re.compile(r"^\s*(-?\d+)\.(\s|$)")


class Option(NamedTuple):
    """An account or a cost centre: its code and, when known, its description. The code of a cost centre means something
    in its `segment` of the subaccount alone, an id; `segment_name` is what people call that."""

    code: str
    description: str | None
    segment: str | None = None
    segment_name: str | None = None

    @property
    def name(self) -> str:
        # On one line: Asana may tidy white space, and the name would look changed at every sync.
        return " ".join(f"{self.code} {self.description or ''}".split())[:MAX_NAME].rstrip()


class LineItem(NamedTuple):
    """One line: `number` is its identity within the document, `text` its name in Asana without that number."""

    number: int | None
    description: str
    quantity: str | None
    text: str
    account: Option | None
    cost_centers: tuple[Option, ...]

    @property
    def name(self) -> str:
        """`{line number}. {description} — {quantity} × {unit cost} = {amount} {currency}`, at most 1,024 characters."""
        return f"{self.number}. {self.text}"

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
    ) -> LineItem:
        """A line out of its parts; amounts and unit cost in `currency` (ISO code). Parts that are None are left out, and
        so are the zeros that stand for a quantity or a unit cost that nobody entered."""
        if not quantity and (amount or not unit_cost):
            quantity = None
        if not unit_cost and amount:
            unit_cost = None
        words = " ".join((description or "(no description)").split())
        sums = _sums(quantity, unit_cost, amount, currency)
        room = MAX_NAME - max(NUMBER_ROOM, len(f"{number}. ")) - len(sums)
        if len(words) > room:
            words = words[: room - 1].rstrip() + "…"
        shown = None if quantity is None else plain(quantity)
        return cls(number, words, shown, words + sums, account, cost_centers)

    @staticmethod
    def numbered(lines: Sequence[LineItem]) -> list[LineItem]:
        """The same lines in line order; those without a number get free ones, in the order they came."""
        taken = {line.number for line in lines if line.number is not None}
        result = []
        free = 0
        for line in lines:
            if line.number is None:
                free += 1
                while free in taken:
                    free += 1
                result.append(line._replace(number=free))
            else:
                result.append(line)
        return sorted(result, key=lambda line: line.number or 0)


def _sums(quantity: Decimal | None, unit_cost: Decimal | None, amount: Decimal | None, currency: str | None) -> str:
    """What follows the words of a line: ` — 2 × 500.00 = 1000.00 NOK`."""
    told = None if amount is None else money(amount)
    if quantity is not None and unit_cost is not None:
        told = f"{plain(quantity)} × {money(unit_cost)}" + (f" = {told}" if told else "")
    elif told is None:
        # A quantity is in no currency.
        return "" if quantity is None else f" — {plain(quantity)}"
    return f" — {told} {currency or ''}".rstrip()


def plain(number: Decimal) -> str:
    """`2`, `2.5`: no trailing zeros, no exponent."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def money(number: Decimal) -> str:
    """`10.00`, `0.125`: at least two decimals, none lost."""
    whole, _, decimals = plain(number).partition(".")
    return f"{whole}.{decimals.ljust(2, '0')}"


def summary(lines: Sequence[LineItem], limit: int) -> str | None:
    """The lines in short, `10 × Paper A4; 2 × Toner`, cut at a whole item with the count of what is left out."""
    items = []
    for line in lines:
        words = line.description
        if len(words) > SUMMARY_DESCRIPTION:
            words = words[: SUMMARY_DESCRIPTION - 1].rstrip() + "…"
        items.append(f"{line.quantity} × {words}" if line.quantity is not None else words)
    text = "; ".join(items)
    kept = len(items)
    while len(text) > limit:
        kept -= 1
        text = "; ".join(items[:kept]) + f"; +{len(items) - kept} more"
    return text or None


@dataclass(slots=True)
class ExistingItem:
    """A subtask (or task of a document's project) that stands for a line, as Asana holds it now, in its present order.

    `number` is the line's; `marked` tells that the description says so, `ticked` that the sync itself completed it;
    `notes` is the description, `maker` the gid of whoever made the item.
    """

    gid: str
    name: str
    completed: bool = False
    number: int | None = None
    marked: bool = True
    ticked: bool = False
    notes: str = ""
    maker: str | None = None

    def __post_init__(self) -> None:
        if self.number is None:
            self.number = line_number(self.name)


@dataclass(slots=True)
class LineChanges:
    """What makes the existing items the lines: `order` lists all items in line order, a gid or the line to create."""

    create: list[LineItem] = field(default_factory=list)
    rename: list[tuple[ExistingItem, str]] = field(default_factory=list)
    complete: list[ExistingItem] = field(default_factory=list)
    reopen: list[ExistingItem] = field(default_factory=list)
    order: list[ExistingItem | LineItem] = field(default_factory=list)

    @property
    def empty(self) -> bool:
        return not (self.create or self.rename or self.complete or self.reopen)


def line_number(name: str) -> int | None:
    """The line a subtask stands for: the number its name begins with."""
    match = _LEADING_NUMBER.match(name)
    return int(match.group(1)) if match else None


def plan_lines(lines: Sequence[LineItem], existing: Iterable[ExistingItem]) -> LineChanges:
    """Compares by line number. `existing` are the sync's own items only; people's are never among them.

    A line that is back reopens its item where the sync had completed it. What a person has completed, or opened again
    after the sync had completed it, stays as it is.
    """
    by_number: dict[int, list[ExistingItem]] = {}
    for item in existing:
        if item.number is not None:
            by_number.setdefault(item.number, []).append(item)
    changes = LineChanges()
    wanted = Counter(line.number or 0 for line in lines)
    for number, items in by_number.items():
        # Of two for one line, the one that was completed as too many must not take the other's place.
        spare = sorted(items, key=lambda item: (item.completed, not item.marked))[wanted[number] :]
        by_number[number] = [item for item in items if item not in spare]
        changes.complete += [item for item in spare if not item.completed and not item.ticked]
    for line in lines:
        candidates = by_number.get(line.number or 0)
        if not candidates:
            changes.create.append(line)
            changes.order.append(line)
            continue
        item = candidates.pop(0)
        changes.order.append(item)
        if item.name != line.name:
            changes.rename.append((item, line.name))
        if item.completed and item.ticked:
            changes.reopen.append(item)
    return changes


def moves(current: Sequence[str], wanted: Sequence[str]) -> list[tuple[str, str | None]]:
    """The fewest moves that put `current` (gids) into the order `wanted`: pairs of a gid and the one it goes behind.

    None instead of the second gid: to the front. Gids of `current` that are not wanted keep their place.
    """
    position = {gid: index for index, gid in enumerate(current)}
    settled = _longest_increasing([gid for gid in wanted if gid in position], position)
    result: list[tuple[str, str | None]] = []
    previous: str | None = None
    for gid in wanted:
        if gid not in settled:
            result.append((gid, previous))
        previous = gid
    return result


def _longest_increasing(gids: Sequence[str], position: dict[str, int]) -> set[str]:
    """The largest set of gids that already stand in the right order among themselves."""
    # By length: the gid that ends the row of that length whose last position is the smallest, and that position.
    ends: list[str] = []
    last_positions: list[int] = []
    before: dict[str, str | None] = {}
    for gid in gids:
        length = bisect_left(last_positions, position[gid])
        before[gid] = ends[length - 1] if length else None
        ends[length : length + 1] = [gid]
        last_positions[length : length + 1] = [position[gid]]
    kept: set[str] = set()
    gid_kept = ends[-1] if ends else None
    while gid_kept is not None:
        kept.add(gid_kept)
        gid_kept = before[gid_kept]
    return kept
