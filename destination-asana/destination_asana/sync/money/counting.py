"""For which orders of a number invoices count."""

from __future__ import annotations

import threading

from destination_asana.board.fields import CustomFields
from destination_asana.documents import company_of, comparable, identity, number_of, text_value
from destination_asana.documents import fields as names
from destination_asana.planning import GONE, Snapshot
from destination_asana.sync.money.known_documents import KnownDocuments

# A company and the number of an order, both in comparable form.
_Number = tuple[str, str]


class CountingOrders:
    """Knows the orders of a number that are not gone from Visma: from the tasks in Asana and from what this sync is about to
    write. Thread-safe."""

    def __init__(self, fields: CustomFields, known: KnownDocuments) -> None:
        self._fields = fields
        self._known = known
        self._lock = threading.Lock()
        self._brought: dict[_Number, dict[str, bool]] = {}

    def bring(self, visma_id: str) -> None:
        """Registers that an order is new, or back in Visma."""
        with self._lock:
            self._of(visma_id)[identity(visma_id)] = True

    def take_away(self, visma_id: str) -> None:
        """Registers that an order is about to be marked as gone from Visma."""
        with self._lock:
            self._of(visma_id)[identity(visma_id)] = False

    def forget(self, visma_id: str) -> None:
        """Withdraws an order that could not be written."""
        with self._lock:
            self._of(visma_id).pop(identity(visma_id), None)

    def is_gone(self, order: Snapshot) -> bool:
        """Whether the task of an order is marked as gone from Visma."""
        return text_value(self._fields.values.present(order.values), names.STATUS) == GONE

    def of(self, company: str, number: str) -> set[str]:
        """The keys of the orders with this number that invoices may count for. If all are gone from Visma, all of them."""
        there = {identity(each.visma_id): not self.is_gone(each) for each in self._known.orders(company, number)}
        with self._lock:
            brought = self._brought.get((company.casefold(), comparable(number)), {})
            there |= {key: counts for key, counts in brought.items() if counts or key in there}
        return {key for key, counts in there.items() if counts} or set(there)

    def _of(self, visma_id: str) -> dict[str, bool]:
        number = company_of(visma_id).casefold(), comparable(number_of(visma_id))
        return self._brought.setdefault(number, {})
