"""Documents sent to customers: invoices, credit notes, debit notes and overdue charges, each kind at its own endpoint.

Amounts are positive in all of them; only the kind says which way the money goes.
"""

from __future__ import annotations

from datetime import date, timedelta

from integration_tests.sandbox.visma.company import names, projects
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
from integration_tests.sandbox.visma.company.ledger import account_on_line, subaccount_on_line
from integration_tests.sandbox.visma.company.totals import LINE_DISCOUNT, PLAIN, shape_of, totals
from integration_tests.sandbox.visma.store import Record

DOCUMENTS = 150


# Type → the list that holds its documents.
TABLES = {
    "Invoice": "customerinvoice",
    "CreditNote": "customerCreditNote",
    "DebitNote": "customerDebitNote",
    "FinCharge": "customerOverdueCharge",
}
_FIRST_NUMBER = 100001
_TEXTS = {"CreditNote": "Retur", "DebitNote": "Tilleggsfaktura", "FinCharge": "Forsinkelsesgebyr og renter"}
# What an invoice has and the other kinds have not.
_OF_INVOICES = ("invoiceLines", "sendToAutoInvoice")


def enter_sales(books: Books) -> None:
    """Enters customerinvoice, customerCreditNote, customerDebitNote and customerOverdueCharge."""
    for table in TABLES.values():
        books.records[table] = []
    charges = 0
    for position, day in enumerate(sorted(books.day() for _ in range(DOCUMENTS))):
        kind = _kind(position)
        # Overdue charges count on their own, so that their numbers are those of some invoices too.
        number = _FIRST_NUMBER + (charges if kind == "FinCharge" else position)
        charges += kind == "FinCharge"
        record = _document(books, position, kind, number, day)
        books.records[TABLES[kind]].append(record if kind == "Invoice" else _in_own_form(record))


def _kind(position: int) -> str:
    if position % 14 == 6:
        return "CreditNote"
    if position % 50 == 13:
        return "DebitNote"
    return "FinCharge" if position % 40 == 31 else "Invoice"


def _in_own_form(record: Record) -> Record:
    """A document that is no invoice: its lines stand under ``lines``, and know no ``lineType``."""
    lines = [{name: value for name, value in line.items() if name != "lineType"} for line in record["invoiceLines"]]
    own = {name: value for name, value in record.items() if name not in _OF_INVOICES}
    if record["documentType"] == "FinCharge":
        del own["isRotRutDeductible"]
    return {**own, "lines": lines}


def _charge_lines(books: Books, rate: float) -> list[Record]:
    """The one line of an overdue charge: an amount without quantity, item or VAT."""
    line = _lines(books, rate)[0]
    amount = money(350 / rate)
    nothing = dict.fromkeys(("quantity", "unitPrice", "unitPriceInCurrency", "cost"), 0.0)
    line |= {**nothing, "amount": money(amount * rate), "amountInCurrency": amount, "description": _TEXTS["FinCharge"]}
    line |= {"account": account_on_line(books, "8040")}
    for name in ("inventoryNumber", "uom", "vatCode"):
        del line[name]
    return [line]


def _lines(books: Books, rate: float, shape: str = PLAIN) -> list[Record]:
    goods = books.dice.sample(names.rows(names.GOODS), books.dice.choice([1, 2, 2, 3, 5]))
    lines = []
    for number, (item, description, price, _account) in enumerate(goods, 1):
        quantity = float(books.dice.choice([1, 2, 4, 8]))
        unit = money(float(price) * 1.6 / rate)
        percent = 8.0 if shape == LINE_DISCOUNT else 0.0
        discount = money(unit * quantity * percent / 100)
        amount = money(unit * quantity - discount)
        lines.append(
            {
                "lineType": "GoodsForSales",
                "lineNumber": number,
                "inventoryNumber": item,
                "description": description,
                "quantity": quantity,
                "unitPrice": money(unit * rate),
                "unitPriceInCurrency": unit,
                "manualAmount": 0.0,
                "manualAmountInCurrency": 0.0,
                "amount": money(amount * rate),
                "amountInCurrency": amount,
                "cost": money(float(price) * quantity),
                "account": account_on_line(books, "3020" if item.startswith("L") else "3010"),
                "subaccount": subaccount_on_line(books, books.dice.choice(["300", "310", "320"]), "10"),
                "vatCode": {"id": "3", "description": "Utgående mva, høy sats"},
                "uom": "STK",
                "discountPercent": percent,
                "discountAmount": money(discount * rate),
                "discountAmountInCurrency": discount,
                "manualDiscount": bool(percent),
                "note": None,
                "branchNumber": {"number": "1", "name": names.COMPANY},
                "attachments": [],
            }
        )
    return lines


