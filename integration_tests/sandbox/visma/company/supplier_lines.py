"""Lines of supplier documents: goods of an order with quantity and price, or services, often as an amount alone."""

from __future__ import annotations

from integration_tests.sandbox.visma.company import names, projects
from integration_tests.sandbox.visma.company.common import Books, money
from integration_tests.sandbox.visma.company.ledger import account_on_line, cost_centre_of, subaccount_on_line
from integration_tests.sandbox.visma.company.totals import LINE_DISCOUNT
from integration_tests.sandbox.visma.store import Record


def order_lines(books: Books, order: Record, rate: float, shape: str, receipt: Record | None = None) -> list[Record]:
    """Lines that bill all of an order's, or what one receipt of it has brought; each names the order, its line, and the
    receipt, the first where several brought it."""
    lines = []
    received = _receipt_lines(books, order) if receipt is None else _lines_of(receipt)
    brought = {} if receipt is None else {line["poOrderLineNbr"]: line for line in receipt["lines"]}
    billed = [line for line in order["lines"] if line["lineType"] != "Description"]
    if receipt is not None:
        billed = [line for line in billed if line["lineNbr"] in brought]
    for number, source in enumerate(billed, 1):
        priced = {"quantity": source["orderQty"], "unit": source["unitCost"], "amount": source["amount"]}
        if source["lineNbr"] in brought:
            part = brought[source["lineNbr"]]
            priced |= {"quantity": part["receiptQty"], "amount": part["amount"]}
        line = _line(
            books, number, priced, source["account"]["number"], cost_centre_of(source["sub"]), "10", rate, shape
        )
        line |= {
            "inventoryNumber": source["inventory"]["number"],
            "stockItem": True,
            "transactionDescription": source["lineDescription"],
            "uom": "STK",
            "discountPercent": source["discountPercent"],
            **projects.of_line(source),
            "poNumber": order["orderNbr"],
            "poLineNr": source["lineNbr"],
        }
        if source["lineNbr"] in received:
            receipt_number, receipt_line = received[source["lineNbr"]]
            line |= {"poReceiptNbr": receipt_number, "poReceiptLineNbr": receipt_line}
        lines.append(line)
    return lines


def service_lines(books: Books, position: int, rate: float, shape: str) -> list[Record]:
    """Lines of services. Half the documents have amounts alone, without quantity and unit; half of those no words either."""
    services = books.dice.sample(names.rows(names.SERVICES), books.dice.choice([1, 1, 1, 2, 2, 3, 5]))
    lines = []
    for number, (text, price, account, centre) in enumerate(services, 1):
        amount = money(float(price) * books.dice.uniform(0.6, 1.4) / rate)
        bare = position % 2 == 1
        priced = {"quantity": 0.0, "unit": 0.0, "amount": amount}
        if not bare:
            priced = {"quantity": 1.0, "unit": amount, "amount": amount}
        line = _line(books, number, priced, account, centre, "00", rate, shape)
        line["transactionDescription"] = "" if position % 4 == 1 else text
        line |= projects.on_line("invoice", position, number)
        lines.append(line)
    return lines


def corrected_lines(invoice: Record) -> list[Record]:
    """The first line of an invoice as its credit note has it: references and all, in half the quantity."""
    source = invoice["invoiceLines"][0]
    line = {**source, "quantity": source["quantity"] / 2}
    for name in ("cost", "costInCurrency", "discountAmount", "discountAmountInCurrency"):
        line[name] = money(source[name] / 2)
    return [line]


def _line(
    books: Books,
    number: int,
    priced: dict[str, float],
    account: str,
    centre: str,
    place: str,
    rate: float,
    shape: str,
) -> Record:
    """A line without what only goods or only services have; ``cost`` is what is left after the discount."""
    before = priced["amount"]
    percent = 8.0 if shape == LINE_DISCOUNT and priced["quantity"] else 0.0
    amount = money(before * (1 - percent / 100))
    return {
        "lineNumber": number,
        "stockItem": False,
        "quantity": priced["quantity"],
        "unitCost": money(priced["unit"] * rate),
        "unitCostInCurrency": priced["unit"],
        "cost": money(amount * rate),
        "costInCurrency": amount,
        "discountPercent": percent,
        "discountAmount": money((before - amount) * rate),
        "discountAmountInCurrency": money(before - amount),
        "discountUnitCost": 0.0,
        "discountUnitCostInCurrency": 0.0,
        "manualDiscount": bool(percent),
        "account": account_on_line(books, account),
        "subaccount": subaccount_on_line(books, centre, place),
        "deferralCode": "",
        "vatCode": {"id": "1", "description": "Inngående mva, høy sats"},
        "branchNumber": {"number": "1", "name": names.COMPANY},
        "note": None,
        "attachments": [],
        "prebookAccount": {},
        "prebookSubaccount": {},
    }


def _receipt_lines(books: Books, order: Record) -> dict[int, tuple[str, int]]:
    """Order line → number and line of the first released receipt that brought it."""
    found: dict[int, tuple[str, int]] = {}
    for shown in order["purchaseReceipts"]:
        if (shown["type"], shown["status"]) == ("PoReceipt", "Released"):
            receipt = books.find("PurchaseReceipt", "receiptNbr", shown["receiptNumber"])
            found = _lines_of(receipt) | found
    return found


def _lines_of(receipt: Record) -> dict[int, tuple[str, int]]:
    return {line["poOrderLineNbr"]: (receipt["receiptNbr"], line["lineNbr"]) for line in receipt["lines"]}
