"""Changes of one invoice's task, and refusals by Asana."""

from dataclasses import replace
from typing import Any

from destination_asana.asana.errors import AsanaError
from destination_asana.documents.translation import translate
from destination_asana.planning.changes import Change
from destination_asana.planning.descriptions.description import Description, describe
from destination_asana.planning.snapshot import Snapshot

VISMA_ID = "SupplierInvoiceId:4100251/Invoice/200123"


def block(note: str) -> Description:
    record = {"company_id": "4100251", "documentType": "Invoice", "referenceNumber": "200123", "note": note}
    return describe(translate("supplier_invoices", record), with_lines=False)


def new(**changes: Any) -> Change:
    """The change that makes the task; keyword arguments replace parts of it."""
    change = Change(
        VISMA_ID,
        "Invoice 200123",
        None,
        attributes={"name": (None, "Invoice 200123 · Nordic Office AS"), "due_on": (None, "2026-01-24")},
        fields={"Visma ID": (None, VISMA_ID), "Visma amount": (None, 1250.0), "Visma due date": (None, "2026-01-24")},
        description=block("First"),
    )
    return replace(change, **changes)


def update(task: Snapshot, **changes: Any) -> Change:
    """A change of nothing but what the keyword arguments name."""
    return Change(VISMA_ID, "Invoice 200123", task, **changes)


def refusal(message: str, status: int = 400, path: str = "/tasks") -> AsanaError:
    return AsanaError(status, message, "PUT", path)
