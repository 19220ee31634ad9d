"""Sections of a project: found or made by name, and which of them a task may be moved out of."""

from __future__ import annotations

import threading
from typing import Any

from destination_asana.client import Client
from destination_asana.snapshots import Snapshot


class Sections:
    """The sections of one project, read once. Names need not be unique in Asana; the first one counts. Thread-safe."""

    def __init__(self, client: Client, project_gid: str) -> None:
        self._client = client
        self._project = project_gid
        self._lock = threading.RLock()
        self._names: dict[str, str] | None = None

    def find(self, name: str) -> str | None:
        """The gid of a section, or None when the project has none of that name."""
        wanted = name.casefold()
        return next((gid for gid, known in self._read().items() if known.casefold() == wanted), None)

    def ensure(self, name: str) -> str:
        """The gid of a section, made where it is missing."""
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

    def target(self, status: str | None, current: Snapshot | None, shown_status: str | None) -> str | None:
        """The section (by name) a task has to go to for its status, or None to leave it where it is.

        Only a task that lies where the sync had put it, or where new tasks land, is moved: any other section was
        chosen by a person.
        """
        if status is None:
            return None
        if current is None:
            return status
        here = self.name_of(current.section)
        if here is not None and here.casefold() == status.casefold():
            return None
        landing = next(iter(self._read()), None)
        put_here = here is not None and shown_status is not None and here.casefold() == shown_status.casefold()
        if put_here or current.section is None:
            return status
        return status if current.section == landing and not self._was_moved_into(landing, current.gid) else None

    def _was_moved_into(self, section: str, task: str) -> bool:
        """True when a person has put a task where new tasks land: the sync itself never does."""
        stories = self._client.list(f"/tasks/{task}/stories", {"opt_fields": "resource_subtype,new_section"})
        moves = (story for story in stories if story.get("resource_subtype") == "section_changed")
        return any((story.get("new_section") or {}).get("gid") == section for story in moves)

    def forget(self) -> None:
        """Makes the next look read them again: a person has changed them meanwhile."""
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
