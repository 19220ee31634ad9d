"""Where Asana's OpenAPI document (June 2026) is wrong or too loose, and what it should say.

Each correction names the text or the observed behaviour it rests on. Answers are judged without their null members,
because the document marks many of them not nullable that the service does answer as null.
"""

import copy
from typing import Any

_ENVELOPE_KEYS = ("data", "options")
_EXCLUSIVE = {
    "TaskCreateRequest": [("notes", "html_notes"), ("due_on", "due_at"), ("start_on", "start_at")],
    "TaskUpdateRequest": [("notes", "html_notes"), ("due_on", "due_at"), ("start_on", "start_at")],
    "ProjectRequest": [("notes", "html_notes")],
    "ProjectUpdateRequest": [("notes", "html_notes")],
    "StoryRequest": [("text", "html_text")],
    "SectionTaskInsertRequest": [("insert_before", "insert_after")],
    "TaskSetParentRequest": [("insert_before", "insert_after")],
    "TaskAddProjectRequest": [("insert_before", "insert_after")],
}
_REQUIRED = {
    "ProjectRequest": ["name", "workspace"],
    "CustomFieldCreateRequest": ["name", "workspace", "resource_subtype"],
    "CreateMembershipRequest": ["parent", "member"],
}
_ERRORS = ("400", "401", "402", "403", "404", "429", "451", "500", "502", "503", "504")


def corrected(document: dict[str, Any]) -> dict[str, Any]:
    """A copy of the document with the corrections laid over it."""
    fixed = copy.deepcopy(document)
    schemas = fixed["components"]["schemas"]
    _admit_valid_requests(schemas)
    _refuse_invalid_requests(schemas)
    _admit_real_answers(schemas)
    for path, item in fixed["paths"].items():
        for method, operation in item.items():
            if method != "parameters":
                _correct_operation(path, method, operation, schemas)
    for parameter in _parameters(fixed):
        _correct_parameter(parameter)
    return fixed


def _own(schemas: dict[str, Any], name: str) -> dict[str, Any]:
    """The part of a schema that holds its own properties."""
    schema: dict[str, Any] = schemas[name]
    for part in schema.get("allOf", []):
        if "properties" in part:
            own: dict[str, Any] = part
            return own
    return schema


def _holders(schemas: dict[str, Any], prop: str) -> list[dict[str, Any]]:
    """Every property dictionary that declares `prop`."""
    found = []
    for schema in schemas.values():
        for part in (schema, *schema.get("allOf", [])):
            if prop in part.get("properties", {}):
                found.append(part["properties"])
    return found


def _admit_valid_requests(schemas: dict[str, Any]) -> None:
    for properties in _holders(schemas, "custom_fields"):
        if (
            "additionalProperties" in properties["custom_fields"]
        ):  # typed as strings, though numbers, lists and null are
            properties["custom_fields"]["additionalProperties"] = {}
    base = schemas["TaskBase"]
    own = next(part for part in (base, *base.get("allOf", [])) if "memberships" in part.get("properties", {}))
    answered = own["properties"].pop("memberships")  # create-only by its text, with gids
    given = {"type": "object", "properties": {"project": {"type": "string"}, "section": {"type": "string"}}}
    _own(schemas, "TaskCreateRequest").setdefault("properties", {})["memberships"] = {
        "type": "array",
        "items": {**given, "required": ["project"], "additionalProperties": False},
    }
    _own(schemas, "TaskResponse")["properties"]["memberships"] = {**answered, "readOnly": False}
    for name in ("parent", "insert_before", "insert_after"):
        schemas["TaskSetParentRequest"]["properties"][name]["nullable"] = True
    schemas["AddCustomFieldSettingRequest"]["properties"]["custom_field"] = {
        "anyOf": [{"type": "string"}, {"type": "object", "required": ["name", "resource_subtype"]}]
    }
    for part in (schemas["CustomFieldRequest"], *schemas["CustomFieldRequest"].get("allOf", [])):
        part.pop("required", None)  # asks for the create-only `workspace`
    options = schemas["BatchRequestAction"]["properties"]["options"]["properties"]
    options["offset"] = {"type": "string"}
    schemas["BatchRequestAction"]["properties"]["data"] = {"type": "object"}
    schemas["DateVariableRequest"]["properties"]["value"] = {"type": "string", "format": "date"}
    for properties in _holders(schemas, "include"):
        properties["include"] = {"type": "string"}
    _own(schemas, "CustomFieldCreateRequest")["properties"]["enum_options"] = {
        "type": "array",
        "minItems": 1,
        "maxItems": 500,
        "items": {
            "type": "object",
            "properties": {n: {"type": "string"} for n in ("name", "color")} | {"enabled": {"type": "boolean"}},
            "required": ["name"],
            "additionalProperties": False,
        },
    }


