"""The Visma ID, which names one Visma document in Asana, and the label people know it by. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from destination_asana.documents.errors import RecordError
from destination_asana.documents.fields import MAX_TEXT
from destination_asana.documents.reader import Reader
from destination_asana.documents.types import DocumentType, Kind, type_of

# By kind of document: the prefix of its Visma ID, and its key after company_id.
KEYS = {
    Kind.ORDERS: ("PurchaseOrderId", ("orderType", "orderNbr")),
    Kind.SUPPLIER_DOCUMENTS: ("SupplierInvoiceId", ("documentType", "referenceNumber")),
    Kind.CUSTOMER_DOCUMENTS: ("CustomerInvoiceId", ("documentType", "referenceNumber")),
    # People may give a project another projectID.
    Kind.PROJECTS: ("ProjectId", ("internalID",)),
}
# Visma lists customers' documents by type. Every other stream holds all documents of its kind.
_TYPES_OF_STREAM = {
    "customer_invoices": ("invoice",),
    "customer_credit_notes": ("creditnote", "creditmemo"),
    "customer_debit_notes": ("debitnote",),
    "customer_overdue_charges": ("fincharge",),
}
KIND_OF_STREAM: dict[str, Kind] = {kind.value: kind for kind in KEYS} | dict.fromkeys(
    _TYPES_OF_STREAM, Kind.CUSTOMER_DOCUMENTS
)
_KIND_OF_PREFIX = {prefix: kind for kind, (prefix, _) in KEYS.items()}


def identity(visma_id: str) -> str:
    """A Visma ID as it is compared: Visma's keys do not tell upper from lower case."""
    return visma_id.strip().casefold()


def prefixes_of(source: str) -> set[str]:
    """How the Visma IDs of a stream's documents begin, in small letters; empty for a stream that is told by its content."""
    kind = kind_of(source, {})
    return {KEYS[kind][0].casefold()} if kind is not None else set()


def company_of(visma_id: str) -> str:
    """The company of a document."""
    return visma_id.partition(":")[2].partition("/")[0].strip()


def kind_of(source: str, record: Mapping[str, Any]) -> Kind | None:
    """The kind of document a record of the stream `source` is, a key of KEYS; streams of other names tell by content."""
    if source in KIND_OF_STREAM:
        return KIND_OF_STREAM[source]
    if "orderNbr" in record:
        return Kind.ORDERS
    if "referenceNumber" in record:
        return Kind.CUSTOMER_DOCUMENTS if "customer" in record else Kind.SUPPLIER_DOCUMENTS
    return None


def visma_id_in(kind: Kind, reader: Reader) -> str:
    """The Visma ID out of the parts of a record's key. Raises RecordError naming every part that is missing."""
    prefix, key = KEYS[kind]
    parts = {name: reader.key(name) for name in ("company_id", *key)}
    missing = [name for name, value in parts.items() if value is None]
    if missing:
        raise RecordError(", ".join(missing), "is missing, and without it the document has no identity")
    visma_id = f"{prefix}:{'/'.join(str(value) for value in parts.values())}"
    if len(visma_id) > MAX_TEXT:
        raise RecordError("/".join(key), f"is longer than Asana can hold ({MAX_TEXT} characters)")
    return visma_id


def visma_id_of(source: str, record: Any) -> str | None:
    """The Visma ID of a record that may be broken elsewhere, or None when a part of its key is."""
    kind = kind_of(source, record) if isinstance(record, Mapping) else None
    try:
        return visma_id_in(kind, Reader(record)) if kind else None
    except RecordError:
        return None


def scopes_of(source: str, visma_id: str) -> set[str]:
    """What the (comparable) Visma IDs begin with that the stream `source` brings in the company of one of its documents."""
    whole = identity(visma_id.partition("/")[0] + "/")
    types = _TYPES_OF_STREAM.get(source)
    return {f"{whole}{each}/" for each in (*types, identity(_parts(visma_id)[0]))} if types else {whole}


def kind_in(visma_id: str) -> Kind:
    """The kind of document a Visma ID names."""
    return _KIND_OF_PREFIX.get(visma_id.partition(":")[0], Kind.SUPPLIER_DOCUMENTS)


def type_in(visma_id: str) -> DocumentType:
    """The type of document a Visma ID names."""
    return type_of(kind_in(visma_id), _parts(visma_id)[0])


def number_of(visma_id: str) -> str:
    """Visma's number of a document: `200123` for `SupplierInvoiceId:4100251/Invoice/200123`."""
    return _parts(visma_id)[1]


def label_of(visma_id: str) -> str:
    """`Invoice 200123` for `SupplierInvoiceId:4100251/Invoice/200123`."""
    return type_in(visma_id).label(_parts(visma_id)[1])


def _parts(visma_id: str) -> tuple[str, str]:
    """Visma's type and number; the type is empty where a kind of document has none."""
    _, *parts = visma_id.partition(":")[2].split("/", 2)
    visma_type, number = ["", "", *parts][-2:]
    return visma_type, number
