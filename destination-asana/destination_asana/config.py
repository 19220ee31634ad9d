"""The connector's settings, typed: who signs in, and which stream goes where."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from importlib import resources
from typing import Any
from urllib.parse import urlsplit

import jsonschema

from destination_asana.asana.auth import SYNC_PATIENCE_SECONDS, OAuthToken, PersonalAccessToken
from destination_asana.documents.fields import COST_CENTERS, GL_ACCOUNTS
from destination_asana.errors import config_error

SPEC: dict[str, Any] = json.loads(resources.files("destination_asana").joinpath("spec.json").read_text("utf-8"))

DOCUMENT_STREAMS = (
    "purchase_orders",
    "supplier_invoices",
    "customer_invoices",
    "customer_credit_notes",
    "customer_debit_notes",
    "customer_overdue_charges",
)
VOCABULARY_STREAMS = {"accounts": GL_ACCOUNTS, "dimension_values": COST_CENTERS}
IGNORED_STREAMS = (
    "suppliers",
    "customers",
    "employees",
    "subaccounts",
    "dimensions",
    "journal_transactions",
    "projects",
    "project_budgets",
    "purchase_receipts",
    "supplier_payments",
    "branches",
)
# Every stream of source-visma whose records have a code and a description, so that they can become options.
OPTION_STREAMS = (*VOCABULARY_STREAMS, "subaccounts", "suppliers", "customers", "employees", "dimensions")
LOCAL_HOSTS = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True)
class Route:
    """Where the records of one stream go.

    `kind` is task, project, enum_options or ignore; `source` the Visma stream the records look like (a connection may
    have put a prefix before its name). `operation` is the destination sync mode; `object_name` is set when the stream
    is mapped to an object of the destination.
    """

    stream: str
    kind: str
    source: str
    project_gid: str
    line_items: str
    team_gid: str | None = None
    project_template_gid: str | None = None
    portfolio_gid: str | None = None
    custom_field: str | None = None
    operation: str = "append_dedup"
    object_name: str | None = None


@dataclass(frozen=True)
class MappingEntry:
    """One line of the supplier mapping, as the user wrote it."""

    supplier: str
    assignee: str

    def __str__(self) -> str:
        return f"“{self.supplier}” → “{self.assignee}”"


@dataclass(frozen=True)
class Config:
    """The settings of one sync, defaults filled in. Raises a config_error (`parse`, `route`) in words a user can act on."""

    credentials: Mapping[str, Any]
    workspace_gid: str
    project_gid: str
    streams: Mapping[str, Mapping[str, Any]]
    line_items: str
    supplier_mapping: tuple[MappingEntry, ...]
    cost_center_segments: tuple[str, ...]
    assign_order_owner: bool
    complete_when_closed: bool
    leave_out_fields: tuple[str, ...]
    section_by_status: bool
    change_comments: bool
    mark_missing: bool
    on_record_error: str
    quarantine_path: str | None
    audit_log_path: str | None
    dry_run: bool
    api_url: str
    token_url: str

    @classmethod
    def parse(cls, raw: Mapping[str, Any]) -> Config:
        """Checks the raw settings against the specification and fills in the defaults. What is null is as if not said."""
        raw = without_nulls(raw)
        _check_against_spec(raw)
        values: dict[str, Any] = {name: raw.get(name, each.get("default")) for name, each in SPEC["properties"].items()}
        for name in ("api_url", "token_url"):
            _check_url(name, values[name])
        streams: dict[str, Mapping[str, Any]] = {}
        for entry in raw.get("streams") or []:
            if entry["name"] in streams:
                raise config_error(f"streams: “{entry['name']}” is listed twice. Keep one of the two entries.")
            streams[entry["name"]] = entry
        values["streams"] = streams
        values["supplier_mapping"] = tuple(
            _mapping_entry(number, entry) for number, entry in enumerate(raw.get("supplier_mapping") or [])
        )
        values["leave_out_fields"] = tuple(raw.get("leave_out_fields") or ())
        values["cost_center_segments"] = tuple(raw.get("cost_center_segments") or ())
        for name in ("quarantine_path", "audit_log_path"):
            values[name] = values[name] or None
        return cls(**values)

    def authentication(self, patience: float = SYNC_PATIENCE_SECONDS) -> PersonalAccessToken | OAuthToken:
        """What signs the requests; `patience` is how long a token service that stumbles is asked, in seconds."""
        if self.credentials["auth_type"] == "personal_access_token":
            return PersonalAccessToken(self.credentials["personal_access_token"])
        return OAuthToken(
            self.credentials["client_id"],
            self.credentials["client_secret"],
            self.credentials["refresh_token"],
            self.token_url,
            patience=patience,
        )

    def route(self, stream: str) -> Route:
        """Where a stream's records go: its entry in `streams`, else its preset. Raises when it has neither."""
        entry = self.streams.get(stream)
        source = stream if entry is None else _source_of(stream)
        if entry is None:
            write_as = _preset(stream)
            if write_as is None:
                raise config_error(
                    f"The stream “{stream}” is not one this connector knows, and the settings do not say what to do with it. "
                    f'Add an entry under “streams”, for example {{"name": "{stream}", "write_as": {{"type": "ignore"}}}}, '
                    "or take the stream out of the connection. Nothing was written."
                )
        else:
            write_as = entry["write_as"]
        route = Route(
            stream=stream,
            kind=write_as["type"],
            source=source,
            project_gid=write_as.get("project_gid") or self.project_gid,
            line_items=(entry or {}).get("line_items") or self.line_items,
            team_gid=write_as.get("team_gid"),
            project_template_gid=write_as.get("project_template_gid"),
            portfolio_gid=write_as.get("portfolio_gid"),
            custom_field=write_as.get("custom_field"),
        )
        _check_route(route)
        # A field that is left out is not made for its options either.
        return replace(route, kind="ignore") if route.custom_field in self.leave_out_fields else route


