"""Forms of values that are replaced by plainer ones: scalars wrapped as ``{"value": x}``, and negative zero."""

import re
from collections.abc import Mapping
from typing import Any

# A search in the bytes finds them first. It costs a seventh of the parsing, a walk through all values more than all of it.
VALUE = b'"value"'
WRAPPED = re.compile(rb'\{\s*"value"\s*:')
BELOW_ZERO = b"-0."  # more than a zero; the parser reads -0 as 0


def has_forms(body: bytes) -> bool:
    """Whether a body may have any of them. One without them needs no walk through all of its values."""
    return BELOW_ZERO in body or (VALUE in body and bool(WRAPPED.search(body)))


def plain(value: Any, schema: Mapping[str, Any]) -> Any:
    """The value in its plain form, at every depth. Changes lists and objects in place.

    Only an object with the one key ``value``, where the schema wants a scalar, is a wrapped one: attributes have a field
    of that name. A number in it becomes a text where the schema wants one, since keys are wrapped so, too.
    """
    if type(value) is float:
        return value or 0.0
    if type(value) is list:
        items = schema.get("items") or {}
        for index, item in enumerate(value):
            if type(item) in (dict, list, float):
                value[index] = plain(item, items)
    elif type(value) is dict:
        if len(value) == 1 and "value" in value and is_scalar(schema):
            return unwrapped(value, schema)
        fields = schema.get("properties") or {}
        for name, item in value.items():
            if type(item) in (dict, list, float):
                value[name] = plain(item, fields.get(name) or {})
    return value


def is_scalar(schema: Mapping[str, Any]) -> bool:
    """Whether the schema wants a scalar here. A schema without a type does not tell."""
    wanted = schema.get("type") or ()
    kinds = {wanted} if isinstance(wanted, str) else set(wanted)
    return bool(kinds) and not kinds & {"object", "array"}


def unwrapped(value: dict[str, Any], schema: Mapping[str, Any]) -> Any:
    """What the wrapped value holds, when that is a scalar."""
    inner = value["value"]
    if isinstance(inner, dict | list):
        return value
    if type(inner) is int and "string" in schema["type"]:
        return str(inner)
    return (inner or 0.0) if type(inner) is float else inner
