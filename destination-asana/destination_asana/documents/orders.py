"""Purchase orders: record → Document. Pure."""

from __future__ import annotations

from dataclasses import replace

from destination_asana.documents import fields as names
from destination_asana.documents.delivery import delivery_of, receipt_numbers
from destination_asana.documents.document import Document, account_of, cost_centers_of, document_of, first_of, party_of
from destination_asana.documents.line_items import LineItem
from destination_asana.documents.order_money import line_amount, money_of
from destination_asana.documents.reader import Reader
from destination_asana.documents.subject import subject_of
from destination_asana.documents.visma_ids import type_in


def order(reader: Reader, visma_id: str) -> Document:
    supplier = reader.object("supplier")
    currency = reader.text("currency")
    template = type_in(visma_id).template
    lines = reader.objects("lines")
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
        lines=[_line(line, currency, template=template) for line in lines],
        facts=[
            ("Supplier", party_of(supplier)),
            ("Supplier reference", reader.text("supplierRef")),
            ("Description", reader.text("description")),
            ("Terms", terms.text("description") or terms.text("id")),
            ("Branch", branch.text("name") or branch.text("number")),
            ("Receipts", ", ".join(receipt_numbers(reader))),
        ],
        owner=reader.object("owner").text("name"),
    )
    money = money_of(reader)
    document.money = money
    document.subject = subject_of(reader, lines, document.lines, supplier)
    document.fields |= {
        names.COMMITTED: None if money is None or money.committed is None else float(money.committed),
        names.PROJECTS: document.subject.project_options,
        names.RECEIVED: None if money is None else float(money.received),
    }
    return document


def _line(line: Reader, currency: str | None, *, template: bool) -> LineItem:
    delivery = delivery_of(line)
    inventory, account = line.object("inventory"), account_of(line)
    # A line of text has no amounts, whatever stands there.
    amounts = Reader({}) if line.word("lineType") == "description" else line
    return LineItem.of(
        number=line.integer("lineNbr"),
        description=first_of(
            line.text("lineDescription"), inventory.text("description"), inventory.text("number"), account
        ),
        quantity=amounts.number("orderQty"),
        unit_cost=amounts.number("unitCost"),
        amount=line_amount(amounts),
        currency=currency,
        account=account,
        cost_centers=cost_centers_of(line.object("sub")),
        # Templates are never due.
        delivery=replace(delivery, due_on=None) if template else delivery,
    )