def without_nulls(value: Any) -> Any:
    """Settings without what is null, at any depth: tools that know the specification write every optional one, null where
    there is nothing to say."""
    if isinstance(value, Mapping):
        return {name: without_nulls(each) for name, each in value.items() if each is not None}
    if isinstance(value, list):
        return [without_nulls(each) for each in value if each is not None]
    return value


def _preset(stream: str) -> dict[str, str] | None:
    if stream in DOCUMENT_STREAMS:
        return {"type": "task"}
    if stream in VOCABULARY_STREAMS:
        return {"type": "enum_options", "custom_field": VOCABULARY_STREAMS[stream]}
    if stream in IGNORED_STREAMS:
        return {"type": "ignore"}
    return None


def _source_of(stream: str) -> str:
    """The Visma stream behind a name that a connection's prefix has changed (`fin_purchase_orders`)."""
    known = (*DOCUMENT_STREAMS, *OPTION_STREAMS, *IGNORED_STREAMS)
    matches = [name for name in known if stream == name or stream.endswith(name)]
    return max(matches, key=len, default=stream)


def _mapping_entry(number: int, entry: Mapping[str, str]) -> MappingEntry:
    parts = {name: entry[name].strip() for name in ("supplier", "assignee")}
    blank = next((name for name, text in parts.items() if not text), None)
    if blank:
        raise config_error(f"The settings are not valid: supplier_mapping.{number}.{blank} must not be empty.")
    return MappingEntry(**parts)


def _check_route(route: Route) -> None:
    if route.kind == "enum_options" and route.source not in OPTION_STREAMS:
        raise config_error(
            f"The stream “{route.stream}” cannot become options of a field: only streams with a code and a description can "
            f"({', '.join(OPTION_STREAMS)}). Choose another “write_as” for it. Nothing was written."
        )
    if route.kind in ("task", "project") and route.source in (*OPTION_STREAMS, *IGNORED_STREAMS):
        raise config_error(
            f"The stream “{route.stream}” has no documents, so it cannot be written as {route.kind}. Only orders and invoices "
            f"can ({', '.join(DOCUMENT_STREAMS)}). Choose another “write_as” for it. Nothing was written."
        )


def _check_against_spec(raw: Mapping[str, Any]) -> None:
    errors = sorted(
        jsonschema.Draft7Validator(SPEC).iter_errors(raw), key=lambda error: [str(part) for part in error.path]
    )
    if not errors:
        return
    problems = list(dict.fromkeys(map(_problem, errors)))
    raise config_error("The settings are not valid: " + "; ".join(problems[:5]) + ".")


_TYPES = {
    "string": "a text in quotes",
    "boolean": "true or false",
    "array": "a list",
    "object": "a group of settings",
    "integer": "a whole number",
    "number": "a number",
}
_PROBLEMS = {
    "enum": "must be one of {value}",
    "minLength": "must not be empty",
}


def _problem(error: Any, within: str = "") -> str:
    """One finding in words; never the value itself, which may be a secret. `within` is the setting it was found in."""
    where = ".".join([*([within] if within else []), *map(str, error.absolute_path)])
    rule, value = error.validator, error.validator_value
    if rule == "required":
        missing = ", ".join(name for name in value if name not in error.instance)
        return f"{where}: {missing} is missing" if where else f"{missing} is missing"
    if rule == "type":
        wanted = next(name for name in ([value] if isinstance(value, str) else value) if name != "null")
        return f"{where} must be {_TYPES[wanted]}"
    if rule in ("minimum", "maximum"):
        bounds = [f"{error.schema['minimum']} or more"] if "minimum" in error.schema else []
        bounds += [f"at most {error.schema['maximum']}"] if "maximum" in error.schema else []
        return f"{where} must be {', '.join(bounds)}"
    if rule == "oneOf":
        return _variant_problem(error, where)
    if rule == "pattern":
        return f"{where} must be {error.schema.get('pattern_descriptor') or 'a web address that begins with https://'}"
    words = _PROBLEMS.get(rule, "is not valid")
    return f"{where} " + words.format(
        value=", ".join(str(each) for each in value if each is not None) if isinstance(value, list) else value
    )


def _variant_problem(error: Any, where: str) -> str:
    """For a choice (oneOf with a constant): what is wrong with the variant the user chose."""
    key = "auth_type" if "credentials" in error.absolute_path else "type"
    variants = {variant["properties"][key]["const"]: variant for variant in error.validator_value}
    chosen = error.instance.get(key) if isinstance(error.instance, Mapping) else None
    if chosen not in variants:
        return f"{where}.{key} must be one of {', '.join(variants)}"
    inner = next(iter(jsonschema.Draft7Validator(variants[chosen]).iter_errors(error.instance)), None)
    return _problem(inner, where) if inner is not None else f"{where} is not valid"


def _check_url(name: str, url: str) -> None:
    parts = urlsplit(url)
    if parts.username or parts.password:
        raise config_error(f"{name} must not hold a user name or password.")
    if not parts.hostname or (parts.scheme != "https" and parts.hostname not in LOCAL_HOSTS):
        raise config_error(
            f"{name} must begin with https:// (plain http is accepted for localhost only), so that no secret is sent in the clear."
        )
