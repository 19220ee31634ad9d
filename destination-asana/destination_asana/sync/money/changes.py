"""The task of an order → the change that brings its numbers up to date."""

from __future__ import annotations

from destination_asana.board.fields import CustomFields
from destination_asana.documents import company_of
from destination_asana.documents import fields as names
from destination_asana.planning import Change, Snapshot
from destination_asana.planning.money import order_change
from destination_asana.sync.money.sums import OrderSums


class OrderChanges:
    """Adds up orders without their records. Thread-safe."""

    def __init__(self, fields: CustomFields, sums: OrderSums) -> None:
        self._fields = fields
        self._sums = sums

    def of(self, order: Snapshot) -> Change:
        """The change for the task of an order; empty if its numbers are right."""
        shown = self._fields.values.present(order.values)
        basis = self._sums.basis_of(order, shown)
        sums = self._sums.of(order.visma_id, basis.money, certain=basis.certain)
        wanted = sums.fields
        if not basis.certain:
            # They come with the order's next record.
            del wanted[names.COMMITTED], wanted[names.RECEIVED]
        values = self._fields.values.wanted(wanted, company_of(order.visma_id), order.values)
        known = {name: value for name, value in values.items() if self._fields.catalog.get(name) is not None}
        change = order_change(order, shown, known, sums.block)
        if change.fields.get(names.REMAINING, ("", ""))[1] is None:
            self._sums.warn_of_emptied(order.visma_id)
        return change
