"""Records of the sandbox Visma, built with amounts in cents so that every total is exact."""

from random import Random
from typing import Any

from integration_tests.soak import vocabulary as words

Record = dict[str, Any]
VAT = 25
NEVER = "0001-01-01T00:00:00"


def kroner(cents: int) -> float:
    """Cents as Visma's decimal number."""
    return cents / 100


def in_company_currency(cents: int, currency: str) -> int:
    """Cents of a currency as cents of the company's."""
    return round(cents * words.RATES[currency])


def vat_of(cents: int) -> int:
    """VAT on a net amount."""
    return round(cents * VAT / 100)


def day(dice: Random, month: int = 0) -> str:
    """A date of 2026 as Visma writes it."""
    return f"2026-{month or dice.randint(1, 12):02d}-{dice.randint(1, 28):02d}T00:00:00"


def project_of(dice: Random) -> Record | None:
    """The project on a line: mostly one, sometimes the code for none, or nothing."""
    chosen = dice.choice([*words.PROJECTS, *words.PROJECTS, words.NON_PROJECT, None])
    if chosen is None:
        return None
    internal, code, description = chosen
    return {"internalId": internal, "id": code, "description": description}


def subaccount_of(dice: Random) -> Record:
    """A subaccount of two segments, whose order differs between lines."""
    segments = [
        {"segmentId": number, "segmentDescription": title, "segmentValue": code, "segmentValueDescription": text}
        for number, title, (code, text) in (
            (1, "Avdeling", dice.choice(words.DEPARTMENTS)),
            (2, "Sted", dice.choice(words.PLACES)),
        )
    ]
    dice.shuffle(segments)
    return {"subaccountNumber": "".join(each["segmentValue"] for each in segments), "segments": segments}


def account_of(dice: Random) -> Record:
    code, description = dice.choice(words.ACCOUNTS)
    return {"type": "Expense", "number": code, "description": description}


# --- purchase orders -------------------------------------------------------------------------------------------------


