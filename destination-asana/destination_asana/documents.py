"""Record → Document: what a Visma order or invoice means for Asana. Pure: no HTTP, no settings."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from destination_asana import document_fields as fields
from destination_asana.config import COST_CENTERS, GL_ACCOUNTS
from destination_asana.currency import amount_and_balance
from destination_asana.errors import RecordError
from destination_asana.line_items import LineItem, Option, summary
from destination_asana.values import Reader
from destination_asana.visma_ids import identity, kind_of, label_of, visma_id_in

CLOSED_STATUSES = frozenset({"closed", "cancelled", "voided"})
CREDIT_TYPES = frozenset({"creditadj", "creditmemo", "creditnote"})

# Lines that reference data written back from Asana has left in a Visma note. They are news from Asana, not for it.
# A line goes with its end, so that text people wrote below is as if the line had never been there.
# The time in it tells such a line from one that a person begins with the same words.
WRITTEN_BACK = re.compile(
    r"(?:^|(?<=[\r\n]))(?:--- Asana ---|Asana · \d{4}-\d\d-\d\d \d\d:\d\d(?::\d\d\.\d{3})? UTC · [^\r\n]*)(?:\r\n|\r|\n|\Z)"
)


@dataclass(slots=True)
class Document:
    """One Visma document, ready to be compared with its task.

    `fields` holds a value for every custom field (text, a number in the document's currency with two decimals, a date
    `YYYY-MM-DD`, an option's name, or a tuple of options); None means empty. `facts` are the rows of the description.
    `owner` is the name of an order's owner in Visma. `given` names the parts a record carries that need not be whole (name, due_on, description, lines; its custom
    fields are only those carried); None means that it is whole.
    """

    visma_id: str
    label: str
    supplier_name: str | None
    supplier_number: str | None
    status: str | None
    due_date: str | None
    fields: dict[str, Any]
    lines: list[LineItem]
    facts: list[tuple[str, str]] = field(default_factory=list)
    note: str | None = None
    owner: str | None = None
    given: frozenset[str] | None = None

    def gives(self, part: str) -> bool:
        """Whether the record says this part of the document, so that it replaces what Asana holds."""
        return self.given is None or part in self.given

    @property
    def key(self) -> str:
        """The identity as it is compared."""
        return identity(self.visma_id)

    @property
    def name(self) -> str:
        """The task's name."""
        party = self.supplier_name or self.supplier_number
        return (f"{self.label} · {party}" if party else self.label)[: fields.MAX_TEXT]

    @property
    def closed(self) -> bool | None:
        """True when Visma is done with the document, None when it does not say."""
        return None if self.status is None else self.status.casefold() in CLOSED_STATUSES


def translate(source: str, record: Mapping[str, Any]) -> Document:
    """Makes a Document of a record of `source` (purchase_orders, supplier_invoices, customer_invoices, or unknown).

    Raises RecordError when a part of the key is missing or a value is of a type that cannot be what it should be.
    Nulls elsewhere are empty values.
    """
    if not isinstance(record, Mapping):
        raise RecordError("record", "is not an object")
    kind = kind_of(source, record)
    if kind is None:
        raise RecordError("record", "looks neither like an order nor like an invoice (no orderNbr, no referenceNumber)")
    reader = Reader(record)
    reader.visma_id = visma_id = visma_id_in(kind, reader)
    return _TRANSLATIONS[kind](reader, visma_id)


def _order(reader: Reader, visma_id: str) -> Document:
    supplier = reader.object("supplier")
    currency = reader.text("currency")
    lines = [_order_line(line, currency) for line in reader.objects("lines")]
    branch, terms = reader.object("branch"), reader.object("terms")
    return _document(
        reader,
        visma_id,
        party=supplier,
        amount=reader.amount("orderTotal"),
        balance=None,
        currency=currency,
        due_date=reader.date("promisedOn"),
        date=reader.date("date"),
        lines=lines,
        facts=[
            ("Supplier", _party(supplier)),
            ("Supplier reference", reader.text("supplierRef")),
            ("Description", reader.text("description")),
            ("Terms", terms.text("description") or terms.text("id")),
            ("Branch", branch.text("name") or branch.text("number")),
        ],
        owner=reader.object("owner").text("name"),
    )


def _order_line(line: Reader, currency: str | None) -> LineItem:
    inventory = line.object("inventory")
    return LineItem.of(
        number=line.integer("lineNbr"),
        description=line.text("lineDescription") or inventory.text("description") or inventory.text("number"),
        quantity=line.number("orderQty"),
        unit_cost=line.number("unitCost"),
        amount=line.first_number("amount", "extCost"),
        currency=currency,
        account=_account(line),
        cost_centers=_cost_centers(line.object("sub")),
    )


