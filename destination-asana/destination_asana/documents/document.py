"""A Visma document, ready to be compared with its task, and what all kinds of documents share. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from destination_asana.documents import fields, statuses
from destination_asana.documents.fields import COST_CENTERS, GL_ACCOUNTS
from destination_asana.documents.line_items import LineItem, Option, summary
from destination_asana.documents.order_money import OrderMoney
from destination_asana.documents.order_references import Share
from destination_asana.documents.reader import Reader, half_up
from destination_asana.documents.types import Kind
from destination_asana.documents.visma_ids import identity, kind_in, label_of, type_in

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
    `given` names the parts a record carries that need not be whole (name, due_on, description, lines; its custom
    fields are only those carried); None means that it is whole. `status` is the one shown. `supplier_name` and
    `supplier_number` are the customer's on a customer document; `owner` is the name of an order's owner in Visma.
    `unknown_amounts`: some are known in another currency than the document's only, and left out.
    `title` is the task's name where that is not the label and the party; `manager_email` is of the person who gets the task.
    `money` is what an order commits to; `shares` are a supplier's document's amounts by order, `reference_rows` those of
    them that its custom field does not hold.
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
    unknown_amounts: bool = False
    version: str | None = None
    title: str | None = None
    manager_email: str | None = None
    money: OrderMoney | None = None
    shares: Mapping[str, Share] = field(default_factory=dict)
    reference_rows: Sequence[str] = ()

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
        if self.title is not None:
            return self.title[: fields.MAX_TEXT]
        party = self.supplier_name or self.supplier_number
        return (f"{self.label} · {party}" if party else self.label)[: fields.MAX_TEXT]

    @property
    def closed(self) -> bool | None:
        """True when Visma is done with the document, None when it does not say."""
        return statuses.ends(kind_in(self.visma_id), self.status)


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
    kind, document_type = kind_in(visma_id), type_in(visma_id)
    status = reader.text("status")
    if document_type.template or statuses.is_template(status):
        due_date = None
    status = statuses.shown(kind, status)
    name = _one_line(party.text("name"))
    lines = LineItem.numbered(lines)
    values = {
        fields.VISMA_ID: visma_id,
        fields.DOCUMENT_TYPE: document_type.option,
        fields.SUPPLIER: None if kind is Kind.CUSTOMER_DOCUMENTS else _cut(name),
        fields.CUSTOMER: _cut(name) if kind is Kind.CUSTOMER_DOCUMENTS else None,
        fields.AMOUNT: _in_cents(amount),
        fields.BALANCE: _in_cents(balance),
        fields.CURRENCY: _cut(currency),
        fields.DUE_DATE: due_date,
        fields.DOCUMENT_DATE: date,
        fields.STATUS: status,
        fields.LINE_ITEMS: summary(lines, fields.MAX_TEXT),
        GL_ACCOUNTS: _distinct(line.account for line in lines if line.account),
        COST_CENTERS: _distinct(option for line in lines for option in line.cost_centers),
    }
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
        note=note_of(reader),
        owner=owner,
    )


def note_of(reader: Reader) -> str | None:
    """The note of a document, without what was written back into it from Asana."""
    note = reader.text("note")
    return WRITTEN_BACK.sub("", note).strip() or None if note else None


def _in_cents(amount: Decimal | None) -> float | None:
    return None if amount is None else float(half_up(amount, 2))


def first_of(*descriptions: str | Option | None) -> str | None:
    """What describes a line: its own words, else its item's, else its account's."""
    words = (each.description or each.code if isinstance(each, Option) else each for each in descriptions)
    return next((text for text in words if text), None)


def _one_line(text: str | None) -> str | None:
    """Names stand on one line in Asana; stray breaks and double spaces would come back changed."""
    return None if text is None else " ".join(text.split())


def _cut(value: str | None) -> str | None:
    return None if value is None else value[: fields.MAX_TEXT]


def party_of(party: Reader) -> str | None:
    name, number = party.text("name"), party.text("number")
    return f"{name} ({number})" if name and number else name or number


def account_of(line: Reader) -> Option | None:
    if isinstance(line.raw("account"), (str, int)):
        code = line.text("account")
        return Option(code, None) if code else None
    account = line.object("account")
    code = account.text("number")
    return Option(code, account.text("description")) if code else None


def cost_centers_of(subaccount: Reader) -> tuple[Option, ...]:
    segments = subaccount.objects("segments")
    return tuple(
        Option(
            code, segment.text("segmentValueDescription"), segment.text("segmentId"), segment.text("segmentDescription")
        )
        for segment in segments
        if (code := segment.text("segmentValue"))
    )


def _distinct(options: Any) -> tuple[Option, ...]:
    by_code: dict[tuple[str, str | None], Option] = {}
    for option in options:
        by_code.setdefault((option.code, option.segment), option)
    return tuple(by_code.values())
