"""Suppliers, customers and employees."""

from __future__ import annotations

from datetime import date, timedelta

from integration_tests.sandbox.visma.company import names
from integration_tests.sandbox.visma.company.common import FIRST_DAY, Books, address, contact, domain, uuid_of
from integration_tests.sandbox.visma.store import Record

TERMS = {"14": "14 dager netto", "30": "30 dager netto", "45": "45 dager netto", "00": "Kontant"}


def enter_parties(books: Books) -> None:
    """Enters supplier, customer and employee."""
    books.records["supplier"] = [_supplier(books, n, *row) for n, row in enumerate(names.rows(names.SUPPLIERS))]
    books.records["customer"] = [_customer(books, n, *row) for n, row in enumerate(names.rows(names.CUSTOMERS))]
    books.records["employee"] = [_employee(books, n, *row) for n, row in enumerate(names.rows(names.EMPLOYEES))]


def _zone(country: str) -> Record:
    if country == "NO":
        return {"id": "01", "description": "Innland"}
    if country in ("US", "CN", "GB"):
        return {"id": "03", "description": "Import og eksport"}
    return {"id": "02", "description": "EU"}


def _ledger_account(kind: str, number: str, description: str) -> Record:
    return {"type": kind, "number": number, "description": description}


def _supplier(books: Books, position: int, name: str, country: str, city: str, currency: str) -> Record:
    dice, number = books.dice, 50000 + position + 1
    terms = dice.choice(list(TERMS))
    email = f"faktura@{domain(name)}"
    statuses = {7: "OnHold", 19: "HoldPayments", 33: "Inactive", 59: "OneTime"}
    record: Record = {
        "internalId": 2100 + position * 3,
        "number": str(number),
        "name": name,
        "status": statuses.get(position, "Active"),
        "mainAddress": address(3000 + position, country, city, dice),
        "mainContact": contact(4000 + position, name, email, dice),
        "accountReference": f"{10000 + position * 7}",
        "supplierClass": {
            "id": "1" if country == "NO" else "2",
            "description": "Innland" if country == "NO" else "Utland",
        },
        "creditTerms": {"id": terms, "description": TERMS[terms]},
        "documentLanguage": "NO" if country == "NO" else "EN",
        "currencyId": currency,
        "remitAddress": address(5000 + position, country, city, dice),
        "remitContact": contact(6000 + position, name, email, dice),
        "paymentMethod": {"id": "1" if country == "NO" else "2", "description": "Bank"},
        "cashAccount": "1920",
        "chargeBearer": "Shared",
        "accountUsedForPayment": "BBAN" if country == "NO" else "IBAN",
        "paymentBy": "DueDate",
        "paymentLeadTime": 0,
        "paySeparately": False,
        "supplierAddress": address(7000 + position, country, city, dice),
        "supplierContact": contact(8000 + position, name, email, dice),
        "location": {"countryId": country, "id": "MAIN", "name": "Hovedadresse"},
        "vatRegistrationId": f"{country}{912345000 + position * 37}",
        "corporateId": f"{912345000 + position * 37}",
        "vatZone": _zone(country),
        "glAccounts": {
            "supplierAccount": _ledger_account("Liability", "2400", "Leverandørgjeld"),
            "supplierSubaccount": {"active": True, "id": "10000", "description": "Ledelse"},
            "expenseAccount": _ledger_account("Expense", "4300", "Innkjøp av varer for videresalg"),
            "expenseSubaccount": {"active": True, "id": "20000", "description": "Innkjøp"},
        },
        "attributes": [{"id": "AVTALE", "value": "Ja", "description": "Rammeavtale"}] if position % 6 == 0 else [],
        "lastModifiedDateTime": books.moment_after(FIRST_DAY + timedelta(days=position * 6), 120),
        "supplierPaymentMethodDetails": [],
        "note": dice.choice(names.NOTES) if position % 8 == 0 else None,
        "landedCostSupplier": False,
        "currencyOverride": currency == "EUR",
        "currencyRateOverride": False,
        "timeStamp": books.versions.next(),
    }
    if position % 11 == 5:
        # Some suppliers were entered in a hurry.
        record["mainContact"]["email"] = None
        del record["creditTerms"]
        record["vatRegistrationId"] = None
    return record


def _customer(books: Books, position: int, name: str, country: str, city: str, currency: str) -> Record:
    dice = books.dice
    terms = dice.choice(["14", "30"])
    email = f"post@{domain(name)}"
    created = books.moment_after(FIRST_DAY, 200)
    statuses = {5: "OnHold", 11: "CreditHold", 17: "Inactive", 24: "OneTime"}
    return {
        "internalId": 5200 + position * 2,
        "number": str(10001 + position),
        "name": name,
        "status": statuses.get(position, "Active"),
        "mainAddress": address(9000 + position, country, city, dice),
        "mainContact": contact(9100 + position, name, email, dice),
        "accountReference": "",
        "customerClass": {"id": "1", "description": "Innland" if country == "NO" else "Utland"},
        "creditTerms": {"id": terms, "description": TERMS[terms]},
        "currencyId": currency,
        "creditVerification": "DaysPastDue",
        "creditLimit": float(dice.choice([0, 50000, 250000])),
        "creditDaysPastDue": 30,
        "invoiceAddress": address(9200 + position, country, city, dice),
        "invoiceContact": contact(9300 + position, name, email, dice),
        "printInvoices": False,
        "acceptAutoInvoices": country == "NO",
        "sendInvoicesByEmail": True,
        "statementType": "OpenItem",
        "deliveryAddress": address(9400 + position, country, city, dice),
        "deliveryContact": contact(9500 + position, name, email, dice),
        "vatRegistrationId": f"{country}{812300000 + position * 41}",
        "corporateId": f"{812300000 + position * 41}",
        "gln": "",
        "vatZone": _zone(country),
        "location": {"countryId": country, "id": "MAIN", "name": "Hovedadresse"},
        "attributes": [],
        "lastModifiedDateTime": max(created, books.moment_after(date(2025, 12, 1), 280)),
        "createdDateTime": created,
        "directDebitLines": [],
        "glAccounts": {"customerLedgerAccount": _ledger_account("Asset", "1500", "Kundefordringer")},
        "invoiceToDefaultLocation": False,
        "paymentMethods": [{"paymentMethodId": "1", "isDefault": True}],
        "defaultPaymentMethodId": "1",
        "excludeDebtCollection": False,
        "timeStamp": books.versions.next(),
    }


def _employee(books: Books, position: int, name: str, department: str, mail: str) -> Record:
    first, _, last = name.partition(" ")
    email = f"{mail}@fjordlys.example"
    linked = position % 5 != 4 or department == "Innkjøp"
    record: Record = {
        "employeeId": 3500 + position,
        "employeeNumber": str(position + 101),
        "employeeName": name,
        "status": "Inactive" if position in (13, 24) else "Active",
        "department": department,
        "contact": {
            **contact(9600 + position, name, email, books.dice),
            "employeeContact": name,
            "firstName": first,
            "lastName": last,
        },
        "address": address(9700 + position, "NO", "Bergen", books.dice),
        "lastModifiedDateTime": books.moment_after(date(2025, 8, 1), 400),
        "employeeClass": {"id": "ANSATT", "description": "Ansatt"},
        "branch": {"number": "1", "name": names.COMPANY},
        "calendarID": "NORMAL",
        "timeStamp": books.versions.next(),
    }
    if linked:
        record["employeeUserId"] = uuid_of("user", mail)
        record["employeeLogin"] = email
    return record
