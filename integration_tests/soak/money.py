"""The money of orders and of projects, added up from Visma's records by the promises."""

from collections.abc import Iterable

from integration_tests.soak.records import Record

COUNTED_TYPES = ("RegularOrder", "DropShip")
NOT_BOOKED = {"Hold", "Balanced", "Scheduled", "PendingApproval", "Rejected", "Voided"}
NOT_COMMITTED = {"Hold", "Balanced", "Voided"}  # on Hold, Pending approval, Rejected
Money = dict[str, float | None]
NOTHING: Money = dict.fromkeys(("Visma committed", "Visma received", "Visma invoiced", "Visma remaining"))


def of_order(order: Record, orders: Iterable[Record], invoices: Iterable[Record]) -> Money:
    """Committed, received, invoiced, remaining of an order among all orders and supplier documents of the company."""
    if order["orderType"] not in COUNTED_TYPES:
        return NOTHING
    committed = _committed(order)
    received = sum(line["receivedAmt"] for line in order["lines"])
    same = [o for o in orders if o["orderNbr"] == order["orderNbr"] and o["orderType"] in COUNTED_TYPES]
    invoiced = sum(_invoiced(each, order) for each in invoices) if len(same) == 1 else 0.0
    return {
        "Visma committed": committed,
        "Visma received": received,
        "Visma invoiced": invoiced,
        "Visma remaining": max(0.0, committed - invoiced),
    }


def _committed(order: Record) -> float:
    if order["status"] in NOT_COMMITTED:
        return 0.0
    ended = order["status"] in ("Closed", "Cancelled")
    over = [ended or line["completed"] or line["canceled"] for line in order["lines"]]
    return sum(line["receivedAmt"] if done else line["amount"] for line, done in zip(order["lines"], over, strict=True))


def _invoiced(invoice: Record, order: Record) -> float:
    """What one document adds to an order's invoiced amount."""
    if invoice["documentType"] == "Prepayment" or invoice["status"] in NOT_BOOKED:
        return 0.0
    lines = [line for line in invoice["invoiceLines"] if line.get("poNumber") == order["orderNbr"]]
    sign = -1 if invoice["documentType"] == "DebitAdj" else 1
    if invoice["currencyId"] == order["currency"]:
        return sign * sum(line["costInCurrency"] for line in lines)
    base = sum(line["cost"] for line in lines)
    return sign * round(base * order["lineTotal"] / order["lineTotalInBaseCurrency"], 2)


def of_project(code: str, rows: Iterable[Record]) -> Money:
    """The numbers of a project's card: sums over its expense rows, in the company's currency."""
    mine = [
        row for row in rows if row["projectID"] == code and row["type"].lower() not in ("income", "asset", "liability")
    ]

    def total(name: str) -> float:
        return sum(row[f"{name}Amount"] for row in mine)

    return {
        "Visma budget": total("revisedBudget"),
        "Visma committed": total("committed"),
        "Visma actual": total("actual"),
        "Visma invoiced": total("committedInvoiced"),
        "Visma remaining": total("revisedBudget") - total("actual") - total("committedOpen"),
    }
