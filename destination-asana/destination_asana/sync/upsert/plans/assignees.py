"""Whom to assign a document's task to."""

from __future__ import annotations

from destination_asana.board import Assignees
from destination_asana.documents import Document, Kind, kind_in
from destination_asana.planning import Snapshot


class WantedAssignees:
    """Chooses the assignees of documents, as the settings ask."""

    def __init__(self, assignees: Assignees) -> None:
        self._assignees = assignees

    def of(self, document: Document, current: Snapshot | None) -> str | None:
        """The gid of the user to assign, or None. `current` is the document's task, if there is one."""
        # A task that a person removed from the project stays unassigned until it returns.
        unassigned = current is None or (current.assignee is None and not current.elsewhere)
        # A closed document needs no work, so an assignment would only be a message in somebody's inbox.
        if not unassigned or document.closed:
            return None
        if kind_in(document.visma_id) is Kind.PROJECTS:
            return self._assignees.manager(document.manager_email) if document.manager_email else None
        if not self._assignees.in_use:
            return None
        return self._assignees.of(document.supplier_name, document.supplier_number, owner=document.owner)
