"""The dry run: the same plans as the real run, logged instead of written."""

from __future__ import annotations

from typing import Any

from destination_asana.config import Route
from destination_asana.writing.lines import DryRunLineWriter, SubtaskLines
from destination_asana.writing.notices import Attention, NoComments, NoHeartbeat
from destination_asana.writing.options import DryRunOptionWriter
from destination_asana.writing.projects import DocumentProjects, DryRunPortfolioNumbers, logged_projects
from destination_asana.writing.tasks import DryRunTaskWriter, Place
from destination_asana.writing.tools import Tools


class DryRunAttention:
    """Reads the tasks of earlier syncs, but writes nothing."""

    def __init__(self, attention: Attention) -> None:
        self._attention = attention

    def show(self, stream: str, record: Any, visma_id: str | None, reason: str, *, with_record: bool) -> None:
        """Does nothing, because the log already has the reason."""

    def got_through(self, document: str) -> str | None:
        """The version of a document that was written after another one had been rejected."""
        return self._attention.got_through(document)

    def close(self, document: str, version: str | None = None) -> None:
        """Does nothing."""


class DryRun:
    """The executor that writes nothing."""

    writes = False

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    def tasks(self, place: Place) -> DryRunTaskWriter:
        """Logs the changes of tasks."""
        return DryRunTaskWriter(place)

    def subtasks(self, place: Place) -> SubtaskLines:
        """Logs the changes of lines."""
        return SubtaskLines(self._tools.client, DryRunLineWriter(), remember=lambda _: None)

    def projects(self, route: Route) -> DocumentProjects:
        """Logs the changes of projects."""
        return logged_projects(route, self._tools)

    def options(self) -> DryRunOptionWriter:
        """Logs the changes of options."""
        return DryRunOptionWriter()

    def portfolio(self, portfolio_gid: str) -> DryRunPortfolioNumbers:
        """Logs numbers of Asana projects."""
        return DryRunPortfolioNumbers(self._tools.fields)

    def comments(self) -> NoComments:
        """Writes no comments."""
        return NoComments()

    def heartbeat(self, project_gid: str, *, who: str, days: int) -> NoHeartbeat:
        """Leaves the heartbeat as it is."""
        return NoHeartbeat()

    def attention(self, place: Place) -> DryRunAttention:
        """Shows nothing in Asana."""
        return DryRunAttention(Attention(place.client, place.sections, self._tools.workspace_gid, place.project_gid))
