"""Purchase orders: plain amounts are in the order's currency, ``…InBaseCurrency`` in the company's."""

from __future__ import annotations

from datetime import date, timedelta

from integration_tests.sandbox.visma.company import names, projects
from integration_tests.sandbox.visma.company.common import (
    LAST_DAY,
    Books,
    midnight,
    money,
    pick,
)
from integration_tests.sandbox.visma.company.currencies import rate_of, shown_rate
from integration_tests.sandbox.visma.company.ledger import account_on_line, subaccount_on_line
from integration_tests.sandbox.visma.company.receipts import enter_receipts
from integration_tests.sandbox.visma.store import Record

ORDERS = 300
# Orders to which nothing was delivered, and nothing will be by themselves.
_NOT_AT_WORK = ("Hold", "Balanced", "Voided", "Cancelled")
_CALLS_PER_BLANKET = 2


def enter_orders(books: Books) -> None:
    """Enters purchaseorder and its receipts, PurchaseReceipt."""
    days = sorted(books.day() for _ in range(ORDERS))
    # Every order type has a number series of its own; here two of them, twice, happen to share numbers.
    series = {"RegularOrder": 500001, "DropShip": 500001, "Blanket": 900001, "StandardBlanket": 900001}
    orders = []
    to_call: list[Record] = []
    for position, day in enumerate(days):
        kind = _kind(position)
        blanket = to_call.pop() if to_call and kind == "RegularOrder" else None
        order = _order(books, position, kind, series[kind], day, blanket)
        if kind == "Blanket":
            to_call = [order] * _CALLS_PER_BLANKET
        orders.append(order)
        series[kind] += 1
    books.records["purchaseorder"] = orders
    enter_receipts(books)


def _kind(position: int) -> str:
    if position % 37 == 20:
        return "DropShip"
    if position % 71 == 50:
        return "Blanket"
    return "StandardBlanket" if position % 97 == 60 else "RegularOrder"


def _lines(books: Books, kind: str, rate: float, day: date) -> list[Record]:
    goods = books.dice.sample(names.rows(names.GOODS), books.dice.choice([1, 1, 2, 3, 4, 6]))
    lines = []
    for position, (item, description, price, account) in enumerate(goods):
        quantity = float(books.dice.choice([1, 2, 4, 6, 10, 24, 50]))
        cost = money(float(price) / rate)
        centre = books.dice.choice(["210", "220", "300", "410"])
        lines.append(
            {
                "lineNbr": position + 1,
                "branch": {"number": "1", "name": names.COMPANY},
                "inventory": {"number": item, "description": description},
                "lineType": "GoodsForInventory" if kind != "DropShip" else "GoodsForDropShip",
                "warehouse": {"id": "BERGEN", "description": "Hovedlager"},
                "lineDescription": description,
                "uom": "STK",
                "orderQty": quantity,
                "baseOrderQty": quantity,
                "qtyOnReceipts": 0.0,
                "unitCost": cost,
                "unitCostInBaseCurrency": money(cost * rate),
                "extCost": money(cost * quantity),
                "discountPercent": 0.0,
                "discountAmount": 0.0,
                "manualDiscount": False,
                "amount": money(cost * quantity),
                "receivedAmt": 0.0,
                "minReceipt": 0.0,
                "maxReceipt": 100.0,
                "completeOn": 100.0,
                "receiptAction": "AcceptButWarn",
                "taxCategory": {"number": "1", "description": "Varer og tjenester"},
                "account": pick(account_on_line(books, account), "type", "number", "description"),
                "sub": subaccount_on_line(books, centre, "20" if centre == "220" else "10"),
                "requested": midnight(day),
                "promised": midnight(day + timedelta(days=14)),
                "completed": False,
                "canceled": False,
                "note": "Haster" if books.dice.random() < 0.05 else None,
                "customStr1": "Reol 14" if position == 0 else "",
            }
        )
    return lines


