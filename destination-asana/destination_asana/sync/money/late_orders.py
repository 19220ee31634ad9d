"""The orders that are added up once for all documents of a checkpoint, and the records that wait for it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import partial

from destination_asana.documents import Document, company_of, comparable, number_of
from destination_asana.sync.money.known_documents import KnownDocuments
from destination_asana.sync.money.orders import OrderTasks
from destination_asana.sync.records import Incoming, Results
from destination_asana.sync.work import Work


class LateOrders:
    """Collects orders by their number, and holds back the records that affect them. Thread-safe."""

    def __init__(
        self, known: KnownDocuments, orders: OrderTasks, results: Results, work: Work, show_progress: Callable[[], None]
    ) -> None:
        self._known = known
        self._tasks = orders
        self._results = results
        self._work = work
        self._show_progress = show_progress
        self._lock = threading.Lock()
        self._touched: dict[tuple[str, str], tuple[str, str]] = {}
        self._held: list[Incoming] = []
        self._brought: dict[tuple[str, str], set[str]] = {}

    def touch(self, document: Document, number: str) -> None:
        """An order of the document's company has to be added up."""
        company = company_of(document.visma_id)
        with self._lock:
            self._touched[company.casefold(), comparable(number)] = (company, number)

    def is_one_of_several(self, order: Document) -> bool:
        """Whether this sync has brought another order with the same number."""
        with self._lock:
            key = company_of(order.visma_id).casefold(), comparable(number_of(order.visma_id))
            of_number = self._brought.setdefault(key, set())
            of_number.add(order.key)
            return len(of_number) > 1

    def done(self, incoming: Incoming) -> None:
        """A record is done, as soon as the orders touched so far are added up."""
        with self._lock:
            if self._touched:
                self._held.append(incoming)
                return
        self._results.done(incoming)

    def flush(self) -> None:
        """Adds up the orders once all documents so far are written, and then reports the records."""
        self._work.drain(self._show_progress)
        with self._lock:
            touched, self._touched = self._touched, {}
            held, self._held = self._held, []
        if self._work.broken:
            return
        if touched:
            self._tasks.open(len(touched))
            self._known.expect({number for _, number in touched.values()})
        for company, number in touched.values():
            self._work.submit(f"order {company}/{number}", partial(self._tasks.write, company, number))
        self._work.drain(self._show_progress)
        if not self._work.broken:
            for incoming in held:
                self._results.done(incoming)
