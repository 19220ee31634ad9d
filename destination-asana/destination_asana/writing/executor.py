"""The interface of the two executors."""

from __future__ import annotations

from typing import Any, Protocol

from destination_asana.board.sections import Sections
from destination_asana.board.task_index import Index
from destination_asana.config import Route
from destination_asana.planning.changes import Change
from destination_asana.writing.document_lines import SubtaskLines
from destination_asana.writing.option_writer import OptionExecutor
from destination_asana.writing.outcome import Outcome
from destination_asana.writing.portfolio_numbers import PortfolioExecutor
from destination_asana.writing.projects import DocumentProjects


class TaskExecutor(Protocol):
    """Carries out the changes of one project's tasks."""

    def apply(self, change: Change) -> Outcome:
        """Creates or updates the task; raises RecordError for what Asana refuses about one document."""


class CommentExecutor(Protocol):
    """Comments on tasks."""

    def add(self, gid: str, text: str) -> None:
        """Puts one comment on a task."""


class AttentionExecutor(Protocol):
    """Shows rejected records of one project to people."""

    def show(self, stream: str, record: Any, visma_id: str | None, reason: str, *, with_record: bool) -> str | None:
        """Makes (updates, reopens) the task of a rejected record and gives its gid."""

    def got_through(self, document: str) -> str | None:
        """The version of a document that got through after another one had been rejected; None where none did."""

    def close(self, document: str, version: str | None = None) -> None:
        """Completes the task of a document that got through after all."""


class Executor(Protocol):
    """Hands out what carries out each kind of plan."""

    @property
    def writes(self) -> bool:
        """Whether plans are written to Asana: only then may files be kept and a STATE leave."""

    def tasks(self, index: Index, sections: Sections, project_gid: str) -> TaskExecutor:
        """For the tasks of one project."""

    def subtasks(self, index: Index) -> SubtaskLines:
        """For the lines of one project's documents."""

    def projects(self, route: Route) -> DocumentProjects:
        """For the projects of one stream's documents."""

    def options(self) -> OptionExecutor:
        """For the options of fields."""

    def portfolio(self, portfolio_gid: str) -> PortfolioExecutor:
        """For numbers of Asana projects that have them through a portfolio."""

    def comments(self) -> CommentExecutor:
        """For comments on tasks."""

    def attention(self, sections: Sections, project_gid: str) -> AttentionExecutor:
        """For the tasks that show rejected records in one project."""
