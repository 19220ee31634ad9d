"""The known tasks of documents, and how certain that knowledge is."""

from __future__ import annotations

import logging
from collections.abc import Iterator

from destination_asana.documents import identity
from destination_asana.planning import Snapshot

logger = logging.getLogger("airbyte")


class KnownTasks:
    """Snapshots by the identity of their document. The caller holds a lock.

    Tasks that were listed, read or written are certain. Tasks that only search has found may be outdated. Deleted tasks
    are remembered, so that search does not bring them back.
    """

    def __init__(self) -> None:
        self._packed: dict[str, bytes] = {}
        self._unsure: set[str] = set()
        self._rivals: dict[str, str] = {}
        self._gone: set[str] = set()
        # Second tasks of documents, by gid, with the older one.
        self.duplicates: dict[str, tuple[Snapshot, Snapshot]] = {}

    def __len__(self) -> int:
        return len(self._packed)

    def get(self, key: str) -> Snapshot | None:
        """The task of a document, from whatever source."""
        packed = self._packed.get(key)
        return Snapshot.unpacked(packed) if packed is not None else None

    def is_unsure(self, key: str) -> bool:
        """Whether only search has found the task."""
        return key in self._unsure

    @property
    def unsure(self) -> int:
        """The number of tasks that only search has found."""
        return len(self._unsure)

    def certain(self) -> Iterator[Snapshot]:
        """All tasks except those that only search has found."""
        return (Snapshot.unpacked(packed) for key, packed in list(self._packed.items()) if key not in self._unsure)

    def all(self) -> Iterator[Snapshot]:
        """All tasks."""
        return (Snapshot.unpacked(packed) for packed in list(self._packed.values()))

    def put(self, snapshot: Snapshot) -> None:
        """Stores a certain task in place of anything else."""
        key = identity(snapshot.visma_id)
        self._packed[key] = snapshot.packed()
        self._unsure.discard(key)

    def listed(self, snapshot: Snapshot) -> None:
        """Stores a task that was listed or read. If two tasks belong to one document, the older counts."""
        if snapshot.gid in self._gone:
            return
        key = identity(snapshot.visma_id)
        known = self.get(key)
        if known is not None and known.gid != snapshot.gid:
            if key in self._unsure:
                # Only search has found the other task. Whether it exists is checked when the document comes.
                self._rivals[key] = known.gid
            else:
                older, newer = sorted((known, snapshot), key=lambda each: (each.created_at, len(each.gid), each.gid))
                self._warn_of_duplicate(older, newer)
                snapshot = older
        self.put(snapshot)

    def heard(self, snapshot: Snapshot) -> Snapshot | None:
        """Stores a search result for a document of which nothing else is known. Returns the other task that is known, if
        any."""
        if snapshot.gid in self._gone:
            return None
        key = identity(snapshot.visma_id)
        known = self.get(key)
        if known is None:
            # New subtasks do not count as a change of their task, so nothing shows them before search does.
            snapshot.num_subtasks = max(1, snapshot.num_subtasks)
            self._packed[key] = snapshot.packed()
            self._unsure.add(key)
        return known if known is not None and known.gid != snapshot.gid else None

    def rival_of(self, key: str) -> str | None:
        """The gid of another task of the document that search found before one was listed; returned once."""
        return self._rivals.pop(key, None)

    def gone(self, gid: str) -> None:
        """Registers that a task no longer exists."""
        self._gone.add(gid)

    def drop(self, key: str) -> None:
        """Forgets the known task of a document, because it no longer exists."""
        known = self.get(key)
        if known is not None:
            self._gone.add(known.gid)
            del self._packed[key]
        self._unsure.discard(key)

    def _warn_of_duplicate(self, older: Snapshot, newer: Snapshot) -> None:
        if newer.gid not in self.duplicates:
            self.duplicates[newer.gid] = older, newer
            logger.warning(
                f"Two tasks carry the Visma ID {older.visma_id}: {older.gid} (older) and {newer.gid}. The older one is kept up "
                "to date. Please move what you need from the other one and delete it in Asana."
            )
