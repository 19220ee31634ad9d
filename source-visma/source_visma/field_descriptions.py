"""What the fields of the streams mean: field_descriptions.yaml, put into JSON schemas."""

from functools import cache
from importlib import resources
from typing import Any

from airbyte_cdk.utils.yaml_loader import safe_load_yaml


@cache
def descriptions() -> dict[str, str]:
    """The texts by the field's name, or by its whole path, stream first."""
    text = resources.files("source_visma").joinpath("field_descriptions.yaml").read_text("utf-8")
    return dict(safe_load_yaml(text))


def described(path: str, schema: dict[str, Any]) -> dict[str, Any]:
    """A copy of a stream's schema, or of a part of it at this path, with a description of each field that has one."""
    texts = descriptions()
    copy = dict(schema)
    if "properties" in schema:
        copy["properties"] = {}
        for name, part in schema["properties"].items():
            inner = described(f"{path}.{name}", part)
            text = texts.get(f"{path}.{name}") or texts.get(name)
            copy["properties"][name] = {**inner, "description": text} if text else inner
    if isinstance(schema.get("items"), dict):
        copy["items"] = described(path, schema["items"])
    return copy
