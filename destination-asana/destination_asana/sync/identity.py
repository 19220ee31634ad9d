"""Which custom field identifies documents, settled once per sync."""

from __future__ import annotations

import threading
from collections.abc import Sequence

from destination_asana.asana.client import Client
from destination_asana.board.fields.identity import Evidence, settle_identity
from destination_asana.board.fields.values import CustomFields


class Identity:
    """Settles the field of the Visma IDs before the first write of any kind: what stops the sync has to stop it before it
    has written anything. Thread-safe."""

    def __init__(self, client: Client, fields: CustomFields, projects: Sequence[str]) -> None:
        """`projects` are those that receive documents."""
        self._client = client
        self._fields = fields
        self._projects = projects
        self._evidence: dict[str, Evidence] | None = None
        self._first_sync = False
        self._lock = threading.Lock()

    def settle(self) -> None:
        """Raises config_error where documents are in Asana and the field that identifies them cannot be told."""
        with self._lock:
            if self._evidence is None:
                self._evidence = settle_identity(self._client, self._fields, self._projects)
                self._first_sync = self._fields.visma_id_gid is None

    def is_empty(self, project_gid: str) -> bool:
        """Whether a project is known to hold no document."""
        evidence = (self._evidence or {}).get(project_gid)
        return evidence is not None and evidence.whole and self._first_sync
