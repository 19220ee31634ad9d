"""The register projects: the Asana projects in which documents have their tasks."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass

from destination_asana.board import Index, Sections
from destination_asana.board.fields import CustomFields
from destination_asana.sync.identity import Identity
from destination_asana.writing import AttentionExecutor, TaskExecutor
from destination_asana.writing.lines import SubtaskLines


@dataclass
class Register:
    """One register project: its documents (`index`), its sections, and the writers for its tasks, their lines and the
    tasks in “Needs attention”."""

    project_gid: str
    fields: CustomFields
    identity: Identity
    index: Index
    sections: Sections
    tasks: TaskExecutor
    lines: SubtaskLines
    attention: AttentionExecutor
    is_open: bool = False

    def look(self, documents: int | None) -> None:
        """Prepares the index for this number of look-ups without writing anything; None means many."""
        if self.is_open:
            return
        self.identity.settle()
        self.fields.catalog.look(self.project_gid)
        self.index.open(documents)

    def open(self, documents: int | None) -> None:
        """Reads (and, if necessary, creates) the fields and prepares the index for this number of look-ups; None means
        many."""
        self.identity.settle()
        self.fields.catalog.prepare(self.project_gid)
        if self.identity.is_empty(self.project_gid):
            self.index.know_no_documents()
        self.index.open(documents)
        self.is_open = True


class Registers:
    """The register projects of a sync, by gid. Each is made on first use. Thread-safe."""

    def __init__(self, make: Callable[[str], Register]) -> None:
        self._make = make
        self._known: dict[str, Register] = {}
        self._lock = threading.Lock()

    def all(self) -> list[Register]:
        """The register projects in use so far."""
        with self._lock:
            return list(self._known.values())

    def of(self, project_gid: str) -> Register:
        with self._lock:
            if project_gid not in self._known:
                self._known[project_gid] = self._make(project_gid)
            return self._known[project_gid]
