"""Where custom fields are attached: to projects and portfolios."""

from ..call import Call, Reply, as_bool
from ..errors import bad
from ..model import CustomField, CustomFieldSetting, Portfolio, Project
from ..routing import route
from .custom_fields import make


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
    most = call.settings.fields_per_project
    if isinstance(holder, Project) and 0 < most <= len(holder.settings):
        raise bad(f"custom_field: A project can have at most {most} custom fields")
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
    visible = [setting for setting in found.settings if call.sees_field(setting.custom_field)]
    return call.listing(visible if call.settled(found) else [])


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
