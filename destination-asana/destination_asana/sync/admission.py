"""Documents wait until their register project is open; their number decides how they are looked up."""

from __future__ import annotations

from collections.abc import Callable

from destination_asana.board import MOST_SEARCHES
from destination_asana.sync.pool import Job
from destination_asana.sync.registers import Registers

Submit = Callable[[str, Job], None]


class Admission:
    """Passes the jobs of documents to the workers as soon as their project is open."""

    def __init__(self, registers: Registers, submit: Submit, *, every_document: bool) -> None:
        """`every_document` means that the sync needs all documents of its projects, not only those that come."""
        self._registers = registers
        self._submit = submit
        self._every_document = every_document
        self._waiting: dict[str, list[tuple[str, Job]]] = {}

    def admit(self, project_gid: str, key: str, job: Job) -> None:
        """Accepts the job of a document (`key`) in a project."""
        if self._registers.of(project_gid).is_open:
            self._submit(key, job)
            return
        waiting = self._waiting.setdefault(project_gid, [])
        waiting.append((key, job))
        if len(waiting) >= MOST_SEARCHES:
            self.open_waiting()

    def open_waiting(self) -> None:
        """Opens the projects that documents are waiting for."""
        for project_gid, waiting in list(self._waiting.items()):
            many = self._every_document or len(waiting) >= MOST_SEARCHES
            self._registers.of(project_gid).open(None if many else len(waiting))
            del self._waiting[project_gid]
            for key, job in waiting:
                self._submit(key, job)
