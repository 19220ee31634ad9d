"""Record → Document, as far as all kinds of documents have it in common. Pure."""

from __future__ import annotations

from decimal import Decimal

from destination_asana.documents import statuses
from destination_asana.documents.document.document import Document
from destination_asana.documents.document.field_values import field_values
from destination_asana.documents.document.record_texts import note_of
from destination_asana.documents.line_items import LineItem
from destination_asana.documents.reader import Reader
from destination_asana.documents.texts import one_line
from destination_asana.documents.visma_ids import kind_in, label_of, type_in


def document_of(
    reader: Reader,
    visma_id: str,
    *,
    party: Reader,
    amount: Decimal | None,
    balance: Decimal | None,
    currency: str | None,
    due_date: str | None,
    date: str | None,
    lines: list[LineItem],
    facts: list[tuple[str, str | None]],
    owner: str | None = None,
) -> Document:
    status = reader.text("status")
    if type_in(visma_id).template or statuses.is_template(status):
        due_date = None
    status = statuses.on_screen(kind_in(visma_id), status)
    name = one_line(party.text("name"))
    lines = LineItem.numbered(lines)
    return Document(
        visma_id=visma_id,
        label=label_of(visma_id),
        supplier_name=name,
        supplier_number=party.text("number"),
        status=status,
        due_date=due_date,
        fields=field_values(
            visma_id,
            name=name,
            amount=amount,
            balance=balance,
            currency=currency,
            due_date=due_date,
            date=date,
            status=status,
            lines=lines,
        ),
        lines=lines,
        facts=[(title, value) for title, value in facts if value],
        note=note_of(reader),
        owner=owner,
    )
