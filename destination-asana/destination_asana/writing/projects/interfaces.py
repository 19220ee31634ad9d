"""The interfaces of the steps that the two executors carry out differently."""

from __future__ import annotations

from typing import Protocol

from destination_asana.documents import Document
from destination_asana.planning import Snapshot
from destination_asana.planning.projects import Project, ProjectChange
from destination_asana.writing.outcome import PartOutcome
from destination_asana.writing.projects.finder import Found


class Setup(Protocol):
    """Creates projects, or logs that it would."""

    def set_up(self, document: Document, register: Snapshot, found: Found) -> Found:
        """Makes the project, or finishes a half-made one, up to the point where the register task may link it."""


class Writer(Protocol):
    """Applies changes to projects, or logs them."""

    def apply(self, document: Document, project: Project, change: ProjectChange) -> PartOutcome:
        """Writes the changes."""
