"""What the money trail does for a supplier document: the orders that it names, and those that it named before."""

from __future__ import annotations

from dataclasses import replace

from destination_asana.documents import Document, company_of
from destination_asana.planning import Snapshot
from destination_asana.planning.money import invoice_of, may_affect_orders, orders_dropped
from destination_asana.sync.money.known_documents import KnownDocuments
from destination_asana.sync.money.late_orders import LateOrders
from destination_asana.sync.money.orders import OrderTasks


class InvoiceSide:
    """Follows supplier documents. Thread-safe."""

    def __init__(self, known: KnownDocuments, orders: OrderTasks, late: LateOrders) -> None:
        self._known = known
        self._tasks = orders
        self._late = late

    def before(self, document: Document, current: Snapshot | None) -> None:
        """A document's task is about to be written. It is the last trace of the orders that the document no longer names.
        Where people have deleted it, the tasks of these orders may still list the document."""
        if not may_affect_orders(document):
            return
        if current is None:
            for number in self._known.orders_listing(document.visma_id):
                self._late.touch(document, number)
            return
        shown = self._known.shown(current)
        invoice = invoice_of(document, shown)
        dropped = orders_dropped(shown.shares, invoice.shares)
        if dropped:
            self._tasks.open(len(dropped))
            self._known.bring(invoice)
        for number in dropped:
            self._tasks.write(company_of(document.visma_id), number)
            # Once more at the end, because orders and other invoices of theirs may come at the same time.
            self._late.touch(document, number)

    def after(self, document: Document, before: Snapshot | None) -> None:
        """A document's task has been written; `before` is the task as it was, if there was one."""
        if not may_affect_orders(document):
            return
        invoice = invoice_of(document, None if before is None else self._known.shown(before))
        self._known.bring(invoice)
        # Even for an unchanged task, because the sync that wrote it may have ended before it updated the orders.
        for number in invoice.shares:
            self._late.touch(document, number)

    def before_gone(self, current: Snapshot) -> None:
        """A document is about to be marked as gone, so its orders are added up without it."""
        invoice = replace(self._known.shown(current), counts=False)
        if not invoice.shares:
            return
        self._tasks.open(len(invoice.shares))
        self._known.bring(invoice)
        for number in invoice.shares:
            self._tasks.write(company_of(current.visma_id), number)
