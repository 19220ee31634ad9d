"""Brings the tasks of orders up to date when invoices come."""

from __future__ import annotations

import threading
from collections.abc import Sequence

from destination_asana.documents import company_of, comparable, identity, number_of
from destination_asana.planning import Snapshot
from destination_asana.sync.money.changes import OrderChanges
from destination_asana.sync.money.known_documents import KnownDocuments
from destination_asana.sync.registers import Register
from destination_asana.sync.upsert import Reports
from destination_asana.writing.tasks import Turns, VanishedError


class OrderTasks:
    """Writes the numbers of orders. Thread-safe, as long as one thread writes the task of an order from its record."""

    def __init__(
        self, registers: Sequence[Register], known: KnownDocuments, changes: OrderChanges, reports: Reports
    ) -> None:
        """`registers` are the projects where orders and the invoices that name them may be, those of orders first."""
        self._registers = registers
        self._known = known
        self._changes = changes
        self._reports = reports
        self._opening = threading.Lock()
        # The workers of several invoices write orders. Those with the same number are written one after the other.
        self._turns = Turns()

    def open(self, orders: int) -> None:
        """Prepares for this number of look-ups."""
        with self._opening:
            for register in self._registers:
                register.look(orders)

    def write_if_shared(self, visma_id: str) -> None:
        """Updates the numbers of an order and of those that share its number, if there are any."""
        company, number = company_of(visma_id), number_of(visma_id)
        if any(identity(each.visma_id) != identity(visma_id) for each in self._known.orders(company, number)):
            self.write(company, number)

    def write(self, company: str, number: str) -> None:
        """Updates the numbers of all orders with this number. Raises AsanaError, and RecordError for what Asana refuses."""
        with self._turns.of((company.casefold(), comparable(number))):
            for order in self._known.orders(company, number):
                try:
                    self._write(order)
                except VanishedError:
                    self._home(order).index.drop(order.visma_id)

    def _write(self, order: Snapshot) -> None:
        home = self._home(order)
        home.fields.catalog.prepare(home.project_gid)
        change = self._changes.of(order)
        if change.empty:
            # A search result may be outdated, so the numbers are compared with the task itself.
            now = home.index.confirm(order)
            if now is None or now == order:
                return
            change = self._changes.of(now)
        if change.empty:
            return
        outcome = home.tasks.apply(change)
        self._reports.changed(order.visma_id, outcome, new=False)
        self._reports.count(order.visma_id, outcome.action)

    def _home(self, order: Snapshot) -> Register:
        """The register project that an order's task is in, or else one that knows it."""
        knowing = [each for each in self._registers if each.index.known(order.visma_id) is not None]
        inside = [each for each in knowing if each.project_gid in order.projects]
        return (inside or knowing or self._registers)[0]
