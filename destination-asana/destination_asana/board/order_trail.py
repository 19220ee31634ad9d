"""Orders by their number, and the invoices that name one: what the sums of orders are made of."""

from __future__ import annotations

import threading
from collections.abc import Iterable

from destination_asana.board.fields.values import CustomFields
from destination_asana.board.task_index import Index
from destination_asana.documents import fields as names
from destination_asana.documents.order_references import read
from destination_asana.documents.types import Kind
from destination_asana.documents.visma_ids import KEYS, company_of, identity
from destination_asana.planning.blocks import ORDERS_OF_INVOICE
from destination_asana.planning.snapshot import Snapshot

# Orders of these types may share a number; blanket orders and templates commit to nothing themselves.
ORDER_TYPES = ("RegularOrder", "DropShip")


class OrderTrail:
    """Looks up orders and invoices of one register project. Thread-safe.

    A project that is listed whole is asked from memory. Else search tells, a call for each question; what it may not know
    yet was listed when the index was opened, and what this sync writes the caller knows.
    """

    def __init__(self, index: Index, fields: CustomFields) -> None:
        self._index = index
        self._fields = fields
        self._lock = threading.Lock()
        self._listed: dict[tuple[str, str], list[str]] | None = None
        # What search was asked once it need not be asked again: from then on only this sync changes it.
        self._asked: set[str] = set()

    def orders(self, company: str, number: str) -> list[Snapshot]:
        """The orders of that number, at most one of each type."""
        wanted = {identity(f"{KEYS[Kind.ORDERS][0]}:{company}/{each}/{number}") for each in ORDER_TYPES}
        if not self._index.complete and self._fields.visma_id_gid is not None:
            self._ask({f"custom_fields.{self._fields.visma_id_gid}.ends_with": f"/{number}"})
        found = (self._index.known(key) for key in sorted(wanted))
        return [each for each in found if each is not None]

    def invoices(self, company: str, number: str) -> list[Snapshot]:
        """The supplier's documents that name an order of that number, whether they count or not."""
        if not self._index.complete:
            self._search(number)
        if self._index.complete:
            keys = self._by_order().get((company.casefold(), compared(number)), ())
            return [each for key in keys if (each := self._index.known(key)) is not None]
        return self._index.matching(lambda each: self._names(each, company, number))

    def _search(self, number: str) -> None:
        field = self._fields.get(names.PURCHASE_ORDERS)
        if field is not None:
            self._ask({f"custom_fields.{field.gid}.contains": number})
        # Invoices with so many orders that the field does not hold them all.
        self._ask({"text": ORDERS_OF_INVOICE.header})

    def _ask(self, query: dict[str, str]) -> None:
        key = str(query)
        with self._lock:
            asked = key in self._asked
            self._asked.add(key)
        if not asked and not self._index.complete:
            self._index.learn(query)

    def _by_order(self) -> dict[tuple[str, str], list[str]]:
        with self._lock:
            if self._listed is None:
                self._listed = {}
                for each in self._index.matching(is_supplier_document):
                    company, key = company_of(each.visma_id).casefold(), identity(each.visma_id)
                    for number in named_by(each):
                        self._listed.setdefault((company, compared(number)), []).append(key)
            return self._listed

    @staticmethod
    def _names(snapshot: Snapshot, company: str, number: str) -> bool:
        if not is_supplier_document(snapshot) or company_of(snapshot.visma_id).casefold() != company.casefold():
            return False
        return compared(number) in {compared(each) for each in named_by(snapshot)}


def is_supplier_document(snapshot: Snapshot) -> bool:
    """Whether a task is of a supplier's document."""
    return identity(snapshot.visma_id).startswith(f"{KEYS[Kind.SUPPLIER_DOCUMENTS][0].casefold()}:")


def named_by(snapshot: Snapshot) -> Iterable[str]:
    """The numbers of the orders that a task of an invoice names."""
    return read(snapshot.values.get(names.PURCHASE_ORDERS), snapshot.blocks.get(ORDERS_OF_INVOICE.header, ()))


def compared(number: str) -> str:
    """An order's number as it is compared: Visma does not tell upper from lower case."""
    return " ".join(number.split()).casefold()
