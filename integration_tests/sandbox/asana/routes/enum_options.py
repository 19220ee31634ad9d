"""Options of enum and multi-enum fields: added, renamed, disabled and moved, never deleted."""

from ..call import Call, Reply, as_bool, one_of
from ..errors import bad
from ..field_values import MAX_OPTIONS
from ..model import CustomField, EnumOption
from ..routing import route
from .custom_fields import COLOURS, may_change, new_option, option_name


@route("POST", "/custom_fields/{custom_field}/enum_options", "custom_fields:write")
def add_option(call: Call, custom_field: str) -> Reply:
    field = call.in_path(CustomField, custom_field)
    call.only("name", "color", "insert_before", "insert_after")
    _has_options(field)
    may_change(call, field)
    if len(field.options) >= MAX_OPTIONS:
        raise bad(f"custom_field: A custom field can have at most {MAX_OPTIONS} options, disabled ones included")
    made = new_option(call, field, {k: v for k, v in call.data.items() if k in ("name", "color")})
    position = _option_position(call, field.options, "insert_before", "insert_after")
    made.gid = call.store.new_gid()
    field.options.insert(position, call.store.add(made))
    call.store.notify("changed", field, call.user)
    return call.created(made)


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
    may_change(call, option.custom_field)
    name, colour, enabled = option.name, option.color, option.enabled
    if "name" in call.data:
        name = option_name(call, option.custom_field, call.data["name"], option)
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
    may_change(call, field)
    option = call.named(EnumOption, call.required("enum_option"), "enum_option")
    others = [other for other in field.options if other is not option]
    if option not in field.options:
        raise bad(f"enum_option: Enum option {option.gid} is not on the custom field")
    position = _option_position(call, others, "before_enum_option", "after_enum_option")
    field.options[:] = [*others[:position], option, *others[position:]]
    return call.record(option)
