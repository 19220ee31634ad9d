"""The objects that log what would be written of the documents of one stream as projects."""

from __future__ import annotations

from destination_asana.config import LineItems, Route
from destination_asana.writing.lines import DryRunLineWriter, ProjectLines
from destination_asana.writing.projects.documents import DocumentProjects
from destination_asana.writing.projects.dry_run_setup import DryRunProjectSetup
from destination_asana.writing.projects.dry_run_writer import DryRunProjectWriter
from destination_asana.writing.projects.finder import ProjectFinder
from destination_asana.writing.projects.plans import ProjectPlans
from destination_asana.writing.tools import Tools


def logged_projects(route: Route, tools: Tools) -> DocumentProjects:
    """Logs the changes of a stream's projects. It does not wait for a project that Asana is still making."""
    return DocumentProjects(
        finder=ProjectFinder(tools.projects, None),
        setup=DryRunProjectSetup(route),
        writer=DryRunProjectWriter(tools.client, tools.fields),
        plans=ProjectPlans.of(route, tools.fields, tools.portfolios, tools.workspace_gid),
        lines=ProjectLines(tools.client, DryRunLineWriter()),
        lines_as_tasks=route.line_items is LineItems.SUBTASKS,
        from_template=route.project_template_gid is not None,
    )
