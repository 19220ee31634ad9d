"""Journal batches: general ledger entries and what the supplier and customer ledgers post, over all periods of the books."""

from __future__ import annotations

from datetime import date, timedelta

from integration_tests.sandbox.visma.company import names, projects
from integration_tests.sandbox.visma.company.common import (
    FIRST_DAY,
    LAST_DAY,
    Books,
    midnight,
    money,
    period,
    post_period,
)
from integration_tests.sandbox.visma.company.currencies import rate_of, shown_rate
from integration_tests.sandbox.visma.company.ledger import subaccount_on_line
from integration_tests.sandbox.visma.store import Record

_SIZES = (2, 2, 3, 3, 4, 4, 6, 8, 12, 18, 33, 60)


def enter_postings(books: Books) -> None:
    """Enters journaltransaction."""
    # Modules count on their own, so batch 000001 exists in each of them.
    counters = {"GL": 0, "AP": 0, "AR": 0, "CA": 0, "FA": 0}
    batches = []
    month = FIRST_DAY.replace(day=1)
    while month <= LAST_DAY:
        for module, times in (("GL", 5), ("AP", 4), ("AR", 3), ("CA", 1), ("FA", 1)):
            for _ in range(times):
                counters[module] += 1
                batches.append(_batch(books, module, counters[module], month))
        month = (month + timedelta(days=32)).replace(day=1)
    books.records["journaltransaction"] = batches


def _batch(books: Books, module: str, number: int, month: date) -> Record:
    dice = books.dice
    day = month + timedelta(days=dice.randint(0, 27))
    currency = dice.choice(["SEK", "EUR", "USD"]) if module == "AP" and number % 5 == 0 else "NOK"
    rate = rate_of(currency)
    lines = _lines(books, module, dice.choice(_SIZES), rate)
    debit = money(sum(line["debitAmountInCurrency"] for line in lines))
    status = "Posted" if (LAST_DAY - day).days > 20 else dice.choice(["Balanced", "Hold", "Unposted", "Posted"])
    status = "Voided" if number % 43 == 17 else status
    return {
        "module": f"Module{module}",
        "batchNumber": f"{number:06d}",
        "status": status,
        "hold": status == "Hold",
        "transactionDate": midnight(day),
        "postPeriod": post_period(day),
        "financialPeriod": period(day),
        "ledger": "1",
        "ledgerDescription": "Hovedbok",
        "currencyId": currency,
        **shown_rate(currency, number),
        "autoReversing": False,
        "reversingEntry": False,
        "description": dice.choice(["Lønn", "Avskrivning", "Periodisering", "Fakturaer", "Bank & gebyr"]),
        "originalBatchNumber": "",
        "debitTotal": money(debit * rate),
        "debitTotalInCurrency": debit,
        "creditTotal": money(debit * rate),
        "creditTotalInCurrency": debit,
        "controlTotal": money(debit * rate),
        "controlTotalInCurrency": debit,
        "createVatTransaction": False,
        "skipVatAmountValidation": False,
        "lastModifiedDateTime": books.moment_after(day, 25),
        "transactionCode": "1",
        "transactionCodeDescription": "Diverse",
        "branch": "1",
        "timeStamp": books.versions.next(),
        "journalTransactionLines": lines,
        "attachments": [],
    }


def _lines(books: Books, module: str, size: int, rate: float) -> list[Record]:
    """So many lines whose debits and credits are equal: the last one takes the difference."""
    dice = books.dice
    accounts = [account for account in books.records["account"] if account["active"]]
    ledger = {"AP": "2400", "AR": "1500"}.get(module, "1920")
    centres = [centre for centre, _ in names.rows(names.COST_CENTRES) if centre != "900"]
    lines = []
    balance = 0.0
    for number in range(1, size + 1):
        amount = money(dice.uniform(50, 25000))
        debit, credit = (amount, 0.0) if dice.random() < 0.6 else (0.0, amount)
        if number == size:
            debit, credit = (money(-balance), 0.0) if balance < 0 else (0.0, money(balance))
        balance = money(balance + debit - credit)
        account = dice.choice(accounts)["accountCD"] if number < size else ledger
        lines.append(
            {
                "lineNumber": number,
                "accountNumber": account,
                "description": books.find("account", "accountCD", account)["description"],
                "subaccount": subaccount_on_line(books, dice.choice(centres), "00"),
                "referenceNumber": f"{dice.randint(100001, 200450)}",
                "debitAmount": money(debit * rate),
                "debitAmountInCurrency": debit,
                "creditAmount": money(credit * rate),
                "creditAmountInCurrency": credit,
                "transactionDescription": dice.choice(["Faktura", "Betaling", "Periodisering", "Lønn <des>"]),
                "vatCode": {"id": "1", "description": "Inngående mva, høy sats"},
                "branch": "1",
                "customerSupplier": dice.choice(books.records["supplier"])["number"] if module == "AP" else "",
                "transactionType": "INV" if module in ("AP", "AR") else "GLE",
                "module": f"Module{module}",
                "uom": "",
                "quantity": 0.0,
                "inventoryNumber": "",
                "note": None,
                **projects.on_line("journal", module, number, account),
                "attachments": [],
            }
        )
    return lines
