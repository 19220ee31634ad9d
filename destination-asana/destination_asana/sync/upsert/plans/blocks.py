"""The marked blocks of a document's description that have to be written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from destination_asana.board.fields import CustomFields
from destination_asana.documents import Document, block_rows
from destination_asana.documents import fields as names
from destination_asana.planning.descriptions import ORDERS_OF_INVOICE, Block, differing_blocks


def blocks_to_write(
    document: Document, blocks: Sequence[Block], present: Mapping[str, list[str]], fields: CustomFields
) -> tuple[Block, ...]:
    """The blocks that differ from those on the task: the document's own, and further `blocks`."""
    return differing_blocks([*_order_references(document, fields), *blocks], present)


def _order_references(document: Document, fields: CustomFields) -> list[Block]:
    """The block of the order references for which the field has no room; of all, if the settings leave out the field."""
    if names.PURCHASE_ORDERS not in document.fields:
        return []
    left_out = fields.catalog.is_left_out(names.PURCHASE_ORDERS)
    rows = block_rows(document.shares, whole=True) if left_out else document.reference_rows
    return [Block(ORDERS_OF_INVOICE, tuple(rows))]
