"""Receipts of the orders: released and unreleased receipts, returns, and their effect on the orders' lines.

``qtyOnReceipts`` of an order line counts all receipts, ``receivedAmt`` only the released ones.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from integration_tests.sandbox.visma.company import names, projects
from integration_tests.sandbox.visma.company.common import LAST_DAY, Books, midnight, money, post_period
from integration_tests.sandbox.visma.company.currencies import shown_rate
from integration_tests.sandbox.visma.store import Record

_FIRST_NUMBER = 700001
_EMPTY_DATE = "0001-01-01T00:00:00"


def enter_receipts(books: Books) -> None:
    """Enters PurchaseReceipt and completes the orders with it."""
    receipts: list[Record] = []
    for position, order in enumerate(books.records["purchaseorder"]):
        for place, (kind, status, quantity_of) in enumerate(_plan(position, order)):
            day = min(date.fromisoformat(order["date"][:10]) + timedelta(days=9 + 7 * place), LAST_DAY)
            number = _FIRST_NUMBER + len(receipts)
            receipt = _receipt(books, position, order, day, kind, status, quantity_of, number)
            if receipt["lines"]:
                receipts.append(receipt)
                _note_on_order(order, receipt)
        _count_open(order)
    books.records["PurchaseReceipt"] = receipts


QuantityOf = Callable[[int, Record], float]


def _plan(position: int, order: Record) -> list[tuple[str, str, QuantityOf]]:
    """Receipts of an order: kind, status, and how much of a line (its place, itself) each brings."""
    if order["orderType"] in ("Blanket", "StandardBlanket") or order["lines"][0]["lineType"] == "Service":
        return []
    if order["status"] == "Closed":
        return _plan_of_closed(position)
    if order["status"] not in ("Open", "Printed"):
        return []
    if position % 8 == 1:
        return [("PoReceipt", "Released", _half), ("PoReceipt", "Released", _up_to_three_quarters)]
    if position % 4 == 1:
        return [("PoReceipt", "Released", _half)]
    if position % 4 == 3:
        return [("PoReceipt", "Balanced" if position % 8 == 3 else "Hold", _half)]
    return []


def _plan_of_closed(position: int) -> list[tuple[str, str, QuantityOf]]:
    """Most closed orders came in one piece, some short, some in two pieces, some went back in part, some never came."""

    def whole(place: int, line: Record) -> float:
        return 0.0 if (position + place) % 10 == 9 else float(line["orderQty"])

    if position % 23 == 8:
        return []
    if position % 6 == 2:
        return [("PoReceipt", "Released", _half), ("PoReceipt", "Released", _other_half)]
    if position % 11 == 4:
        return [("PoReceipt", "Released", whole), ("PoReturn", "Released", _one_of_the_first)]
    return [("PoReceipt", "Released", whole)]


def _half(place: int, line: Record) -> float:
    return 0.0 if line["canceled"] else float(line["orderQty"] // 2)


def _up_to_three_quarters(place: int, line: Record) -> float:
    """The receipt that brings a line to three of four after half of it has come."""
    return 0.0 if line["canceled"] else float(line["orderQty"] * 3 // 4 - line["orderQty"] // 2)


def _other_half(place: int, line: Record) -> float:
    return float(line["orderQty"] - line["orderQty"] // 2)


def _one_of_the_first(place: int, line: Record) -> float:
    return 1.0 if place == 0 else 0.0


def _receipt(
    books: Books,
    position: int,
    order: Record,
    day: date,
    kind: str,
    status: str,
    quantity_of: QuantityOf,
    number: int,
) -> Record:
    lines = []
    for place, line in enumerate(order["lines"]):
        quantity = quantity_of(place, line) if line["orderQty"] else 0.0
        if quantity:
            lines.append(_line(order, line, quantity, len(lines) + 1))
    net = money(sum(line["amount"] for line in lines))
    quantity = float(sum(line["receiptQty"] for line in lines))
    return {
        "landedCost": [],
        "note": None,
        "timeStamp": books.versions.next(),
        "receiptType": kind,
        "receiptNbr": str(number),
        "hold": status == "Hold",
        "status": status,
        "date": midnight(day),
        "postPeriod": post_period(day),
        "warehouse": {"id": "BERGEN    ", "description": "Hovedlager"},
        "supplier": order["supplier"],
        "location": {"id": "MAIN", "name": "Hovedadresse"},
        "currency": order["currency"],
        **shown_rate(order["currency"], position),
        "createBill": False,
        "supplierRef": order["supplierRef"],
        "totalQty": quantity,
        "controlQty": quantity,
        "vatExemptTotal": 0.0,
        "vatTaxableTotal": net,
        "totalAmt": net,
        "controlTotal": net,
        "lastModifiedDateTime": max(order["lastModifiedDateTime"], midnight(day)[:11] + "13:20:05.59"),
        "branchNumber": order["branch"],
        "lines": lines,
        "dueDate": midnight(day + timedelta(days=30)),
        "customStr1": "",
    }


def _line(order: Record, line: Record, quantity: float, number: int) -> Record:
    cost = money(line["unitCost"] * quantity)
    share = line["amount"] / line["extCost"] if line["extCost"] else 1.0
    return {
        "allocations": [],
        "baseReceiptQty": quantity,
        "lineNbr": number,
        "branchNumber": order["branch"],
        "inventory": line["inventory"],
        "lineType": line["lineType"],
        "warehouse": {"id": "BERGEN    ", "description": "Hovedlager"},
        "location": {"id": "1", "name": "Standard"},
        "transactionDescription": line["lineDescription"],
        "uom": line["uom"],
        "orderQty": line["orderQty"],
        "openQty": max(0.0, line["orderQty"] - quantity),
        "receiptQty": quantity,
        "unitCost": line["unitCost"],
        "extCost": cost,
        "discountPercent": line["discountPercent"],
        "discountAmount": money(cost - cost * share),
        "manualDiscount": line["manualDiscount"],
        "discountCode": {},
        "amount": money(cost * share),
        "taxCategory": line["taxCategory"],
        "actualAccount": {"type": "L", "number": "2410", "description": "Leverandørgjeld, ikke fakturert mottak"},
        "actualSub": {"active": True, "id": line["sub"]["subaccountNumber"], "description": names.COMPANY},
        **projects.of_line(line),
        "expirationDate": _EMPTY_DATE,
        "lotSerialNumber": "",
        "poOrderType": order["orderType"],
        "poOrderNbr": order["orderNbr"],
        "poOrderLineNbr": line["lineNbr"],
        "completePoLine": line["completed"],
    }


def _note_on_order(order: Record, receipt: Record) -> None:
    """The receipt in the order's list of them, and its quantities and amounts on the lines; a return takes away."""
    shown = {
        "receiptNumber": receipt["receiptNbr"],
        "supplierName": order["supplier"]["name"],
        "type": receipt["receiptType"],
    }
    shown |= {name: receipt[name] for name in ("status", "currency", "totalQty", "totalAmt")}
    order["purchaseReceipts"].append(shown)
    sign = -1 if receipt["receiptType"] == "PoReturn" else 1
    lines = {line["lineNbr"]: line for line in order["lines"]}
    for received in receipt["lines"]:
        line = lines[received["poOrderLineNbr"]]
        line["qtyOnReceipts"] += sign * received["receiptQty"]
        if receipt["status"] == "Released":
            line["receivedAmt"] = money(line["receivedAmt"] + sign * received["amount"])


def _count_open(order: Record) -> None:
    """The amount ordered and not received, over the lines that are still open."""
    waiting = [line for line in order["lines"] if not line["completed"]]
    order["openQuantity"] = float(sum(max(0.0, line["orderQty"] - line["qtyOnReceipts"]) for line in waiting))
    order["openBalance"] = money(sum(max(0.0, line["amount"] - line["receivedAmt"]) for line in waiting))
