"""Which orders a sync has to add up, and when: before the STATE behind the records that affect them is released."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace

from destination_asana.documents import Document, Kind, kind_in
from destination_asana.planning import Block, Snapshot
from destination_asana.planning.money import may_affect_orders
from destination_asana.sync.money.invoice_side import InvoiceSide
from destination_asana.sync.money.known_documents import KnownDocuments
from destination_asana.sync.money.late_orders import LateOrders
from destination_asana.sync.money.order_side import OrderSide
from destination_asana.sync.records import Incoming


class MoneyTrail:
    """Follows orders and supplier documents. One for the whole sync. Thread-safe.

    An order that a document no longer names is added up before the document's task is written, because that task is its
    last trace. So are the orders that share their number with one that is about to be marked as gone. All other orders are
    added up once for all documents that affect them, when the trail is flushed. Until then the records of these documents
    are not reported, so that no STATE is released.
    """

    def __init__(
        self,
        known: KnownDocuments,
        orders: OrderSide,
        invoices: InvoiceSide,
        late: LateOrders,
        open_orders: Callable[[int], None],
    ) -> None:
        """`open_orders` makes the projects of orders ready for so many writes."""
        self._known = known
        self._orders = orders
        self._invoices = invoices
        self._late = late
        self._open = open_orders
        self._expecting = False

    def expect(self, document: Document) -> None:
        if document.money is not None or may_affect_orders(document):
            self._expecting = True

    def completed(self, document: Document, current: Snapshot | None) -> tuple[Document, tuple[Block, ...]]:
        sums = self._orders.sums_of(document, current)
        if sums is None:
            return document, ()
        return replace(document, fields={**document.fields, **sums.fields}), (sums.block,)

    def before(self, document: Document, current: Snapshot | None) -> None:
        self._invoices.before(document, current)

    def after(self, document: Document, before: Snapshot | None) -> None:
        self._orders.after(document)
        self._invoices.after(document, before)

    def failed(self, document: Document) -> None:
        self._known.forget(document.visma_id)
        self._orders.failed(document)

    def before_gone(self, current: Snapshot) -> None:
        side = self._orders if kind_in(current.visma_id) is Kind.ORDERS else self._invoices
        side.before_gone(current)

    def done(self, incoming: Incoming) -> None:
        self._late.done(incoming)

    def look_up(self, numbers: Collection[str]) -> None:
        self._open(len(numbers))
        self._known.expect(numbers)

    def has_order(self, company: str, number: str) -> bool:
        return bool(self._known.orders(company, number))

    def flush(self) -> None:
        if self._expecting:
            self._expecting = False
            self._late.flush()