def _narrow(schemas: dict[str, Any], name: str, *conditions: dict[str, Any]) -> None:
    schemas[name] = {"allOf": [schemas[name], *conditions]}


def _refuse_invalid_requests(schemas: dict[str, Any]) -> None:
    for name, pairs in _EXCLUSIVE.items():
        _narrow(schemas, name, *({"not": {"required": list(pair)}} for pair in pairs))
    for name, keys in _REQUIRED.items():
        part = _own(schemas, name)
        part["required"] = sorted({*part.get("required", []), *keys})
    _narrow(schemas, "TaskUpdateRequest", {"not": {"required": ["parent"]}})
    texts = ("text", "html_text", "is_pinned")
    _narrow(schemas, "StoryRequest", {"anyOf": [{"required": [name]} for name in texts]})
    actions = schemas["BatchRequest"]["properties"]["actions"]
    actions.update({"minItems": 1, "maxItems": 10})
    for properties in _holders(schemas, "precision"):
        properties["precision"].update({"minimum": 0, "maximum": 6})
    for properties in _holders(schemas, "external"):
        properties["external"] = {
            "type": "object",
            "properties": {
                "gid": {"type": "string", "maxLength": 1024},
                "data": {"type": "string", "maxLength": 32768},
            },
            "additionalProperties": False,
        }


def _admit_real_answers(schemas: dict[str, Any]) -> None:
    for properties in _holders(schemas, "email_domains"):  # `format: uri`, and its example is no URI
        properties["email_domains"]["items"].pop("format", None)
    for name in ("old_number_value", "new_number_value"):  # typed integer, and fields have decimals
        for properties in _holders(schemas, name):
            properties[name]["type"] = "number"


def _correct_operation(path: str, method: str, operation: dict[str, Any], schemas: dict[str, Any]) -> None:
    error = {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/ErrorResponse"}}}}
    for status in _ERRORS:  # 429 is declared nowhere, 402 and 5xx hardly anywhere
        operation["responses"].setdefault(status, error)
    if path.endswith("/instantiateProject"):
        operation["responses"].setdefault("422", error)
    if path.endswith("/events"):  # said of both listings of events, declared on one
        operation["responses"].setdefault("412", error)
    content = operation.get("requestBody", {}).get("content", {}).get("application/json")
    if content and "properties" in content.get("schema", {}):
        schema = content["schema"]
        schema["required"] = ["data"]
        schema["properties"].setdefault("options", {"type": "object"})
        schema["additionalProperties"] = False
        data = schema["properties"]["data"]
        schema["properties"]["data"] = {"allOf": [data], "unevaluatedProperties": False}
    if (path, method) == ("/tasks", "post"):  # a task needs a place; a subtask has its parent
        places = ("workspace", "projects", "parent", "memberships")
        schema["properties"]["data"]["anyOf"] = [{"required": [name]} for name in places]
    if method == "get":
        _show_full_records(operation, schemas)
    if path.endswith("/tasks/search"):
        operation["x-more-parameters"] = ["limit", r"custom_fields\.\d+\.[a-z_]+"]
    if "/tasks/custom_id/" in path:
        operation["x-more-parameters"] = ["opt_fields"]


def _show_full_records(operation: dict[str, Any], schemas: dict[str, Any]) -> None:
    """Listings are typed as compact records, though `opt_fields` brings any field of the full one."""
    schema = operation["responses"].get("200", {}).get("content", {}).get("application/json", {}).get("schema", {})
    data = schema.get("properties", {}).get("data", {})
    name = data.get("items", {}).get("$ref", "").rsplit("/", 1)[-1]
    full = name.replace("Compact", "Response")
    if name.endswith("Compact") and full in schemas:
        data["items"] = {"$ref": f"#/components/schemas/{full}"}


def _parameters(document: dict[str, Any]) -> list[dict[str, Any]]:
    found = list(document["components"].get("parameters", {}).values())
    for item in document["paths"].values():
        for part in item.values():
            found += part if isinstance(part, list) else part.get("parameters", [])
    return [parameter for parameter in found if "$ref" not in parameter]


def _correct_parameter(parameter: dict[str, Any]) -> None:
    schema = parameter.get("schema", {})
    if parameter["name"] == "opt_fields":  # a closed list without `gid`s, groups and nested names
        schema.pop("enum", None)
        schema.get("items", {}).pop("enum", None)
    if parameter["name"] == "completed_since":  # `now` is documented and no date-time
        schema.pop("format", None)
