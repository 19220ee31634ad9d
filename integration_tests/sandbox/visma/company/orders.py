"""Purchase orders: plain amounts are in the order's currency, ``…InBaseCurrency`` in the company's."""

from __future__ import annotations

from datetime import date, timedelta

from integration_tests.sandbox.visma.company import names
from integration_tests.sandbox.visma.company.common import (
    LAST_DAY,
    Books,
    midnight,
    money,
    pick,
    rate_of,
)
from integration_tests.sandbox.visma.company.ledger import account_on_line, subaccount_on_line
from integration_tests.sandbox.visma.store import Record

ORDERS = 300


def enter_orders(books: Books) -> None:
    """Enters purchaseorder."""
    days = sorted(books.day() for _ in range(ORDERS))
    # Every order type has a number series of its own; here two of them happen to share numbers.
    series = {"RegularOrder": 500001, "DropShip": 500001, "Blanket": 900001}
    orders = []
    for position, day in enumerate(days):
        kind = "DropShip" if position % 37 == 20 else "Blanket" if position % 71 == 50 else "RegularOrder"
        orders.append(_order(books, position, kind, series[kind], day))
        series[kind] += 1
    books.records["purchaseorder"] = orders


def _lines(books: Books, kind: str, number: str, rate: float, day: date, closed: bool) -> list[Record]:
    goods = books.dice.sample(names.rows(names.GOODS), books.dice.choice([1, 1, 2, 3, 4, 6]))
    lines = []
    for position, (item, description, price, account) in enumerate(goods):
        quantity = float(books.dice.choice([1, 2, 4, 6, 10, 24, 50]))
        # Some closed lines were received short, as happens.
        received = quantity if closed and books.dice.random() > 0.1 else 0.0
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
                "qtyOnReceipts": received,
                "unitCost": cost,
                "unitCostInBaseCurrency": money(cost * rate),
                "extCost": money(cost * quantity),
                "discountPercent": 0.0,
                "discountAmount": 0.0,
                "manualDiscount": False,
                "amount": money(cost * quantity),
                "receivedAmt": money(cost * received),
                "minReceipt": 0.0,
                "maxReceipt": 100.0,
                "completeOn": 100.0,
                "receiptAction": "AcceptButWarn",
                "taxCategory": {"number": "1", "description": "Varer og tjenester"},
                "account": pick(account_on_line(books, account), "type", "number", "description"),
                "sub": subaccount_on_line(books, centre, "20" if centre == "220" else "10"),
                "requested": midnight(day),
                "promised": midnight(day + timedelta(days=14)),
                "completed": closed,
                "canceled": False,
                "orderType": kind,
                "orderNumber": number,
                "note": "Haster" if books.dice.random() < 0.05 else None,
                "customStr1": "Reol 14" if position == 0 else "",
            }
        )
    return lines


def _order(books: Books, position: int, kind: str, number: int, day: date) -> Record:
    dice = books.dice
    supplier = books.one_of("supplier")
    currency = supplier["currencyId"]
    rate = rate_of(currency)
    age = (LAST_DAY - day).days
    status = (
        "Closed" if age > 90 else dice.choice(["Open", "Open", "Open", "Closed", "Printed", "Hold", "PendingEmail"])
    )
    status = {5: "Cancelled", 17: "Voided", 29: "Hold", 41: "Balanced", 47: "PendingPrint"}.get(position % 59, status)
    closed = status in ("Closed", "Cancelled")
    lines = _lines(books, kind, str(number), rate, day, closed)
    for line in lines:
        line["canceled"] = status == "Cancelled"
    total = money(sum(line["amount"] for line in lines))
    tax = money(total * 0.25) if supplier["vatZone"]["id"] == "01" else 0.0
    buyer = dice.choice([e for e in books.records["employee"] if e["department"] == "Innkjøp"])
    record: Record = {
        "shippingDestinationType": "CompanyLocation",
        "terms": supplier.get("creditTerms") or {},
        "supplierVatZone": supplier["vatZone"],
        "shipVia": "BRING" if position % 2 else "",
        "dontPrint": True,
        "printed": False,
        "dontEmail": False,
        "emailed": status not in ("Hold", "PendingEmail"),
        "openQuantity": 0.0 if closed else sum(line["orderQty"] for line in lines),
        "openBalance": 0.0 if closed else total,
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
        "exchangeRate": rate,
        "lineTotal": total,
        "lineTotalInBaseCurrency": money(total * rate),
        "vatExemptTotal": 0.0,
        "vatExemptTotalInBaseCurrency": 0.0,
        "taxTotal": tax,
        "taxTotalInBaseCurrency": money(tax * rate),
        "orderTotal": money(total + tax),
        "orderTotalInBaseCurrency": money((total + tax) * rate),
        "controlTotal": money(total + tax),
        "controlTotalInBaseCurrency": money((total + tax) * rate),
        "branch": {"number": "1", "name": names.COMPANY},
        "lines": lines,
        "taxDetails": tax_details(total, tax),
        "purchaseReceipts": [
            {
                "type": "PoReceipt",
                "receiptNumber": f"7{position:05d}",
                "status": "Released",
                "supplierName": supplier["name"],
                "currency": currency,
                "totalQty": sum(line["qtyOnReceipts"] for line in lines),
                "totalAmt": sum(line["receivedAmt"] for line in lines),
            }
        ]
        if status == "Closed"
        else [],
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
