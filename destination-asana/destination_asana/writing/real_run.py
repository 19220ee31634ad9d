"""The real run: writes the changes to Asana."""

from __future__ import annotations

from destination_asana.config import Route
from destination_asana.writing.lines import LineWriter, SubtaskLines
from destination_asana.writing.notices import Attention, Comments, Heartbeat
from destination_asana.writing.options import OptionWriter
from destination_asana.writing.projects import DocumentProjects, PortfolioNumbers, written_projects
from destination_asana.writing.tasks import Place, TaskWriter
from destination_asana.writing.tools import Tools


class RealRun:
    """The executor that writes."""

    writes = True

    def __init__(self, tools: Tools) -> None:
        self._tools = tools
        # Shared by all documents of the sync, because it learns where Asana puts new items.
        self._lines = LineWriter()

    def tasks(self, place: Place) -> TaskWriter:
        """Writes the tasks of one project."""
        return TaskWriter(place)

    def subtasks(self, place: Place) -> SubtaskLines:
        """Writes lines as subtasks."""
        return SubtaskLines(self._tools.client, self._lines, place.index.put)

    def projects(self, route: Route) -> DocumentProjects:
        """Writes documents as projects."""
        return written_projects(route, self._tools, self._lines)

    def options(self) -> OptionWriter:
        """Writes options of fields."""
        return OptionWriter(self._tools.fields)

    def portfolio(self, portfolio_gid: str) -> PortfolioNumbers:
        """Writes numbers of Asana projects."""
        return PortfolioNumbers.of(self._tools.client, self._tools.fields, portfolio_gid)

    def comments(self) -> Comments:
        """Writes comments."""
        return Comments(self._tools.client)

    def heartbeat(self, project_gid: str, *, who: str, days: int) -> Heartbeat:
        """Writes the heartbeat."""
        tools = self._tools
        return Heartbeat.of(tools.client, tools.assignees, tools.workspace_gid, project_gid, who=who, days=days)

    def attention(self, place: Place) -> Attention:
        """Writes the tasks that show rejected records."""
        return Attention(place.client, place.sections, self._tools.workspace_gid, place.project_gid)
