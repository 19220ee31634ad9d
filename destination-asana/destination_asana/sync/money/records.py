"""The numbers of an order whose record has come: those that its task remembers if they still hold, else added up."""

from __future__ import annotations

from destination_asana.board.fields import CustomFields
from destination_asana.documents import OrderMoney, company_of
from destination_asana.planning import Snapshot, same
from destination_asana.planning.money import Sums, holds, is_rewritten, kept, remembered
from destination_asana.sync.money.sums import OrderSums


class OrderRecords:
    """Completes the records of orders. Thread-safe."""

    def __init__(self, fields: CustomFields, sums: OrderSums) -> None:
        self._fields = fields
        self._sums = sums

    def kept(self, visma_id: str, money: OrderMoney, current: Snapshot | None) -> Sums | None:
        """The sums as the order's task remembers them, which hold as long as no invoice comes. None if the order has to be
        added up: the task is new or remembers nothing, people have edited it, or the rate differs."""
        memory = None if current is None else remembered(current)
        if current is None or memory is None or not holds(memory, money):
            return None
        shown = self._fields.values.present(current.values)
        values = self._fields.values.wanted(memory.fields, company_of(visma_id), current.values)
        as_written = all(same(shown.get(name), value) for name, value in values.items())
        return kept(visma_id, money, memory) if as_written else None

    def added_up(self, visma_id: str, money: OrderMoney, current: Snapshot | None) -> Sums:
        """The sums over all invoices."""
        sums = self._sums.of(visma_id, money)
        return sums.without_block if is_rewritten(current) else sums