def _supplier_invoice(reader: Reader, visma_id: str) -> Document:
    supplier = reader.object("supplier")
    orders = [number for line in reader.objects("invoiceLines") if (number := line.text("poNumber"))]
    return _invoice(
        reader,
        visma_id,
        party=supplier,
        due_date=reader.date("dueDate"),
        date=reader.date("date"),
        unit_cost=("unitCostInCurrency", "unitCost"),
        line_amount=("costInCurrency", "cost"),
        description="transactionDescription",
        facts=[
            ("Supplier", _party(supplier)),
            ("Supplier reference", reader.text("supplierReference") or reader.text("buyerReference")),
            ("Payment reference", reader.text("paymentRefNo")),
            ("Purchase orders", ", ".join(dict.fromkeys(orders)) or None),
            ("Description", reader.text("description")),
        ],
    )


def _customer_invoice(reader: Reader, visma_id: str) -> Document:
    customer = reader.object("customer")
    return _invoice(
        reader,
        visma_id,
        party=customer,
        due_date=reader.date("documentDueDate"),
        date=reader.date("documentDate"),
        unit_cost=("unitPriceInCurrency", "unitPrice"),
        line_amount=("amountInCurrency", "amount"),
        description="description",
        facts=[
            ("Customer", _party(customer)),
            ("Customer reference", reader.text("customerRefNumber")),
            ("External reference", reader.text("externalReference")),
            ("Payment reference", reader.text("paymentReference")),
            ("Invoice text", reader.text("invoiceText")),
        ],
    )


def _invoice(
    reader: Reader,
    visma_id: str,
    *,
    party: Reader,
    due_date: str | None,
    date: str | None,
    unit_cost: tuple[str, str],
    line_amount: tuple[str, str],
    description: str,
    facts: list[tuple[str, str | None]],
) -> Document:
    kind = str(reader.key("documentType"))
    currency = reader.text("currencyId")
    amount, balance = amount_and_balance(reader)
    if kind.casefold() in CREDIT_TYPES:
        amount, balance = (None if value is None else -abs(value) or 0.0 for value in (amount, balance))
    lines = [
        LineItem.of(
            number=line.integer("lineNumber"),
            description=line.text(description) or line.text("inventoryNumber"),
            quantity=line.number("quantity"),
            unit_cost=line.first_number(*unit_cost),
            amount=line.first_number(*line_amount),
            currency=currency,
            account=_account(line),
            cost_centers=_cost_centers(line.object("subaccount")),
        )
        for line in reader.objects("invoiceLines")
    ]
    return _document(
        reader,
        visma_id,
        party=party,
        amount=amount,
        balance=balance,
        currency=currency,
        due_date=due_date,
        date=date,
        lines=lines,
        facts=facts,
    )


def _document(
    reader: Reader,
    visma_id: str,
    *,
    party: Reader,
    amount: float | None,
    balance: float | None,
    currency: str | None,
    due_date: str | None,
    date: str | None,
    lines: list[LineItem],
    facts: list[tuple[str, str | None]],
    owner: str | None = None,
) -> Document:
    status = reader.text("status")
    name = _one_line(party.text("name"))
    lines = LineItem.numbered(lines)
    values = {
        fields.VISMA_ID: visma_id,
        fields.SUPPLIER: _cut(name),
        fields.AMOUNT: amount,
        fields.BALANCE: balance,
        fields.CURRENCY: _cut(currency),
        fields.DUE_DATE: due_date,
        fields.DOCUMENT_DATE: date,
        fields.STATUS: status,
        fields.LINE_ITEMS: summary(lines, fields.MAX_TEXT),
        GL_ACCOUNTS: _distinct(line.account for line in lines if line.account),
        COST_CENTERS: _distinct(option for line in lines for option in line.cost_centers),
    }
    note = reader.text("note")
    return Document(
        visma_id=visma_id,
        label=label_of(visma_id),
        supplier_name=name,
        supplier_number=party.text("number"),
        status=status,
        due_date=due_date,
        fields=values,
        lines=lines,
        facts=[(title, value) for title, value in facts if value],
        note=WRITTEN_BACK.sub("", note).strip() or None if note else None,
        owner=owner,
    )


def _one_line(text: str | None) -> str | None:
    """Names stand on one line in Asana; stray breaks and double spaces would come back changed."""
    return None if text is None else " ".join(text.split())


def _cut(value: str | None) -> str | None:
    return None if value is None else value[: fields.MAX_TEXT]


def _party(party: Reader) -> str | None:
    name, number = party.text("name"), party.text("number")
    return f"{name} ({number})" if name and number else name or number


def _account(line: Reader) -> Option | None:
    if isinstance(line.raw("account"), str):
        return Option(str(line.raw("account")).strip(), None)
    account = line.object("account")
    code = account.text("number")
    return Option(code, account.text("description")) if code else None


def _cost_centers(subaccount: Reader) -> tuple[Option, ...]:
    segments = subaccount.objects("segments")
    return tuple(
        Option(code, segment.text("segmentValueDescription"))
        for segment in segments
        if (code := segment.text("segmentValue"))
    )


def _distinct(options: Any) -> tuple[Option, ...]:
    by_code: dict[str, Option] = {}
    for option in options:
        by_code.setdefault(option.code, option)
    return tuple(by_code.values())


_TRANSLATIONS = {
    "purchase_orders": _order,
    "supplier_invoices": _supplier_invoice,
    "customer_invoices": _customer_invoice,
}
