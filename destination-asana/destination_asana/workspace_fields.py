"""The workspace's custom fields: found by name or created, and attached to a project."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from destination_asana.client import Client
from destination_asana.document_fields import DEFINITIONS, MAX_OPTIONS, VISMA_ID, FieldDefinition
from destination_asana.errors import PLAN_EXPLANATION, AsanaError, config_error

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
)
_OPTION_TYPES = ("enum", "multi_enum")
# Asana does not tell upper from lower case where it refuses a name that is taken.
_NAMES = {name.casefold(): name for name in DEFINITIONS}


@dataclass(slots=True)
class OptionState:
    """An option of an enum field as Asana holds it."""

    gid: str
    name: str
    enabled: bool = True


@dataclass
class CustomField:
    """A custom field as Asana holds it. `lock` is held while its options are changed."""

    gid: str
    name: str
    type: str
    precision: int | None = None
    options: dict[str, OptionState] = field(default_factory=dict)
    lock: threading.RLock = field(default_factory=threading.RLock)

    def by_name(self, name: str) -> OptionState | None:
        """The option of this name, in any case."""
        wanted = name.casefold()
        return next((option for option in self.options.values() if option.name.casefold() == wanted), None)

    def by_code(self, code: str, codes: Iterable[str] = ()) -> OptionState | None:
        """The option of a code: named `{code}` or `{code} {description}`. Of other `codes` (without case) that begin
        with this one and a space, the options are theirs."""
        wanted = code.casefold()
        longer = [each for each in codes if each.startswith(wanted + " ")]
        for option in self.options.values():
            name = option.name.casefold()
            if _names(name, wanted) and not any(_names(name, each) for each in longer):
                return option
        return None

    @property
    def full(self) -> bool:
        """True at Asana's limit, which counts disabled options too."""
        return len(self.options) >= MAX_OPTIONS


def _names(name: str, code: str) -> bool:
    return name == code or name.startswith(code + " ")


