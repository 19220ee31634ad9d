"""The workspace's custom fields: find or create, attach to a project, options, values in and out."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from destination_asana.client import Client
from destination_asana.date_form import DateForm
from destination_asana.document_fields import DEFINITIONS, MAX_OPTIONS, VISMA_ID, FieldDefinition
from destination_asana.errors import PLAN_EXPLANATION, AsanaError, config_error
from destination_asana.line_items import Option

_DEFINITION_FIELDS = (
    "name",
    "resource_subtype",
    "type",
    "enum_options",
    "enum_options.name",
    "enum_options.enabled",
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
    options: dict[str, OptionState] = field(default_factory=dict)
    lock: threading.RLock = field(default_factory=threading.RLock)

    def by_name(self, name: str) -> OptionState | None:
        wanted = name.casefold()
        return next((option for option in self.options.values() if option.name.casefold() == wanted), None)

    def by_code(self, code: str) -> OptionState | None:
        """The option of a code: named `{code}` or `{code} {description}`."""
        wanted = code.casefold()
        for option in self.options.values():
            name = option.name.casefold()
            if name == wanted or name.startswith(wanted + " "):
                return option
        return None

    @property
    def full(self) -> bool:
        """True at Asana's limit, which counts disabled options too."""
        return len(self.options) >= MAX_OPTIONS


