"""The custom fields of a document, by name: their types and purposes in one table. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from destination_asana.documents.types import Kind

VISMA_ID = "Visma ID"
DOCUMENT_TYPE = "Visma document type"
SUPPLIER = "Visma supplier"
CUSTOMER = "Visma customer"
AMOUNT = "Visma amount"
BALANCE = "Visma balance"
CURRENCY = "Visma currency"
DUE_DATE = "Visma due date"
DOCUMENT_DATE = "Visma document date"
STATUS = "Visma status"
LINE_ITEMS = "Visma line items"
GL_ACCOUNTS = "Visma GL accounts"
COST_CENTERS = "Visma cost centers"
PROJECTS = "Visma projects"
PURCHASE_ORDERS = "Visma purchase orders"
COMMITTED = "Visma committed"
RECEIVED = "Visma received"
INVOICED = "Visma invoiced"
REMAINING = "Visma remaining"
BUDGET = "Visma budget"
ACTUAL = "Visma actual"

# The description of fields with any other name.
OTHER_DESCRIPTION = "Kept by the sync from Visma.net."
# Descriptions that version 0.1.0 gave to fields and that have changed since.
FIRST_DESCRIPTIONS = {COST_CENTERS: "Cost centres of the lines."}

# Source: Asana developer docs, "Custom fields".
MAX_TEXT = 1024
MAX_OPTIONS = 500


@dataclass(frozen=True)
class FieldDefinition:
    """A custom field as the sync creates it. `type` is Asana's resource_subtype; `important` makes the field a column of
    the project; `kinds` are the kinds of documents that need it, and empty means all."""

    name: str
    type: str
    description: str
    precision: int | None = None
    important: bool = False
    kinds: frozenset[str] = frozenset()


_PURCHASES = frozenset({Kind.ORDERS, Kind.SUPPLIER_DOCUMENTS})
_SALES = frozenset({Kind.CUSTOMER_DOCUMENTS})
_DOCUMENTS = _PURCHASES | _SALES
_MONEY = frozenset({Kind.ORDERS, Kind.PROJECTS})
_CARDS = frozenset({Kind.PROJECTS})
_ORDERS = frozenset({Kind.ORDERS})
_INVOICES = frozenset({Kind.SUPPLIER_DOCUMENTS})

DEFINITIONS: dict[str, FieldDefinition] = {
    definition.name: definition
    for definition in (
        FieldDefinition(
            VISMA_ID, "text", "Identity of the document in Visma.net. Written by the sync; please do not edit."
        ),
        FieldDefinition(DOCUMENT_TYPE, "enum", "What kind of document it is in Visma.net.", important=True),
        FieldDefinition(SUPPLIER, "text", "Supplier of an order or invoice.", important=True, kinds=_PURCHASES),
        FieldDefinition(CUSTOMER, "text", "Customer of a sales document.", important=True, kinds=_SALES),
        FieldDefinition(
            AMOUNT,
            "number",
            "Order total or document amount, VAT included, in the document's currency; negative on credit notes.",
            2,
            important=True,
            kinds=_DOCUMENTS,
        ),
        FieldDefinition(
            BALANCE,
            "number",
            "What is left to pay, or, on a credit note, to be set off. Empty on orders and prepayments.",
            2,
            kinds=_DOCUMENTS,
        ),
        FieldDefinition(CURRENCY, "text", "ISO code of the document's currency.", important=True, kinds=_DOCUMENTS),
        FieldDefinition(DUE_DATE, "date", "Due date of an invoice, promised date of an order.", important=True),
        FieldDefinition(DOCUMENT_DATE, "date", "Date of the document."),
        FieldDefinition(STATUS, "enum", "Status in Visma.net.", important=True),
        FieldDefinition(LINE_ITEMS, "text", "The lines in short.", kinds=_DOCUMENTS),
        FieldDefinition(GL_ACCOUNTS, "multi_enum", "General ledger accounts of the lines.", kinds=_DOCUMENTS),
        FieldDefinition(
            COST_CENTERS,
            "multi_enum",
            "Cost centres of the lines: the values of the subaccount's segments, or of those named in the sync's settings.",
            kinds=_DOCUMENTS,
        ),
        FieldDefinition(PROJECTS, "multi_enum", "Projects of the lines.", kinds=_DOCUMENTS),
        FieldDefinition(COMMITTED, "number", "What an order, or a project, commits to, net of VAT.", 2, kinds=_MONEY),
        FieldDefinition(RECEIVED, "number", "What of an order was received, net of VAT.", 2, kinds=_ORDERS),
        FieldDefinition(
            INVOICED, "number", "What was invoiced for an order, or a project, net of VAT.", 2, kinds=_MONEY
        ),
        FieldDefinition(
            REMAINING,
            "number",
            "What an order commits to and was not invoiced, or what is left of a project's budget.",
            2,
            important=True,
            kinds=_MONEY,
        ),
        FieldDefinition(BUDGET, "number", "A project's budget, in the company's currency.", 2, kinds=_CARDS),
        FieldDefinition(
            ACTUAL, "number", "What a project has cost so far, in the company's currency.", 2, kinds=_CARDS
        ),
        FieldDefinition(
            PURCHASE_ORDERS,
            "text",
            "Orders an invoice names, each with its net amount in the invoice's currency. The sync reads it again to sum orders; "
            "please do not edit.",
            kinds=_INVOICES,
        ),
    )
}
