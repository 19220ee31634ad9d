"""Payments to suppliers. Credit notes and prepayments are listed here, too, under their document numbers."""

from __future__ import annotations

from integration_tests.sandbox.visma.company import names
from integration_tests.sandbox.visma.company.common import Books, money
from integration_tests.sandbox.visma.store import Record

_FIRST_NUMBER = 600001
_OWED = ("Invoice", "CreditAdj")
_RELEASED = ("Open", "Closed", "Printed")


def enter_payments(books: Books) -> None:
    """Enters supplierPayment: whatever the supplier documents say is settled. Needs them."""
    payments: list[Record] = []
    number = _FIRST_NUMBER
    for document in books.records["supplierInvoice"]:
        if document["status"] not in _RELEASED:
            continue
        kind = document["documentType"]
        if kind not in _OWED:
            payments.append(_payment(books, document, kind, document["referenceNumber"], _total(document), []))
            continue
        paid = money(_total(document) - document["balanceInCurrency"])
        if not paid:
            continue
        reference = str(number)
        number += 1
        if number % 97 == 0:
            # Paid, taken back and paid again: one document, three lines, and a payment that is void.
            lines = [_line(document, paid * sign) for sign in (1, -1)]
            payments.append(_payment(books, document, "VoidPayment", reference, paid, lines))
        payments.append(_payment(books, document, "Payment", reference, paid, [_line(document, paid)]))
    books.records["supplierPayment"] = payments


def _total(document: Record) -> float:
    """The document's amount in its own currency: the sum of its parts."""
    vat = 0.0 if document["taxCalculationMode"] == "Gross" else document["vatTotalInCurrency"]
    parts = document["detailTotalInCurrency"] - document["discountTotalInCurrency"] + vat
    return money(parts - document["roundingDiffInCurrency"])


def _line(document: Record, paid: float) -> Record:
    return {
        "branch": "1",
        "docType": document["documentType"],
        "invoiceRefNbr": document["referenceNumber"],
        "amountPaid": paid,
        "cashDiscountTaken": 0.0,
        "withholdingTax": 0.0,
        "date": document["date"],
        "dueDate": document.get("dueDate"),
        "balance": document["balanceInCurrency"],
        "cashDiscountBalance": 0.0,
        "currency": document["currencyId"],
        "postPeriod": document["postPeriod"],
        "supplierRef": document["supplierReference"],
    }


def _payment(books: Books, document: Record, kind: str, number: str, amount: float, lines: list[Record]) -> Record:
    currency = document["currencyId"]
    description, symbol, _ = names.CURRENCIES[currency]
    left = document["balanceInCurrency"] if kind not in ("Payment", "VoidPayment") else 0.0
    status = "Open" if left else "Closed"
    return {
        "type": kind,
        "refNbr": number,
        "status": "Voided" if kind == "VoidPayment" else status,
        "hold": False,
        "applicationDate": document.get("payDate") or document["date"],
        "applicationPeriod": document["financialPeriod"],
        "paymentRef": f"BET-{number}",
        "supplier": document["supplier"],
        "paymentMethod": document["paymentMethod"]["id"],
        "cashAccount": "1920",
        "currency": {
            "id": currency,
            "description": description,
            "symbol": symbol,
            "isBaseCurrency": currency == "NOK",
            "decimalPrecision": 2,
        },
        "description": f"Betaling {document['supplierReference']}",
        "paymentAmount": amount,
        "financeCharges": 0.0,
        "balance": left,
        "unappliedBalance": left,
        "appliedAmount": money(amount - left),
        "released": True,
        "lastModifiedDateTime": document["lastModifiedDateTime"],
        "branch": "1",
        "paymentLines": lines,
        "timeStamp": books.versions.next(),
    }
