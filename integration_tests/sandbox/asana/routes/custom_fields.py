"""Custom fields of the workspace, their options, and where they are attached."""

from typing import Any

from ..call import Call, Reply, as_bool, as_text, one_of
from ..errors import bad, create_only, forbidden, missing
from ..field_values import MAX_OPTIONS
from ..model import CustomField, CustomFieldSetting, EnumOption, Portfolio, Project, Workspace
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
    """Check and store a new field; a field in the workspace's library needs a name of its own."""
    call.data = data
    call.only(*CREATE_KEYS)
    if in_library and "is_global_to_workspace" in data:
        raise create_only("is_global_to_workspace")
    if data.get("owned_by_app"):
        raise forbidden("owned_by_app: This app is not allowed to own custom fields")
    subtype = one_of(data.get("resource_subtype", data.get("type")), "resource_subtype", TYPES)
    field = CustomField("", "", subtype, workspace, call.user, call.store.now(), is_global_to_workspace=in_library)
    _settings(call, field, {**data, "name": call.required("name")})
    options = data.get("enum_options")
    if subtype in ("enum", "multi_enum"):
        if not isinstance(options, list) or not options:
            raise missing("enum_options")
        if len(options) > MAX_OPTIONS:
            raise bad(f"enum_options: A custom field can have at most {MAX_OPTIONS} options")
        for option in options:
            field.options.append(_option(field, option))
    elif options:
        raise bad("enum_options: Only enum and multi_enum fields have options")
    field.gid = call.store.new_gid()
    call.store.add(field)
    for option in field.options:
        option.gid = call.store.new_gid()
        call.store.add(option)
    call.store.notify("added", field, call.user, workspace)
    return field


def _option(field: CustomField, data: Any) -> EnumOption:
    if not isinstance(data, dict):
        raise bad("enum_options: Each option is an object with a name")
    name = _option_name(field, data.get("name"))
    colour = one_of(data.get("color", "none"), "color", COLOURS)
    return EnumOption("", name, colour, as_bool(data.get("enabled", True), "enabled"), field)


def _option_name(field: CustomField, name: Any, itself: EnumOption | None = None) -> str:
    if name is None or name == "":
        raise missing("name")
    text = as_text(name, "name")
    if any(option.name.lower() == text.lower() for option in field.options if option is not itself):
        raise bad(f"name: Duplicate enum option name: {text}")
    return text


def _settings(call: Call, field: CustomField, data: dict[str, Any]) -> None:
    """Check and set what may be said of a field at creation and later."""
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


def _may_change(call: Call, field: CustomField) -> None:
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
    _may_change(call, field)
    _settings(call, field, call.data)
    call.store.notify("changed", field, call.user)
    return call.record(field)


@route("DELETE", "/custom_fields/{custom_field}")
def delete(call: Call, custom_field: str) -> Reply:
    field = call.in_path(CustomField, custom_field)
    _may_change(call, field)
    field.deleted = True
    holders: list[Project | Portfolio] = [*call.store.all(Project), *call.store.all(Portfolio)]
    for holder in holders:
        holder.settings[:] = [setting for setting in holder.settings if setting.custom_field is not field]
    return call.empty()


@route("GET", "/workspaces/{workspace}/custom_fields", "custom_fields:read")
def in_workspace(call: Call, workspace: str) -> Reply:
    found = call.in_path(Workspace, workspace)
    call.needs_custom_fields()
    visible = [
        field
        for field in call.store.custom_fields(found)
        if field.privacy_setting != "private" or field.created_by is call.user
    ]
    return call.listing(visible)


@route("POST", "/custom_fields/{custom_field}/enum_options", "custom_fields:write")
def add_option(call: Call, custom_field: str) -> Reply:
    field = call.in_path(CustomField, custom_field)
    call.only("name", "color", "insert_before", "insert_after")
    _has_options(field)
    _may_change(call, field)
    if len(field.options) >= MAX_OPTIONS:
        raise bad(f"custom_field: A custom field can have at most {MAX_OPTIONS} options, disabled ones included")
    option = _option(field, {k: v for k, v in call.data.items() if k in ("name", "color")})
    position = _option_position(call, field.options, "insert_before", "insert_after")
    option.gid = call.store.new_gid()
    field.options.insert(position, call.store.add(option))
    call.store.notify("changed", field, call.user)
    return call.created(option)


def _has_options(field: CustomField) -> None:
    if field.resource_subtype not in ("enum", "multi_enum"):
        raise bad(f"custom_field: Custom field {field.gid} has no options, its type is {field.resource_subtype}")


