"""Recorded traffic against the official OpenAPI documents of Visma Net and Asana.

`asana()` and `visma()` load a document from the folder in OPENAPI_SPECS_DIR, with the corrections it needs (openapi_asana.py);
`Document.problems(entry)` says what is wrong with one exchange, in words, in the form the sandboxes' request logs have
(`method`, `path`, `query`, `body`, `status`, `response`). The documents are looser than the services in some ways and
wrong in others; what is known of both is written down there.
"""

import json
import os
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from jsonschema import Draft202012Validator, FormatChecker

from .openapi_asana import corrected
from .openapi_schemas import convert, prune_nulls

FOLDER = "OPENAPI_SPECS_DIR"
FORMATS = FormatChecker(formats=())


@FORMATS.checks("date")
def _is_date(value: object) -> bool:
    return not isinstance(value, str) or re.fullmatch(r"\d{4}-\d\d-\d\d", value) is not None


@FORMATS.checks("email")
def _is_email(value: object) -> bool:
    return not isinstance(value, str) or re.fullmatch(r"[^@\s]+@[^@\s]+", value) is not None


@FORMATS.checks("uri")
def _is_uri(value: object) -> bool:
    return not isinstance(value, str) or re.match(r"[a-z][a-z0-9+.-]*:", value) is not None


def available() -> bool:
    """Whether the documents are at hand; tests that need them skip when they are not."""
    folder = os.environ.get(FOLDER)
    return bool(folder) and Path(str(folder)).is_dir()


@cache
def asana() -> "Document":
    """Asana's document with its known mistakes put right; raises KeyError or OSError when it is not at hand."""
    return Document(corrected(_load("asana.openapi.json")), strict_answers=False)


@cache
def visma() -> "Document":
    """Visma Net's document. It marks nothing required or nullable, and knows every property there is."""
    return Document(_load("visma-net-erp.openapi.json"), strict_answers=True)


def _load(name: str) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((Path(os.environ[FOLDER]) / name).read_text("utf-8"))
    return loaded


