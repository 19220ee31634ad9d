"""The value of a custom field, in the forms that it has between a record and Asana. Pure.

A number is an amount with two decimals, a date is `YYYY-MM-DD`, a choice is the option's name; None means empty.
"""

from __future__ import annotations

from collections.abc import Mapping

from destination_asana.documents.line_items import Option

# From a record: several choices are options with code and description, whose names Asana may not have yet.
DocumentValue = str | float | tuple[Option, ...] | None

# For planning, comparison and messages: several choices are the names of options, sorted.
FieldValue = str | float | tuple[str, ...] | None
FieldValues = Mapping[str, FieldValue]


# From a task: a choice is its option's gid, several choices are a list of gids. Names change, gids do not.
StoredValue = str | float | list[str] | None


def text_value(values: Mapping[str, object], name: str) -> str | None:
    """A text, a date or a choice among the values, or None."""
    value = values.get(name)
    return value if isinstance(value, str) else None


def number_value(values: Mapping[str, object], name: str) -> float | None:
    """A number among the values, or None."""
    value = values.get(name)
    return value if isinstance(value, (int, float)) else None