def order_line(dice: Random, number: int, branch: tuple[str, str]) -> Record:
    """A line with nothing received yet."""
    quantity, unit = dice.randint(1, 9), dice.randint(100, 90_000)
    discount = dice.choice([0, 0, 0, dice.randint(1, unit // 2)])
    item = dice.choice([None, *words.ITEMS])
    return {
        "lineNbr": number,
        "branch": words.named(branch),
        "inventory": {"number": item, "description": words.ITEMS[item]} if item else None,
        "lineType": "GoodsForInventory",
        "lineDescription": dice.choice(words.THINGS) if not item or dice.random() < 0.7 else "",
        "orderQty": float(quantity),
        "qtyOnReceipts": 0.0,
        "unitCost": kroner(unit),
        "extCost": kroner(quantity * unit),
        "discountAmount": kroner(discount),
        "amount": kroner(quantity * unit - discount),
        "receivedAmt": 0.0,
        "account": account_of(dice),
        "sub": subaccount_of(dice),
        "promised": day(dice),
        "completed": False,
        "canceled": False,
        "project": project_of(dice),
    }


def order(dice: Random, kind: str, number: str) -> Record:
    """An open order of one to four lines."""
    branch = dice.choice(words.BRANCHES)
    supplier = dice.choice(words.SUPPLIERS)
    record: Record = {
        "orderType": kind,
        "orderNbr": number,
        "hold": False,
        "status": "Open",
        "date": day(dice),
        "promisedOn": day(dice),
        "description": f"Order {number}",
        "supplier": {"internalId": int(supplier[0]), **words.named(supplier)},
        "owner": {"id": number, "name": dice.choice(words.OWNERS)},
        "currency": dice.choice(["NOK", "NOK", "EUR", "USD", "SEK"]),
        "branch": words.named(branch),
        "lines": [order_line(dice, place, branch) for place in range(1, dice.randint(2, 5))],
        "purchaseReceipts": [],
    }
    return totalled_order(record)


def totalled_order(record: Record) -> Record:
    """The order with its totals worked out from its lines."""
    currency = record["currency"]
    net = sum(round(line["amount"] * 100) for line in record["lines"])
    tax = vat_of(net)
    totals = {"lineTotal": net, "taxTotal": tax, "orderTotal": net + tax, "controlTotal": net + tax}
    record |= {name: kroner(cents) for name, cents in totals.items()}
    for name, cents in totals.items():
        record[f"{name}InBaseCurrency"] = kroner(in_company_currency(cents, currency))
    return record | {"exchangeRate": words.SHOWN_RATES[currency]}


def receive(dice: Random, record: Record) -> None:
    """Goods arrive for a line, all or a part; the receipt may not be released yet."""
    line = dice.choice(record["lines"])
    got = min(line["orderQty"], line["qtyOnReceipts"] + dice.randint(1, int(line["orderQty"])))
    line["qtyOnReceipts"] = float(got)
    if dice.random() < 0.7:
        share = round(round(line["amount"] * 100) * got / line["orderQty"])
        line["receivedAmt"] = kroner(share)
        line["completed"] = got == line["orderQty"] and dice.random() < 0.8
    receipts = record["purchaseReceipts"]
    receipts.append({"receiptNumber": f"7{record['orderNbr'][-3:]}{len(receipts)}", "type": "PoReceipt"})


# --- supplier documents ----------------------------------------------------------------------------------------------


def invoice_line(dice: Random, number: int, currency: str, order: str | None) -> Record:
    """A line, with a quantity or with an amount alone."""
    counted = dice.random() < 0.7
    quantity, unit = (dice.randint(1, 9), dice.randint(100, 60_000)) if counted else (0, 0)
    net = quantity * unit if counted else dice.randint(100, 200_000)
    line: Record = {
        "lineNumber": number,
        "quantity": float(quantity),
        "unitCost": kroner(in_company_currency(unit, currency)),
        "unitCostInCurrency": kroner(unit),
        "cost": kroner(in_company_currency(net, currency)),
        "costInCurrency": kroner(net),
        "transactionDescription": dice.choice([*words.THINGS, ""]),
        "account": account_of(dice),
        "subaccount": subaccount_of(dice),
        "project": project_of(dice),
    }
    return line | ({"poNumber": order, "poLineNr": 1} if order else {})


def invoice(dice: Random, kind: str, number: str, orders: list[str], currency: str | None = None) -> Record:
    """An open supplier document of one to three lines, some of which name orders of the list."""
    currency = currency or dice.choice(["NOK", "NOK", "NOK", "EUR", "SEK"])
    names = [dice.choice(orders) if orders and dice.random() < 0.7 else None for _ in range(dice.randint(1, 3))]
    record: Record = {
        "documentType": kind,
        "referenceNumber": number,
        "status": "Open",
        "hold": False,
        "date": day(dice),
        "dueDate": None if kind == "DebitAdj" else day(dice),
        "supplier": words.named(dice.choice(words.SUPPLIERS)),
        "currencyId": currency,
        "exchangeRate": words.SHOWN_RATES[currency],
        "description": f"Supplier document {number}",
        "supplierReference": f"F-{number}",
        "branchNumber": words.named(dice.choice(words.BRANCHES)),
        "invoiceLines": [invoice_line(dice, place, currency, name) for place, name in enumerate(names, 1)],
    }
    return settled(record, 1.0)


def document_total(record: Record) -> int:
    """Cents of a supplier document in its own currency, VAT included."""
    net = sum(round(line["costInCurrency"] * 100) for line in record["invoiceLines"])
    return net + vat_of(net)


def settled(record: Record, share_left: float) -> Record:
    """The supplier document with its totals, of which this share is left to pay."""
    net = sum(round(line["costInCurrency"] * 100) for line in record["invoiceLines"])
    base_net = sum(round(line["cost"] * 100) for line in record["invoiceLines"])
    base_vat = in_company_currency(vat_of(net), record["currencyId"])
    left = round(document_total(record) * share_left)
    base_left = round((base_net + base_vat) * share_left)
    return record | {
        "detailTotal": kroner(base_net),
        "detailTotalInCurrency": kroner(net),
        "vatTotal": kroner(base_vat),
        "vatTotalInCurrency": kroner(vat_of(net)),
        "discountTotal": 0.0,
        "discountTotalInCurrency": 0.0,
        "roundingDiff": 0.0,
        "roundingDiffInCurrency": 0.0,
        "amount": kroner(base_net + base_vat),
        "balance": kroner(base_left),
        "balanceInCurrency": kroner(left),
    }


# --- customer documents ----------------------------------------------------------------------------------------------


def sale(dice: Random, kind: str, number: str) -> Record:
    """An open customer document."""
    currency = dice.choice(["NOK", "NOK", "EUR"])
    lines = []
    for place in range(1, dice.randint(2, 4)):
        quantity, unit = dice.randint(1, 9), dice.randint(100, 60_000)
        lines.append(
            {
                "lineNumber": place,
                "description": dice.choice(words.THINGS),
                "quantity": float(quantity),
                "unitPrice": kroner(in_company_currency(unit, currency)),
                "unitPriceInCurrency": kroner(unit),
                "amount": kroner(in_company_currency(quantity * unit, currency)),
                "amountInCurrency": kroner(quantity * unit),
                "account": account_of(dice),
                "subaccount": subaccount_of(dice),
            }
        )
    record: Record = {
        "documentType": kind,
        "referenceNumber": number,
        "status": "Open",
        "hold": False,
        "documentDate": day(dice),
        "documentDueDate": day(dice),
        "customer": words.named(dice.choice(words.CUSTOMERS)),
        "currencyId": currency,
        "exchangeRate": words.SHOWN_RATES[currency],
        "invoiceText": f"Sales document {number}",
        "branchNumber": words.named(dice.choice(words.BRANCHES)),
        "project": project_of(dice),
        "invoiceLines" if kind == "Invoice" else "lines": lines,
    }
    return received(record, 1.0)


def received(record: Record, share_left: float) -> Record:
    """The customer document with its totals, of which this share is left to pay."""
    lines = record.get("invoiceLines") or record.get("lines") or []
    net = sum(round(line["amountInCurrency"] * 100) for line in lines)
    total = net + vat_of(net)
    currency = record["currencyId"]
    amounts = {"amount": total, "balance": round(total * share_left), "detailTotal": net, "vatTotal": total - net}
    for name, cents in amounts.items():
        record[name] = kroner(in_company_currency(cents, currency))
        record[f"{name}InCurrency"] = kroner(cents)
    return record


# --- projects --------------------------------------------------------------------------------------------------------


def project(dice: Random, internal: int, code: str, description: str) -> Record:
    manager, address = dice.choice(words.MANAGERS)
    return {
        "internalID": internal,
        "projectID": code,
        "description": description,
        "status": dice.choice(["Active", "Active", "Planned"]),
        "hold": False,
        "startDate": "2026-01-05T00:00:00",
        "endDate": day(dice, 12),
        "branch": words.named(words.BRANCHES[0]),
        "projectManager": {"employeeName": manager, "contact": {"email": address}},
        "systemTemplate": code == words.TEMPLATE[1],
    }


def budget_row(dice: Random, code: str, group: str, kind: str) -> Record:
    amounts = ("originalBudget", "revisedBudget", "actual", "committed", "committedOpen", "committedInvoiced")
    return {
        "projectID": code,
        "projectTaskID": "01",
        "accountGroupID": group,
        "inventoryNumber": "",
        "description": group,
        "type": kind,
        **{f"{name}Amount": kroner(dice.randint(0, 5_000_000)) for name in amounts},
    }
