"""A document × its task → the change its task needs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from destination_asana.board.fields.values import CustomFields
from destination_asana.board.members import Assignees
from destination_asana.documents import fields as names
from destination_asana.documents.document import Document
from destination_asana.documents.order_references import block_rows
from destination_asana.documents.types import Kind
from destination_asana.documents.visma_ids import company_of, kind_in, label_of
from destination_asana.planning.blocks import ORDERS_OF_INVOICE, Block, differing
from destination_asana.planning.changes import Change, Wishes, plan, plan_gone
from destination_asana.planning.descriptions import PROJECT_TITLE, Description, describe
from destination_asana.planning.snapshot import Snapshot
from destination_asana.sync.upsert.sections_by_status import SectionsByStatus


@dataclass(frozen=True, kw_only=True)
class DocumentPlans:
    """Plans the changes of one stream's documents. `sections` is None where the settings ask for none by status."""

    fields: CustomFields
    assignees: Assignees
    sections: SectionsByStatus | None
    complete_when_closed: bool
    lines_in_description: bool

    def plan(
        self, document: Document, current: Snapshot | None, project_url: str | None, blocks: Sequence[Block] = ()
    ) -> Change:
        """What brings a task up to date; `project_url` is the address of the document's own project, if it has one;
        `blocks` are to stand in its description beside the document's own."""
        settled = self.fields.settle(document.fields, company_of(document.visma_id), current.values if current else {})
        shown = self.fields.shown(current.values) if current else {}
        wishes = Wishes(
            complete_when_closed=self.complete_when_closed,
            assignee=self._assignee(document, current),
            description=self._describe(document, project_url),
        )
        shown_blocks = current.blocks if current else {}
        change = replace(
            plan(document, settled, current, shown, wishes),
            blocks=differing([*self._own_blocks(document), *blocks], shown_blocks),
        )
        return self.sections.add(change, settled, shown) if self.sections is not None else change

    def _own_blocks(self, document: Document) -> list[Block]:
        """What of an invoice's orders its field does not hold: all of them where people have left the field out."""
        if names.PURCHASE_ORDERS not in document.fields:
            return []
        left_out = self.fields.is_left_out(names.PURCHASE_ORDERS)
        rows = block_rows(document.shares, foreign=True) if left_out else document.reference_rows
        return [Block(ORDERS_OF_INVOICE, tuple(rows))]

    def link(self, document: Document, current: Snapshot, project_url: str) -> Change | None:
        """What makes a task name the document's own project; None where a person has edited the description."""
        if current.digest is None:
            return None
        description = self._describe(document, project_url)
        return Change(document.visma_id, document.label, current, description=description)

    def version(self, document: Document, current: Snapshot, change: Change) -> Change | None:
        """What makes a task say which version its lines are of, after they alone have changed; None where that is said, or
        is not to be said."""
        if current.digest is None or not document.gives("description") or document.version in (None, current.version):
            return None
        return replace(change, current=current, description=self._describe(document, current.project_url))

    def gone(self, current: Snapshot) -> Change:
        """What marks a document as gone from Visma."""
        shown = self.fields.shown(current.values)
        change = plan_gone(current, shown, label_of(current.visma_id))
        return self.sections.add_gone(change, shown) if self.sections is not None else change

    def _describe(self, document: Document, project_url: str | None) -> Description:
        links = [(PROJECT_TITLE, project_url)] if project_url else []
        return describe(document, with_lines=self.lines_in_description, links=links)

    def _assignee(self, document: Document, current: Snapshot | None) -> str | None:
        # A task that a person took out of the project is theirs, until it is back.
        unassigned = current is None or (current.assignee is None and not current.elsewhere)
        # What Visma is done with waits for nobody: it would only be a message in somebody's inbox.
        if not unassigned or document.closed:
            return None
        if kind_in(document.visma_id) is Kind.PROJECTS:
            return self.assignees.manager(document.manager_email) if document.manager_email else None
        if not self.assignees.in_use:
            return None
        return self.assignees.of(document.supplier_name, document.supplier_number, owner=document.owner)
