"""The interface of the two executors."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from destination_asana.config import Route
from destination_asana.planning import Change
from destination_asana.planning.heartbeat import Connection
from destination_asana.writing.lines import SubtaskLines
from destination_asana.writing.options import OptionExecutor
from destination_asana.writing.outcome import Outcome
from destination_asana.writing.projects import DocumentProjects, PortfolioExecutor
from destination_asana.writing.tasks import Place


class TaskExecutor(Protocol):
    """Carries out the changes of one project's tasks."""

    def apply(self, change: Change) -> Outcome:
        """Creates or updates the task. Raises RecordError if Asana refuses something about one document."""

    def conclude_lines(self) -> None:
        """Called once at the end of the sync, so that the next one knows the lines that this one has written."""


class CommentExecutor(Protocol):
    """Comments on tasks."""

    def add(self, gid: str, text: str) -> None:
        """Writes one comment on a task."""


class AttentionExecutor(Protocol):
    """Shows rejected records of one project to people."""

    def show(self, stream: str, record: Any, visma_id: str | None, reason: str, *, with_record: bool) -> str | None:
        """Creates, updates or reopens the task of a rejected record and returns its gid."""

    def got_through(self, document: str) -> str | None:
        """The version of a document that was written after another one had been rejected, or None."""

    def close(self, document: str, version: str | None = None) -> None:
        """Completes the task of a document that has been written after all."""


class HeartbeatExecutor(Protocol):
    """Moves the heartbeat of one register project."""

    def beat(self, connection: Connection, did: Sequence[str]) -> None:
        """Moves the due date ahead. `did` says in rows what the sync did."""


class Executor(Protocol):
    """Provides the writer for each kind of change."""

    @property
    def writes(self) -> bool:
        """Whether changes are written to Asana. Only then may files be kept and a STATE be released."""

    def tasks(self, place: Place) -> TaskExecutor:
        """The writer for the tasks of one project."""

    def subtasks(self, place: Place) -> SubtaskLines:
        """The writer for the lines of one project's documents."""

    def projects(self, route: Route) -> DocumentProjects:
        """The writer for the projects of one stream's documents."""

    def options(self) -> OptionExecutor:
        """The writer for the options of fields."""

    def portfolio(self, portfolio_gid: str) -> PortfolioExecutor:
        """The writer for numbers of Asana projects, which have them through a portfolio."""

    def comments(self) -> CommentExecutor:
        """The writer for comments on tasks."""

    def heartbeat(self, project_gid: str, *, who: str, days: int) -> HeartbeatExecutor:
        """The writer for the heartbeat of one project; `who` is its assignee, `days` how far ahead it is due."""

    def attention(self, place: Place) -> AttentionExecutor:
        """The writer for the tasks that show rejected records in one project."""
