"""The filters of the lists: predicates of a record and the text of a query parameter."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from integration_tests.sandbox.visma.errors import refusal
from integration_tests.sandbox.visma.store import Record

Filter = Callable[[Record, str], bool]


def value_at(record: Record, path: str) -> Any:
    """The value at a dotted path, or None if any part is missing."""
    value: Any = record
    for name in path.split("."):
        value = value.get(name) if isinstance(value, dict) else None
    return value


def boolean(name: str, text: str) -> bool:
    """A boolean query value. Raises RefusedError for anything but true and false."""
    if text.lower() not in ("true", "false"):
        raise refusal(400, f"The value '{text}' is not valid for {name}.")
    return text.lower() == "true"


def equals(path: str) -> Filter:
    """The field at this path is the value."""
    return lambda record, wanted: value_at(record, path) == wanted


def contains(path: str) -> Filter:
    """The field contains the value, ignoring case."""
    return lambda record, wanted: wanted.lower() in str(value_at(record, path) or "").lower()


def any_line(lines: str, name: str) -> Filter:
    """Any of the record's lines has the value in this field."""
    return lambda record, wanted: any(line.get(name) == wanted for line in record[lines])


def at_least(path: str) -> Filter:
    """The field equals the value or comes after it."""
    return lambda record, wanted: str(value_at(record, path)) >= wanted


def one_of(path: str, values: str) -> Filter:
    """The field is the value, which must be one of these words. Raises RefusedError for any other."""
    allowed = values.split()

    def matches(record: Record, wanted: str) -> bool:
        if wanted not in allowed:
            raise refusal(400, f"The value '{wanted}' is not valid. Accepted values: {', '.join(allowed)}.")
        return bool(value_at(record, path) == wanted)

    return matches


def active(path: str) -> Filter:
    """The boolean field is the value."""
    return lambda record, wanted: bool(value_at(record, path)) is boolean("active", wanted)


def released(record: Record, wanted: str) -> bool:
    """The document is released (1) or not (0)."""
    if wanted not in ("0", "1"):
        raise refusal(400, f"The value '{wanted}' is not valid for released.")
    return (record.get("status") in ("Open", "Closed", "Printed")) is (wanted == "1")


_MODULES = ("GL", "AP", "AR", "CM", "CA", "IN", "DR", "FA", "PM")
_JOURNAL_STATUSES = ("Hold", "Balanced", "Unposted", "Posted", "Voided", "Scheduled", "Unreleased")


def module(record: Record, wanted: str) -> bool:
    """The filter names modules without the prefix of the records: GL for ModuleGL."""
    if wanted not in _MODULES:
        raise refusal(400, f"The value '{wanted}' is not valid for module. Allowed values: {', '.join(_MODULES)}.")
    return bool(record["module"] == f"Module{wanted}")


def journal_status(record: Record, wanted: str) -> bool:
    """The filter accepts Unreleased, which no record has, for batches on hold or balanced."""
    if wanted not in _JOURNAL_STATUSES:
        raise refusal(400, f"The value '{wanted}' is not valid for status.")
    if wanted == "Unreleased":
        return record["status"] in ("Hold", "Balanced")
    return bool(record["status"] == wanted)
