"""What Asana has to show of a document of Visma, by the promises alone: name, fields, lines. Nothing here knows the connectors."""

from dataclasses import dataclass, field
from typing import Any

from integration_tests.soak.records import Record

CLOSED = {"purchaseorder": {"Closed", "Cancelled"}, "project": {"Completed", "Cancelled"}}
CLOSED |= {key: {"Closed", "Voided"} for key in ("supplierInvoice", "customerinvoice", "customerCreditNote")}
PREFIX = {"purchaseorder": "PurchaseOrderId", "supplierInvoice": "SupplierInvoiceId", "project": "ProjectId"}
STREAM = {
    "purchaseorder": "purchase_orders",
    "supplierInvoice": "supplier_invoices",
    "customerinvoice": "customer_invoices",
    "customerCreditNote": "customer_credit_notes",
    "project": "projects",
}
ORDERS = {  # name of the task before the number, after it; the document type
    "RegularOrder": ("PO {} · ", "Purchase order"),
    "DropShip": ("PO {} (drop ship) · ", "Purchase order"),
    "Blanket": ("Blanket PO {} · ", "Blanket order"),
    "StandardBlanket": ("PO template {} · ", "Order template"),
}
INVOICES = {
    "Invoice": ("Invoice {} · ", "Purchase invoice"),
    "DebitAdj": ("Credit note {} · ", "Purchase credit note"),
    "CreditAdj": ("Credit adjustment {} · ", "Credit adjustment"),
    "Prepayment": ("Prepayment {} · ", "Prepayment"),
}
SALES = {
    "Invoice": ("Sales invoice {} · ", "Sales invoice"),
    "CreditNote": ("Sales credit note {} · ", "Sales credit note"),
}
SCREENS = {"Balanced": "Pending approval", "Voided": "Rejected"}


@dataclass
class Line:
    """A line as its subtask: name, due date (None for none), and whether Visma has completed it."""

    name: str
    due: str | None = None
    done: bool = False


@dataclass
class Shown:
    """What the task of a document has to show."""

    visma_id: str
    entity: str
    record: Record
    name: str
    due: str | None
    fields: dict[str, Any]
    lines: dict[int, Line] = field(default_factory=dict)

    @property
    def counts_invoices(self) -> bool:
        """Whether it is an order of a type that invoices count for."""
        return self.record.get("orderType") in ("RegularOrder", "DropShip")

    @property
    def closed(self) -> bool:
        return self.record["status"] in CLOSED[self.entity]


def visma_id(company_id: str, entity: str, key: str, record: Record | None = None) -> str:
    """The ID of a document; that of a project is its internal number."""
    part = str(record["internalID"]) if entity == "project" and record else key
    return f"{PREFIX.get(entity, 'CustomerInvoiceId')}:{company_id}/{part}"


def shown(company_id: str, entity: str, key: str, record: Record, segments: list[str] | None) -> Shown:
    """The task of a document, less its money trail and its places. `segments` are those that are cost centres."""
    make = {"purchaseorder": _order, "supplierInvoice": _invoice, "project": _card}.get(entity, _sale)
    name, due, fields, lines = make(record)
    codes = _codes(entity, record, segments) if entity != "project" else {}
    fields = {"Visma ID": visma_id(company_id, entity, key, record), **fields, **codes}
    return Shown(fields["Visma ID"], entity, record, name, due, fields, lines)


def _order(record: Record) -> tuple[str, str | None, dict[str, Any], dict[int, Line]]:
    form, kind = ORDERS[record["orderType"]]
    template = record["orderType"] == "StandardBlanket"
    due = None if template else _day(record["promisedOn"])
    fields = {
        "Visma document type": kind,
        "Visma supplier": record["supplier"]["name"],
        "Visma amount": record["orderTotal"],
        "Visma balance": None,
        "Visma currency": record["currency"],
        "Visma due date": due,
        "Visma document date": _day(record["date"]),
        "Visma status": SCREENS.get(record["status"], record["status"]),
    }
    lines = {}
    for line in record["lines"]:
        text = line.get("lineDescription") or line["inventory"]["description"]
        done = line["completed"] or line["canceled"] or line["receivedAmt"] >= line["amount"] > 0
        quantity, unit, amount = line["orderQty"], line["unitCost"], line["amount"]
        name = _line_name(line["lineNbr"], text, quantity, unit, amount, record["currency"])
        if line["qtyOnReceipts"] > 0 and not done:
            name += f" · {line['qtyOnReceipts']:g} of {quantity:g} received"
        lines[line["lineNbr"]] = Line(name, None if template else _day(line["promised"]), done)
    return form.format(record["orderNbr"]) + record["supplier"]["name"], due, fields, lines


