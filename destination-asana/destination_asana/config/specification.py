"""The specification of the settings (spec.json), and the messages for settings that do not fit it.

A message never contains the value itself, which may be a secret.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from importlib import resources
from typing import Any

import jsonschema

from destination_asana.errors import config_error

SPEC: dict[str, Any] = json.loads(resources.files("destination_asana").joinpath("spec.json").read_text("utf-8"))
MOST_PROBLEMS = 5

_TYPES = {
    "string": "a text in quotes",
    "boolean": "true or false",
    "array": "a list",
    "object": "a group of settings",
    "integer": "a whole number",
    "number": "a number",
}


def without_nulls(value: Any) -> Any:
    """The settings without nulls, at any depth. Tools that fill in a form from the specification write null for every
    optional setting that is empty. White space around a text comes from pasting it; a token with a line break would fit no
    header."""
    if isinstance(value, Mapping):
        return {name: without_nulls(each) for name, each in value.items() if each is not None}
    if isinstance(value, list):
        return [without_nulls(each) for each in value if each is not None]
    return value.strip() if isinstance(value, str) else value


def check_against_spec(raw: Mapping[str, Any]) -> None:
    """Raises config_error if the settings do not fit the specification. It names the first few problems."""
    errors = sorted(_errors(SPEC, raw), key=lambda error: [str(part) for part in error.path])
    if errors:
        problems = list(dict.fromkeys(_problem(error) for error in errors))
        raise config_error("The settings are not valid: " + "; ".join(problems[:MOST_PROBLEMS]) + ".")


def _errors(schema: Mapping[str, Any], instance: Any) -> Iterable[Any]:
    errors: Iterable[Any] = jsonschema.Draft7Validator(schema).iter_errors(instance)
    return errors


def _problem(error: Any, within: str = "") -> str:
    """One violation in words. `within` is the setting that contains it."""
    where = ".".join([*([within] if within else []), *map(str, error.absolute_path)])
    if error.validator == "required":
        missing = ", ".join(name for name in error.validator_value if name not in error.instance)
        return f"{where}: {missing} is missing" if where else f"{missing} is missing"
    if error.validator == "oneOf":
        return _variant_problem(error, where)
    return f"{where} {_rule(error.validator, error.validator_value, error.schema)}"


def _rule(rule: str, value: Any, schema: Mapping[str, Any]) -> str:
    """What the rule that a setting breaks requires, in words."""
    if rule == "type":
        wanted = next(name for name in ([value] if isinstance(value, str) else value) if name != "null")
        return f"must be {_TYPES[wanted]}"
    if rule in ("minimum", "maximum"):
        bounds = [f"{schema['minimum']} or more"] if "minimum" in schema else []
        bounds += [f"at most {schema['maximum']}"] if "maximum" in schema else []
        return f"must be {', '.join(bounds)}"
    if rule == "pattern":
        return f"must be {schema.get('pattern_descriptor') or 'a web address that begins with https://'}"
    if rule == "enum":
        return f"must be one of {', '.join(str(each) for each in value if each is not None)}"
    return "must not be empty" if rule == "minLength" else "is not valid"


def _variant_problem(error: Any, where: str) -> str:
    """For a choice (oneOf with a constant): the problem with the variant that the user chose."""
    key = "auth_type" if "credentials" in error.absolute_path else "type"
    variants = {variant["properties"][key]["const"]: variant for variant in error.validator_value}
    chosen = error.instance.get(key) if isinstance(error.instance, Mapping) else None
    if not isinstance(chosen, str) or chosen not in variants:
        return f"{where}.{key} must be one of {', '.join(variants)}"
    inner = next(iter(_errors(variants[chosen], error.instance)), None)
    return _problem(inner, where) if inner is not None else f"{where} is not valid"
