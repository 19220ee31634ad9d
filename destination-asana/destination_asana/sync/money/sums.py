"""Adds up single orders, and warns of what does not count."""

from __future__ import annotations

from destination_asana.documents import FieldValues, OrderMoney, company_of, identity, number_of
from destination_asana.planning import Snapshot
from destination_asana.planning.money import Basis, Sums, added_up, basis_of
from destination_asana.sync.money.counting import CountingOrders
from destination_asana.sync.money.known_documents import KnownDocuments
from destination_asana.sync.money.warnings import MoneyWarnings


class OrderSums:
    """Adds up orders from all documents that are known. Thread-safe."""

    def __init__(self, known: KnownDocuments, counting: CountingOrders, warnings: MoneyWarnings) -> None:
        self._known = known
        self._counting = counting
        self._warnings = warnings

    def of(self, visma_id: str, money: OrderMoney, *, certain: bool = True) -> Sums:
        """The sums of an order with these amounts. If they are not `certain`, its task does not remember them."""
        company, number = company_of(visma_id), number_of(visma_id)
        counting = self._counting.of(company, number)
        counts = identity(visma_id) in counting
        ambiguous = counts and len(counting) > 1
        if ambiguous:
            self._warnings.ambiguous(company, number)
        sums = added_up(
            visma_id,
            money,
            self._known.invoices(company, number) if counts else (),
            ambiguous=ambiguous,
            remember=certain,
            base_currencies=self._known.base_currencies(company),
        )
        self._warnings.unknown(visma_id, sums.total.unknown)
        return sums

    def basis_of(self, order: Snapshot, values: FieldValues) -> Basis:
        """The amounts of an order: from its record if this sync has brought it, else from its task with these values."""
        money = self._known.order(order.visma_id)
        return basis_of(order, values) if money is None else Basis(money, certain=True)

    def warn_of_emptied(self, visma_id: str) -> None:
        """Warns that the remaining amount of an order is removed."""
        self._warnings.no_committed(visma_id)
