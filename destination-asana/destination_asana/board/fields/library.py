"""The custom fields a token is shown: those of the workspace, and those of the projects that were looked at."""

from __future__ import annotations

from typing import Any

from destination_asana.asana.client import Client
from destination_asana.asana.errors import PLAN_EXPLANATION, AsanaError
from destination_asana.board.fields.marks import mark_in
from destination_asana.board.fields.recognition import Raw, is_local
from destination_asana.errors import config_error

DEFINITION_FIELDS = (
    "name",
    "resource_subtype",
    "type",
    "enum_options",
    "enum_options.name",
    "enum_options.enabled",
    "precision",
    "is_formula_field",
    "is_value_read_only",
    "is_global_to_workspace",
    "description",
)


class FieldLibrary:
    """Field definitions as Asana describes them, by gid. The caller holds the lock. Raises config_error on a plan without
    custom fields."""

    def __init__(self, client: Client, workspace_gid: str) -> None:
        self._client = client
        self._workspace = workspace_gid
        self._of_projects: dict[str, dict[str, Raw]] = {}
        self._of_workspace: dict[str, Raw] | None = None

    def look(self, project_gid: str) -> bool:
        """Reads the fields of a project; False when they are known already."""
        if project_gid in self._of_projects:
            return False
        names = ",".join(f"custom_field.{name}" for name in DEFINITION_FIELDS)
        settings = self._read_all(f"/projects/{project_gid}/custom_field_settings", names)
        self._of_projects[project_gid] = {each["custom_field"]["gid"]: each["custom_field"] for each in settings}
        return True

    def again(self, project_gid: str) -> dict[str, Raw]:
        """Reads a project's fields and the workspace's anew; gives those that are there."""
        self._of_projects.pop(project_gid, None)
        self.forget()
        self.look(project_gid)
        return {**self._of_projects[project_gid], **self._listed()}

    def forget(self) -> None:
        """Lets the next question list the workspace's fields anew."""
        self._of_workspace = None

    def everything(self) -> dict[str, Raw]:
        """Every field the token is shown, local ones included."""
        seen = {gid: raw for fields in self._of_projects.values() for gid, raw in fields.items()}
        return {**seen, **self._listed()}

    def is_on(self, gid: str, project_gid: str) -> bool:
        """Whether a project has the field."""
        return gid in self._of_projects.get(project_gid, {})

    def count(self, project_gid: str) -> int:
        """How many fields a project has."""
        return len(self._of_projects.get(project_gid, {}))

    def attached(self, gid: str, project_gid: str) -> None:
        """Notes that a project has the field from now on."""
        self._of_projects[project_gid][gid] = self.everything()[gid]

    def add(self, raw: Raw) -> None:
        """Notes a field that was just made."""
        self._listed()[raw["gid"]] = raw

    def local_fields(self, project_gid: str) -> dict[str, str]:
        """The names of the fields that belong to one project alone, by gid."""
        return {gid: raw["name"] for gid, raw in self._of_projects[project_gid].items() if is_local(raw)}

    def of_workspace(self, gid: str) -> Raw | None:
        """A field of the workspace; None for one that is local to a project, or not shown."""
        raw = self.everything().get(gid)
        return None if raw is None or is_local(raw) else raw

    def named(self, name: str) -> str | None:
        """Which of the sync's fields the workspace field of this name is by its mark."""
        for raw in self.everything().values():
            if not is_local(raw) and raw["name"].strip().casefold() == name.casefold():
                mark = mark_in(raw.get("description"))
                return mark.field if mark is not None else None
        return None

    def _listed(self) -> dict[str, Raw]:
        if self._of_workspace is None:
            try:
                listed = self._read_all(f"/workspaces/{self._workspace}/custom_fields", ",".join(DEFINITION_FIELDS))
            except AsanaError as error:
                # Guests may not list them; those of the project are shown to them all the same.
                if error.status not in (403, 404):
                    raise
                listed = []
            self._of_workspace = {raw["gid"]: raw for raw in listed}
        return self._of_workspace

    def _read_all(self, path: str, fields: str) -> list[dict[str, Any]]:
        try:
            return self._client.list(path, {"opt_fields": fields})
        except AsanaError as error:
            if error.status == 402:
                raise config_error(PLAN_EXPLANATION) from error
            raise
