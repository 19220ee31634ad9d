"""Supplier invoices and credit notes: plain amounts are in the company's currency, ``…InCurrency`` in the document's."""

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
from integration_tests.sandbox.visma.company.orders import tax_details
from integration_tests.sandbox.visma.company.parties import TERMS
from integration_tests.sandbox.visma.store import Record

INVOICES = 450


def enter_invoices(books: Books) -> None:
    """Enters supplierInvoice. Needs the orders."""
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


def _lines(books: Books, order: Record | None, rate: float) -> list[Record]:
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
    lines = _lines(books, order, rate)
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
        "taxDetailLines": tax_details(net, vat),
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
        "supplier": pick(supplier, "internalId", "number", "name"),
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