def _invoice(record: Record) -> tuple[str, str | None, dict[str, Any], dict[int, Line]]:
    form, kind = INVOICES[record["documentType"]]
    sign = -1 if record["documentType"] == "DebitAdj" else 1
    due = None if record["status"] == "Scheduled" else _day(record.get("dueDate"))
    balance = None if record["documentType"] == "Prepayment" else signed(sign, record["balanceInCurrency"])
    fields = {
        "Visma document type": kind,
        "Visma supplier": record["supplier"]["name"],
        # The total in the document's own currency is that of its parts; Visma's `amount` is the company's.
        "Visma amount": signed(sign, round(record["detailTotalInCurrency"] + record["vatTotalInCurrency"], 2)),
        "Visma balance": balance,
        "Visma currency": record["currencyId"],
        "Visma due date": due,
        "Visma document date": _day(record["date"]),
        "Visma status": record["status"],
        "Visma purchase orders": _orders_named(record, sign),
    }
    lines = {}
    for line in record["invoiceLines"]:
        text = line.get("transactionDescription") or line["account"]["description"]
        amount = signed(sign, line["costInCurrency"])
        unit, currency = line["unitCostInCurrency"], record["currencyId"]
        lines[line["lineNumber"]] = Line(_line_name(line["lineNumber"], text, line["quantity"], unit, amount, currency))
    return form.format(record["referenceNumber"]) + record["supplier"]["name"], due, fields, lines


def _sale(record: Record) -> tuple[str, str | None, dict[str, Any], dict[int, Line]]:
    form, kind = SALES[record["documentType"]]
    sign = -1 if record["documentType"] == "CreditNote" else 1
    due = None if record["status"] == "Scheduled" else _day(record["documentDueDate"])
    fields = {
        "Visma document type": kind,
        "Visma customer": record["customer"]["name"],
        "Visma amount": signed(sign, record["amountInCurrency"]),
        "Visma balance": signed(sign, record["balanceInCurrency"]),
        "Visma currency": record["currencyId"],
        "Visma due date": due,
        "Visma document date": _day(record["documentDate"]),
        "Visma status": record["status"],
    }
    lines = {}
    for line in record.get("invoiceLines") or record["lines"]:
        amount = signed(sign, line["amountInCurrency"])
        quantity, unit, currency = line["quantity"], line["unitPriceInCurrency"], record["currencyId"]
        name = _line_name(line["lineNumber"], line["description"], quantity, unit, amount, currency)
        lines[line["lineNumber"]] = Line(name)
    return form.format(record["referenceNumber"]) + record["customer"]["name"], due, fields, lines


def _card(record: Record) -> tuple[str, str | None, dict[str, Any], dict[int, Line]]:
    due = _day(record["endDate"])
    fields = {"Visma document type": "Project", "Visma status": record["status"], "Visma due date": due}
    return f"Project {record['projectID'].strip()} · {record['description']}", due, fields, {}


def _line_name(number: int, text: str, quantity: float, unit: float, amount: float, currency: str) -> str:
    counted = f"{quantity:g} × {unit:.2f} = " if quantity else ""
    return f"{number}. {text} — {counted}{amount:.2f} {currency}"


def _orders_named(record: Record, sign: int) -> str | None:
    sums: dict[str, float] = {}
    for line in record["invoiceLines"]:
        if line.get("poNumber"):
            sums[line["poNumber"]] = sums.get(line["poNumber"], 0.0) + line["costInCurrency"]
    return "; ".join(f"{number}: {signed(sign, round(net, 2)):.2f}" for number, net in sums.items()) or None


def _codes(entity: str, record: Record, segments: list[str] | None) -> dict[str, Any]:
    """Accounts by code, cost centres and projects by the whole option."""
    lines = record.get("invoiceLines") or record.get("lines") or []
    wanted = {each.casefold() for each in segments or []}
    centres = set()
    for line in lines:
        for segment in (line.get("sub") or line.get("subaccount"))["segments"]:
            named = {str(segment["segmentId"]), segment["segmentDescription"].casefold()}
            if not wanted or named & wanted:
                centres.add(f"{segment['segmentValue']} {segment['segmentValueDescription']}")
    named_projects = (
        [record.get("project")] if entity.startswith("customer") else [line.get("project") for line in lines]
    )
    projects = {f"{each['id']} {each['description']}" for each in named_projects if each and each["id"] != "X"}
    accounts = {line["account"]["number"] for line in lines}
    return {"Visma GL accounts": accounts, "Visma cost centers": centres, "Visma projects": projects}


def signed(sign: int, amount: float) -> float:
    """An amount with the document's sign, never −0."""
    return sign * amount or 0.0


def _day(stamp: str | None) -> str | None:
    return stamp[:10] if stamp else None
