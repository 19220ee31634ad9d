"""The sections of a project: found or created by name; and which of them a task may be moved out of."""

from __future__ import annotations

import threading
from collections.abc import Collection
from typing import Any, NamedTuple

from destination_asana.asana import Client
from destination_asana.planning import Snapshot


class Move(NamedTuple):
    """One move of a task: the section it left, the section it went to, and the user who moved it, as gids."""

    out_of: str | None
    into: str | None
    by: str | None


class Sections:
    """The sections of one project, read once. If names are not unique in Asana, the first section counts. Thread-safe."""

    def __init__(self, client: Client, project_gid: str) -> None:
        self._client = client
        self._project = project_gid
        self._lock = threading.RLock()
        self._names: dict[str, str] | None = None

    def find(self, name: str) -> str | None:
        """The gid of a section, or None if the project has none with that name."""
        wanted = name.casefold()
        return next((gid for gid, known in self._read().items() if known.casefold() == wanted), None)

    def ensure(self, name: str) -> str:
        """The gid of a section. Creates a missing section."""
        with self._lock:
            gid = self.find(name)
            if gid is None:
                gid = self._client.create(
                    f"/projects/{self._project}/sections", {"name": name}, lambda: self._look_up(name)
                )["gid"]
                self._read()[gid] = name
            return gid

    def name_of(self, gid: str | None) -> str | None:
        """The name of a section by its gid."""
        return self._read().get(gid) if gid else None

    def target(
        self, status: str | None, current: Snapshot | None, shown_status: str | None, statuses: Collection[str] = ()
    ) -> str | None:
        """The section (by name) to which a task should move for its status, or None to leave it where it is.

        A task moves only if it lies where the sync had put it or where new tasks go: a person chose any other section. A
        sync that was killed between the move and the write of the status has put it into the section of another status
        (of `statuses`); then the user who last moved it decides.
        """
        if status is None or current is None:
            return status
        here = self.name_of(current.section)
        if here is None:
            return status if current.section is None else None
        if here.casefold() == status.casefold():
            return None
        if shown_status is not None and here.casefold() == shown_status.casefold():
            return status
        return status if self._is_ours(current, here, statuses) else None

    def _is_ours(self, current: Snapshot, here: str, statuses: Collection[str]) -> bool:
        """Whether no person has chosen the task's section: it lies where new tasks go, or in the section of a status and
        the sync put it there."""
        landing = current.section == next(iter(self._read()), None)
        of_a_status = here.casefold() in {each.casefold() for each in statuses}
        if not (landing or of_a_status):
            return False
        last = next(reversed(self.moves(current.gid)), None)
        if last is None or last.into != current.section:
            return landing
        return of_a_status and last.by == self._client.own_gid()

    def moves(self, task: str) -> list[Move]:
        """The moves of a task between sections of this project, oldest first, as its history tells them."""
        here = self._read()
        query = {"opt_fields": "resource_subtype,old_section,new_section,created_by"}
        return [
            Move(_gid(story, "old_section"), _gid(story, "new_section"), _gid(story, "created_by"))
            for story in self._client.list(f"/tasks/{task}/stories", query)
            # The task may also belong to other projects with their own sections.
            if story.get("resource_subtype") == "section_changed" and _gid(story, "new_section") in here
        ]

    def forget(self) -> None:
        """Makes the next use read them again, because a person has changed them meanwhile."""
        with self._lock:
            self._names = None

    def _look_up(self, name: str) -> dict[str, Any] | None:
        with self._lock:
            self._names = None
            gid = self.find(name)
        return {"gid": gid} if gid else None

    def _read(self) -> dict[str, str]:
        with self._lock:
            if self._names is None:
                listed = self._client.list(f"/projects/{self._project}/sections", {"opt_fields": "name"})
                self._names = {section["gid"]: section.get("name") or "" for section in listed}
            return self._names


def _gid(story: dict[str, Any], name: str) -> str | None:
    return (story.get(name) or {}).get("gid")
