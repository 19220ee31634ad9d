"""The JSON of custom fields: definitions, settings and values, each with only the parts of its type."""

from typing import Any

from . import field_values, model
from .opt_fields import KINDS, Kind, plain
from .stamps import rich

_FIELD = {
    **plain(
        "name",
        "resource_subtype",
        "description",
        "is_global_to_workspace",
        "has_notifications_enabled",
        "privacy_setting",
        "default_access_level",
        "is_value_read_only",
        "is_formula_field",
        "created_by",
    ),
    "type": lambda field, caller: field.resource_subtype,
    "representation_type": lambda field, caller: "formula" if field.is_formula_field else field.resource_subtype,
    "enum_options": lambda field, caller: field.options,
    "precision": lambda field, caller: field.precision,
    "format": lambda field, caller: field.format,
    "currency_code": lambda field, caller: field.currency_code,
    "custom_label": lambda field, caller: field.custom_label,
    "custom_label_position": lambda field, caller: field.custom_label_position,
    "id_prefix": lambda field, caller: None,
    "input_restrictions": lambda field, caller: [],
    "asana_created_field": lambda field, caller: None,
}
_ONLY_OF = {
    "enum_options": ("enum", "multi_enum"),
    "precision": ("number",),
    "format": ("number",),
    "currency_code": ("number",),
    "custom_label": ("number",),
    "custom_label_position": ("number",),
}
_VALUE_OF = {
    "text": "text_value",
    "number": "number_value",
    "enum": "enum_value",
    "multi_enum": "multi_enum_values",
    "date": "date_value",
    "people": "people_value",
    "reference": "reference_value",
}


class _FieldKind(Kind):
    """A custom field shows only what its type has: no `precision` on a text field, no `text_value` on a number."""

    def __init__(self, resource_type: str, fields: dict[str, Any], compact: str, full: str, subtype: str) -> None:
        super().__init__(resource_type, fields, compact, full, "resource_type " + compact)
        values = set(_VALUE_OF.values()) - {_VALUE_OF[subtype]}
        absent = {name for name, types in _ONLY_OF.items() if subtype not in types} | values
        for mapping in (self.fields, self.compact, self.full, self.reference):
            for name in absent & set(mapping):
                del mapping[name]


_FIELD_COMPACT = (
    "name type resource_subtype enum_options is_formula_field representation_type id_prefix created_by precision"
)
_FIELD_FULL = " ".join(_FIELD)
_DEFINITIONS = {
    subtype: _FieldKind("custom_field", _FIELD, _FIELD_COMPACT, _FIELD_FULL, subtype) for subtype in _VALUE_OF
}
_SET_FIELD = {
    name: (lambda shown, caller, get=get: get(shown.custom_field, caller)) for name, get in _FIELD.items()
} | {
    "enabled": lambda shown, caller: shown.enabled,
    "display_value": lambda shown, caller: field_values.display(shown.custom_field, shown.value),
    "text_value": lambda shown, caller: shown.value,
    "html_text_value": lambda shown, caller: None if shown.value is None else rich(shown.value, None),
    "number_value": lambda shown, caller: shown.value,
    "enum_value": lambda shown, caller: shown.value,
    "multi_enum_values": lambda shown, caller: shown.value or [],
    "date_value": lambda shown, caller: field_values.shown_date(shown.value),
    "people_value": lambda shown, caller: shown.value or [],
    "reference_value": lambda shown, caller: shown.value or [],
}
_SET_COMPACT = "enabled " + _FIELD_COMPACT + " display_value " + " ".join(_VALUE_OF.values())
_VALUES = {
    subtype: _FieldKind(
        "custom_field",
        {n: g for n, g in _SET_FIELD.items() if n != "html_text_value" or subtype == "text"},
        _SET_COMPACT,
        _SET_COMPACT,
        subtype,
    )
    for subtype in _VALUE_OF
}


class _BySubtype(Kind):
    """Chooses among the kinds of custom fields by the type of the field."""

    def __init__(self, kinds: dict[str, _FieldKind], subtype: Any) -> None:
        super().__init__("custom_field", {}, "")
        self.kinds = kinds
        self.subtype = subtype

    def of(self, thing: Any) -> Kind:
        return self.kinds[self.subtype(thing)]


KINDS[model.CustomField] = _BySubtype(_DEFINITIONS, lambda field: field.resource_subtype)
KINDS[model.FieldValue] = _BySubtype(_VALUES, lambda shown: shown.custom_field.resource_subtype)
KINDS[model.EnumOption] = Kind(
    "enum_option", plain("name", "color", "enabled"), "name color enabled", reference="name color enabled resource_type"
)
KINDS[model.CustomFieldSetting] = Kind(
    "custom_field_setting",
    {
        **plain("is_important", "custom_field", "parent"),
        "project": lambda setting, caller: setting.parent if isinstance(setting.parent, model.Project) else None,
    },
    "is_important custom_field parent project",
)
