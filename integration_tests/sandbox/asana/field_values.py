"""The values of custom fields: which fields a task or project has, and how a value is written and shown.

Rules: Asana OpenAPI document, tag "Custom fields"; object form of dates: Asana's own MCP tools.
"""

import math
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Protocol

from .errors import ApiError, bad, forbidden
from .model import CustomField, EnumOption, FieldValue, Project, Task, User
from .stamps import iso, parse_date, parse_moment
from .texts import length

MAX_TEXT = 1024
MAX_OPTIONS = 500
MAX_NUMBER = 1e15
"""Up to this number, a double keeps every digit before the point. How the service treats larger numbers is not known."""


class Lookup(Protocol):
    """Finds the objects that a value names. Both methods raise the 400 that Asana answers for an unknown one."""

    def member(self, reference: Any, field: str) -> User: ...

    def anything(self, gid: Any, field: str) -> Any: ...


class Reading(Protocol):
    """How strictly values are read, as in the settings of the same names."""

    date_values: str
    empty_lists: str
    long_texts: str
    large_numbers: str


def fields_of(task: Task, subtask_fields: str) -> list[CustomField]:
    """The fields that may be set on a task: those of its projects and, with `first_level`, of its parent's."""
    found: dict[CustomField, None] = {}
    sources = list(task.memberships)
    if subtask_fields == "first_level" and task.parent is not None and task.parent.parent is None:
        sources += list(task.parent.memberships)
    for project in sources:
        for setting in project.settings:
            found[setting.custom_field] = None
    return list(found)


def of_task(task: Task, subtask_fields: str) -> list[FieldValue]:
    """All field values a task shows: its projects' fields, then values kept from projects it left (not enabled)."""
    values = task.values or {}
    fields = fields_of(task, subtask_fields)
    shown = [FieldValue(field, values.get(field)) for field in fields if not field.deleted]
    if len(values) > 0:
        present = set(fields)
        shown += [FieldValue(f, v, False) for f, v in values.items() if f not in present and not f.deleted]
    return shown


def of_project(project: Project) -> list[FieldValue]:
    """A project has only the fields of the portfolios it is in."""
    fields = {setting.custom_field: None for portfolio in project.portfolios for setting in portfolio.settings}
    return [FieldValue(field, project.values.get(field)) for field in fields]


def coerce(field: CustomField, raw: Any, current: Any, lookup: Lookup, reading: Reading) -> Any:
    """The stored form of a value as a request gives it; raises ApiError 400 or 403 as Asana would."""
    if field.is_value_read_only or field.is_formula_field:
        raise forbidden(f"custom_fields: You cannot set the value of the read-only custom field {field.gid}")
    if raw is None:
        return None
    if (
        raw == []
        and reading.empty_lists == "refuse"
        and field.resource_subtype in ("multi_enum", "people", "reference")
    ):
        raise _refused(field, "Value is an empty array, null clears the field")
    return _COERCE[field.resource_subtype](field, raw, current, lookup, reading)


def _refused(field: CustomField, why: str) -> ApiError:
    return bad(f"custom_fields: Custom field with ID {field.gid}: {why}")


def _text(field: CustomField, raw: Any, current: Any, lookup: Lookup, reading: Reading) -> str | None:
    if not isinstance(raw, str):
        raise _refused(field, f"Value is not a string: {raw}")
    if length(raw) > MAX_TEXT and reading.long_texts == "cut":
        return raw[:MAX_TEXT]
    if length(raw) > MAX_TEXT:
        raise _refused(field, f"Text is longer than {MAX_TEXT} characters")
    return raw or None


def _number(field: CustomField, raw: Any, current: Any, lookup: Lookup, reading: Reading) -> float | int:
    if isinstance(raw, bool) or not isinstance(raw, (int, float)) or not math.isfinite(raw):
        raise _refused(field, f"Value is not a number: {raw}")
    # A JSON number is an IEEE double to the service, whatever digits were sent.
    if abs(raw) >= MAX_NUMBER and reading.large_numbers == "refuse":
        raise _refused(field, f"Value is too large: {raw}")
    rounded = Decimal(repr(float(raw))).quantize(Decimal(1).scaleb(-field.precision), ROUND_HALF_UP)
    return int(rounded) if rounded == rounded.to_integral_value() else float(rounded)


