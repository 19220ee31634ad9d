"""The real run: plans are written to Asana."""

from __future__ import annotations

from destination_asana.board.portfolios import Portfolios
from destination_asana.board.sections import Sections
from destination_asana.board.task_index import Index
from destination_asana.config import Route
from destination_asana.writing.attention import Attention
from destination_asana.writing.comments import Comments
from destination_asana.writing.document_lines import ProjectLines, SubtaskLines
from destination_asana.writing.lines import LineWriter
from destination_asana.writing.option_writer import OptionWriter
from destination_asana.writing.place import Place
from destination_asana.writing.portfolio_numbers import PortfolioNumbers
from destination_asana.writing.project_finder import ProjectFinder
from destination_asana.writing.project_setup import ProjectSetup
from destination_asana.writing.project_writer import ProjectWriter
from destination_asana.writing.projects import DocumentProjects
from destination_asana.writing.tasks import TaskWriter
from destination_asana.writing.tools import Tools


class RealRun:
    """The executor that writes."""

    writes = True

    def __init__(self, tools: Tools) -> None:
        self._tools = tools
        # It learns where Asana puts new items, for all documents of the sync.
        self._lines = LineWriter()

    def tasks(self, index: Index, sections: Sections, project_gid: str) -> TaskWriter:
        """Writes the tasks of one project."""
        tools = self._tools
        return TaskWriter(Place(tools.client, tools.fields, index, sections, tools.assignees, project_gid))

    def subtasks(self, index: Index) -> SubtaskLines:
        """Writes lines as subtasks."""
        return SubtaskLines(self._tools.client, self._lines, index.put)

    def projects(self, route: Route) -> DocumentProjects:
        """Writes documents as projects."""
        tools, blocks = self._tools, self._tools.blocks(route)
        return DocumentProjects(
            route=route,
            fields=tools.fields,
            portfolios=tools.portfolios,
            finder=ProjectFinder(tools.projects, tools.templates if route.project_template_gid else None),
            setup=ProjectSetup(
                route=route,
                workspace_gid=tools.workspace_gid,
                client=tools.client,
                index=tools.projects,
                templates=tools.templates,
                portfolios=tools.portfolios,
                blocks=blocks,
            ),
            writer=ProjectWriter(route, tools.client, tools.projects, tools.fields, tools.portfolios),
            lines=ProjectLines(tools.client, self._lines),
            blocks=blocks,
        )

    def options(self) -> OptionWriter:
        """Writes options of fields."""
        return OptionWriter(self._tools.fields)

    def portfolio(self, portfolio_gid: str) -> PortfolioNumbers:
        """Writes numbers of Asana projects."""
        portfolios = Portfolios(self._tools.client, "projects_portfolio_gid", "on the cards of Visma's projects")
        return PortfolioNumbers(self._tools.client, self._tools.fields, portfolios, portfolio_gid)

    def comments(self) -> Comments:
        """Writes comments."""
        return Comments(self._tools.client)

    def attention(self, sections: Sections, project_gid: str) -> Attention:
        """Writes the tasks that show rejected records."""
        return Attention(self._tools.client, sections, self._tools.workspace_gid, project_gid)
