"""Supplier documents: plain amounts are in the company's currency, ``…InCurrency`` in the document's.

``DebitAdj`` is the purchase credit note, ``CreditAdj`` the credit adjustment, which is owed like an invoice. Amounts are
positive in all of them. ``amount`` is in the company's currency and has no twin.
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
    uuid_of,
)
from integration_tests.sandbox.visma.company.currencies import rate_of, shown_rate
from integration_tests.sandbox.visma.company.orders import tax_details
from integration_tests.sandbox.visma.company.parties import TERMS
from integration_tests.sandbox.visma.company.supplier_lines import corrected_lines, order_lines, service_lines
from integration_tests.sandbox.visma.company.totals import INCLUSIVE, PLAIN, shape_of, totals
from integration_tests.sandbox.visma.store import Record

INVOICES = 450
_UNRELEASED = ("Hold", "Balanced")
# An adjustment that is owed; a prepayment that was paid and used in part, and one that was only asked for.
_STILL_OPEN = (249, 252, 402)
_USED_IN_PART = 252


def enter_invoices(books: Books) -> None:
    """Enters supplierInvoice. Needs the orders and their receipts."""
    # Credit notes and prepayments draw from the invoices' series, credit adjustments from their own.
    series = {"Invoice": 200001, "CreditAdj": 290001}
    invoices: list[Record] = []
    days = sorted(books.day() for _ in range(INVOICES))
    parts = _part_deliveries(books, days)
    for position, day in enumerate(days):
        kind = _kind(position)
        if position % 23 == 8:
            # A credit note entered by hand under the number of the invoice it corrects.
            original = next(i for i in reversed(invoices) if i["documentType"] == "Invoice")
            number = int(original["referenceNumber"])
            invoices.append(_document(books, position, kind, number, day, original, None))
            continue
        drawn = "CreditAdj" if kind == "CreditAdj" else "Invoice"
        invoices.append(_document(books, position, kind, series[drawn], day, None, parts.get(position)))
        series[drawn] += 1
        if kind == "Prepayment":
            _prepaid_order(books, position)["paymentRefNbr"] = invoices[-1]["referenceNumber"]
    books.records["supplierInvoice"] = invoices
    _release_in_bulk(invoices)


def _kind(position: int) -> str:
    kind = {99: "CreditAdj", 102: "Prepayment"}.get(position % 150, "Invoice")
    return "DebitAdj" if position % 23 in (3, 8) else kind


def _bills_an_order(position: int) -> bool:
    return _kind(position) == "Invoice" and position % 3 == 0


def _part_deliveries(books: Books, days: list[date]) -> dict[int, tuple[Record, Record]]:
    """What came of orders that still wait for the rest, each part billed by the next document after it: position of the
    document → order and receipt."""
    free = [position for position in range(len(days)) if _bills_an_order(position)]
    parts: dict[int, tuple[Record, Record]] = {}
    for order in books.records["purchaseorder"]:
        if order["status"] not in ("Open", "Printed") or order["orderType"] != "RegularOrder":
            continue
        for shown in order["purchaseReceipts"]:
            receipt = books.find("PurchaseReceipt", "receiptNbr", shown["receiptNumber"])
            later = [each for each in free if midnight(days[each]) > receipt["date"]]
            if receipt["status"] == "Released" and later:
                parts[later[0]] = (order, receipt)
                free.remove(later[0])
    return parts


def _prepaid_order(books: Books, position: int) -> Record:
    """The order that the prepayment at this position is for."""
    orders = books.records["purchaseorder"]
    waiting = [o for o in orders if (o["orderType"], o["status"]) == ("RegularOrder", "Open")]
    return waiting[position % len(waiting)]


def _status(books: Books, position: int, age: int) -> str:
    rare = {11: "Hold", 23: "Balanced", 37: "Voided", 53: "Scheduled", 59: "Prebooked", 67: "Reserved", 71: "Printed"}
    usual = "Closed" if age > 75 else books.dice.choice(["Open", "Open", "Open", "Closed"])
    return rare.get(position % 83, "Open" if position % 19 == 9 or position in _STILL_OPEN else usual)


def _approval(position: int, status: str) -> str:
    """Approval is a matter of its own: what waits for it or was rejected is still a draft by its status."""
    if status == "Balanced":
        return "SentToApproval" if position % 2 else "InProgressApproval"
    if status == "Hold":
        return "RejectedInApproval" if position % 2 else "New"
    return "ApprovedInApproval"


def _open_share(position: int, status: str, currency: str) -> float:
    """How much of the document is not settled yet."""
    if status in ("Closed", "Voided"):
        return 0.0
    part_paid = position % 10 == 3 if currency == "NOK" else position % 7 == 3
    part_paid = part_paid or position == _USED_IN_PART
    return 0.6 if status == "Open" and part_paid else 1.0


def _subject(
    books: Books, position: int, kind: str, day: date, original: Record | None, part: Record | None
) -> tuple[Record | None, Record]:
    """The order a document is about, if any, and its supplier."""
    orders = books.records["purchaseorder"]
    dice = books.dice
    received = [o for o in orders if o["status"] == "Closed" and o["date"] < midnight(day)]
    order = dice.choice(received) if received and _bills_an_order(position) else None
    order = part or order
    supplier = books.find("supplier", "number", order["supplier"]["number"]) if order else books.one_of("supplier")
    if original is not None:
        supplier = books.find("supplier", "number", original["supplier"]["number"])
    if kind == "Prepayment":
        # What a supplier asks for before he delivers an order.
        supplier = books.find("supplier", "number", _prepaid_order(books, position)["supplier"]["number"])
    return order, supplier


def _document(
    books: Books,
    position: int,
    kind: str,
    number: int,
    day: date,
    original: Record | None,
    part: tuple[Record, Record] | None,
) -> Record:
    dice = books.dice
    order, supplier = _subject(books, position, kind, day, original, part[0] if part else None)
    currency = order["currency"] if order else supplier["currencyId"]
    rate = rate_of(currency)
    shape = PLAIN if original or kind == "Prepayment" else shape_of(currency, position)
    receipt = part[1] if part else None
    lines = order_lines(books, order, rate, shape, receipt) if order else service_lines(books, position, rate, shape)
    if original is not None:
        lines = corrected_lines(original)
    vat_rate = 0.25 if supplier["vatZone"]["id"] == "01" and kind != "Prepayment" else 0.0
    sums = totals([line["costInCurrency"] for line in lines], vat_rate, shape, rate)
    status = _status(books, position, (LAST_DAY - day).days)
    terms = (supplier.get("creditTerms") or {"id": "30"})["id"]
    due = day + timedelta(days=int(terms))
    created = books.moment_after(day, 2)
    # Until a document is released its amount is a control total, often not typed in.
    amount = 0.0 if status in _UNRELEASED and position % 3 else sums.total_at_home
    record: Record = {
        "taxDetailLines": tax_details(sums.taxable, sums.vat),
        "attachments": [{"name": f"faktura-{number}.pdf", "id": uuid_of("file", kind, number), "revision": 1}],
        "approvalDetails": {"attachmentID": "", "comment": "OK"},
        "invoiceLines": lines,
        "landedCosts": [],
        "hold": status == "Hold",
        **shown_rate(currency, position),
        "paymentRefNo": f"{number}{position % 10}",
        "creditTerms": {"id": terms, "description": TERMS[terms]},
        "cashDiscountDate": midnight(due),
        **sums.fields(),
        "roundingDiffInCurrency": sums.rounding,
        "withholdingTax": 0.0,
        "withholdingTaxInCurrency": 0.0,
        "buyerReference": f"F-{dice.randint(10000, 99999)}",
        "amount": amount,
        "vatAmount": money(sums.vat * rate),
        "taxCalculationMode": "Gross" if shape == INCLUSIVE else "TaxSetting",
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
        "approvalStatus": _approval(position, status),
        "status": status,
        "currencyId": currency,
        **sums.balance(_open_share(position, status, currency)),
        "cashDiscount": 0.0,
        "cashDiscountInCurrency": 0.0,
        "paymentMethod": supplier["paymentMethod"],
        "supplierReference": f"F-{dice.randint(10000, 99999)}",
        "description": lines[0].get("transactionDescription") if order is None else f"Ordre {order['orderNbr']}",
        "createdDateTime": created,
        "lastModifiedDateTime": max(created, books.moment_after(day, 60)),
        "note": dice.choice(names.NOTES) if position % 7 == 0 else None,
        "closedFinancialPeriod": period(min(due, LAST_DAY)) if status == "Closed" else None,
        "location": {"countryId": supplier["location"]["countryId"], "id": "MAIN", "name": "Hovedadresse"},
        "branchNumber": {"number": "2" if position % 12 == 0 else "1", "name": names.COMPANY},
        "payDate": midnight(due),
        "cashAccount": "1920",
        "timeStamp": books.versions.next(),
    }
    if kind == "DebitAdj":
        _without_terms(record, original)
    elif position % 29 == 4:
        record["dueDate"] = None
    return record


def _without_terms(record: Record, original: Record | None) -> None:
    """A credit note is due to nobody; the one that corrects an invoice says which."""
    for name in ("dueDate", "creditTerms", "payDate", "cashDiscountDate"):
        del record[name]
    if original is not None:
        record["originalReferenceNumber"] = original["referenceNumber"]


def _release_in_bulk(invoices: list[Record]) -> None:
    """A batch job of one night: a dozen documents with one and the same stamp, and one stamp of a full second."""
    for invoice in invoices[200:212]:
        invoice["lastModifiedDateTime"] = "2026-07-29T02:00:11.47"
    invoices[212]["lastModifiedDateTime"] = "2026-07-29T02:00:12"
