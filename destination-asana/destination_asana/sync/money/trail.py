"""Which orders a sync has to sum, and when: before a STATE leaves behind the records that touch them."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from functools import partial

from destination_asana.board.order_trail import compared
from destination_asana.documents import fields as names
from destination_asana.documents.document import Document
from destination_asana.documents.order_references import counts
from destination_asana.documents.visma_ids import company_of, number_of, type_in
from destination_asana.planning.blocks import Block
from destination_asana.planning.commitments import Invoice, orders_dropped
from destination_asana.planning.snapshot import Snapshot
from destination_asana.sync.money.orders import OrderSums
from destination_asana.sync.records import Incoming, Results
from destination_asana.sync.work import Work


class MoneyTrail:
    """Follows orders and suppliers' documents. One for the whole sync. Thread-safe.

    An order that a document no longer names is summed before the document's task is written, which is the last trace of
    it. All other orders are summed once for all documents that touch them, when the trail is flushed; until then the
    records of these documents are not reported, so that no STATE leaves.
    """

    def __init__(self, sums: OrderSums, results: Results, work: Work, show_progress: Callable[[], None]) -> None:
        self._sums = sums
        self._results = results
        self._work = work
        self._show_progress = show_progress
        self._lock = threading.Lock()
        self._touched: dict[tuple[str, str], tuple[str, str]] = {}
        self._held: list[Incoming] = []
        self._orders: dict[tuple[str, str], set[str]] = {}
        self._expecting = False

    def expect(self, document: Document) -> None:
        if document.money is not None or names.PURCHASE_ORDERS in document.fields:
            self._expecting = True

    def completed(self, document: Document, current: Snapshot | None) -> tuple[Document, tuple[Block, ...]]:
        money = document.money
        if money is None or names.COMMITTED not in document.fields:
            return document, ()
        if current is not None and self._sums.is_right(document, current):
            # As long as no invoice comes, which is seen to when the trail is flushed.
            values, block = self._sums.as_shown(money, current)
        else:
            self._sums.open(1)
            values, block, ambiguous = self._sums.summed(document.visma_id, money)
            if self._is_one_of_several(document) or ambiguous:
                self._touch(company_of(document.visma_id), number_of(document.visma_id))
        return replace(document, fields={**document.fields, **values}), (block,)

    def before(self, document: Document, current: Snapshot | None) -> None:
        if current is None or names.PURCHASE_ORDERS not in document.fields:
            return
        invoice = _invoice(document)
        dropped = orders_dropped(self._sums.shown(current).shares, invoice.shares)
        if dropped:
            self._sums.open(len(dropped))
            self._sums.bring(invoice)
        for number in dropped:
            self._sums.write(company_of(document.visma_id), number)
            # Again at the end: orders, and other invoices of theirs, may come at the same time.
            self._touch(company_of(document.visma_id), number)

    def after(self, document: Document) -> None:
        if names.PURCHASE_ORDERS not in document.fields:
            return
        invoice = _invoice(document)
        self._sums.bring(invoice)
        # Also where the task has not changed: the sync that wrote it may have ended before it came to the orders.
        for number in invoice.shares:
            self._touch(company_of(document.visma_id), number)

    def failed(self, document: Document) -> None:
        self._sums.forget(document.visma_id)

    def before_gone(self, current: Snapshot) -> None:
        invoice = replace(self._sums.shown(current), counts=False)
        if not invoice.shares:
            return
        self._sums.open(len(invoice.shares))
        self._sums.bring(invoice)
        for number in invoice.shares:
            self._sums.write(company_of(current.visma_id), number)

    def done(self, incoming: Incoming) -> None:
        with self._lock:
            if self._touched:
                self._held.append(incoming)
                return
        self._results.done(incoming)

    def flush(self) -> None:
        if not self._expecting:
            return
        self._work.drain(self._show_progress)
        self._expecting = False
        with self._lock:
            touched, self._touched = self._touched, {}
            held, self._held = self._held, []
        if self._work.broken:
            return
        if touched:
            self._sums.open(len(touched))
        for company, number in touched.values():
            self._work.submit(f"order {company}/{number}", partial(self._sums.write, company, number))
        self._work.drain(self._show_progress)
        if not self._work.broken:
            for incoming in held:
                self._results.done(incoming)

    def _is_one_of_several(self, document: Document) -> bool:
        """Whether this sync has brought another order of the same number."""
        with self._lock:
            key = company_of(document.visma_id).casefold(), compared(number_of(document.visma_id))
            of_number = self._orders.setdefault(key, set())
            of_number.add(document.key)
            return len(of_number) > 1

    def _touch(self, company: str, number: str) -> None:
        with self._lock:
            self._touched[company.casefold(), compared(number)] = (company, number)


def _invoice(document: Document) -> Invoice:
    claim = type_in(document.visma_id).claim
    counting = counts("Prepayment" if claim else None, document.status)
    return Invoice(document.visma_id, document.fields.get(names.CURRENCY), counting, document.shares)
