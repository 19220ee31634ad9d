"""What the money trail does for an order: its totals, and those of others with the same number."""

from __future__ import annotations

from destination_asana.documents import Document, company_of, number_of
from destination_asana.planning import Snapshot
from destination_asana.planning.money import Sums, money_of
from destination_asana.sync.money.counting import CountingOrders
from destination_asana.sync.money.known_documents import KnownDocuments
from destination_asana.sync.money.late_orders import LateOrders
from destination_asana.sync.money.orders import OrderTasks
from destination_asana.sync.money.records import OrderRecords


class OrderSide:
    """Follows orders. Thread-safe."""

    def __init__(
        self,
        known: KnownDocuments,
        counting: CountingOrders,
        orders: OrderTasks,
        of_records: OrderRecords,
        late: LateOrders,
    ) -> None:
        self._known = known
        self._counting = counting
        self._tasks = orders
        self._of_records = of_records
        self._late = late

    def sums_of(self, document: Document, current: Snapshot | None) -> Sums | None:
        """The totals of an order before its task is written; None for another document."""
        money = money_of(document, current)
        if money is None:
            return None
        if money.rate == 1:
            self._known.note_base_currency(company_of(document.visma_id), money.currency)
        comes = current is None or self._counting.is_gone(current)
        sums = None if comes else self._of_records.kept(document.visma_id, money, current)
        if sums is None:
            self._tasks.open(1)
            self._counting.bring(document.visma_id)
            sums = self._of_records.added_up(document.visma_id, money, current)
            if self._late.is_one_of_several(document) or sums.ambiguous:
                self._late.touch(document, number_of(document.visma_id))
        return sums

    def after(self, document: Document) -> None:
        """The task of an order has been written."""
        if document.money is not None and document.given is None:
            self._known.bring_order(document.visma_id, document.money)

    def failed(self, document: Document) -> None:
        """The task of an order could not be written."""
        if document.money is not None:
            self._counting.forget(document.visma_id)

    def before_gone(self, current: Snapshot) -> None:
        """An order is about to be marked as gone, so the others with its number are added up without it, and it is, too: its
        task may say that several orders have the number, which is no longer so."""
        self._tasks.open(1)
        self._counting.take_away(current.visma_id)
        self._tasks.write_if_shared(current.visma_id)
