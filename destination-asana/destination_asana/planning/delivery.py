"""The delivery of an order's line as its subtask shows it: due, arrived in part, done. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from destination_asana.documents.line_items import plain
from destination_asana.documents.order_money import line_amount
from destination_asana.documents.reader import Reader


@dataclass(frozen=True, slots=True)
class Delivery:
    """`due_on` is the promised date, `done` what Visma says of the line, `ending` what the subtask's name ends in."""

    due_on: str | None
    done: bool
    ending: str


def delivery_of(line: Reader) -> Delivery:
    """The delivery of one line of an order. Unreleased receipts are seen in the name, and complete nothing."""
    ordered, received = line_amount(line), line.number("receivedAmt")
    arrived = bool(ordered and ordered > 0 and received is not None and received >= ordered)
    done = line.raw("completed") is True or line.raw("canceled") is True or arrived
    on_receipts, quantity = line.number("qtyOnReceipts"), line.number("orderQty")
    shown = not done and on_receipts is not None and on_receipts > 0 and quantity is not None
    ending = (
        f" · {plain(on_receipts)} of {plain(quantity)} received"
        if shown and on_receipts and quantity is not None
        else ""
    )
    return Delivery(line.date("promised"), done, ending)


def completion(delivery: Delivery, *, before: bool | None, completed: bool, by_sync: bool) -> bool | None:
    """Whether to complete (True) or reopen (False) a line's subtask; None: leave it.

    `before` is what Visma said of the line at the last sync (None: not known), `completed` what the subtask is, and `by_sync`
    whether the sync completed it. A person's tick, or its removal, stays until Visma's word changes, and what a person
    completed is never reopened.
    """
    if delivery.done == before:
        return None
    if delivery.done:
        return None if completed else True
    return False if completed and by_sync and before is not None else None


def receipt_numbers(order: Reader) -> tuple[str, ...]:
    """The numbers of the order's receipts, as its record lists them, each once."""
    numbers = (receipt.text("receiptNumber") for receipt in order.objects("purchaseReceipts"))
    return tuple(dict.fromkeys(number for number in numbers if number))