def _option_position(call: Call, options: list[EnumOption], before: str, after: str) -> int:
    if call.data.get(before) and call.data.get(after):
        raise bad(f"You may only provide one of {before} or {after}!")
    for name, step in ((before, 0), (after, 1)):
        if call.data.get(name):
            anchor = call.named(EnumOption, call.data[name], name)
            if anchor not in options:
                raise bad(f"{name}: Enum option {anchor.gid} is not on the custom field")
            return options.index(anchor) + step
    return len(options)


@route("PUT", "/enum_options/{enum_option}", "custom_fields:write")
def update_option(call: Call, enum_option: str) -> Reply:
    option = call.in_path(EnumOption, enum_option)
    call.only("name", "color", "enabled")
    _may_change(call, option.custom_field)
    name, colour, enabled = option.name, option.color, option.enabled
    if "name" in call.data:
        name = _option_name(option.custom_field, call.data["name"], option)
    if "color" in call.data:
        colour = one_of(call.data["color"], "color", COLOURS)
    if "enabled" in call.data:
        enabled = as_bool(call.data["enabled"], "enabled")
        if not enabled and not any(other.enabled for other in option.custom_field.options if other is not option):
            raise bad("enabled: At least one enum option must be enabled")
    option.name, option.color, option.enabled = name, colour, enabled
    call.store.notify("changed", option.custom_field, call.user)
    return call.record(option)


@route("POST", "/custom_fields/{custom_field}/enum_options/insert", "custom_fields:write")
def insert_option(call: Call, custom_field: str) -> Reply:
    field = call.in_path(CustomField, custom_field)
    call.only("enum_option", "before_enum_option", "after_enum_option")
    _may_change(call, field)
    option = call.named(EnumOption, call.required("enum_option"), "enum_option")
    others = [other for other in field.options if other is not option]
    if option not in field.options:
        raise bad(f"enum_option: Enum option {option.gid} is not on the custom field")
    position = _option_position(call, others, "before_enum_option", "after_enum_option")
    field.options[:] = [*others[:position], option, *others[position:]]
    return call.record(option)


def attach(call: Call, holder: Project | Portfolio) -> CustomFieldSetting:
    """`addCustomFieldSetting`: a field of the library by gid, or a new one given inline."""
    call.needs_custom_fields()
    call.only("custom_field", "is_important", "insert_before", "insert_after")
    given = call.required("custom_field")
    important = as_bool(call.data.get("is_important", False), "is_important")
    position = _setting_position(call, holder)
    if isinstance(given, dict):
        in_library = bool(given.get("is_global_to_workspace", False))
        definition = {k: v for k, v in given.items() if k not in ("workspace", "is_global_to_workspace")}
        field = make(call, definition, holder.workspace, in_library)
    else:
        field = call.named(CustomField, given, "custom_field")
    if any(setting.custom_field is field for setting in holder.settings):
        raise bad(f"custom_field: Custom field setting already exists for custom field {field.gid}")
    setting = CustomFieldSetting(call.store.new_gid(), field, holder, important)
    holder.settings.insert(position, call.store.add(setting))
    call.store.notify("added", setting, call.user, holder)
    return setting


def _setting_position(call: Call, holder: Project | Portfolio) -> int:
    if call.data.get("insert_before") and call.data.get("insert_after"):
        raise bad("You may only provide one of insert_before or insert_after!")
    for name, step in (("insert_before", 0), ("insert_after", 1)):
        if call.data.get(name):
            anchor = call.named(CustomFieldSetting, call.data[name], name)
            if anchor not in holder.settings:
                raise bad(f"{name}: Custom field setting {anchor.gid} is not on this object")
            return holder.settings.index(anchor) + step
    return len(holder.settings)


def detach(call: Call, holder: Project | Portfolio) -> None:
    call.only("custom_field")
    field = call.named(CustomField, call.required("custom_field"), "custom_field")
    if all(setting.custom_field is not field for setting in holder.settings):
        raise bad(f"custom_field: Custom field {field.gid} is not on this object")
    holder.settings[:] = [setting for setting in holder.settings if setting.custom_field is not field]


@route("GET", "/projects/{project}/custom_field_settings", "custom_fields:read")
def settings_of_project(call: Call, project: str) -> Reply:
    found = call.in_path(Project, project)
    call.needs_custom_fields()
    return call.listing(found.settings if call.settled(found) else [])


@route("POST", "/projects/{project}/addCustomFieldSetting", "projects:write")
def attach_to_project(call: Call, project: str) -> Reply:
    found = call.in_path(Project, project)
    call.may_edit_project(found)
    return call.record(attach(call, found))


@route("POST", "/projects/{project}/removeCustomFieldSetting", "projects:write")
def detach_from_project(call: Call, project: str) -> Reply:
    found = call.in_path(Project, project)
    call.may_edit_project(found)
    detach(call, found)
    return call.empty()
