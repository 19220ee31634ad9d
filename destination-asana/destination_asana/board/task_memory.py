"""The known documents of one project: listed, read, or only found by search."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from typing import Any

from destination_asana.asana import Client
from destination_asana.board.fields import CustomFields
from destination_asana.board.known_tasks import KnownTasks
from destination_asana.board.listings import read_task
from destination_asana.board.outside import Outside
from destination_asana.board.task_reader import snapshot_of
from destination_asana.documents import identity
from destination_asana.planning import Snapshot


class TaskMemory:
    """Stores tasks by the Visma ID of their document, and reads a task again if what is known of it may be old.
    Thread-safe; `lock` also guards decisions based on what is known."""

    def __init__(
        self,
        client: Client,
        fields: CustomFields,
        outside: Outside,
        project_gid: str,
        note_lines: Callable[[str | None], None],
    ) -> None:
        """`note_lines` gets what each task remembers of its lines."""
        self._client = client
        self._fields = fields
        self._outside = outside
        self._project = project_gid
        self._tasks = KnownTasks()
        self._absent: set[str] = set()
        self._note_lines = note_lines
        self.lock = threading.RLock()

    def __len__(self) -> int:
        return len(self._tasks)

    # --- what is known ---------------------------------------------------------------------------------------------

    def get(self, visma_id: str) -> Snapshot | None:
        """The task of a document, from whatever source."""
        with self.lock:
            return self._tasks.get(identity(visma_id))

    def is_certain(self, visma_id: str) -> bool:
        """Whether the task of a document is known from another source than search."""
        with self.lock:
            key = identity(visma_id)
            return self._tasks.get(key) is not None and not self._tasks.is_unsure(key)

    def is_absent(self, visma_id: str) -> bool:
        """Whether the document has been looked for everywhere and has no task."""
        return identity(visma_id) in self._absent

    def all(self) -> Iterator[Snapshot]:
        """Every known task."""
        with self.lock:
            return self._tasks.all()

    def certain(self) -> Iterator[Snapshot]:
        """All tasks except those that only search has found."""
        with self.lock:
            return self._tasks.certain()

    def duplicates(self) -> list[tuple[Snapshot, Snapshot]]:
        """Documents with two tasks: the older and the newer one."""
        with self.lock:
            return list(self._tasks.duplicates.values())

    def matching(self, fits: Callable[[Snapshot], bool]) -> list[Snapshot]:
        """The known tasks that meet the condition."""
        with self.lock:
            return [each for each in self._tasks.all() if fits(each)]

    def of_kind(self, kind: str) -> list[Snapshot]:
        """The known tasks whose Visma IDs begin with `kind`."""
        return self.matching(lambda each: identity(each.visma_id).startswith(identity(kind)))

    def snapshot_of(self, task: dict[str, Any]) -> Snapshot | None:
        """Makes a snapshot from Asana's answer; None for a task without a Visma ID."""
        snapshot = snapshot_of(task, self._fields, self._project)
        if snapshot is not None:
            self._note_lines(snapshot.external)
        return snapshot

    def is_of(self, task: dict[str, Any], visma_id: str) -> bool:
        """Whether a task in Asana's answer is the document's."""
        snapshot = self.snapshot_of(task)
        return snapshot is not None and identity(snapshot.visma_id) == identity(visma_id)

    # --- what is learnt --------------------------------------------------------------------------------------------

    def add(self, task: dict[str, Any]) -> Snapshot | None:
        """Stores a task that was listed or read, if it has a Visma ID, and returns it."""
        snapshot = self.snapshot_of(task)
        if snapshot is not None:
            with self.lock:
                self._tasks.listed(snapshot)
                self._absent.discard(identity(snapshot.visma_id))
        return snapshot

    def hear(self, task: dict[str, Any]) -> None:
        """Stores search results, which may be old: if two tasks belong to one document, each is read before it counts."""
        snapshot = self.snapshot_of(task)
        if snapshot is None:
            return
        with self.lock:
            known = self._tasks.heard(snapshot)
            unsure = self._tasks.is_unsure(identity(snapshot.visma_id))
        if known is None:
            return
        if unsure and self.confirm(known) is None:
            self.drop(known.visma_id)
        self._add_if_there(snapshot.gid)

    def confirm(self, snapshot: Snapshot) -> Snapshot | None:
        """The present state of a task that only search has found; None if it no longer exists."""
        key = identity(snapshot.visma_id)
        if not self._tasks.is_unsure(key):
            return snapshot
        task = read_task(self._client, snapshot.gid)
        fresh = self.snapshot_of(task) if task else None
        if task is None or fresh is None or identity(fresh.visma_id) != key:
            return None
        with self.lock:
            self._tasks.put(fresh)
            for page in self._outside.neighbours(task, self._tasks.unsure):
                for each in page:
                    self.add(each)
        return fresh

    def settle_rival(self, visma_id: str) -> None:
        """Reads another task of the document, if search found one before one was listed."""
        rival = self._tasks.rival_of(identity(visma_id))
        if rival is not None:
            self._add_if_there(rival)

    def put(self, snapshot: Snapshot) -> None:
        """Remembers a task that the sync itself has just written."""
        with self.lock:
            self._tasks.put(snapshot)
            self._absent.discard(identity(snapshot.visma_id))

    def drop(self, visma_id: str) -> None:
        """Forgets a task that no longer exists, whatever search still returns. The document may have another one."""
        with self.lock:
            self._tasks.drop(identity(visma_id))
            self._absent.discard(identity(visma_id))

    def note_absent(self, visma_id: str) -> None:
        """Registers that the document has no task anywhere."""
        self._absent.add(identity(visma_id))

    def _add_if_there(self, gid: str) -> None:
        fresh = read_task(self._client, gid)
        if fresh is not None:
            self.add(fresh)
        else:
            with self.lock:
                self._tasks.gone(gid)
