"""Data activation: documents as objects with operations, for a platform that maps fields and chooses a matching key.

The connection, not this connector, decides which fields a record carries. Whatever a record does not carry stays as it is
in Asana. Source: Airbyte protocol, DestinationCatalog and DestinationOperation.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from destination_asana.config import Operation
from destination_asana.documents import IN_CURRENCY, Document, RecordError, translate
from destination_asana.documents import fields as names
from destination_asana.documents.fields import COST_CENTERS, GL_ACCOUNTS, PROJECTS

# Nothing is ever deleted: SOFT_DELETE gives a document the status `Gone from Visma` and completes its task.
OPERATIONS = (Operation.UPSERT, Operation.APPEND, Operation.UPDATE, Operation.SOFT_DELETE)

_TEXT = ["null", "string"]
_DATE = {"type": _TEXT, "format": "date"}
_AMOUNT = {"type": ["null", "number"]}
# Numbers that Visma gives twice: plain in the company's currency, with IN_CURRENCY in the document's.
_TOTALS, _OF_LINES, _LINES = ("amount", "balance"), ("cost", "amount"), ("invoiceLines", "lines")


@dataclass(frozen=True)
class Property:
    """A field that can be mapped: its schema, the path of the Visma field that it stands for, and the parts of the
    document that it decides (custom fields by name, or one of name, due_on, description, lines)."""

    name: str
    schema: Mapping[str, Any]
    gives: tuple[str, ...]
    path: tuple[str, ...] = ()


@dataclass(frozen=True)
class DocumentObject:
    """A kind of document as an object. `source` is the Visma stream whose form its records have; `key` is the matching
    key."""

    name: str
    source: str
    key: tuple[str, ...]
    properties: tuple[Property, ...]

    def json_schema(self, operation: str) -> dict[str, Any]:
        """The fields that can be mapped for an operation. Only the key is required."""
        schemas: dict[str, Any] = {part: {"type": "string"} for part in self.key}
        if operation != Operation.SOFT_DELETE:
            schemas |= {each.name: dict(each.schema) for each in self.properties}
        return {
            "$schema": "http://json-schema.org/draft-07/schema#",
            "type": "object",
            "required": list(self.key),
            "additionalProperties": False,
            "properties": schemas,
        }

    def read(self, record: Any, operation: str) -> Document:
        """Makes a Document that lists the parts the record carries. Raises RecordError.

        An update leaves the description alone, because the record may carry only some of its parts.
        """
        if not isinstance(record, Mapping):
            raise RecordError("record", "is not an object")
        document = translate(self.source, self._nested(record))
        carried = [part for each in self.properties if each.name in record for part in each.gives]
        given = frozenset(carried) - ({"description"} if operation == Operation.UPDATE else set())
        of_the_key = (names.VISMA_ID, names.DOCUMENT_TYPE)
        fields = {name: value for name, value in document.fields.items() if name in of_the_key or name in given}
        return replace(document, fields=fields, given=given)

    def _nested(self, record: Mapping[str, Any]) -> dict[str, Any]:
        """The record in Visma's form. A nested object that was mapped as a whole stays, and flat fields are added to it."""
        nested = dict(record)
        if not _tells_two_currencies(record):
            for name in _TOTALS:
                # A single mapped number is in the document's currency.
                if name in nested:
                    nested[name + IN_CURRENCY] = nested[name]
        for each in self.properties:
            if each.path and each.name in record:
                value = nested.pop(each.name)
                parent = nested.get(each.path[0])
                nested[each.path[0]] = {**(parent if isinstance(parent, Mapping) else {}), each.path[1]: value}
        return nested


def _tells_two_currencies(record: Mapping[str, Any]) -> bool:
    """Whether amounts in both currencies are mapped, as in Visma's own form, so that a plain amount is in the company's
    currency."""
    if any(record.get(name + IN_CURRENCY) is not None for name in _TOTALS):
        return True
    lines = [line for name in _LINES for line in _list(record.get(name)) if isinstance(line, Mapping)]
    return any(
        line.get(name) is not None and line.get(name + IN_CURRENCY) is not None for line in lines for name in _OF_LINES
    )


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _party(kind: str) -> tuple[Property, ...]:
    """The supplier or customer, as Visma's object or as two flat fields."""
    shared = ("name", "description")
    # Earlier versions wrote the customer's name into the supplier field.
    decides = (names.CUSTOMER, names.SUPPLIER, *shared) if kind == "customer" else (names.SUPPLIER, *shared)
    return (
        Property(f"{kind}Name", {"type": _TEXT}, decides, (kind, "name")),
        Property(f"{kind}Number", {"type": _TEXT}, shared, (kind, "number")),
        Property(kind, {"type": ["null", "object"], "description": "As in Visma: {number, name}."}, decides),
    )


