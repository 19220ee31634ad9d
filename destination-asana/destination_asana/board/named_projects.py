"""The active Asana projects of a workspace: their names, and the numbers in their own custom fields."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field

from destination_asana.asana import Client
from destination_asana.board.fields import VALUE_FIELDS, CustomFields
from destination_asana.documents import StoredValue

_FIELDS = ",".join(("name", *VALUE_FIELDS))


@dataclass(frozen=True, slots=True)
class NamedProject:
    """`values` are its document fields, by name."""

    gid: str
    name: str
    values: Mapping[str, StoredValue] = field(default_factory=dict)


class NamedProjects:
    """Lists the projects at most once per sync, with a hundred per call. Thread-safe."""

    def __init__(self, client: Client, workspace_gid: str, fields: CustomFields) -> None:
        self._client = client
        self._workspace = workspace_gid
        self._fields = fields
        self._lock = threading.Lock()
        self._known: dict[str, NamedProject] | None = None

    def by_gid(self) -> Mapping[str, NamedProject]:
        """All projects that the token's user can see and that are not archived."""
        with self._lock:
            if self._known is None:
                self._known = self._listed()
            return self._known

    def _listed(self) -> dict[str, NamedProject]:
        query = {"workspace": self._workspace, "archived": "false", "opt_fields": _FIELDS}
        return {
            raw["gid"]: NamedProject(
                raw["gid"], raw.get("name") or "", self._fields.values.read(raw.get("custom_fields") or [])
            )
            for page in self._client.pages("/projects", query)
            for raw in page
        }

    def names(self) -> Mapping[str, str]:
        """Their names by gid."""
        return {gid: each.name for gid, each in self.by_gid().items()}
