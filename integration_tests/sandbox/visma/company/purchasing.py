"""Purchase orders and supplier invoices.

Amounts of an invoice: plain fields are in the company's currency, ``…InCurrency`` in the document's. Orders have it the
other way round: plain in the order's currency, ``…InBaseCurrency`` in the company's.
"""

from __future__ import annotations

from datetime import date, timedelta

from integration_tests.sandbox.visma.company import names
from integration_tests.sandbox.visma.company.common import (
    LAST_DAY,
    Books,
    midnight,
    money,
    period,
    pick,
    post_period,
    rate_of,
    uuid_of,
)
from integration_tests.sandbox.visma.company.ledger import account_on_line, subaccount_on_line
from integration_tests.sandbox.visma.company.parties import TERMS
from integration_tests.sandbox.visma.store import Record

ORDERS = 300
INVOICES = 450


def enter_purchasing(books: Books) -> None:
    """Enters purchaseorder and supplierInvoice."""
    days = sorted(books.day() for _ in range(ORDERS))
    # Every order type has a number series of its own; here two of them happen to share numbers.
    series = {"RegularOrder": 500001, "DropShip": 500001, "Blanket": 900001}
    orders = []
    for position, day in enumerate(days):
        kind = "DropShip" if position % 37 == 20 else "Blanket" if position % 71 == 50 else "RegularOrder"
        orders.append(_order(books, position, kind, series[kind], day))
        series[kind] += 1
    books.records["purchaseorder"] = orders
    numbers = {"Invoice": 200001, "DebitAdj": 290001, "Prepayment": 295001}
    invoices = []
    for position, day in enumerate(sorted(books.day() for _ in range(INVOICES))):
        kind = {99: "DebitAdj", 102: "Prepayment"}.get(position % 150, "Invoice")
        kind = "CreditAdj" if position % 23 in (3, 8) else kind
        if position % 23 == 8:
            # A credit note entered by hand under the number of the invoice it corrects.
            number = numbers["Invoice"] - 1
        else:
            # The other credit notes draw from the invoices' series.
            series_name = "Invoice" if kind == "CreditAdj" else kind
            number = numbers[series_name]
            numbers[series_name] += 1
        invoices.append(_invoice(books, position, kind, number, day))
    books.records["supplierInvoice"] = invoices
    _release_in_bulk(invoices)


def _partner(record: Record) -> Record:
    return pick(record, "internalId", "number", "name")


def _order_lines(books: Books, kind: str, number: str, rate: float, day: date, closed: bool) -> list[Record]:
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
    lines = _order_lines(books, kind, str(number), rate, day, closed)
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
        "supplier": _partner(supplier),
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
        "taxDetails": _tax(total, tax),
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


def _tax(taxable: float, tax: float) -> list[Record]:
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


def _invoice_lines(books: Books, order: Record | None, rate: float) -> list[Record]:
    """Lines of goods from an order, or of one or more services; costs in the document's currency and in ours."""
    if order is not None:
        drafts = [
            (
                line["lineDescription"],
                line["orderQty"],
                line["unitCost"],
                line["account"]["number"],
                line["sub"]["segments"][0]["segmentValue"],
                line,
            )
            for line in order["lines"]
        ]
    else:
        services = books.dice.sample(names.rows(names.SERVICES), books.dice.choice([1, 1, 1, 2, 2, 3, 5]))
        drafts = [
            (text, 1.0, money(float(price) * books.dice.uniform(0.6, 1.4) / rate), account, centre, None)
            for text, price, account, centre in services
        ]
    lines = []
    for number, (text, quantity, cost, account, centre, source) in enumerate(drafts, 1):
        amount = money(cost * quantity)
        line: Record = {
            "lineNumber": number,
            "inventoryNumber": source["inventory"]["number"] if source else "",
            "externalInventoryId": "",
            "stockItem": bool(source),
            "transactionDescription": text,
            "quantity": quantity,
            "uom": "STK" if source else "",
            "unitCost": money(cost * rate),
            "unitCostInCurrency": cost,
            "cost": money(amount * rate),
            "costInCurrency": amount,
            "discountPercent": 0.0,
            "discountAmount": 0.0,
            "discountAmountInCurrency": 0.0,
            "discountUnitCost": 0.0,
            "discountUnitCostInCurrency": 0.0,
            "manualDiscount": False,
            "account": account_on_line(books, account),
            "subaccount": subaccount_on_line(books, centre, "10" if source else "00"),
            "deferralCode": "",
            "vatCode": {"id": "1", "description": "Inngående mva, høy sats"},
            "branchNumber": {"number": "1", "name": names.COMPANY},
            "note": None,
            "attachments": [],
            "prebookAccount": {},
            "prebookSubaccount": {},
        }
        if source and order:
            line |= {"poNumber": order["orderNbr"], "poLineNr": source["lineNbr"]}
        lines.append(line)
    return lines