def _called_off(blanket: Record) -> list[Record]:
    """Lines of an order that calls off part of a blanket order. Only such lines name the order they come from."""
    lines = []
    for number, source in enumerate(blanket["lines"][:2], 1):
        quantity = max(1.0, source["orderQty"] // 2)
        amount = money(source["unitCost"] * quantity)
        line = {**source, "lineNbr": number, "orderQty": quantity, "baseOrderQty": quantity}
        line |= {"discountPercent": 0.0, "discountAmount": 0.0, "manualDiscount": False}
        line |= {"extCost": amount, "amount": amount, "orderType": "Blanket", "orderNumber": blanket["orderNbr"]}
        lines.append(line)
    return lines


def _shape_lines(lines: list[Record], position: int, status: str) -> None:
    """What happens to lines: discounts, cancellations, early ends, numbers that do not begin at 1, promises one by one."""
    for place, line in enumerate(lines):
        line.update(projects.on_line("order", position, place))
        line["promised"] = midnight(date.fromisoformat(line["promised"][:10]) + timedelta(days=7 * place))
        if position % 13 == 6:
            line["lineNbr"] += 5
        if position % 10 == 7:
            off = money(line["extCost"] * 0.1)
            line.update({"discountPercent": 10.0, "discountAmount": off, "manualDiscount": True})
            line["amount"] = money(line["extCost"] - off)
        if status in ("Closed", "Cancelled"):
            line.update({"completed": True, "canceled": status == "Cancelled"})
        if position % 17 == 9:
            line["lineType"] = "Service"
    if position % 29 == 12:
        lines.append(_words(lines[-1]))
    if status in ("Open", "Printed") and len(lines) > 1:
        # The last line was cancelled, or ended before all of it came.
        lines[-1] |= {"canceled": position % 9 == 4, "completed": position % 9 in (2, 4)}


def _words(last: Record) -> Record:
    """A line of text alone: no item, no account, no amount."""
    kept = ("branch", "requested", "promised", "completed", "canceled")
    nothing = (
        "orderQty",
        "baseOrderQty",
        "qtyOnReceipts",
        "unitCost",
        "extCost",
        "amount",
        "receivedAmt",
        "discountAmount",
    )
    return {
        "lineNbr": last["lineNbr"] + 1,
        "lineType": "Description",
        "lineDescription": "Leveres på lem, ring 30 minutter før",
        **pick(last, *kept),
        **dict.fromkeys((*nothing, "unitCostInBaseCurrency", "discountPercent"), 0.0),
    }


def _order(books: Books, position: int, kind: str, number: int, day: date, blanket: Record | None) -> Record:
    dice = books.dice
    supplier = books.one_of("supplier")
    if blanket is not None:
        supplier = books.find("supplier", "number", blanket["supplier"]["number"])
    currency = supplier["currencyId"]
    rate = rate_of(currency)
    age = (LAST_DAY - day).days
    status = (
        "Closed" if age > 90 else dice.choice(["Open", "Open", "Open", "Closed", "Printed", "Hold", "PendingEmail"])
    )
    status = {5: "Cancelled", 17: "Voided", 29: "Hold", 41: "Balanced", 47: "PendingPrint"}.get(position % 59, status)
    if kind in ("Blanket", "StandardBlanket"):
        status = "Open"
    lines = _lines(books, kind, rate, day)
    if blanket is not None:
        lines = _called_off(blanket)
    _shape_lines(lines, position, status)
    total = money(sum(line["amount"] for line in lines))
    tax = money(total * 0.25) if supplier["vatZone"]["id"] == "01" else 0.0
    buyer = dice.choice([e for e in books.records["employee"] if e["department"] == "Innkjøp"])
    # The control total is typed by hand, and before an order leaves hold often not yet.
    control = 0.0 if status == "Hold" else money(total + tax)
    record: Record = {
        "shippingDestinationType": "CompanyLocation",
        "terms": supplier.get("creditTerms") or {},
        "supplierVatZone": supplier["vatZone"],
        "shipVia": "BRING" if position % 2 else "",
        "dontPrint": True,
        "printed": False,
        "dontEmail": False,
        "emailed": status not in (*_NOT_AT_WORK, "PendingEmail"),
        "openQuantity": 0.0,
        "openBalance": 0.0,
        "orderType": kind,
        "orderNbr": str(number),
        "hold": status == "Hold",
        "status": status,
        "date": midnight(day),
        "promisedOn": midnight(day + timedelta(days=dice.choice([7, 14, 21, 42]))),
        "description": f"Bestilling {lines[0]['lineDescription']}",
        "supplier": pick(supplier, "internalId", "number", "name"),
        "location": {"id": 1, "name": "Hovedadresse"},
        "owner": {"id": buyer["employeeUserId"], "name": buyer["employeeName"]},
        "currency": currency,
        "supplierRef": f"Tilbud {dice.randint(1000, 9999)}" if position % 3 else "",
        **shown_rate(currency, position),
        "lineTotal": total,
        "lineTotalInBaseCurrency": money(total * rate),
        "vatExemptTotal": 0.0,
        "vatExemptTotalInBaseCurrency": 0.0,
        "taxTotal": tax,
        "taxTotalInBaseCurrency": money(tax * rate),
        "orderTotal": money(total + tax),
        "orderTotalInBaseCurrency": money((total + tax) * rate),
        "controlTotal": control,
        "controlTotalInBaseCurrency": money(control * rate),
        "branch": {"number": "1", "name": names.COMPANY},
        "lines": lines,
        "taxDetails": tax_details(total, tax),
        "purchaseReceipts": [],
        "lastModifiedDateTime": books.moment_after(day, 40),
        "note": dice.choice(names.NOTES) if position % 9 == 0 else None,
        "customStr1": "",
        "customDec1": 0.0,
        "customInt1": 0,
        "timeStamp": books.versions.next(),
    }
    if position % 31 == 7:
        record["promisedOn"] = None
    return record


def tax_details(taxable: float, tax: float) -> list[Record]:
    """The VAT lines of a purchase: one, or none without VAT."""
    if not tax:
        return []
    return [
        {
            "taxId": "3",
            "recordId": 1,
            "vatId": {"number": "1", "description": "Inngående mva, høy sats"},
            "vatRate": 25.0,
            "taxableAmount": taxable,
            "vatAmount": tax,
        }
    ]
