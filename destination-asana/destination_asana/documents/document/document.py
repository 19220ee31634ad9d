"""A Visma document, ready for comparison with its task. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from destination_asana.documents import statuses
from destination_asana.documents.line_items import MAX_NAME, LineItem
from destination_asana.documents.order_money import OrderMoney
from destination_asana.documents.order_references import Share
from destination_asana.documents.subject import Subject
from destination_asana.documents.texts import shortened
from destination_asana.documents.values import DocumentValue
from destination_asana.documents.visma_ids import identity, kind_in


@dataclass(slots=True)
class Document:
    """One Visma document, ready for comparison with its task.

    - `fields`: a value for every custom field (text, a number in the document's currency with two decimals, a date
      `YYYY-MM-DD`, an option's name, or a tuple of options); None means empty.
    - `facts`: the rows of the description.
    - `given`: the parts (name, due_on, description, lines) that a partial record carries; `fields` then holds only the
      custom fields it carries. None means that the record is complete.
    - `status`: in the words of Visma's screens.
    - `supplier_name`, `supplier_number`: on a customer document, those of the customer.
    - `owner`: the name of an order's owner in Visma.
    - `unknown_amounts`: some amounts are known only in the company's currency and were left out.
    - `title`: the task's name, if it is not made of label and party.
    - `manager_email`: the person to assign a project's card to.
    - `money`: what an order commits to.
    - `shares`: on a supplier document, its net amount for each order; `reference_rows` are those that the custom field
      has no room for.
    - `subject`: the projects, cost centres, branches and supplier that routes match.
    """

    visma_id: str
    label: str
    supplier_name: str | None
    supplier_number: str | None
    status: str | None
    due_date: str | None
    fields: dict[str, DocumentValue]
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
    subject: Subject = field(default_factory=Subject)

    def gives(self, part: str) -> bool:
        """Whether the record carries this part of the document, so that it replaces Asana's value."""
        return self.given is None or part in self.given

    @property
    def key(self) -> str:
        """The Visma ID in the form used for comparison."""
        return identity(self.visma_id)

    @property
    def name(self) -> str:
        """The task's name."""
        if self.title is not None:
            return shortened(self.title, MAX_NAME)
        party = self.supplier_name or self.supplier_number
        return shortened(f"{self.label} · {party}" if party else self.label, MAX_NAME)

    @property
    def closed(self) -> bool | None:
        """True when Visma has closed the document, None when the record has no status."""
        return statuses.ends(kind_in(self.visma_id), self.status)
