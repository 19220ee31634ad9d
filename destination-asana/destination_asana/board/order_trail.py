"""Orders by their number, and the invoices that name one: what the sums of orders are made of."""

from __future__ import annotations

import threading
from collections.abc import Collection, Iterable, Sequence

from destination_asana.board.order_search import OrderSearch
from destination_asana.board.task_index import Index
from destination_asana.documents import Kind, company_of, comparable, identity, kind_in, number_of
from destination_asana.planning import Snapshot
from destination_asana.planning.money import is_supplier_document, listed_in, named_by, order_ids, orders_with

# A company and the number of an order, both in comparable form.
_Order = tuple[str, str]


class OrderTrail:
    """Looks up orders and invoices in the projects where they have their tasks, whichever it is. Thread-safe.

    Projects that are listed whole answer from memory; for the others search is asked. What people have moved out of projects
    that are listed whole is looked for one by one: the orders of a number that no order here has, and the invoices that an
    order's task lists. What this sync writes the caller knows.
    """

    def __init__(self, indexes: Sequence[Index], search: OrderSearch) -> None:
        self._indexes = indexes
        self._search = search
        self._lock = threading.Lock()
        # The invoices of each order in the projects that are listed whole, by the place of the project among `indexes`.
        self._listed: dict[int, dict[_Order, list[str]]] = {}
        # The numbers of the orders whose tasks list an invoice, likewise.
        self._naming: dict[int, dict[str, set[str]]] = {}

    def expect(self, numbers: Iterable[str]) -> None:
        """Looks up several orders, and the invoices that name them, together where that is possible."""
        self._search.expect(numbers)

    def orders(self, company: str, number: str) -> list[Snapshot]:
        """The orders of that number, at most one of each type."""
        self._search.orders(number)
        found = self._known_orders(company, number)
        if not found and not self._search.needed:
            found = self._elsewhere(order_ids(company, number))
        return found

    def invoices(self, company: str, number: str) -> list[Snapshot]:
        """The supplier's documents that name an order of that number, whether they count or not."""
        if self._search.needed:
            known = self._known_orders(company, number)
            self._search.invoices([number, *(number_of(each.visma_id) for each in known)])
        order = company.casefold(), comparable(number)
        keys = dict.fromkeys(
            key
            for place, index in enumerate(self._indexes)
            for key in (self._in_memory(place, order) if index.complete else self._among_known(index, order))
        )
        found = [each for key in keys if (each := self._known(key)) is not None]
        return found if self._search.needed else [*found, *self._moved(company, number, set(keys))]

    def orders_listing(self, visma_id: str) -> set[str]:
        """The numbers of the orders whose tasks list an invoice, as far as projects are listed whole."""
        found: set[str] = set()
        for place, index in enumerate(self._indexes):
            if index.complete:
                found |= self._lists(place).get(identity(visma_id), set())
        return found

    def _lists(self, place: int) -> dict[str, set[str]]:
        with self._lock:
            if place not in self._naming:
                naming = self._naming[place] = {}
                for order in self._indexes[place].matching(lambda each: kind_in(each.visma_id) is Kind.ORDERS):
                    for invoice in listed_in(order):
                        naming.setdefault(identity(invoice), set()).add(number_of(order.visma_id))
            return self._naming[place]

    def _known_orders(self, company: str, number: str) -> list[Snapshot]:
        return [each for key in orders_with(company, number) if (each := self._known(key)) is not None]

    def _moved(self, company: str, number: str, known: Collection[str]) -> list[Snapshot]:
        """The invoices that the tasks of the orders list, although they are not among those `known` here."""
        listed = [each for one in self._known_orders(company, number) for each in listed_in(one)]
        order = company.casefold(), comparable(number)
        found = self._elsewhere(each for each in dict.fromkeys(listed) if identity(each) not in known)
        return [each for each in found if order in _orders_of(each)]

    def _elsewhere(self, visma_ids: Iterable[str]) -> list[Snapshot]:
        """The tasks of documents that people have moved to other projects, as they are now."""
        index = self._indexes[0]
        found = (self._known(identity(each)) or index.find(each) for each in visma_ids)
        return [now for each in found if each is not None and (now := index.confirm(each)) is not None]

    def _known(self, key: str) -> Snapshot | None:
        """The task of a document as far as it is known. Of two tasks of one document the older counts; of two states of one
        task, that which is certain, then that of a project which the task is in."""
        found = [(index, each) for index in self._indexes if (each := index.known(key)) is not None]
        best = min(
            found,
            key=lambda known: (
                known[1].created_at,
                len(known[1].gid),
                known[1].gid,
                not known[0].is_certain(key),
                known[1].elsewhere,
            ),
            default=None,
        )
        return best[1] if best is not None else None

    def _in_memory(self, place: int, order: _Order) -> Iterable[str]:
        with self._lock:
            if place not in self._listed:
                listed = self._listed[place] = {}
                for each in self._indexes[place].matching(is_supplier_document):
                    for one in _orders_of(each):
                        listed.setdefault(one, []).append(identity(each.visma_id))
            return self._listed[place].get(order, ())

    @staticmethod
    def _among_known(index: Index, order: _Order) -> Iterable[str]:
        return [
            identity(each.visma_id)
            for each in index.matching(lambda each: is_supplier_document(each) and order in _orders_of(each))
        ]


def _orders_of(invoice: Snapshot) -> set[_Order]:
    """The orders that a task of an invoice names."""
    company = company_of(invoice.visma_id).casefold()
    return {(company, comparable(number)) for number in named_by(invoice)}
