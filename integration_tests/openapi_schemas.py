"""OpenAPI 3.0 schemas as JSON Schema 2020-12, for one direction of the traffic."""

from typing import Any

_KEPT = (
    *("type", "enum", "minimum", "maximum", "minLength", "maxLength", "minItems", "maxItems", "pattern", "format"),
    *("required", "uniqueItems", "not", "const", "dependentRequired", "unevaluatedProperties", "maxProperties"),
)
_NUMBER_FORMATS = {"int32", "int64", "float", "double"}


def convert(schema: dict[str, Any], direction: str, closed: bool = False) -> Any:
    """The JSON Schema of `schema` in a `request` or a `response`.

    A `readOnly` property may not stand in a request. `closed` refuses properties an object does not declare.
    """
    if "$ref" in schema:  # in OpenAPI 3.0 nothing beside a reference counts
        return {"$ref": "#/$defs/" + schema["$ref"].rsplit("/", 1)[1]}
    if direction == "request" and schema.get("readOnly"):
        return False
    out: dict[str, Any] = {key: schema[key] for key in _KEPT if key in schema}
    if out.get("format") in _NUMBER_FORMATS:
        del out["format"]
    for key in ("allOf", "anyOf", "oneOf"):
        if key in schema:
            out[key] = [convert(part, direction, closed) for part in schema[key]]
    if "items" in schema:
        out["items"] = convert(schema["items"], direction, closed)
    if "properties" in schema:
        out["properties"] = {n: convert(p, direction, closed) for n, p in schema["properties"].items()}
        if closed and "allOf" not in schema and schema.get("additionalProperties") is None:
            out["additionalProperties"] = False
        if "required" in out and direction == "request":
            hidden = {name for name, part in schema["properties"].items() if part.get("readOnly")}
            out["required"] = [name for name in out["required"] if name not in hidden]
    if isinstance(schema.get("additionalProperties"), dict):
        out["additionalProperties"] = convert(schema["additionalProperties"], direction, closed)
    elif "additionalProperties" in schema:
        out["additionalProperties"] = schema["additionalProperties"]
    return {"anyOf": [{"type": "null"}, out]} if _nullable(schema) else out


def _nullable(schema: dict[str, Any]) -> bool:
    if schema.get("nullable"):
        return True
    return any(part.get("nullable") for part in schema.get("allOf", []) if "$ref" not in part)


def prune_nulls(value: Any) -> Any:
    """A value without its null members: the documents leave open, or get wrong, what may be null in an answer."""
    if isinstance(value, dict):
        return {name: prune_nulls(part) for name, part in value.items() if part is not None}
    if isinstance(value, list):
        return [prune_nulls(part) for part in value]
    return value