class CustomFields:
    """The fields of the documents in one workspace. Thread-safe.

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
        self.left_out: dict[str, set[str]] = {}
        self._codes: dict[tuple[str, str], str] = {}
        self.dates = DateForm()

    # --- definitions -----------------------------------------------------------------------------------------------

    def prepare(self, project_gid: str) -> None:
        """Makes every field of a document usable in a project. Fields with options wait for their first option."""
        with self._lock:
            if project_gid in self._prepared:
                return
            self.look(project_gid)
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
            definition = DEFINITIONS.get(name)
            if definition is not None and known.type != definition.type:
                raise config_error(
                    f"The workspace has a custom field “{name}” of type {known.type}, but this connector needs it to be "
                    f"{definition.type}. Rename or remove that field in Asana, then run the sync again. Nothing was written."
                )
            self._fields[name] = known
            self._by_gid[known.gid] = known
            if known.gid not in self._attached[project_gid] and not self._read_only:
                self._attach(known, project_gid)
            return known

    def get(self, name: str) -> CustomField | None:
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
        names = ",".join(f"custom_field.{name}" for name in _DEFINITION_FIELDS)
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
            raw = self._read_all(f"/workspaces/{self._workspace}/custom_fields", ",".join(_DEFINITION_FIELDS))
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
        known.options = _options_of(raw)
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
            created = self._client.create("/custom_fields", data, find, {"opt_fields": ",".join(_DEFINITION_FIELDS)})
        except AsanaError as error:
            # The name may be taken by now: by an earlier try of ours, or by another sync.
            found = find() if error.status == 400 else None
            if found is None:
                raise self._explain(error, f"Creating the custom field “{name}”") from error
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
                raise self._explain(
                    error, f"Adding the custom field “{known.name}” to project {project_gid}"
                ) from error
        self._attached[project_gid].add(known.gid)

    def _explain(self, error: AsanaError, doing: str) -> Exception:
        return config_error(PLAN_EXPLANATION) if error.status == 402 else error.as_traced(doing)

    # --- options ---------------------------------------------------------------------------------------------------

    def option(self, name: str, option_name: str, project_gid: str) -> str | None:
        """The gid of an option by its name, added where it is missing; None when there is no room for it."""
        known = self.ensure(name, project_gid, option_name)
        if known is None:
            return None
        with known.lock:
            # Since it was settled, another record may have made or renamed the option of the same code.
            code = self._codes.get((name, option_name))
            found = known.by_name(option_name) or (known.by_code(code) if code else None)
            if found is not None:
                return found.gid
            if known.full:
                self.leave_out(name, [option_name])
                return None
            return self.add_option(known, option_name).gid

    def add_option(self, known: CustomField, option_name: str) -> OptionState:
        """Adds an option; the caller holds the field's lock and knows that there is room."""

        def find() -> dict[str, Any] | None:
            self.reload_options(known)
            found = known.by_name(option_name)
            return {"gid": found.gid, "name": found.name} if found else None

        try:
            created = self._client.create(f"/custom_fields/{known.gid}/enum_options", {"name": option_name}, find)
        except AsanaError as error:
            found = find() if error.status == 400 else None
            if found is None:
                raise self._explain(error, f"Adding the option “{option_name}” to the field “{known.name}”") from error
            created = found
        state = known.options.get(created["gid"]) or OptionState(created["gid"], created["name"])
        known.options[state.gid] = state
        return state

    def change_option(self, known: CustomField, option: OptionState, **changes: Any) -> None:
        """Renames, enables or disables an option."""
        try:
            self._client.put(f"/enum_options/{option.gid}", changes)
        except AsanaError as error:
            raise self._explain(error, f"Changing the option “{option.name}” of the field “{known.name}”") from error
        option.name = changes.get("name", option.name)
        option.enabled = changes.get("enabled", option.enabled)

    def reload_options(self, known: CustomField) -> None:
        raw = self._client.get(f"/custom_fields/{known.gid}", {"opt_fields": ",".join(_DEFINITION_FIELDS)})
        known.options = _options_of(raw)

    def leave_out(self, name: str, option_names: Iterable[str]) -> None:
        """Remembers options that found no room, for one warning at the end."""
        with self._lock:
            self.left_out.setdefault(name, set()).update(option_names)

    # --- values ----------------------------------------------------------------------------------------------------

    def settle(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """A document's values as they can be written: options by the names they have (or will get) in Asana.

        Options that are disabled or find no room are left out; so the same document settles to the same values again.
        """
        settled: dict[str, Any] = {}
        for name, value in values.items():
            if isinstance(value, tuple):
                names = (self._settle_option(name, option) for option in value)
                settled[name] = tuple(sorted(option for option in names if option is not None))
            elif DEFINITIONS[name].type == "enum" and value is not None:
                settled[name] = self._settle_status(name, value)
            else:
                settled[name] = value
        return settled

    def _settle_option(self, name: str, option: Option) -> str | None:
        self._codes[name, option.name] = option.code
        known = self._fields.get(name)
        if known is None:
            return option.name
        with known.lock:
            found = known.by_code(option.code)
            if found is not None:
                return found.name if found.enabled else None
            if known.full:
                self.leave_out(name, [option.name])
                return None
            return option.name

    def _settle_status(self, name: str, value: str) -> str | None:
        known = self._fields.get(name)
        if known is None:
            return value
        with known.lock:
            found = known.by_name(value)
            if found is not None:
                return found.name
            if known.full:
                self.leave_out(name, [value])
                return None
            return value

    def read(self, raw: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
        """The document fields of a task's `custom_fields`, by field name, options by gid; empty ones are left out."""
        values: dict[str, Any] = {}
        for item in raw:
            known = self._by_gid.get(item["gid"])
            if known is None or known.name not in DEFINITIONS or self._fields.get(known.name, known).gid != known.gid:
                continue
            value = _value_in(known.type, item)
            if value not in (None, "", []):
                values[known.name] = value
        return values

    def read_written(self, data: Mapping[str, Any]) -> dict[str, Any]:
        """What `read` would give for values just written with `to_api`; None for those that were emptied."""
        return {
            self._by_gid[gid].name: value["date"] if isinstance(value, dict) else value for gid, value in data.items()
        }

    def shown(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """Values of `read` with the names options have now; disabled options of a multi-select are not counted."""
        result: dict[str, Any] = {}
        for name, value in values.items():
            known = self._fields.get(name)
            if known is None or value is None:
                continue
            if known.type == "enum":
                option = known.options.get(value)
                result[name] = option.name if option else None
            elif known.type == "multi_enum":
                options = (known.options.get(gid) for gid in value)
                result[name] = tuple(sorted(option.name for option in options if option and option.enabled))
            else:
                result[name] = value
        return result

    def to_api(self, values: Mapping[str, Any], project_gid: str) -> dict[str, Any]:
        """Settled values as Asana takes them, by field gid; missing options are added first."""
        data: dict[str, Any] = {}
        for name, value in values.items():
            if value in (None, ()) and name not in self._fields:
                continue
            if isinstance(value, tuple):
                gids = [gid for option in value if (gid := self.option(name, option, project_gid)) is not None]
                # One that was disabled since the values were settled is left out, as it is the next time.
                options = self._fields[name].options
                data[self._fields[name].gid] = [g for g in gids if g not in options or options[g].enabled] or None
            elif DEFINITIONS[name].type == "enum" and value is not None:
                gid = self.option(name, value, project_gid)
                self._enable(self._fields[name], gid)
                data[self._fields[name].gid] = gid
            elif DEFINITIONS[name].type == "date" and value is not None:
                data[self._fields[name].gid] = self.dates.of(value)
            else:
                data[self._fields[name].gid] = value
        return data

    def _enable(self, known: CustomField, gid: str | None) -> None:
        option = known.options.get(gid or "")
        if option is not None and not option.enabled:
            with known.lock:
                self.change_option(known, option, enabled=True)


def _options_of(raw: Mapping[str, Any]) -> dict[str, OptionState]:
    return {
        option["gid"]: OptionState(option["gid"], option["name"], option.get("enabled", True))
        for option in raw.get("enum_options") or []
    }


def _value_in(kind: str, item: Mapping[str, Any]) -> Any:
    if kind == "text":
        return item.get("text_value")
    if kind == "number":
        return item.get("number_value")
    if kind == "enum":
        return (item.get("enum_value") or {}).get("gid")
    if kind == "multi_enum":
        return [option["gid"] for option in item.get("multi_enum_values") or []]
    if kind == "date":
        return (item.get("date_value") or {}).get("date")
    return None


def _refuse_read_only(raw: Mapping[str, Any]) -> None:
    if raw.get("is_formula_field") or raw.get("is_value_read_only"):
        raise config_error(
            f"The custom field “{raw['name']}” of the project cannot be written (it is a formula or read-only for the token's "
            "user). Rename or remove that field in Asana, or give the user the right to edit it. Nothing was written."
        )
