"""The custom fields that a token can see: those of the workspace, and those of the projects read so far."""

from __future__ import annotations

from typing import Any

from destination_asana.asana import NOT_SHOWN, PLAN_EXPLANATION, AsanaError, Client, Refusal
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
        """Reads the fields of a project. False if they are already known."""
        if project_gid in self._of_projects:
            return False
        names = ",".join(f"custom_field.{name}" for name in DEFINITION_FIELDS)
        settings = self._read_all(f"/projects/{project_gid}/custom_field_settings", names)
        self._of_projects[project_gid] = {each["custom_field"]["gid"]: each["custom_field"] for each in settings}
        return True

    def again(self, project_gid: str) -> dict[str, Raw]:
        """Reads the fields of a project and of the workspace again, and returns the present ones."""
        self._of_projects.pop(project_gid, None)
        self.forget()
        self.look(project_gid)
        return {**self._of_projects[project_gid], **self._listed()}

    def read(self, gid: str) -> Raw:
        """The present definition of one field, for the caller alone."""
        raw: Raw = self._client.get(f"/custom_fields/{gid}", {"opt_fields": ",".join(DEFINITION_FIELDS)})
        return raw

    def forget(self) -> None:
        """Makes the next use list the workspace's fields again."""
        self._of_workspace = None

    def everything(self) -> dict[str, Raw]:
        """Every field that the token can see, including local ones."""
        seen = {gid: raw for fields in self._of_projects.values() for gid, raw in fields.items()}
        return {**seen, **self._listed()}

    def is_on(self, gid: str, project_gid: str) -> bool:
        """Whether a project has the field."""
        return gid in self._of_projects.get(project_gid, {})

    def count(self, project_gid: str) -> int:
        """The number of a project's fields."""
        return len(self._of_projects.get(project_gid, {}))

    def attached(self, gid: str, project_gid: str) -> None:
        """Registers that a project now has the field."""
        self._of_projects[project_gid][gid] = self.everything()[gid]

    def add(self, raw: Raw) -> None:
        """Registers a field that was just created."""
        self._listed()[raw["gid"]] = raw

    def local_fields(self, project_gid: str) -> dict[str, str]:
        """The names of the fields that belong to a single project, by gid."""
        return {gid: raw["name"] for gid, raw in self._of_projects[project_gid].items() if is_local(raw)}

    def of_workspace(self, gid: str) -> Raw | None:
        """A field of the workspace; None for one that is local to a project or not visible."""
        raw = self.everything().get(gid)
        return None if raw is None or is_local(raw) else raw

    def named(self, name: str) -> str | None:
        """The sync's name for the workspace field with this name, according to its mark."""
        for raw in self.everything().values():
            if not is_local(raw) and raw["name"].strip().casefold() == name.casefold():
                mark = mark_in(raw.get("description"))
                return mark.field if mark is not None else None
        return None

    def title(self, name: str) -> str:
        """What people call the sync's field `name`, according to its mark; `name` itself if no field has it."""
        for raw in self.everything().values():
            mark = None if is_local(raw) else mark_in(raw.get("description"))
            if mark is not None and mark.names(name):
                return str(raw["name"])
        return name

    def _listed(self) -> dict[str, Raw]:
        if self._of_workspace is None:
            try:
                listed = self._read_all(f"/workspaces/{self._workspace}/custom_fields", ",".join(DEFINITION_FIELDS))
            except AsanaError as error:
                # Guests may not list them but can see those of the project.
                if error.refusal not in NOT_SHOWN:
                    raise
                listed = []
            self._of_workspace = {raw["gid"]: raw for raw in listed}
        return self._of_workspace

    def _read_all(self, path: str, fields: str) -> list[dict[str, Any]]:
        try:
            return self._client.list(path, {"opt_fields": fields})
        except AsanaError as error:
            if error.refusal is Refusal.PREMIUM_NEEDED:
                raise config_error(PLAN_EXPLANATION) from error
            raise
