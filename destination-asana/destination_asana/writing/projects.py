"""A document as a project of its own, beside the register task that carries its Visma ID.

The steps, in this order: register task, project, the link in the register task's description, field values, line items.
A sync that was killed anywhere is continued by the next one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

from destination_asana.asana.errors import AsanaError
from destination_asana.board.fields.values import CustomFields
from destination_asana.board.portfolios import Portfolios
from destination_asana.config import Route
from destination_asana.documents.document import Document
from destination_asana.documents.errors import RecordError
from destination_asana.documents.visma_ids import company_of
from destination_asana.planning.changes import Differences
from destination_asana.planning.project import Project
from destination_asana.planning.project_changes import ProjectChange, plan_project
from destination_asana.planning.snapshot import Snapshot
from destination_asana.writing.document_lines import ProjectLines
from destination_asana.writing.project_blocks import ProjectBlocks
from destination_asana.writing.project_finder import Found, ProjectFinder


class Setup(Protocol):
    """Makes projects, or logs that it would."""

    def set_up(self, document: Document, register: Snapshot, found: Found) -> Found:
        """Makes the project, or finishes a half-made one, up to the point where the register task may link it."""


class Writer(Protocol):
    """Applies changes to projects, or logs them."""

    def apply(self, document: Document, project: Project, change: ProjectChange) -> Differences:
        """Writes what changes; gives what was written."""


@dataclass(frozen=True, kw_only=True)
class DocumentProjects:
    """The projects of one stream's documents: found, set up, kept up to date.

    What people own stays: a project's place (archived, removed from the portfolio), an edited description, tasks that
    are not line items, and the absence of a project that a person deleted. Raises RecordError for what Asana refuses
    about one document, config_error for a team, template or portfolio that cannot be used.
    """

    route: Route
    fields: CustomFields
    portfolios: Portfolios
    finder: ProjectFinder
    setup: Setup
    writer: Writer
    lines: ProjectLines
    blocks: ProjectBlocks

    def find(self, document: Document, current: Snapshot | None) -> Found:
        """Looks for the document's project; reads only. `current` is its register task, if there is one."""
        return self.finder.find(document, current)

    def set_up(self, document: Document, register: Snapshot, found: Found) -> Found:
        """Makes the project, or finishes a half-made one, up to the point where the register task may link it."""
        try:
            return self.setup.set_up(document, register, found)
        except AsanaError as error:
            raise _explained(error, document) from error

    def bring_up(self, document: Document, register: Snapshot, found: Found) -> Differences:
        """Brings name, due date, description, field values and lines up to date; gives what was written."""
        project = found.project
        if project is None:
            return {}
        try:
            change = self._plan(document, register, project)
            applied = {} if change.empty else dict(self.writer.apply(document, project, change))
            if self.route.line_items == "subtasks" and document.gives("lines"):
                plain_and_new = found.fresh and not self.route.project_template_gid
                applied |= self.lines.bring_up(document, project.gid, known_empty=plain_and_new)
        except AsanaError as error:
            raise _explained(error, document) from error
        return applied

    def _plan(self, document: Document, register: Snapshot, project: Project) -> ProjectChange:
        settled: dict[str, Any] = {}
        shown: dict[str, Any] = {}
        portfolio = self.route.portfolio_gid
        # Only in a portfolio does a project have fields of its own.
        if portfolio and self.portfolios.contains(portfolio, project.gid):
            fields = self.fields
            kept = fields.read(project.custom_fields)
            company = company_of(document.visma_id)
            settled = {n: value for n, value in fields.settle(document.fields, company, kept).items() if fields.get(n)}
            shown = fields.shown(kept)
        return plan_project(document, project, self.blocks.block(document, register), settled, shown)


def _explained(error: AsanaError, document: Document) -> Exception:
    if error.status in (400, 404, 422):
        return RecordError("the project", f"Asana refuses it: “{error.said}” ({error.status})", document.visma_id)
    return error
