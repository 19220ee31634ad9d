"""The tasks of documents as far as they are known, and how certain that is."""

from __future__ import annotations

import logging
from collections.abc import Iterator

from destination_asana.documents.visma_ids import identity
from destination_asana.planning.snapshot import Snapshot

logger = logging.getLogger("airbyte")


class KnownTasks:
    """Snapshots by the identity of their document. The caller holds a lock.

    What was listed, read or written is certain. What only search has told is not: it may be old. Tasks that are gone are
    remembered, so that search does not bring them back.
    """

    def __init__(self) -> None:
        self._packed: dict[str, bytes] = {}
        self._unsure: set[str] = set()
        self._rivals: dict[str, str] = {}
        self._gone: set[str] = set()
        self._warned: set[str] = set()

    def __len__(self) -> int:
        return len(self._packed)

    def get(self, key: str) -> Snapshot | None:
        """The task of a document, however it is known."""
        packed = self._packed.get(key)
        return Snapshot.unpacked(packed) if packed is not None else None

    def is_unsure(self, key: str) -> bool:
        """Whether only search has told of the task."""
        return key in self._unsure

    @property
    def unsure(self) -> int:
        """How many tasks only search has told of."""
        return len(self._unsure)

    def certain(self) -> Iterator[Snapshot]:
        """All tasks but those that only search has told of."""
        return (Snapshot.unpacked(packed) for key, packed in list(self._packed.items()) if key not in self._unsure)

    def all(self) -> Iterator[Snapshot]:
        """All tasks."""
        return (Snapshot.unpacked(packed) for packed in list(self._packed.values()))

    def put(self, snapshot: Snapshot) -> None:
        """Keeps what is certain, in place of all else."""
        key = identity(snapshot.visma_id)
        self._packed[key] = snapshot.packed()
        self._unsure.discard(key)

    def listed(self, snapshot: Snapshot) -> None:
        """Keeps what a listing or a read gave; of two tasks of one document the older counts."""
        if snapshot.gid in self._gone:
            return
        key = identity(snapshot.visma_id)
        known = self.get(key)
        if known is not None and known.gid != snapshot.gid:
            if key in self._unsure:
                # Only search tells of the other one: whether it is there is asked when the document comes.
                self._rivals[key] = known.gid
            else:
                older, newer = sorted((known, snapshot), key=lambda each: (each.created_at, len(each.gid), each.gid))
                self._warn_of_duplicate(older, newer)
                snapshot = older
        self.put(snapshot)

    def heard(self, snapshot: Snapshot) -> Snapshot | None:
        """Keeps what search told of a document of which nothing else is known; gives the other task it is known by, if
        there is one."""
        if snapshot.gid in self._gone:
            return None
        key = identity(snapshot.visma_id)
        known = self.get(key)
        if known is None:
            # Subtasks made a moment ago are no change of their task, so nothing tells of them before search does.
            snapshot.num_subtasks = max(1, snapshot.num_subtasks)
            self._packed[key] = snapshot.packed()
            self._unsure.add(key)
        return known if known is not None and known.gid != snapshot.gid else None

    def rival_of(self, key: str) -> str | None:
        """The gid of another task of the document that search told of before one was listed; once."""
        return self._rivals.pop(key, None)

    def gone(self, gid: str) -> None:
        """Notes that a task is no longer there."""
        self._gone.add(gid)

    def drop(self, key: str) -> None:
        """Forgets the task a document is known by, since it is no longer there."""
        known = self.get(key)
        if known is not None:
            self._gone.add(known.gid)
            del self._packed[key]
        self._unsure.discard(key)

    def _warn_of_duplicate(self, older: Snapshot, newer: Snapshot) -> None:
        if newer.gid not in self._warned:
            self._warned.add(newer.gid)
            logger.warning(
                f"Two tasks carry the Visma ID {older.visma_id}: {older.gid} (older) and {newer.gid}. The older one is kept up "
                "to date. Please move what you need from the other one and delete it in Asana."
            )
