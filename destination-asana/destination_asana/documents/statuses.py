"""Visma's statuses: how they are shown, and which of them end a document. Pure."""

from __future__ import annotations

from destination_asana.documents.types import Kind

# Visma's screens call these statuses of an order by other words than its API does.
_SHOWN_ON_ORDERS = {"balanced": "Pending approval", "voided": "Rejected"}
# A rejected order goes back to rework, so its "Voided" ends nothing.
_END_ORDERS = frozenset({"closed", "cancelled"})
_END_INVOICES = frozenset({"closed", "voided"})
_END_PROJECTS = frozenset({"completed", "cancelled"})
_ENDS = {Kind.ORDERS: _END_ORDERS, Kind.PROJECTS: _END_PROJECTS}
_TEMPLATE = "scheduled"


def shown(kind: Kind, status: str | None) -> str | None:
    """A status as Visma's own screens call it."""
    return _SHOWN_ON_ORDERS.get((status or "").casefold(), status) if kind is Kind.ORDERS else status


def ends(kind: Kind, status: str | None) -> bool | None:
    """Whether Visma is done with a document of this (shown) status; None when it does not say."""
    if status is None:
        return None
    return status.casefold() in _ENDS.get(kind, _END_INVOICES)


def ended(status: str) -> bool:
    """Whether the sync had completed the task that shows this status. Version 0.1.0 did so for any of these words,
    whatever the kind of document."""
    return status.casefold() in _END_ORDERS | _END_INVOICES | _END_PROJECTS


def is_template(status: str | None) -> bool:
    """Whether a document of this status is what recurring documents are made from."""
    return (status or "").casefold() == _TEMPLATE
