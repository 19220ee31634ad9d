"""The delivery of order lines, from the order's record. Pure."""

from __future__ import annotations

from destination_asana.documents.line_items import Delivery, plain
from destination_asana.documents.order_money import line_amount
from destination_asana.documents.reader import Reader


def delivery_of(line: Reader) -> Delivery:
    """The delivery of one order line. Unreleased receipts show in the name but do not complete the line."""
    done = line.raw("completed") is True or line.raw("canceled") is True or _arrived(line)
    return Delivery(line.date("promised"), done, "" if done else _ending(line))


def _arrived(line: Reader) -> bool:
    """Whether the received amount reaches the amount ordered; on a return both are negative. A line without an amount never
    counts as received, because free goods are delivered, too."""
    ordered, received = line_amount(line), line.number("receivedAmt")
    if not ordered or received is None:
        return False
    return received / ordered >= 1


def _ending(line: Reader) -> str:
    """The ending for an open line that has arrived in part: ` · 3 of 4 received`. `qtyOnReceipts` also counts unreleased
    receipts."""
    received, quantity = line.number("qtyOnReceipts"), line.number("orderQty")
    if received is None or received <= 0 or quantity is None:
        return ""
    return f" · {plain(received)} of {plain(quantity)} received"


def receipt_numbers(order: Reader) -> tuple[str, ...]:
    """The numbers of the receipts listed in the order's record, each once."""
    numbers = (receipt.text("receiptNumber") for receipt in order.objects("purchaseReceipts"))
    return tuple(dict.fromkeys(number for number in numbers if number))