class WorkspaceFields:
    """The definitions of the fields documents have. Thread-safe.

    With `read_only` nothing is created: fields and options that are missing stay missing (for dry runs).
    Raises config_error when a field cannot be used (plan, permission, another type).
    """

    def __init__(self, client: Client, workspace_gid: str, *, read_only: bool = False) -> None:
        self._client = client
        self._workspace = workspace_gid
        self._read_only = read_only
        self._lock = threading.RLock()
        self._fields: dict[str, CustomField] = {}
        self._by_gid: dict[str, CustomField] = {}
        self._attached: dict[str, set[str]] = {}
        self._prepared: set[str] = set()
        self._workspace_fields: dict[str, CustomField] | None = None

    def prepare(self, project_gid: str) -> None:
        """Makes every field of a document usable in a project. Fields with options wait for their first option."""
        with self._lock:
            if project_gid in self._prepared:
                return
            self.look(project_gid)
            # All of them before the first is made: what stops the sync has to stop it before it has written anything.
            for name in DEFINITIONS:
                _refuse_other_type(self._fields.get(name) or self._in_workspace(name))
            for definition in DEFINITIONS.values():
                if definition.type in _OPTION_TYPES and not self.exists(definition.name):
                    continue
                self.ensure(definition.name, project_gid)
            self._prepared.add(project_gid)

    def look(self, project_gid: str) -> None:
        """Reads the fields a project has, and makes none."""
        with self._lock:
            if project_gid not in self._attached:
                self._read_settings(project_gid)

    def ensure(self, name: str, project_gid: str, first_option: str | None = None) -> CustomField | None:
        """The field `name`, created and attached to the project where that is needed.

        A field with options is created with `first_option`, since Asana wants at least one. None in read-only mode
        when the field does not exist.
        """
        with self._lock:
            self.look(project_gid)
            known = self._fields.get(name) or self._in_workspace(name)
            if known is None:
                if self._read_only:
                    return None
                known = self._create(name, first_option)
            _refuse_other_type(known)
            if first_option is not None and known.type not in _OPTION_TYPES:
                raise config_error(
                    f"The custom field “{name}” is of type {known.type}, which has no options. Name a single- or multi-select "
                    "field, or one that does not exist yet, as custom_field of the stream."
                )
            self._fields[name] = known
            self._by_gid[known.gid] = known
            if known.gid not in self._attached[project_gid] and not self._read_only:
                self._attach(known, project_gid)
            return known

    def get(self, name: str) -> CustomField | None:
        """The field of this name, where the sync has found or made it."""
        return self._fields.get(name)

    @property
    def visma_id_gid(self) -> str | None:
        """The gid of the field that identifies documents; None where it does not exist yet."""
        known = self._fields.get(VISMA_ID)
        return known.gid if known else None

    def refresh(self, project_gid: str) -> None:
        """Reads the definitions again and prepares the project anew (people may change them at any time)."""
        with self._lock:
            self._attached.pop(project_gid, None)
            self._prepared.discard(project_gid)
            self._workspace_fields = None
            self.look(project_gid)
            # What has stayed stays in its place all the time: other workers use it meanwhile.
            for name, known in list(self._fields.items()):
                if known.gid not in self._attached[project_gid]:
                    now = self._in_workspace(name)
                    if now is None:
                        del self._fields[name]
                    else:
                        self._fields[name] = now
            self.prepare(project_gid)

    def exists(self, name: str) -> bool:
        """True when the workspace has the field already."""
        return name in self._fields or self._in_workspace(name) is not None

    def _read_settings(self, project_gid: str) -> None:
        names = ",".join(f"custom_field.{name}" for name in DEFINITION_FIELDS)
        attached = set()
        settings = self._read_all(f"/projects/{project_gid}/custom_field_settings", names)
        for setting in sorted(settings, key=lambda each: each["custom_field"]["name"] not in DEFINITIONS):
            known = self._adopt(setting["custom_field"])
            attached.add(known.gid)
            if known.name in DEFINITIONS:
                self._fields.setdefault(known.name, known)
                _refuse_read_only(setting["custom_field"])
        self._attached[project_gid] = attached

    def _in_workspace(self, name: str) -> CustomField | None:
        if self._workspace_fields is None:
            raw = self._read_all(f"/workspaces/{self._workspace}/custom_fields", ",".join(DEFINITION_FIELDS))
            raw.sort(key=lambda each: each["name"] in DEFINITIONS)
            self._workspace_fields = {known.name.casefold(): known for known in map(self._adopt, raw)}
        return self._workspace_fields.get(name.casefold())

    def _read_all(self, path: str, fields: str) -> list[dict[str, Any]]:
        try:
            return self._client.list(path, {"opt_fields": fields})
        except AsanaError as error:
            if error.status == 402:
                raise config_error(PLAN_EXPLANATION) from error
            raise

    def _adopt(self, raw: Mapping[str, Any]) -> CustomField:
        known = self._by_gid.get(raw["gid"])
        if known is None:
            name = _NAMES.get(raw["name"].strip().casefold(), raw["name"])
            known = CustomField(raw["gid"], name, raw.get("resource_subtype") or raw.get("type") or "")
            self._by_gid[known.gid] = known
        known.precision = raw.get("precision")
        known.options = options_of(raw)
        return known

    def _create(self, name: str, first_option: str | None) -> CustomField:
        definition = DEFINITIONS.get(name) or FieldDefinition(name, "multi_enum", "Kept by the sync from Visma.net.")
        data: dict[str, Any] = {
            "workspace": self._workspace,
            "name": name,
            "resource_subtype": definition.type,
            "description": definition.description,
            # Followers would get a message for every change of a value.
            "has_notifications_enabled": False,
        }
        if definition.type == "number":
            data["precision"] = definition.precision
        if definition.type in _OPTION_TYPES:
            data["enum_options"] = [{"name": first_option}]

        def find() -> dict[str, Any] | None:
            self._workspace_fields = None
            known = self._in_workspace(name)
            return {"gid": known.gid} if known else None

        try:
            created = self._client.create("/custom_fields", data, find, {"opt_fields": ",".join(DEFINITION_FIELDS)})
        except AsanaError as error:
            # The name may be taken by now: by an earlier try of ours, or by another sync.
            found = find() if error.status == 400 else None
            if found is None:
                raise explained(error, f"Creating the custom field “{name}”") from error
            created = found
        if "name" not in created:
            return self._by_gid[created["gid"]]
        known = self._adopt(created)
        if self._workspace_fields is not None:
            self._workspace_fields[name.casefold()] = known
        return known

    def _attach(self, known: CustomField, project_gid: str) -> None:
        definition = DEFINITIONS.get(known.name)
        data = {"custom_field": known.gid, "is_important": bool(definition and definition.important)}
        try:
            self._client.act(f"/projects/{project_gid}/addCustomFieldSetting", data)
        except AsanaError as error:
            # The first of two tries may have worked although its answer was lost.
            if not (error.status == 400 and "already" in error.said.lower()):
                raise explained(error, f"Adding the custom field “{known.name}” to project {project_gid}") from error
        self._attached[project_gid].add(known.gid)


def explained(error: AsanaError, doing: str) -> Exception:
    """A refusal about fields as the error people read: a plan without custom fields is explained as such."""
    return config_error(PLAN_EXPLANATION) if error.status == 402 else error.as_traced(doing)


def options_of(raw: Mapping[str, Any]) -> dict[str, OptionState]:
    """The options of a field as Asana describes it, by gid."""
    return {
        option["gid"]: OptionState(option["gid"], option["name"], option.get("enabled", True))
        for option in raw.get("enum_options") or []
    }


def _refuse_other_type(known: CustomField | None) -> None:
    definition = DEFINITIONS.get(known.name) if known is not None else None
    if known is not None and definition is not None and known.type != definition.type:
        raise config_error(
            f"The workspace has a custom field “{known.name}” of type {known.type}, but this connector needs it to be "
            f"{definition.type}. Rename or remove that field in Asana, then run the sync again. Nothing was written."
        )


def _refuse_read_only(raw: Mapping[str, Any]) -> None:
    if raw.get("is_formula_field") or raw.get("is_value_read_only"):
        raise config_error(
            f"The custom field “{raw['name']}” of the project cannot be written (it is a formula or read-only for the token's "
            "user). Rename or remove that field in Asana, or give the user the right to edit it. Nothing was written."
        )
