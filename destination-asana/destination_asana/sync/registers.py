"""The register projects: the Asana projects in which documents have their tasks."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass

from destination_asana.board.fields.values import CustomFields
from destination_asana.board.sections import Sections
from destination_asana.board.task_index import Index
from destination_asana.sync.identity import Identity
from destination_asana.writing.document_lines import SubtaskLines
from destination_asana.writing.executor import AttentionExecutor, TaskExecutor


@dataclass
class Register:
    """One register project: its documents (`index`) and sections; what writes their tasks, their lines and the tasks of
    “Needs attention”."""

    project_gid: str
    fields: CustomFields
    identity: Identity
    index: Index
    sections: Sections
    tasks: TaskExecutor
    lines: SubtaskLines
    attention: AttentionExecutor
    is_open: bool = False

    def open(self, documents: int | None) -> None:
        """Reads (and, where needed, makes) the fields and prepares for so many look-ups; None means many."""
        self.identity.settle()
        self.fields.prepare(self.project_gid)
        if self.identity.is_empty(self.project_gid):
            self.index.know_no_documents()
        self.index.open(documents)
        self.is_open = True


class Registers:
    """The register projects of a sync, by gid; each is made when it is first asked for. Thread-safe."""

    def __init__(self, make: Callable[[str], Register]) -> None:
        self._make = make
        self._known: dict[str, Register] = {}
        self._lock = threading.Lock()

    def of(self, project_gid: str) -> Register:
        with self._lock:
            if project_gid not in self._known:
                self._known[project_gid] = self._make(project_gid)
            return self._known[project_gid]
