"""Record → Document: what a Visma order or invoice means for Asana. Pure: no HTTP, no settings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from destination_asana.documents.document import Document
from destination_asana.documents.errors import RecordError
from destination_asana.documents.invoices import customer_invoice, supplier_invoice
from destination_asana.documents.orders import order
from destination_asana.documents.projects import project
from destination_asana.documents.reader import Reader
from destination_asana.documents.types import Kind
from destination_asana.documents.versions import stamp_of
from destination_asana.documents.visma_ids import kind_of, visma_id_in

_TRANSLATIONS = {
    Kind.ORDERS: order,
    Kind.SUPPLIER_DOCUMENTS: supplier_invoice,
    Kind.CUSTOMER_DOCUMENTS: customer_invoice,
    Kind.PROJECTS: project,
}


def translate(source: str, record: Mapping[str, Any]) -> Document:
    """Makes a Document of a record of the stream `source`.

    Raises RecordError when a part of the key is missing or a value is of a type that cannot be what it should be.
    Nulls elsewhere are empty values.
    """
    if not isinstance(record, Mapping):
        raise RecordError("record", "is not an object")
    kind = kind_of(source, record)
    if kind is None:
        raise RecordError("record", "looks neither like an order nor like an invoice (no orderNbr, no referenceNumber)")
    reader = Reader(record)
    reader.visma_id = visma_id = visma_id_in(kind, reader)
    document = _TRANSLATIONS[kind](reader, visma_id)
    document.version = stamp_of(record)
    return document
