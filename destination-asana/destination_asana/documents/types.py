"""Visma's document types: the name of each, and the sign of its amounts. Pure.

Each kind of document has its own types: a supplier's debit adjustment is a credit note, while a debit note to a customer
raises what the customer owes. Source: Visma.net help, "Document types" of the supplier and of the customer ledger.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """A kind of document, named after the stream that brings it (customer documents come in several streams)."""

    ORDERS = "purchase_orders"
    SUPPLIER_DOCUMENTS = "supplier_invoices"
    CUSTOMER_DOCUMENTS = "customer_invoices"
    PROJECTS = "projects"


# The kinds that a stream of any other name may bring.
KINDS = tuple(kind for kind in Kind if kind is not Kind.PROJECTS)


@dataclass(frozen=True, slots=True)
class DocumentType:
    """A document type. `word` precedes the number in a task's name, and `remark` follows it; `option` is the value of the
    field `Visma document type`. A `credit` type reduces what is owed, so its amounts turn negative (Visma's never are); a
    `claim` is neither owed nor invoiced; a `template` is never due."""

    word: str
    option: str
    remark: str = ""
    credit: bool = False
    claim: bool = False
    template: bool = False

    def label(self, number: str) -> str:
        """The name people use for a document of this type: `Invoice 200123`."""
        return f"{self.word} {number}{self.remark}".strip()


_PROJECT = DocumentType("Project", "Project")
_SALES_CREDIT_NOTE = DocumentType("Sales credit note", "Sales credit note", credit=True)

# By kind of document, then by Visma's own word without case.
_TYPES = {
    Kind.ORDERS: {
        "regularorder": DocumentType("PO", "Purchase order"),
        "dropship": DocumentType("PO", "Purchase order", remark=" (drop ship)"),
        "blanket": DocumentType("Blanket PO", "Blanket order"),
        "standardblanket": DocumentType("PO template", "Order template", template=True),
    },
    Kind.SUPPLIER_DOCUMENTS: {
        "invoice": DocumentType("Invoice", "Purchase invoice"),
        "debitadj": DocumentType("Credit note", "Purchase credit note", credit=True),
        "creditadj": DocumentType("Credit adjustment", "Credit adjustment"),
        "prepayment": DocumentType("Prepayment", "Prepayment", claim=True),
    },
    Kind.CUSTOMER_DOCUMENTS: {
        "invoice": DocumentType("Sales invoice", "Sales invoice"),
        "creditnote": _SALES_CREDIT_NOTE,
        # Older versions of the API use this word for a credit note.
        "creditmemo": _SALES_CREDIT_NOTE,
        "debitnote": DocumentType("Debit note", "Debit note"),
        "fincharge": DocumentType("Overdue charge", "Overdue charge"),
        "cashreturn": DocumentType("CashReturn", "CashReturn", credit=True),
        "smallbalancewo": DocumentType("SmallBalanceWo", "SmallBalanceWo", credit=True),
        "prepayment": DocumentType("Prepayment", "Prepayment", claim=True),
    },
}


def type_of(kind: Kind, visma_type: str) -> DocumentType:
    """The document type for Visma's own word. A type that the table does not list is called by that word."""
    if kind is Kind.PROJECTS:
        return _PROJECT
    known = _TYPES[kind].get(visma_type.casefold())
    if known is None and kind is Kind.ORDERS:
        # Orders of different types may share a number, so the name contains the type.
        return DocumentType("PO", visma_type, remark=f" ({visma_type})")
    return known or DocumentType(visma_type, visma_type)
