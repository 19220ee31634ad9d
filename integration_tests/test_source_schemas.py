"""The schemas of source-visma against the official OpenAPI document: every field of every stream, with its type."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from . import openapi

MANIFEST = Path(__file__).resolve().parents[1] / "source-visma" / "source_visma" / "manifest.yaml"

# The record of each stream, as the document calls it, and the fields the source adds.
RECORDS = {
    "suppliers": "SupplierDto",
    "customers": "CustomerDto",
    "purchase_orders": "PurchaseOrderDto",
    "supplier_invoices": "SupplierInvoiceDto",
    "customer_invoices": "CustomerInvoiceDto",
    "customer_credit_notes": "CustomerCreditNoteDto",
    "customer_debit_notes": "CustomerDebitNoteDto",
    "customer_overdue_charges": "CustomerOverdueChargeDto",
    "accounts": "AccountDto",
    "subaccounts": "SubAccountDto",
    "employees": "EmployeeDto",
    "journal_transactions": "JournalTransactionDto",
    "dimensions": "DtoDimension",
    "dimension_values": "DtoSegmentValue",
    "projects": "ProjectDto",
    "project_budgets": "ProjectBudgetDto",
    "purchase_receipts": "PurchaseReceiptDto",
    "supplier_payments": "SupplierPaymentDto",
    "branches": "BranchDto",
}
ADDED = {stream: {"company_id"} for stream in RECORDS} | {
    "dimension_values": {"company_id", "dimensionId", "segmentDescription"}
}
LEFT_OUT = {"metadata", "errorInfo"}
ZONELESS = {"format": "date-time", "airbyte_type": "timestamp_without_timezone"}


def schemas() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(MANIFEST.read_text("utf-8"))["schemas"]
    return {name: schema for name, schema in found.items() if name != "shared"}


def expected(schema: dict[str, Any], document: dict[str, Any]) -> dict[str, Any]:
    """What the declared schema must be for one of the document's: nullable, open, dates without a zone."""
    if "$ref" in schema:
        return expected(document["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]], document)
    kind = schema.get("type", "object")
    if kind == "object":
        fields = {name: expected(part, document) for name, part in schema["properties"].items() if name not in LEFT_OUT}
        return {"type": ["object", "null"], "additionalProperties": True, "properties": fields}
    if kind == "array":
        return {"type": ["array", "null"], "items": expected(schema["items"], document)}
    return {"type": [kind, "null"]} | (ZONELESS if schema.get("format") == "date-time" else {})


def differences(declared: Any, wanted: Any, path: str) -> list[str]:
    """Where two schemas differ, in words."""
    if not isinstance(declared, dict) or not isinstance(wanted, dict):
        return [] if declared == wanted else [f"{path}: {declared!r} where the document has {wanted!r}"]
    return [
        f"{path}/{name}: " + ("not in the document" if name not in wanted else "missing")
        for name in declared.keys() ^ wanted.keys()
    ] + [
        found
        for name in declared.keys() & wanted.keys()
        for found in differences(declared[name], wanted[name], f"{path}/{name}")
    ]


def test_every_stream_has_a_schema() -> None:
    manifest = yaml.safe_load(MANIFEST.read_text("utf-8"))
    assert {stream["name"] for stream in manifest["streams"]} == set(schemas()) == set(RECORDS)


@pytest.mark.parametrize("stream", RECORDS)
def test_schema_is_the_documents(stream: str) -> None:
    if not openapi.available():
        pytest.skip(f"{openapi.FOLDER} does not name a folder with the official documents")
    document = openapi.visma().document
    wanted = expected({"$ref": f"#/components/schemas/{RECORDS[stream]}"}, document)
    declared = dict(schemas()[stream])
    assert declared.pop("$schema").startswith("http://json-schema.org/draft-07")
    assert declared.pop("type") == "object"
    fields = dict(declared.pop("properties"))
    for name in ADDED[stream]:
        assert fields.pop(name) == {"type": ["string", "null"]}
    assert declared == {"additionalProperties": True}
    assert not differences(fields, wanted["properties"], stream)


def test_a_drift_is_found() -> None:
    """The comparison itself: a field that is missing, one too many, and one of another type are each named."""
    wanted = expected({"properties": {"a": {"type": "string"}, "b": {"type": "number"}}}, {})
    declared = {"type": ["object", "null"], "additionalProperties": True}
    declared["properties"] = {"a": {"type": ["integer", "null"]}, "c": {"type": ["string", "null"]}}
    assert len(differences(declared, wanted, "stream")) == 3
