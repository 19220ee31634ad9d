"""Custom fields of the workspace, their options, and where they are attached."""

from typing import Any

from ..call import Call, Reply, as_bool, as_text, one_of
from ..errors import bad, create_only, forbidden, missing
from ..field_values import MAX_OPTIONS
from ..model import CustomField, EnumOption, Portfolio, Project, Workspace
from ..routing import route

TYPES = ("text", "number", "enum", "multi_enum", "date", "people", "reference")
FORMATS = ("currency", "identifier", "percentage", "custom", "duration", "none")
COLOURS = (
    *("none", "red", "orange", "yellow-orange", "yellow", "yellow-green", "green", "blue-green", "aqua", "blue"),
    *("indigo", "purple", "magenta", "hot-pink", "pink", "cool-gray"),
)
RESERVED = {
    name.lower()
    for name in (
        "Assignee",
        "Due Date",
        "Start Date",
        "Name",
        "Task Name",
        "Projects",
        "Tags",
        "Created By",
        "Created On",
    )
}
CREATE_KEYS = (
    *("workspace", "resource_subtype", "type", "name", "description", "enum_options", "precision", "format"),
    *("currency_code", "custom_label", "custom_label_position", "has_notifications_enabled", "privacy_setting"),
    *("default_access_level", "owned_by_app", "people_value", "reference_value", "is_global_to_workspace"),
    *("input_restrictions", "is_formula_field", "id_prefix"),
)


@route("POST", "/custom_fields", "custom_fields:write")
def create(call: Call) -> Reply:
    call.needs_custom_fields()
    field = make(call, call.data, call.named(Workspace, call.required("workspace"), "workspace"), True)
    return call.created(field)


def make(call: Call, data: dict[str, Any], workspace: Workspace, in_library: bool) -> CustomField:
    """Checks and stores a new field. A field in the workspace's library needs a unique name."""
    call.data = data
    call.only(*CREATE_KEYS)
    if in_library and "is_global_to_workspace" in data:
        raise create_only("is_global_to_workspace")
    if data.get("owned_by_app"):
        raise forbidden("owned_by_app: This app is not allowed to own custom fields")
    subtype = one_of(data.get("resource_subtype"), "resource_subtype", TYPES)
    field = CustomField("", "", subtype, workspace, call.user, call.store.now(), is_global_to_workspace=in_library)
    _settings(call, field, {**data, "name": call.required("name")})
    options = data.get("enum_options")
    if subtype in ("enum", "multi_enum"):
        if not isinstance(options, list) or not options:
            raise missing("enum_options")
        if len(options) > MAX_OPTIONS:
            raise bad(f"enum_options: A custom field can have at most {MAX_OPTIONS} options")
        for option in options:
            field.options.append(new_option(call, field, option))
        if not any(option.enabled for option in field.options):
            raise bad("enum_options: At least one enum option must be enabled")
    elif options:
        raise bad("enum_options: Only enum and multi_enum fields have options")
    field.gid = call.store.new_gid()
    call.store.add(field)
    for option in field.options:
        option.gid = call.store.new_gid()
        call.store.add(option)
    call.store.notify("added", field, call.user, workspace)
    return field


def new_option(call: Call, field: CustomField, data: Any) -> EnumOption:
    if not isinstance(data, dict):
        raise bad("enum_options: Each option is an object with a name")
    name = option_name(call, field, data.get("name"))
    colour = one_of(data.get("color", "none"), "color", COLOURS)
    return EnumOption("", name, colour, as_bool(data.get("enabled", True), "enabled"), field)


def option_name(call: Call, field: CustomField, name: Any, itself: EnumOption | None = None) -> str:
    if name is None or name == "":
        raise missing("name")
    text = call.name(name)
    if any(option.name.lower() == text.lower() for option in field.options if option is not itself):
        raise bad(f"name: Duplicate enum option name: {text}")
    return text


