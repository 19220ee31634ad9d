"""The objects that write the documents of one stream as projects."""

from __future__ import annotations

from destination_asana.config import LineItems, Route
from destination_asana.writing.lines import LineWriter, ProjectLines
from destination_asana.writing.projects.documents import DocumentProjects
from destination_asana.writing.projects.finder import ProjectFinder
from destination_asana.writing.projects.plans import ProjectPlans
from destination_asana.writing.projects.real_setup import setup_of
from destination_asana.writing.projects.writer import ProjectWriter
from destination_asana.writing.tools import Tools


def written_projects(route: Route, tools: Tools, lines: LineWriter) -> DocumentProjects:
    """Creates and updates the projects of a stream."""
    plans = ProjectPlans.of(route, tools.fields, tools.portfolios, tools.workspace_gid)
    return DocumentProjects(
        finder=ProjectFinder(tools.projects, tools.templates if route.project_template_gid else None),
        setup=setup_of(route, tools, plans.blocks),
        writer=ProjectWriter(
            register_gid=route.project_gid,
            portfolio_gid=route.portfolio_gid,
            client=tools.client,
            index=tools.projects,
            fields=tools.fields,
            portfolios=tools.portfolios,
        ),
        plans=plans,
        lines=ProjectLines(tools.client, lines),
        lines_as_tasks=route.line_items is LineItems.SUBTASKS,
        from_template=route.project_template_gid is not None,
    )
