"""Visma's statuses: their names on Visma's screens, and which of them close a document. Pure."""

from __future__ import annotations

from destination_asana.documents.texts import comparable
from destination_asana.documents.types import Kind

# Visma's screens use other words for these statuses of an order than its API.
_ORDER_SCREEN_NAMES = {"balanced": "Pending approval", "voided": "Rejected"}
# A rejected order ("Voided" in the API) goes back to rework, so it is not closed.
_END_ORDERS = frozenset({"closed", "cancelled"})
_END_INVOICES = frozenset({"closed", "voided"})
_END_PROJECTS = frozenset({"completed", "cancelled"})
_ENDS = {Kind.ORDERS: _END_ORDERS, Kind.PROJECTS: _END_PROJECTS}
_TEMPLATE = "scheduled"


def on_screen(kind: Kind, status: str | None) -> str | None:
    """The name of a status on Visma's own screens."""
    return _ORDER_SCREEN_NAMES.get(comparable(status), status) if kind is Kind.ORDERS else status


def ends(kind: Kind, status: str | None) -> bool | None:
    """Whether this status (as on Visma's screens) closes a document of this kind. None without a status."""
    if status is None:
        return None
    return status.casefold() in _ENDS.get(kind, _END_INVOICES)


def ended(status: str) -> bool:
    """Whether the sync completed the task when it wrote this status. Version 0.1.0 did so for any of these words, whatever
    the kind of document."""
    return status.casefold() in _END_ORDERS | _END_INVOICES | _END_PROJECTS


def is_template(status: str | None) -> bool:
    """Whether a document of this status is the template of recurring documents."""
    return comparable(status) == _TEMPLATE
