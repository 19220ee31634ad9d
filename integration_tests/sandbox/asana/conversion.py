"""Converts a custom field into another type, which people can do but the API cannot."""

from . import field_values
from .model import CustomField, EnumOption, Task
from .store import Store

TYPES = ("text", "number", "enum")


def convert(store: Store, field: CustomField, kind: str) -> None:
    """Converts the field to `text`, `number` or `enum`. Values that do not fit the new type are dropped."""
    if kind not in TYPES:
        raise ValueError(f"convert_to: one of {', '.join(TYPES)}")
    tasks = [task for task in store.all(Task) if task.values and task.values.get(field) is not None]
    shown = {task: field_values.display(field, task.values[field]) for task in tasks if task.values}
    field.resource_subtype, field.options = kind, []
    for task, text in shown.items():
        value = _value(store, field, text or "")
        if task.values is not None:
            task.values[field] = value
    if kind == "enum" and not field.options:
        _value(store, field, "Option 1")


def _value(store: Store, field: CustomField, text: str) -> str | float | EnumOption | None:
    if field.resource_subtype == "text":
        return text
    if field.resource_subtype == "number":
        try:
            return float(text)
        except ValueError:
            return None
    for option in field.options:
        if option.name == text:
            return option
    made = EnumOption(store.new_gid(), text, "none", True, field)
    field.options.append(store.add(made))
    return made
