"""Writes docs/streams.md: each stream with its key, cursor, and fields, from the manifest and the fields' descriptions.

python source-visma/stream_reference.py FILE
"""

import sys
from pathlib import Path
from typing import Any

import yaml
from source_visma.field_descriptions import described

MANIFEST = Path(__file__).parent / "source_visma" / "manifest.yaml"
# What one record is, in a few words.
RECORDS = {
    "suppliers": "a supplier",
    "customers": "a customer",
    "purchase_orders": "a purchase order with its lines",
    "supplier_invoices": "a supplier's invoice, credit note, credit adjustment or prepayment with its lines",
    "customer_invoices": "a sales invoice with its lines",
    "customer_credit_notes": "a credit note to a customer with its lines",
    "customer_debit_notes": "a debit note to a customer with its lines",
    "customer_overdue_charges": "a document with charges for late payment",
    "accounts": "an account of the general ledger",
    "subaccounts": "a subaccount: cost centre and the like, joined in one key",
    "employees": "an employee",
    "journal_transactions": "a batch of the general ledger with its lines",
    "dimensions": "a dimension, that is a key with segments",
    "dimension_values": "a value of one segment of a dimension, such as a cost centre",
    "projects": "a project with its tasks",
    "project_budgets": "a line of a project's budget, with what is actual and committed",
    "purchase_receipts": "a receipt of goods, or a return, with its lines",
    "supplier_payments": "a payment to a supplier, with the documents that it paid",
    "branches": "a branch of the company",
}
HEAD = """# Streams of source-visma

One record of each stream, its key, its cursor and its fields. `discover` carries the same texts, so that a warehouse shows them as comments of columns. This page is made by `make streams` from
[manifest.yaml](../source-visma/source_visma/manifest.yaml) and [field_descriptions.yaml](../source-visma/source_visma/field_descriptions.yaml). [Warehouse](warehouse.md) has queries.

Records keep Visma's names and nesting. `a.b` is the field `b` in the object `a`; `a[].b` is the field `b` of each entry of the list `a`. Dates and stamps carry no zone.
Amounts whose name ends in `InCurrency`, and amounts of purchase orders without `InBaseCurrency`, are in the document's currency; the others are in the company's own currency. Amounts have no sign: a credit note is known by its `documentType` ([mapping](mapping.md)).
A field whose meaning is not certain has no text.
"""


def kind(schema: dict[str, Any]) -> str:
    """The type in one word."""
    types = schema.get("type")
    name = next((one for one in (types if isinstance(types, list) else [types]) if one != "null"), None)
    if name == "string" and schema.get("format"):
        return "date" if schema["format"] == "date" else "timestamp"
    return {"array": "list", "string": "text", None: ""}.get(name, str(name))


def fields(schema: dict[str, Any], path: str = "") -> list[tuple[str, str, str]]:
    """Each field's path, type and meaning, in the order of the schema, inner ones behind what holds them."""
    found: list[tuple[str, str, str]] = []
    for name, part in schema.get("properties", {}).items():
        items = part.get("items") if isinstance(part.get("items"), dict) else None
        here = f"{path}{name}{'[]' if items else ''}"
        found.append((here, kind(part), part.get("description", "")))
        found += fields(items or part, f"{here}.")
    return found


def page() -> str:
    """The page as Markdown. Raises KeyError for a stream that RECORDS does not know."""
    manifest = yaml.safe_load(MANIFEST.read_text("utf-8"))
    parts = [HEAD, "| stream | one record is | key | cursor |\n|---|---|---|---|"]
    details = []
    for stream in manifest["streams"]:
        name = stream["name"]
        key = ", ".join(f"`{part}`" for part in stream["primary_key"])
        incremental = stream.get("incremental_sync") or (
            manifest["definitions"]["incremental"]["incremental_sync"]
            if "incremental" in str(stream.get("$ref"))
            else {}
        )
        cursor = f"`{incremental['cursor_field']}`" if incremental else "none: full refresh"
        parts.append(f"| [{name}](#{name}) | {RECORDS[name]} | {key} | {cursor} |")
        rows = "\n".join(
            f"| `{path}` | {word} | {text} |" for path, word, text in fields(described(name, manifest["schemas"][name]))
        )
        details.append(
            f"## {name}\n\nOne record is {RECORDS[name]}. Key: {key}. Cursor: {cursor}.\n\n| field | type | meaning |\n|---|---|---|\n{rows}\n"
        )
    return "\n".join(parts) + "\n\n" + "\n".join(details)


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(page(), "utf-8")
