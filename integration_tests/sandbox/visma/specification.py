"""The official OpenAPI document as a judge over requests and answers. Its folder is in OPENAPI_SPECS_DIR.

It marks nothing required or nullable, so every property may be missing or null; a property it does not know is an error.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema

ENVIRONMENT = "OPENAPI_SPECS_DIR"
_FILE = "visma-net-erp.openapi.json"


def available() -> bool:
    """Whether the document is at hand."""
    return bool(os.environ.get(ENVIRONMENT)) and (Path(os.environ[ENVIRONMENT]) / _FILE).is_file()


@cache
def document() -> dict[str, Any]:
    """The document. Raises KeyError or OSError when it is not at hand."""
    loaded: dict[str, Any] = json.loads((Path(os.environ[ENVIRONMENT]) / _FILE).read_text("utf-8"))
    return loaded


def operation(method: str, path: str) -> dict[str, Any] | None:
    """The operation that a request's path belongs to, None when the document has none."""
    for template, operations in document()["paths"].items():
        pattern = re.sub(r"\\{[^/]+?\\}", "[^/]+", re.escape(template))
        if re.fullmatch(pattern, path) and method.lower() in operations:
            found: dict[str, Any] = operations[method.lower()]
            return found
    return None


def request_errors(method: str, path: str, query: Mapping[str, str]) -> list[str]:
    """What is wrong with a request: unknown path, parameters the operation does not have, values outside their enumeration."""
    found = operation(method, path)
    if found is None:
        return [f"{method} {path} is not in the document"]
    known = {p["name"]: p["schema"] for p in found.get("parameters", []) if p["in"] == "query"}
    errors = [f"{path}: unknown parameter {name}" for name in query if name not in known]
    errors += [
        f"{path}: {name}={value} is not one of {known[name]['enum']}"
        for name, value in query.items()
        if "enum" in known.get(name, {}) and value not in known[name]["enum"]
    ]
    return errors


def answer_errors(method: str, path: str, status: int, body: Any) -> list[str]:
    """Where a JSON answer differs from the document."""
    found = operation(method, path)
    if found is None:
        return [f"{method} {path} is not in the document"]
    answers = found["responses"]
    answer = answers.get(str(status), answers["default"])
    if "$ref" in answer:
        answer = document()["components"]["responses"][answer["$ref"].rpartition("/")[2]]
    if "content" not in answer:
        return [] if body in (None, b"", "") else [f"{method} {path} {status} should have no body"]
    schema = answer["content"]["application/json"]["schema"]
    name = schema.get("items", schema).get("$ref", "").rpartition("/")[2]
    rows = body if schema.get("type") == "array" else [body]
    if schema.get("type") == "array" and not isinstance(body, list):
        return [f"{path}: an array is expected"]
    if not name:
        return [f"{path}: {row!r} is no string" for row in rows if not isinstance(row, str)]
    return [f"{path}: {error}" for row in rows for error in record_errors(name, row)]


def record_errors(name: str, record: Any) -> list[str]:
    """Where a record differs from a schema of the document."""
    return [f"{'/'.join(map(str, error.path))}: {error.message}" for error in _validator(name).iter_errors(record)]


@cache
def _validator(name: str) -> jsonschema.Draft7Validator:
    schemas = {key: _nullable(schema) for key, schema in document()["components"]["schemas"].items()}
    schema = {**schemas[name], "components": {"schemas": schemas}}
    return jsonschema.Draft7Validator(schema)


def _nullable(schema: Any) -> Any:
    """The schema with every property nullable and no other properties than its own. Formats go: stamps carry no zone."""
    if isinstance(schema, list):
        return [_nullable(entry) for entry in schema]
    if not isinstance(schema, dict):
        return schema
    result = {key: _nullable(value) for key, value in schema.items() if key not in ("format", "properties")}
    if "properties" in schema:
        result["properties"] = {
            key: {"anyOf": [{"type": "null"}, _nullable(value)]} for key, value in schema["properties"].items()
        }
        result["additionalProperties"] = False
    return result
