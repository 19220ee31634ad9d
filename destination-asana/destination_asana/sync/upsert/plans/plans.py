"""A document × its task → the change for the task."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from destination_asana.board.fields import CustomFields
from destination_asana.documents import Document, company_of, label_of
from destination_asana.planning import Change, Match, Snapshot, Wishes, plan, plan_gone
from destination_asana.planning.descriptions import PROJECT_TITLE, Block, Description, describe
from destination_asana.sync.upsert.plans.assignees import WantedAssignees
from destination_asana.sync.upsert.plans.blocks import blocks_to_write
from destination_asana.sync.upsert.plans.routing import DocumentRouting
from destination_asana.sync.upsert.plans.sections_by_status import SectionsByStatus


@dataclass(frozen=True, kw_only=True)
class DocumentPlans:
    """Plans the changes of one stream's documents. `sections` is None if the settings do not ask for sections by status."""

    fields: CustomFields
    assignments: WantedAssignees
    sections: SectionsByStatus | None
    routing: DocumentRouting
    complete_when_closed: bool
    lines_in_description: bool

    def plan(
        self,
        document: Document,
        current: Snapshot | None,
        project_url: str | None,
        blocks: Sequence[Block] = (),
        match: Match | None = None,
    ) -> Change:
        """The change that brings a task up to date. `project_url` is the address of the document's own project, if any;
        `blocks` are the marked blocks for its description; `match` is set if the document takes over `current`."""
        wanted = self.fields.values.wanted(
            document.fields, company_of(document.visma_id), current.values if current else {}
        )
        present = self.fields.values.present(current.values) if current else {}
        wishes = Wishes(
            complete_when_closed=self.complete_when_closed,
            assignee=self.assignments.of(document, current),
            description=self._describe(document, project_url),
        )
        present_blocks = current.blocks if current else {}
        change = replace(
            plan(document, wanted, current, present, wishes, match=match),
            blocks=blocks_to_write(document, blocks, present_blocks, self.fields),
        )
        change = self.routing.add(change, document, present)
        # A task that is taken over keeps the section that a person chose; where new tasks go, nobody chose it.
        return change if self.sections is None else self.sections.add(change, wanted, present)

    def link(self, document: Document, current: Snapshot, project_url: str) -> Change | None:
        """The change that adds the document's own project to a task; None if a person has edited the description."""
        if current.digest is None:
            return None
        description = self._describe(document, project_url)
        return Change(document.visma_id, document.label, current, description=description)

    def version(self, document: Document, current: Snapshot, change: Change) -> Change | None:
        """The change that makes a task state the version of its lines, after only they have changed; None if it already
        does or must not."""
        if current.digest is None or not document.gives("description") or document.version in (None, current.version):
            return None
        return replace(change, current=current, description=self._describe(document, current.project_url))

    def gone(self, current: Snapshot) -> Change:
        """The change that marks a document as gone from Visma."""
        present = self.fields.values.present(current.values)
        change = plan_gone(current, present, label_of(current.visma_id))
        return self.sections.add_gone(change, present) if self.sections is not None else change

    def _describe(self, document: Document, project_url: str | None) -> Description:
        links = [(PROJECT_TITLE, project_url)] if project_url else []
        return describe(document, with_lines=self.lines_in_description, links=links)