def _option(field: CustomField, raw: Any, kept: Any) -> EnumOption:
    for option in field.options:
        if option.gid == raw and isinstance(raw, str):
            if not option.enabled and option not in kept:
                raise _refused(field, f"Enum option {raw} is disabled")
            return option
    raise _refused(field, f"Not a recognized ID: {raw}")


def _enum(field: CustomField, raw: Any, current: Any, *_: Any) -> EnumOption:
    return _option(field, raw, (current,))


def _multi_enum(field: CustomField, raw: Any, current: Any, *_: Any) -> list[EnumOption] | None:
    if not isinstance(raw, list):
        raise _refused(field, f"Value is not an array: {raw}")
    chosen = dict.fromkeys(_option(field, gid, current or ()) for gid in raw)
    return list(chosen) or None


def _date(field: CustomField, raw: Any, current: Any, lookup: Lookup, reading: Reading) -> tuple[str, float | None]:
    if isinstance(raw, str):
        day = parse_date(raw)
        if reading.date_values == "object" or day is None:
            raise _refused(field, f"Value is not a date object: {raw}")
        return day, None
    if not isinstance(raw, dict) or reading.date_values == "string" or set(raw) - {"date", "date_time"}:
        raise _refused(field, f"Value is not a valid date: {raw}")
    if raw.get("date_time") is not None:
        moment = parse_moment(raw["date_time"])
        if moment is None or "T" not in raw["date_time"]:
            raise _refused(field, f"Value is not a valid date_time: {raw['date_time']}")
        return str(iso(moment))[:10], moment
    day = parse_date(raw.get("date"))
    if day is None:
        raise _refused(field, f"Value is not a valid date: {raw.get('date')}")
    return day, None


def _people(field: CustomField, raw: Any, current: Any, lookup: Lookup, *_: Any) -> list[User] | None:
    if not isinstance(raw, list):
        raise _refused(field, f"Value is not an array: {raw}")
    return list(dict.fromkeys(lookup.member(person, "custom_fields") for person in raw)) or None


def _reference(field: CustomField, raw: Any, current: Any, lookup: Lookup, *_: Any) -> list[Any] | None:
    if not isinstance(raw, list):
        raise _refused(field, f"Value is not an array: {raw}")
    return list(dict.fromkeys(lookup.anything(gid, "custom_fields") for gid in raw)) or None


_COERCE: dict[str, Any] = {
    "text": _text,
    "number": _number,
    "enum": _enum,
    "multi_enum": _multi_enum,
    "date": _date,
    "people": _people,
    "reference": _reference,
}


def shown_date(value: tuple[str, float | None] | None) -> dict[str, str | None] | None:
    return None if value is None else {"date": value[0], "date_time": iso(value[1])}


def display(field: CustomField, value: Any) -> str | None:
    """The value as people see it; never meant for parsing."""
    if value is None:
        return None
    if field.resource_subtype == "number":
        return _display_number(field, value)
    if field.resource_subtype == "date":
        return iso(value[1]) if value[1] else f"{value[0]}T00:00:00.000Z"
    if isinstance(value, list):
        return ", ".join(item.name for item in value)
    return value if isinstance(value, str) else str(value.name)


def _display_number(field: CustomField, value: float) -> str:
    if field.format == "percentage":
        return f"{value * 100:.{max(field.precision - 2, 0)}f}%"
    number = f"{value:.{field.precision}f}"
    if field.format == "currency":
        return f"{field.currency_code} {number}"
    if field.custom_label:
        pair = (field.custom_label, number) if field.custom_label_position == "prefix" else (number, field.custom_label)
        return " ".join(pair)
    return number
