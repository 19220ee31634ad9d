"""The Asana projects of a workspace that are in use: their names, and the numbers they show as fields of their own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from destination_asana.asana.client import Client
from destination_asana.board.fields.values import VALUE_FIELDS, CustomFields

_FIELDS = ",".join(("name", *VALUE_FIELDS))


@dataclass(frozen=True, slots=True)
class NamedProject:
    """`values` are its document fields, by name."""

    gid: str
    name: str
    values: Mapping[str, Any] = field(default_factory=dict)


class NamedProjects:
    """Lists the projects at most once per sync, a hundred a call."""

    def __init__(self, client: Client, workspace_gid: str, fields: CustomFields) -> None:
        self._client = client
        self._workspace = workspace_gid
        self._fields = fields
        self._known: dict[str, NamedProject] | None = None

    def by_gid(self) -> Mapping[str, NamedProject]:
        """All projects that are shown to the token's user and not archived."""
        if self._known is None:
            query = {"workspace": self._workspace, "archived": "false", "opt_fields": _FIELDS}
            self._known = {
                raw["gid"]: NamedProject(
                    raw["gid"], raw.get("name") or "", self._fields.read(raw.get("custom_fields") or [])
                )
                for page in self._client.pages("/projects", query)
                for raw in page
            }
        return self._known
