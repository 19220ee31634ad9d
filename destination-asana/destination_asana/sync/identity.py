"""Finds the custom field that identifies documents, once per sync."""

from __future__ import annotations

import threading
from collections.abc import Sequence

from destination_asana.asana import Client
from destination_asana.board import Evidence, Observer, settle_identity
from destination_asana.board.fields import CustomFields


class Identity:
    """Finds the field of the Visma IDs before the first write of any kind, so that a sync that must stop stops before it
    has written anything. Thread-safe."""

    def __init__(self, client: Client, fields: CustomFields, projects: Sequence[str], observer: Observer) -> None:
        """`projects` are the projects that receive documents; `observer` watches their listings."""
        self._client = client
        self._fields = fields
        self._projects = projects
        self._observer = observer
        self._evidence: dict[str, Evidence] | None = None
        self._first_sync = False
        self._lock = threading.Lock()

    def settle(self) -> None:
        """Raises config_error if documents are in Asana but the field that identifies them cannot be found."""
        with self._lock:
            if self._evidence is None:
                self._evidence = settle_identity(
                    self._client, self._fields.catalog, self._projects, observer=self._observer
                )
                self._first_sync = self._fields.catalog.visma_id_gid is None
                for project in filter(self.is_empty, self._evidence):
                    self._observer.seen_whole(project)

    @property
    def first_sync(self) -> bool:
        """Whether no document was in Asana before this sync. False until `settle` knows it."""
        return self._first_sync

    def is_empty(self, project_gid: str) -> bool:
        """Whether a project is known to contain no document."""
        evidence = (self._evidence or {}).get(project_gid)
        return evidence is not None and evidence.whole and self._first_sync