def _open_share(position: int, status: str, currency: str) -> float:
    """How much of the document is not settled yet."""
    if status in ("Closed", "Voided"):
        return 0.0
    return 0.6 if status == "Open" and currency != "NOK" and position % 7 == 3 else 1.0


def _document(books: Books, position: int, kind: str, number: int, day: date) -> Record:
    customer = books.one_of("customer")
    currency = customer["currencyId"]
    rate = rate_of(currency)
    shape = PLAIN if kind == "FinCharge" else shape_of(currency, position)
    lines = _charge_lines(books, rate) if kind == "FinCharge" else _lines(books, rate, shape)
    vat_rate = 0.25 if customer["vatZone"]["id"] == "01" and kind != "FinCharge" else 0.0
    sums = totals([line["amountInCurrency"] for line in lines], vat_rate, shape, rate)
    status = "Closed" if (LAST_DAY - day).days > 60 else books.dice.choice(["Open", "Open", "Closed", "PendingEmail"])
    status = {3: "Hold", 13: "Balanced", 22: "Voided", 34: "CreditHold"}.get(position % 47, status)
    # Only an invoice waits for the customer's credit.
    status = "Open" if status == "CreditHold" and kind != "Invoice" else status
    # Until a document is released its amount is a control total, often not typed in.
    typed = not (status in ("Hold", "Balanced") and position % 2)
    # A credit note is due at once: nobody waits for it.
    project = projects.on_line("sale", position).get("project")
    due = day + timedelta(days=0 if kind == "CreditNote" else int(customer["creditTerms"]["id"]))
    created = books.moment_after(day, 1)
    record: Record = {
        "creditTerms": customer["creditTerms"],
        "documentDueDate": midnight(due),
        "cashDiscountDate": midnight(due),
        "externalReference": f"WEB-{4000 + position}" if position % 4 == 0 else "",
        "isRotRutDeductible": False,
        **shown_rate(currency, position),
        "dunningLetterDate": midnight(due + timedelta(days=14)) if status == "Open" and position % 5 == 0 else None,
        "dunningLetterLevel": 1 if status == "Open" and position % 5 == 0 else 0,
        "contact": {"id": 9100, "name": customer["name"]},
        "attachments": [],
        "taxDetails": [],
        "invoiceLines": lines,
        "sendToAutoInvoice": False,
        "customerVatZone": pick(customer["vatZone"], "id", "description"),
        "hold": status == "Hold",
        **sums.fields(),
        "salesPersonID": 7,
        "salesPersonDescr": "Siri Nygård",
        "salesPerson": {"id": "7", "description": "Siri Nygård"},
        "paymentReference": f"{number:012d}",
        "invoiceAddress": {**customer["invoiceAddress"], "overrideAddress": False},
        "applications": [],
        "dontPrint": True,
        "dontEmail": False,
        "revoked": False,
        "customer": pick(customer, "number", "name"),
        "documentType": kind,
        "referenceNumber": str(number),
        "postPeriod": post_period(day),
        "financialPeriod": period(day),
        "closedFinancialPeriod": period(min(due, LAST_DAY)) if status == "Closed" else None,
        "documentDate": midnight(day),
        "origInvoiceDate": midnight(day),
        "status": status,
        "currencyId": currency,
        "amount": sums.total_at_home if typed else 0.0,
        "amountInCurrency": sums.total if typed else 0.0,
        **sums.balance(_open_share(position, status, currency)),
        "cashDiscount": 0.0,
        "cashDiscountInCurrency": 0.0,
        "paymentMethod": {"id": "1", "description": "Bank"},
        "customerRefNumber": f"PO-{books.dice.randint(100, 999)}" if position % 3 == 0 else "",
        "invoiceText": _TEXTS.get(kind, "Takk for handelen!"),
        "createdDateTime": created,
        "lastModifiedDateTime": max(created, books.moment_after(day, 45)),
        "note": books.dice.choice(names.NOTES) if position % 10 == 0 else None,
        "location": {"countryId": customer["location"]["countryId"], "id": "MAIN", "name": "Hovedadresse"},
        "branchNumber": {"number": "1", "name": names.COMPANY},
        "cashAccount": "1920",
        **({"project": project} if project else {}),
        "account": account_on_line(books, "1500"),
        "subaccount": subaccount_on_line(books, "300", "00"),
        "timeStamp": books.versions.next(),
    }
    if position % 33 == 8:
        record["documentDueDate"] = None
    if position % 6 == 1:
        record["taxDetails"] = [
            {"taxId": "3", "recordId": 1, "vatRate": 25.0, "taxableAmount": sums.taxable, "vatAmount": sums.vat}
        ]
        record["attachments"] = [{"name": f"ordre-{number}.pdf", "id": uuid_of("file", number), "revision": 1}]
    return record