def _status(books: Books, position: int, age: int) -> str:
    rare = {11: "Hold", 23: "Balanced", 37: "Voided", 53: "Scheduled", 59: "Prebooked", 67: "Reserved", 71: "Printed"}
    usual = "Closed" if age > 75 else books.dice.choice(["Open", "Open", "Open", "Closed"])
    return rare.get(position % 83, "Open" if position % 19 == 9 else usual)


def _invoice(books: Books, position: int, kind: str, number: int, day: date) -> Record:
    dice = books.dice
    goods = [o for o in books.records["purchaseorder"] if o["status"] == "Closed" and o["date"] < midnight(day)]
    order = dice.choice(goods) if goods and kind == "Invoice" and position % 3 == 0 else None
    supplier = books.find("supplier", "number", order["supplier"]["number"]) if order else books.one_of("supplier")
    currency = order["currency"] if order else supplier["currencyId"]
    rate = rate_of(currency)
    lines = _invoice_lines(books, order, rate)
    net = money(sum(line["costInCurrency"] for line in lines))
    vat = money(net * 0.25) if supplier["vatZone"]["id"] == "01" else 0.0
    total = money(net + vat)
    status = _status(books, position, (LAST_DAY - day).days)
    paid = {"Closed": 1.0, "Voided": 1.0}.get(status, 0.4 if status == "Open" and position % 10 == 3 else 0.0)
    balance = money(total * (1 - paid))
    terms = (supplier.get("creditTerms") or {"id": "30"})["id"]
    due = day + timedelta(days=int(terms))
    created = books.moment_after(day, 2)
    record: Record = {
        "taxDetailLines": _tax(net, vat),
        "attachments": [{"name": f"faktura-{number}.pdf", "id": uuid_of("file", kind, number), "revision": 1}],
        "approvalDetails": {"attachmentID": "", "comment": "OK"},
        "invoiceLines": lines,
        "landedCosts": [],
        "hold": status == "Hold",
        "exchangeRate": rate,
        "paymentRefNo": f"{number}{position % 10}",
        "creditTerms": {"id": terms, "description": TERMS[terms]},
        "cashDiscountDate": midnight(due),
        "detailTotal": money(net * rate),
        "detailTotalInCurrency": net,
        "discountTotal": 0.0,
        "discountTotalInCurrency": 0.0,
        "vatTaxableTotal": money(net * rate) if vat else 0.0,
        "vatTaxableTotalInCurrency": net if vat else 0.0,
        "vatExemptTotal": 0.0 if vat else money(net * rate),
        "vatExemptTotalInCurrency": 0.0 if vat else net,
        "withholdingTax": 0.0,
        "withholdingTaxInCurrency": 0.0,
        "buyerReference": f"F-{dice.randint(10000, 99999)}",
        "roundingDiff": 0.0,
        "roundingDiffInCurrency": 0.0,
        "amount": money(total * rate),
        "vatAmount": money(vat * rate),
        "taxCalculationMode": "TaxSetting",
        "supplierTaxZone": supplier["vatZone"],
        "paySelected": False,
        "documentVersionNumber": 1,
        "supplier": _partner(supplier),
        "documentType": kind,
        "referenceNumber": str(number),
        "postPeriod": post_period(day),
        "financialPeriod": period(day),
        "date": midnight(day),
        "origInvoiceDate": midnight(day - timedelta(days=dice.randint(0, 4))),
        "dueDate": midnight(due),
        "approvalStatus": "New" if status in ("Hold", "Balanced") else "ApprovedInApproval",
        "status": status,
        "currencyId": currency,
        "balance": money(balance * rate),
        "balanceInCurrency": balance,
        "cashDiscount": 0.0,
        "cashDiscountInCurrency": 0.0,
        "paymentMethod": supplier["paymentMethod"],
        "supplierReference": f"F-{dice.randint(10000, 99999)}",
        "description": lines[0]["transactionDescription"] if order is None else f"Ordre {order['orderNbr']}",
        "createdDateTime": created,
        "lastModifiedDateTime": max(created, books.moment_after(day, 60)),
        "note": dice.choice(names.NOTES) if position % 7 == 0 else None,
        "closedFinancialPeriod": period(min(due, LAST_DAY)) if status == "Closed" else None,
        "location": {"countryId": supplier["location"]["countryId"], "id": "MAIN", "name": "Hovedadresse"},
        "vatTotal": money(vat * rate),
        "vatTotalInCurrency": vat,
        "branchNumber": {"number": "2" if position % 12 == 0 else "1", "name": names.COMPANY},
        "payDate": midnight(due),
        "cashAccount": "1920",
        "timeStamp": books.versions.next(),
    }
    if kind in ("CreditAdj", "DebitAdj"):
        # Credit notes have no due date.
        del record["dueDate"]
    elif position % 29 == 4:
        record["dueDate"] = None
    return record


def _release_in_bulk(invoices: list[Record]) -> None:
    """A batch job of one night: a dozen documents with one and the same stamp, and one stamp of a full second."""
    for invoice in invoices[200:212]:
        invoice["lastModifiedDateTime"] = "2026-07-29T02:00:11.47"
    invoices[212]["lastModifiedDateTime"] = "2026-07-29T02:00:12"
