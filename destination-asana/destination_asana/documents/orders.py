"""Purchase orders: record → Document. Pure."""

from __future__ import annotations

from destination_asana.documents import fields as names
from destination_asana.documents.document import Document, account_of, cost_centers_of, document_of, first_of, party_of
from destination_asana.documents.line_items import LineItem
from destination_asana.documents.order_money import money_of
from destination_asana.documents.reader import Reader


def order(reader: Reader, visma_id: str) -> Document:
    supplier = reader.object("supplier")
    currency = reader.text("currency")
    lines = [_line(line, currency) for line in reader.objects("lines")]
    branch, terms = reader.object("branch"), reader.object("terms")
    document = document_of(
        reader,
        visma_id,
        party=supplier,
        amount=reader.money("orderTotal"),
        balance=None,
        currency=currency,
        due_date=reader.date("promisedOn"),
        date=reader.date("date"),
        lines=lines,
        facts=[
            ("Supplier", party_of(supplier)),
            ("Supplier reference", reader.text("supplierRef")),
            ("Description", reader.text("description")),
            ("Terms", terms.text("description") or terms.text("id")),
            ("Branch", branch.text("name") or branch.text("number")),
        ],
        owner=reader.object("owner").text("name"),
    )
    money = money_of(reader)
    document.money = money
    document.fields |= {
        names.COMMITTED: None if money is None else float(money.committed),
        names.RECEIVED: None if money is None else float(money.received),
    }
    return document


def _line(line: Reader, currency: str | None) -> LineItem:
    inventory, account = line.object("inventory"), account_of(line)
    words_alone = (line.text("lineType") or "").casefold() == "description"
    return LineItem.of(
        number=line.integer("lineNbr"),
        description=first_of(
            line.text("lineDescription"), inventory.text("description"), inventory.text("number"), account
        ),
        quantity=None if words_alone else line.number("orderQty"),
        unit_cost=None if words_alone else line.number("unitCost"),
        amount=None if words_alone else line.first_number("amount", "extCost"),
        currency=currency,
        account=account,
        cost_centers=cost_centers_of(line.object("sub")),
    )
