"""The row in an order's task that remembers the order's amounts, so that the sync can add up invoices without its record. Pure.

It is the last row of the block “Invoices of this order”:
`Total: committed 1000.00 EUR, received 0.00, invoiced 200.00, lines 1000.00 = 11500.00 in the company's currency · check 82361 79732`.
The custom fields show the same numbers, but people may type into them, and the settings may leave them out. The check
numbers at the end are of this row and of the rows above. So an edited row is not read, and edited rows are noticed. Why they
stand where people see them: see `descriptions`.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from destination_asana.documents import (
    Document,
    FieldValues,
    OrderMoney,
    company_of,
    comparable,
    identity,
    label_of,
    number_value,
    one_line,
    text_value,
)
from destination_asana.documents import fields as names
from destination_asana.planning.descriptions import INVOICES_OF_ORDER
from destination_asana.planning.snapshot import Snapshot

_AMOUNT = r"-?\d+(?:\.\d+)?"
_IN_BASE = "in the company's currency"
_UNKNOWN = f"not known {_IN_BASE}"
_ROW = re.compile(
    rf"^(Total: committed ({_AMOUNT})(?: (\S.*?))?, received ({_AMOUNT}), invoiced ({_AMOUNT}), (.+)) · check (\d{{5}}) (\d{{5}})$"
)
_INVOICE_ROW = re.compile(r"^(\S.*) (\S+): ")
_INVOICE_TYPES = ("Invoice", "DebitAdj", "CreditAdj", "Prepayment")
_LINES = re.compile(rf"^lines ({_AMOUNT}) = ({_AMOUNT}) {_IN_BASE}$")


@dataclass(frozen=True, slots=True)
class Memory:
    """What an order's task remembers. `above` are the other rows; `whole` means that nobody has edited them."""

    money: OrderMoney
    invoiced: Decimal
    above: tuple[str, ...]
    whole: bool

    @property
    def fields(self) -> dict[str, float]:
        """The field that no record of the order brings, as the sync wrote it."""
        return {names.INVOICED: float(self.invoiced)}


def remembered(snapshot: Snapshot) -> Memory | None:
    """What an order's task remembers; None if there is no such row or somebody has edited it."""
    rows = snapshot.blocks.get(INVOICES_OF_ORDER.header, ())
    for place, row in enumerate(rows):
        match = _ROW.match(row)
        if match is None or match[7] != _check(snapshot.visma_id, match[1]):
            continue
        money = OrderMoney(match[3], Decimal(match[2]), Decimal(match[4]), *_line_totals(match[6]))
        above = (*rows[:place], *rows[place + 1 :])
        return Memory(money, Decimal(match[5]), above, whole=match[8] == _check(snapshot.visma_id, *above))
    return None


def listed_in(order: Snapshot) -> Iterable[str]:
    """The Visma IDs of the invoices that the block of an order's task lists."""
    for row in order.blocks.get(INVOICES_OF_ORDER.header, ()):
        match = _INVOICE_ROW.match(row)
        if match is None:
            continue
        for visma_type in (*_INVOICE_TYPES, match[1]):
            visma_id = f"SupplierInvoiceId:{company_of(order.visma_id)}/{visma_type}/{match[2]}"
            if label_of(visma_id) == f"{match[1]} {match[2]}":
                yield visma_id
                break


@dataclass(frozen=True, slots=True)
class Basis:
    """The amounts of an order. They are `certain` if they come from its record, or if its task remembers them."""

    money: OrderMoney
    certain: bool


def basis_of(order: Snapshot, values: FieldValues) -> Basis:
    """The amounts of an order as its task remembers them, else as its fields show them, which gives no rate. `values` are the
    task's field values."""
    memory = remembered(order)
    if memory is not None:
        return Basis(memory.money, certain=True)
    committed, received = number_value(values, names.COMMITTED), number_value(values, names.RECEIVED)
    money = OrderMoney(
        text_value(values, names.CURRENCY),
        None if committed is None else Decimal(str(committed)),
        Decimal(str(received or 0)),
    )
    return Basis(money, certain=False)


def money_of(document: Document, current: Snapshot | None) -> OrderMoney | None:
    """The amounts of an order from its record; None if it commits to nothing itself, or if a partial record does not carry its
    lines. A partial record may also lack the currency and the line totals, which the task then remembers."""
    money = document.money
    if money is None or names.COMMITTED not in document.fields:
        return None
    memory = None if current is None or document.given is None else remembered(current)
    if memory is None:
        return money
    if names.CURRENCY not in document.fields:
        money = replace(money, currency=memory.money.currency)
    if money.rate is None:
        before = memory.money
        money = replace(money, line_total=before.line_total, line_total_in_base=before.line_total_in_base)
    return money


def is_rewritten(order: Snapshot | None) -> bool:
    """Whether a person has rewritten an order's description, so that nothing of the sync's text is left."""
    return order is not None and order.digest is None and INVOICES_OF_ORDER.header not in order.blocks


def row_of(visma_id: str, money: OrderMoney, invoiced: Decimal, above: Sequence[str]) -> str:
    """The row to write below the rows `above`. The committed amount must be known."""
    committed = f"{money.committed:.2f} {one_line(money.currency or '')}".rstrip()
    text = f"Total: committed {committed}, received {money.received:.2f}, invoiced {invoiced:.2f}, {_rate(money)}"
    return f"{text} · check {_check(visma_id, text)} {_check(visma_id, *above)}"


def same_basis(one: OrderMoney, other: OrderMoney) -> bool:
    """Whether two versions of an order give the same invoiced amount."""
    return _rate(one) == _rate(other) and comparable(one.currency) == comparable(other.currency)


def _rate(money: OrderMoney) -> str:
    if money.rate is None or money.line_total is None or money.line_total_in_base is None:
        return _UNKNOWN
    if money.rate == 1:
        return _IN_BASE
    return f"lines {_whole(money.line_total)} = {_whole(money.line_total_in_base)} {_IN_BASE}"


def _line_totals(text: str) -> tuple[Decimal | None, Decimal | None]:
    if text == _IN_BASE:
        return Decimal(1), Decimal(1)
    match = _LINES.match(text)
    return (None, None) if match is None else (Decimal(match[1]), Decimal(match[2]))


def _whole(amount: Decimal) -> str:
    """An amount with all its decimals, at least two."""
    return f"{amount:.2f}" if amount == round(amount, 2) else f"{amount.normalize():f}"


def _check(visma_id: str, *rows: str) -> str:
    """Ignores white space, so that Asana's tidying does not look like an edit. The Visma ID reveals a row that was copied from
    another order."""
    text = "\n".join("".join(each.split()) for each in (identity(visma_id), *rows))
    return f"{int(hashlib.sha256(text.encode()).hexdigest()[:8], 16) % 100_000:05}"
