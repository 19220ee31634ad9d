"""The Visma ID, which identifies one Visma document in Asana, and the label that people use for it. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from destination_asana.documents.errors import RecordError
from destination_asana.documents.fields import MAX_TEXT
from destination_asana.documents.reader import Reader
from destination_asana.documents.texts import size_of
from destination_asana.documents.types import DocumentType, Kind, type_of

# For each kind of document: the prefix of its Visma ID, and its key after company_id.
KEYS = {
    Kind.ORDERS: ("PurchaseOrderId", ("orderType", "orderNbr")),
    Kind.SUPPLIER_DOCUMENTS: ("SupplierInvoiceId", ("documentType", "referenceNumber")),
    Kind.CUSTOMER_DOCUMENTS: ("CustomerInvoiceId", ("documentType", "referenceNumber")),
    # People may change the projectID of a project.
    Kind.PROJECTS: ("ProjectId", ("internalID",)),
}
# Visma lists customer documents by type. Every other stream holds all documents of its kind.
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
    """A Visma ID in the form used for comparison: Visma's keys ignore case."""
    return visma_id.strip().casefold()


def prefixes_of(source: str) -> set[str]:
    """The prefixes of the Visma IDs of a stream's documents, in lower case. Empty for a stream that is recognised by its
    content."""
    kind = kind_of(source, {})
    return {KEYS[kind][0].casefold()} if kind is not None else set()


def company_of(visma_id: str) -> str:
    """The company in a Visma ID."""
    return visma_id.partition(":")[2].partition("/")[0].strip()


def kind_of(source: str, record: Mapping[str, Any]) -> Kind | None:
    """The kind of document that a record of the stream `source` is. If the stream is unknown, the record's fields decide."""
    if source in KIND_OF_STREAM:
        return KIND_OF_STREAM[source]
    if "orderNbr" in record:
        return Kind.ORDERS
    if "referenceNumber" in record:
        return Kind.CUSTOMER_DOCUMENTS if "customer" in record else Kind.SUPPLIER_DOCUMENTS
    return None


def recognised_kind(source: str, record: Any) -> Kind:
    """The kind of document that a record of the stream `source` is. Raises RecordError for anything else."""
    if not isinstance(record, Mapping):
        raise RecordError("record", "is not an object")
    kind = kind_of(source, record)
    if kind is None:
        raise RecordError("record", "looks neither like an order nor like an invoice (no orderNbr, no referenceNumber)")
    return kind


def visma_id_in(kind: Kind, reader: Reader) -> str:
    """Makes the Visma ID from a record's key. Raises RecordError that names every missing part."""
    prefix, key = KEYS[kind]
    parts = {name: reader.key(name) for name in ("company_id", *key)}
    missing = [name for name, value in parts.items() if value is None]
    if missing:
        raise RecordError(", ".join(missing), "is missing, and without it the document has no identity")
    visma_id = f"{prefix}:{'/'.join(str(value) for value in parts.values())}"
    if size_of(visma_id) > MAX_TEXT:
        raise RecordError("/".join(key), f"is longer than Asana allows ({MAX_TEXT} characters)")
    return visma_id


def visma_id_of(source: str, record: Any) -> str | None:
    """The Visma ID of a record that may be broken elsewhere. None if its key is broken."""
    kind = kind_of(source, record) if isinstance(record, Mapping) else None
    try:
        return visma_id_in(kind, Reader(record)) if kind else None
    except RecordError:
        return None


def scopes_of(source: str, visma_id: str) -> set[str]:
    """The prefixes (in comparable form) of all Visma IDs that the stream `source` brings in the company of this document."""
    whole = identity(visma_id.partition("/")[0] + "/")
    types = _TYPES_OF_STREAM.get(source)
    return {f"{whole}{each}/" for each in (*types, identity(_parts(visma_id)[0]))} if types else {whole}


def scopes_in(source: str, companies: Collection[str]) -> set[str]:
    """The same for a stream that has brought nothing, in these companies. Empty for a stream that is recognised by its
    content."""
    kind = KIND_OF_STREAM.get(source)
    if kind is None:
        return set()
    wholes = {f"{identity(KEYS[kind][0])}:{company}/" for company in companies}
    types = _TYPES_OF_STREAM.get(source)
    return {f"{whole}{each}/" for whole in wholes for each in types} if types else wholes


def kind_in(visma_id: str) -> Kind:
    """The kind of document in a Visma ID."""
    return _KIND_OF_PREFIX.get(visma_id.partition(":")[0], Kind.SUPPLIER_DOCUMENTS)


def type_in(visma_id: str) -> DocumentType:
    """The document type in a Visma ID."""
    return type_of(kind_in(visma_id), _parts(visma_id)[0])


def number_of(visma_id: str) -> str:
    """The document number in a Visma ID: `200123` for `SupplierInvoiceId:4100251/Invoice/200123`."""
    return _parts(visma_id)[1]


def label_of(visma_id: str) -> str:
    """`Invoice 200123` for `SupplierInvoiceId:4100251/Invoice/200123`."""
    return type_in(visma_id).label(_parts(visma_id)[1])


def _parts(visma_id: str) -> tuple[str, str]:
    """Visma's type and number. The type is empty for kinds of documents that have none."""
    _, *parts = visma_id.partition(":")[2].split("/", 2)
    visma_type, number = ["", "", *parts][-2:]
    return visma_type, number
