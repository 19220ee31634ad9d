"""The objects that create the projects of one stream."""

from __future__ import annotations

from destination_asana.config import Route
from destination_asana.writing.projects.blocks import ProjectBlocks
from destination_asana.writing.projects.plain import PlainProjects
from destination_asana.writing.projects.setup import ProjectSetup
from destination_asana.writing.projects.sharing import TeamSharing
from destination_asana.writing.projects.templated import TemplatedProjects
from destination_asana.writing.tools import Tools


def setup_of(route: Route, tools: Tools, blocks: ProjectBlocks) -> ProjectSetup:
    """Creates the projects of a stream, as its route asks."""
    return ProjectSetup(
        portfolio_gid=route.portfolio_gid,
        index=tools.projects,
        portfolios=tools.portfolios,
        plain=PlainProjects(
            route=route,
            workspace_gid=tools.workspace_gid,
            client=tools.client,
            index=tools.projects,
            blocks=blocks,
        ),
        templated=TemplatedProjects(
            template_gid=route.project_template_gid,
            team_gid=route.team_gid,
            client=tools.client,
            index=tools.projects,
            templates=tools.templates,
            blocks=blocks,
        ),
        sharing=TeamSharing(tools.client, route.team_gid),
    )