def _settings(call: Call, field: CustomField, data: dict[str, Any]) -> None:
    """Checks and sets the properties of a field that may be given at creation and later."""
    changes: dict[str, Any] = {}
    if "name" in data:
        changes["name"] = _name(call, field, data["name"])
    if "description" in data:
        changes["description"] = as_text(data["description"], "description")
    if field.resource_subtype == "number":
        changes.update(_number_settings(field, data))
    for name, allowed in (
        ("privacy_setting", ("public_with_guests", "public", "private")),
        ("default_access_level", ("admin", "editor", "user")),
    ):
        if name in data:
            changes[name] = one_of(data[name], name, allowed)
    if "has_notifications_enabled" in data:
        changes["has_notifications_enabled"] = as_bool(data["has_notifications_enabled"], "has_notifications_enabled")
    for name, value in changes.items():
        setattr(field, name, value)


def _name(call: Call, field: CustomField, raw: Any) -> str:
    name = as_text(raw, "name")
    if not name.strip():
        raise missing("name")
    if name.strip().lower() in RESERVED:
        raise bad(f"name: A custom field cannot have the name of a built-in field: {name}")
    if field.is_global_to_workspace:
        for other in call.store.custom_fields(field.workspace):
            if other is not field and other.name.strip().lower() == name.strip().lower():
                raise bad(f"name: A custom field with this name already exists in the workspace: {name}")
    return name


def _number_settings(field: CustomField, data: dict[str, Any]) -> dict[str, Any]:
    changes: dict[str, Any] = {}
    if data.get("format") is not None:
        changes["format"] = one_of(data["format"], "format", FORMATS)
    shape = changes.get("format", field.format)
    if data.get("precision") is not None:
        precision = data["precision"]
        if isinstance(precision, bool) or not isinstance(precision, int) or not 0 <= precision <= 6:
            raise bad(f"precision: Must be an integer from 0 to 6: {precision}")
        if shape == "identifier" and precision != 0:
            raise bad("precision: Must be 0 for identifiers")
        changes["precision"] = precision
    code = data.get("currency_code", field.currency_code)
    if shape == "currency":
        if not isinstance(code, str) or len(code) != 3 or not code.isalpha() or not code.isupper():
            raise bad(f"currency_code: Must be an ISO 4217 code when the format is currency: {code}")
        changes["currency_code"] = code
    elif data.get("currency_code") is not None:
        raise bad("currency_code: Can only be set when the format is currency")
    for name in ("custom_label", "custom_label_position"):
        if data.get(name) is not None:
            if shape != "custom":
                raise bad(f"{name}: Can only be set when the format is custom")
            changes[name] = as_text(data[name], name)
    if changes.get("custom_label_position", "prefix") not in ("prefix", "suffix"):
        raise bad("custom_label_position: Must be prefix or suffix")
    return changes


@route("GET", "/custom_fields/{custom_field}", "custom_fields:read")
def get(call: Call, custom_field: str) -> Reply:
    return call.record(call.in_path(CustomField, custom_field))


def may_change(call: Call, field: CustomField) -> None:
    call.needs_custom_fields()
    if field.locked_by not in (None, call.user):
        raise forbidden(f"custom_field: The custom field {field.gid} is locked by {field.locked_by.name}")
    if field.default_access_level == "user" and field.created_by is not call.user:
        raise forbidden(f"custom_field: You do not have permission to edit the custom field {field.gid}")


@route("PUT", "/custom_fields/{custom_field}", "custom_fields:write")
def update(call: Call, custom_field: str) -> Reply:
    field = call.in_path(CustomField, custom_field)
    for name in ("workspace", "type", "resource_subtype", "enum_options", "is_global_to_workspace"):
        if name in call.data:
            raise create_only(name)
    call.only(*CREATE_KEYS)
    may_change(call, field)
    _settings(call, field, call.data)
    call.store.notify("changed", field, call.user)
    return call.record(field)


@route("DELETE", "/custom_fields/{custom_field}")
def delete(call: Call, custom_field: str) -> Reply:
    field = call.in_path(CustomField, custom_field)
    may_change(call, field)
    field.deleted = True
    holders: list[Project | Portfolio] = [*call.store.all(Project), *call.store.all(Portfolio)]
    for holder in holders:
        holder.settings[:] = [setting for setting in holder.settings if setting.custom_field is not field]
    return call.empty()


@route("GET", "/workspaces/{workspace}/custom_fields", "custom_fields:read")
def in_workspace(call: Call, workspace: str) -> Reply:
    found = call.in_path(Workspace, workspace)
    call.needs_custom_fields()
    return call.listing([field for field in call.store.custom_fields(found) if call.sees_field(field)])