def _lines(name: str) -> Property:
    schema = {
        "type": ["null", "array"],
        "items": {"type": "object", "additionalProperties": True},
        "description": "The lines, all of them, as objects with Visma's own field names.",
    }
    # Orders carry their commitments, invoices the orders that they name.
    money = (names.COMMITTED, names.RECEIVED, names.PURCHASE_ORDERS)
    return Property(name, schema, ("lines", names.LINE_ITEMS, GL_ACCOUNTS, COST_CENTERS, PROJECTS, *money))


def _only_described(*properties: str) -> tuple[Property, ...]:
    """The fields that only the description shows."""
    return tuple(Property(name, {"type": _TEXT}, ("description",)) for name in properties)


_STATUS = Property("status", {"type": _TEXT}, (names.STATUS,))
_DUE = ("due_on", names.DUE_DATE)
_INVOICE_AMOUNTS = tuple(
    Property(name + ending, {**_AMOUNT, "description": description}, (field,))
    for name, field in zip(_TOTALS, (names.AMOUNT, names.BALANCE), strict=True)
    for ending, description in (
        ("", "In the document's currency. Where a number InCurrency is mapped, too: in the company's."),
        (IN_CURRENCY, "In the document's currency."),
    )
)

OBJECTS = {
    each.name: each
    for each in (
        DocumentObject(
            "purchase_order",
            "purchase_orders",
            ("company_id", "orderType", "orderNbr"),
            (
                _STATUS,
                *_party("supplier"),
                Property("orderTotal", _AMOUNT, (names.AMOUNT,)),
                Property("currency", {"type": _TEXT}, (names.CURRENCY,)),
                Property("date", _DATE, (names.DOCUMENT_DATE,)),
                Property("promisedOn", _DATE, _DUE),
                *_only_described("supplierRef", "description", "note"),
                _lines("lines"),
            ),
        ),
        DocumentObject(
            "supplier_invoice",
            "supplier_invoices",
            ("company_id", "documentType", "referenceNumber"),
            (
                _STATUS,
                *_party("supplier"),
                *_INVOICE_AMOUNTS,
                Property("currencyId", {"type": _TEXT}, (names.CURRENCY,)),
                Property("date", _DATE, (names.DOCUMENT_DATE,)),
                Property("dueDate", _DATE, _DUE),
                *_only_described("supplierReference", "paymentRefNo", "description", "note"),
                _lines("invoiceLines"),
            ),
        ),
        DocumentObject(
            "customer_invoice",
            "customer_invoices",
            ("company_id", "documentType", "referenceNumber"),
            (
                _STATUS,
                *_party("customer"),
                *_INVOICE_AMOUNTS,
                Property("currencyId", {"type": _TEXT}, (names.CURRENCY,)),
                Property("documentDate", _DATE, (names.DOCUMENT_DATE,)),
                Property("documentDueDate", _DATE, _DUE),
                *_only_described("customerRefNumber", "externalReference", "paymentReference", "invoiceText", "note"),
                _lines("invoiceLines"),
                # Field names on credit notes, debit notes and overdue charges.
                _lines("lines"),
            ),
        ),
    )
}


def destination_catalog() -> dict[str, Any]:
    """The DESTINATION_CATALOG message: every object with every operation."""
    operations = []
    for each in OBJECTS.values():
        for operation in OPERATIONS:
            described = {
                "object_name": each.name,
                "sync_mode": operation,
                "json_schema": each.json_schema(operation),
                "matching_keys": [list(each.key)],
            }
            operations.append(described)
    return {"type": "DESTINATION_CATALOG", "destination_catalog": {"operations": operations}}
