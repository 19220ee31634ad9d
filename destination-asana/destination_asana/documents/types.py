"""Visma's types of documents: what each is called, and which amounts are below zero. Pure.

The types are per kind of document: a debit adjustment of a supplier is his credit note, a debit note to a customer
raises what the customer owes. Source: Visma.net help, "Document types" of the supplier and of the customer ledger.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """A kind of document, called by the stream that brings it (customers' documents come in several)."""

    ORDERS = "purchase_orders"
    SUPPLIER_DOCUMENTS = "supplier_invoices"
    CUSTOMER_DOCUMENTS = "customer_invoices"
    PROJECTS = "projects"


# Those of documents: what a stream of another name may bring.
KINDS = tuple(kind for kind in Kind if kind is not Kind.PROJECTS)


@dataclass(frozen=True, slots=True)
class DocumentType:
    """One type: `word` stands before the number in a task's name and `remark` behind it, `option` is its value in the
    field `Visma document type`. `credit` types take away from what is owed; a `claim` is neither owed nor invoiced;
    a `template` is never due."""

    word: str
    option: str
    remark: str = ""
    credit: bool = False
    claim: bool = False
    template: bool = False

    def label(self, number: str) -> str:
        """What people know a document of this type by: `Invoice 200123`."""
        return f"{self.word} {number}{self.remark}".strip()

    @property
    def sign(self) -> int:
        """What Visma's amounts, which are never below zero, are multiplied by."""
        return -1 if self.credit else 1


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
        # What older versions of the API call a credit note.
        "creditmemo": _SALES_CREDIT_NOTE,
        "debitnote": DocumentType("Debit note", "Debit note"),
        "fincharge": DocumentType("Overdue charge", "Overdue charge"),
        "cashreturn": DocumentType("CashReturn", "CashReturn", credit=True),
        "smallbalancewo": DocumentType("SmallBalanceWo", "SmallBalanceWo", credit=True),
        "prepayment": DocumentType("Prepayment", "Prepayment", claim=True),
    },
}


def type_of(kind: Kind, visma_type: str) -> DocumentType:
    """The type of a document by Visma's own word, which is its name, too, where the kind has no other for it."""
    if kind is Kind.PROJECTS:
        return _PROJECT
    known = _TYPES[kind].get(visma_type.casefold())
    if known is None and kind is Kind.ORDERS:
        # Orders of two types may share a number, so the type stands in the name.
        return DocumentType("PO", visma_type, remark=f" ({visma_type})")
    return known or DocumentType(visma_type, visma_type)