class Document:
    """One OpenAPI document as a judge. `strict_answers` also refuses properties it does not know in answers."""

    def __init__(self, document: dict[str, Any], strict_answers: bool) -> None:
        self.document = document
        self.strict_answers = strict_answers
        self._defs = {
            direction: {
                name: convert(schema, direction, closed=strict_answers and direction == "response")
                for name, schema in document["components"]["schemas"].items()
            }
            for direction in ("request", "response")
        }
        self._base = urlsplit(document["servers"][0]["url"]).path.rstrip("/")
        self._validators: dict[tuple[str, str], Draft202012Validator] = {}
        # Tests send the same requests again and again.
        self._operations: dict[tuple[str, str], dict[str, Any] | None] = {}
        self._values: dict[tuple[str, str, str], list[str]] = {}
        self._paths = [
            (re.compile(re.sub(r"\\{[^/]+?\\}", "([^/]+)", re.escape(template))), template)
            for template in sorted(document["paths"], key=lambda path: path.count("{"))
        ]

    def problems(self, entry: dict[str, Any]) -> list[str]:
        """What is wrong with the request and its answer; an empty list when nothing is."""
        return self.request_problems(entry) + self.answer_problems(entry)

    def request_problems(self, entry: dict[str, Any]) -> list[str]:
        """What is wrong with what the client sent."""
        found = self._operation_of(entry)
        if found is None:
            return [f"{_name(entry)}: not in the document"]
        asked = self._query_problems(found, entry.get("query") or {})
        asked += self._body_problems(found, entry["method"], entry.get("body"))
        asked += [text for action in self._actions(entry) for text in self.request_problems(action)]
        return [f"{_name(entry)}: {problem}" for problem in asked]

    def answer_problems(self, entry: dict[str, Any]) -> list[str]:
        """What is wrong with what the service answered."""
        found = self._operation_of(entry)
        if found is None:
            return [] if entry.get("status") in (None, 404) else [f"{_name(entry)}: not in the document"]
        answered = self._answer_problems(found, entry.get("status"), entry.get("response"))
        answered += [text for action in self._actions(entry) for text in self.answer_problems(action)]
        return [f"{_name(entry)}: {problem}" for problem in answered]

    def _operation_of(self, entry: dict[str, Any]) -> dict[str, Any] | None:
        return self.operation(entry["method"], entry["path"].removeprefix(self._base))

    def operation(self, method: str, path: str) -> dict[str, Any] | None:
        """The operation a path belongs to, its path-wide parameters included; None when the document has none."""
        if (method, path) not in self._operations:
            self._operations[method, path] = self._found(method, path)
        return self._operations[method, path]

    def _found(self, method: str, path: str) -> dict[str, Any] | None:
        for pattern, template in self._paths:
            item = self.document["paths"][template]
            if method.lower() in item and pattern.fullmatch(path):
                return {
                    **item[method.lower()],
                    "x-name": f"{method} {template}",
                    "parameters": item.get("parameters", []) + item[method.lower()].get("parameters", []),
                }
        return None

    def _resolved(self, node: dict[str, Any]) -> dict[str, Any]:
        while "$ref" in node:
            target: Any = self.document
            for part in node["$ref"].removeprefix("#/").split("/"):
                target = target[unquote(part)]
            node = target
        return node

    def _query_problems(self, operation: dict[str, Any], query: dict[str, str]) -> list[str]:
        known = {}
        for parameter in map(self._resolved, operation["parameters"]):
            if parameter["in"] == "query":
                known[parameter["name"]] = parameter
        problems = [
            f"parameter {name} is missing" for name, p in known.items() if p.get("required") and name not in query
        ]
        for name, value in query.items():
            if name in known:
                key = (operation["x-name"], name, value)
                if key not in self._values:
                    schema = self._resolved(known[name].get("schema", {}))
                    self._values[key] = [f"parameter {name}: {text}" for text in _value_problems(schema, value)]
                problems += self._values[key]
            elif not any(re.fullmatch(pattern, name) for pattern in operation.get("x-more-parameters", [])):
                problems.append(f"parameter {name} is not in the document")
        return problems

    def _body_problems(self, operation: dict[str, Any], method: str, body: Any) -> list[str]:
        content = self._resolved(operation.get("requestBody", {})).get("content", {})
        schema = content.get("application/json", {}).get("schema")
        if schema is None:
            return ["a body, and the document has none"] if body and not content else []
        if method in ("POST", "PUT", "PATCH") and body is None:
            return ["no body"]
        return self._validate(operation, "request", schema, body)

    def _answer_problems(self, operation: dict[str, Any], status: int | None, body: Any) -> list[str]:
        if status is None or status == 0:  # nobody was answered
            return []
        answer = operation["responses"].get(str(status), operation["responses"].get("default"))
        if answer is None:
            return [f"status {status} is not in the document"]
        content = self._resolved(answer).get("content", {})
        schema = next((c.get("schema") for kind, c in content.items() if "json" in kind), None)
        if schema is None or body is None:
            return []
        if not isinstance(body, (dict, list)):
            return [] if status >= 500 else [f"status {status}: the answer is not JSON"]
        return self._validate(operation, f"response {status}", schema, prune_nulls(body))

    def _validate(self, operation: dict[str, Any], part: str, schema: dict[str, Any], value: Any) -> list[str]:
        key = (operation["x-name"], part)
        validator = self._validators.get(key)
        if validator is None:
            direction = part.split(" ", maxsplit=1)[0]
            root = {**convert(schema, direction), "$defs": self._defs[direction]}
            validator = self._validators[key] = Draft202012Validator(root, format_checker=FORMATS)
        return [
            f"{part} at {'/'.join(map(str, error.absolute_path)) or 'top'}: {error.message[:300]}"
            for error in validator.iter_errors(value)
        ]

    def _actions(self, entry: dict[str, Any]) -> Iterator[dict[str, Any]]:
        """The exchanges inside a batch that was answered: each action is a request of its own."""
        if not entry["path"].endswith("/batch") or entry.get("status") != 200:
            return
        results = (entry.get("response") or {}).get("data", [])
        for action, result in zip(entry["body"]["data"]["actions"], results, strict=False):
            method, data = action["method"].upper(), action.get("data") or {}
            reading = method in ("GET", "DELETE")
            yield {
                "method": method,
                "path": action["relative_path"],
                "query": {name: str(value) for name, value in data.items()} if reading else {},
                "body": None if reading else {"data": data},
                "status": result.get("status_code"),
                "response": result.get("body"),
            }


def _name(entry: dict[str, Any]) -> str:
    return f"{entry['method']} {entry['path']}"


def _value_problems(schema: dict[str, Any], text: str) -> list[str]:
    """A parameter's text against its schema; lists are comma lists."""
    if schema.get("type") == "array":
        return [p for part in text.split(",") for p in _value_problems(schema.get("items", {}), part)]
    value: Any = text
    try:
        if schema.get("type") == "integer":
            value = int(text)
        elif schema.get("type") == "number":
            value = float(text)
        elif schema.get("type") == "boolean":
            value = {"true": True, "false": False}[text]
    except (ValueError, KeyError):
        return [f"{text} is not of type {schema['type']}"]
    plain = {key: schema[key] for key in ("type", "enum", "minimum", "maximum", "format") if key in schema}
    return [error.message for error in Draft202012Validator(plain, format_checker=FORMATS).iter_errors(value)]
