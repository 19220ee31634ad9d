"""The dry run: the same plans as the real run, logged instead of written."""

from __future__ import annotations

from typing import Any

from destination_asana.board.sections import Sections
from destination_asana.board.task_index import Index
from destination_asana.config import Route
from destination_asana.writing.attention import Attention
from destination_asana.writing.comments import NoComments
from destination_asana.writing.document_lines import ProjectLines, SubtaskLines
from destination_asana.writing.dry_run_lines import DryRunLineWriter
from destination_asana.writing.dry_run_projects import DryRunProjectSetup, DryRunProjectWriter
from destination_asana.writing.dry_run_tasks import DryRunTaskWriter
from destination_asana.writing.option_writer import DryRunOptionWriter
from destination_asana.writing.place import Place
from destination_asana.writing.portfolio_numbers import DryRunPortfolioNumbers
from destination_asana.writing.project_finder import ProjectFinder
from destination_asana.writing.projects import DocumentProjects
from destination_asana.writing.tools import Tools


class DryRunAttention:
    """Reads what earlier syncs have shown; shows nothing itself."""

    def __init__(self, attention: Attention) -> None:
        self._attention = attention

    def show(self, stream: str, record: Any, visma_id: str | None, reason: str, *, with_record: bool) -> None:
        """Does nothing: the reason is on the log."""

    def got_through(self, document: str) -> str | None:
        """The version of a document that got through after another one had been rejected."""
        return self._attention.got_through(document)

    def close(self, document: str, version: str | None = None) -> None:
        """Does nothing."""


class DryRun:
    """The executor that writes nothing."""

    writes = False

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    def tasks(self, index: Index, sections: Sections, project_gid: str) -> DryRunTaskWriter:
        """Logs what would become of tasks."""
        tools = self._tools
        return DryRunTaskWriter(Place(tools.client, tools.fields, index, sections, tools.assignees, project_gid))

    def subtasks(self, index: Index) -> SubtaskLines:
        """Logs what would become of lines."""
        return SubtaskLines(self._tools.client, DryRunLineWriter(), remember=lambda _: None)

    def projects(self, route: Route) -> DocumentProjects:
        """Logs what would become of projects. A project that Asana is still making is not waited for."""
        tools = self._tools
        return DocumentProjects(
            route=route,
            fields=tools.fields,
            portfolios=tools.portfolios,
            finder=ProjectFinder(tools.projects, None),
            setup=DryRunProjectSetup(route),
            writer=DryRunProjectWriter(tools.client, tools.fields),
            lines=ProjectLines(tools.client, DryRunLineWriter()),
            blocks=tools.blocks(route),
        )

    def options(self) -> DryRunOptionWriter:
        """Logs what would become of options."""
        return DryRunOptionWriter()

    def portfolio(self, portfolio_gid: str) -> DryRunPortfolioNumbers:
        """Logs numbers of Asana projects."""
        return DryRunPortfolioNumbers(self._tools.fields)

    def comments(self) -> NoComments:
        """Comments on nothing."""
        return NoComments()

    def attention(self, sections: Sections, project_gid: str) -> DryRunAttention:
        """Shows nothing in Asana."""
        return DryRunAttention(Attention(self._tools.client, sections, self._tools.workspace_gid, project_gid))
