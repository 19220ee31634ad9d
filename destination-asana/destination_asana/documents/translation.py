"""Record → Document: the entry point of this room. Pure: no HTTP, no settings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from destination_asana.documents.document import Document
from destination_asana.documents.invoices import customer_invoice, supplier_invoice
from destination_asana.documents.orders import order
from destination_asana.documents.projects import project
from destination_asana.documents.reader import Reader
from destination_asana.documents.types import Kind
from destination_asana.documents.versions import stamp_of
from destination_asana.documents.visma_ids import recognised_kind, visma_id_in

_TRANSLATIONS = {
    Kind.ORDERS: order,
    Kind.SUPPLIER_DOCUMENTS: supplier_invoice,
    Kind.CUSTOMER_DOCUMENTS: customer_invoice,
    Kind.PROJECTS: project,
}


def translate(source: str, record: Mapping[str, Any]) -> Document:
    """Makes a Document from a record of the stream `source`.

    Raises RecordError if a part of the key is missing or a value has the wrong type. Nulls elsewhere are empty values.
    """
    kind = recognised_kind(source, record)
    reader = Reader(record)
    reader.visma_id = visma_id = visma_id_in(kind, reader)
    document = _TRANSLATIONS[kind](reader, visma_id)
    document.version = stamp_of(record)
    return document
