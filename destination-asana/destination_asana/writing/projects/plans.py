"""A document × its Asana project → the change for the project."""

from __future__ import annotations

from dataclasses import dataclass

from destination_asana.board import Portfolios
from destination_asana.board.fields import CustomFields
from destination_asana.config import Route
from destination_asana.documents import Document, FieldValue, company_of
from destination_asana.planning import Snapshot
from destination_asana.planning.projects import Project, ProjectChange, plan_project
from destination_asana.writing.projects.blocks import ProjectBlocks


@dataclass(frozen=True, kw_only=True)
class ProjectPlans:
    """Plans the changes of one stream's projects. `portfolio_gid` is None if the settings name no portfolio."""

    fields: CustomFields
    portfolios: Portfolios
    portfolio_gid: str | None
    blocks: ProjectBlocks

    @classmethod
    def of(cls, route: Route, fields: CustomFields, portfolios: Portfolios, workspace_gid: str) -> ProjectPlans:
        """The plans for the projects of a route."""
        blocks = ProjectBlocks.of(route, workspace_gid)
        return cls(fields=fields, portfolios=portfolios, portfolio_gid=route.portfolio_gid, blocks=blocks)

    def plan(self, document: Document, register: Snapshot, project: Project) -> ProjectChange:
        """The change that brings a project up to date. `register` is the document's register task."""
        wanted: dict[str, FieldValue] = {}
        present: dict[str, FieldValue] = {}
        portfolio = self.portfolio_gid
        # Only in a portfolio does a project have custom fields.
        if portfolio and self.portfolios.contains(portfolio, project.gid):
            fields = self.fields
            kept = fields.values.read(project.custom_fields)
            company = company_of(document.visma_id)
            wanted = {
                n: value
                for n, value in fields.values.wanted(document.fields, company, kept).items()
                if fields.catalog.get(n)
            }
            present = fields.values.present(kept)
        return plan_project(document, project, self.blocks.block(document, register), wanted, present)
