"""An order's task × its sums → the change that writes them. Pure."""

from __future__ import annotations

from destination_asana.documents import FieldValues, label_of
from destination_asana.planning.changes import Change
from destination_asana.planning.descriptions import Block, differing_blocks
from destination_asana.planning.equality import same
from destination_asana.planning.snapshot import Snapshot


def order_change(order: Snapshot, shown: FieldValues, wanted: FieldValues, block: Block) -> Change:
    """The change that makes the task of an order show these values and this block. `shown` are the task's field values."""
    return Change(
        order.visma_id,
        label_of(order.visma_id),
        order,
        fields={name: (shown.get(name), value) for name, value in wanted.items() if not same(shown.get(name), value)},
        blocks=differing_blocks([block], order.blocks),
    )
