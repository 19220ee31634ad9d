"""Watches the listings of projects, for what else they show beside the documents."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

Tasks = Sequence[Mapping[str, Any]]


class Observer(Protocol):
    """Is shown the tasks that a listing brings."""

    @property
    def fields(self) -> tuple[str, ...]:
        """The fields that it needs of each task, beside those of the listing."""

    def see(self, project_gid: str, tasks: Tasks) -> None:
        """Called with the tasks of a project, page by page."""

    def seen_whole(self, project_gid: str) -> None:
        """Called when every task of a project has been shown."""


class NoObserver:
    """For syncs that need nothing but the documents."""

    fields: tuple[str, ...] = ()

    def see(self, project_gid: str, tasks: Tasks) -> None:
        """Nothing is kept."""

    def seen_whole(self, project_gid: str) -> None:
        """Nothing is kept."""
