"""The tasks that people have made: those without a Visma ID, in the register projects and in further ones."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from destination_asana.asana import Client
from destination_asana.board.fields import CustomFields
from destination_asana.board.further_projects import every_task
from destination_asana.board.listings import Page, read_task
from destination_asana.board.task_reader import hand_made_task, snapshot_for, snapshot_of
from destination_asana.documents import identity
from destination_asana.planning import Snapshot
from destination_asana.planning.adoption import Claim, HandMade, HandMadeTasks, Match

logger = logging.getLogger("airbyte")

# What a task is recognised by, beside the fields of every listing.
_FIELDS = ("parent", "name", "resource_subtype", "notes", "custom_fields.text_value", "custom_fields.number_value")


class HandMadeListing:
    """Collects the tasks that people have made from the listings of the register projects, and lists the further projects
    itself, each project once. Thread-safe."""

    fields = _FIELDS

    def __init__(self, client: Client, fields: CustomFields, further: Sequence[str]) -> None:
        self._client = client
        self._fields = fields
        self._further = tuple(dict.fromkeys(further))
        self._tasks = HandMadeTasks()
        self._documents: dict[str, Claim] = {}
        self._whole: set[str] = set()
        self._lock = threading.Lock()
        # Never taken by a thread that holds the lock of an index.
        self._listing_lock = threading.Lock()

    # --- what the listings show ------------------------------------------------------------------------------------

    def see(self, project_gid: str, tasks: Sequence[Mapping[str, Any]]) -> None:
        with self._lock:
            for task in tasks:
                found = hand_made_task(task, self._fields, project_gid)
                if found is not None:
                    self._tasks.add(found)
                else:
                    # It may have been seen before the field of the Visma IDs was known.
                    self._tasks.remove(task["gid"])

    def seen_whole(self, project_gid: str) -> None:
        with self._lock:
            self._whole.add(project_gid)

    def complete(self, register_gid: str, list_register: Callable[[], None]) -> None:
        """Ensures that every task of the register and of the further projects has been seen."""
        with self._listing_lock:
            if register_gid not in self._whole:
                list_register()
            for project in self._further:
                if project not in self._whole:
                    self._list(project)

    def _list(self, project: str) -> None:
        self._see_all(project, every_task(self._client, project, ",".join((*_FIELDS, "memberships.project"))))
        self.seen_whole(project)

    def _see_all(self, project: str, pages: Iterator[Page]) -> None:
        for page in pages:
            self.see(project, page)
            for task in page:
                snapshot = snapshot_of(task, self._fields, project)
                if snapshot is not None:
                    self._documents[snapshot.visma_id] = self.claim_of(snapshot)

    # --- what is known ---------------------------------------------------------------------------------------------

    @property
    def further(self) -> tuple[str, ...]:
        """The projects in which tasks are looked for, beside the register projects."""
        return self._further

    def naming(self, number: str) -> list[HandMade]:
        """The tasks that contain a number as a whole word."""
        with self._lock:
            return self._tasks.naming(number)

    @property
    def tasks(self) -> HandMadeTasks:
        """All tasks seen. For use while nothing is listed."""
        return self._tasks

    def documents(self) -> list[Claim]:
        """The documents that the further projects hold."""
        return list(self._documents.values())

    def claim_of(self, snapshot: Snapshot) -> Claim:
        """What a document in Asana is recognised by."""
        return Claim.of_values(snapshot.visma_id, snapshot.name, self._fields.values.present(snapshot.values))

    def read(self, match: Match, project_gid: str) -> Snapshot | None:
        """The task of a match as it is now; None if it is no longer there, or belongs to another document."""
        task = read_task(self._client, match.task.gid)
        if task is None:
            return None
        visma_id = match.claim.visma_id
        known = snapshot_of(task, self._fields, project_gid)
        if known is None:
            return snapshot_for(visma_id, task, self._fields, project_gid)
        return known if identity(known.visma_id) == identity(visma_id) else None

    def taken(self, gid: str) -> None:
        """A task belongs to a document now, or is no longer there."""
        with self._lock:
            self._tasks.remove(gid)
