"""The settings of one sync, read once and checked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit

from destination_asana.asana.auth import SYNC_PATIENCE_SECONDS, OAuthToken, PersonalAccessToken
from destination_asana.config.routes import CARD_STREAM, Route, RouteKind, route_of, source_of
from destination_asana.config.specification import SPEC, check_against_spec, without_nulls
from destination_asana.config.supplier_mapping import MappingEntry, mapping_of
from destination_asana.errors import config_error

LOCAL_HOSTS = ("localhost", "127.0.0.1", "::1")


class OnRecordError(StrEnum):
    """What a record does that cannot be written."""

    FAIL = "fail"
    QUARANTINE = "quarantine"


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
    non_project_code: str
    route_by_project_name: bool
    projects_portfolio_gid: str | None
    api_url: str
    token_url: str

    @classmethod
    def parse(cls, raw: Mapping[str, Any]) -> Config:
        """Checks the raw settings against the specification and fills in the defaults. What is null is as if it were not
        there."""
        raw = without_nulls(raw)
        check_against_spec(raw)
        values: dict[str, Any] = {name: raw.get(name, each.get("default")) for name, each in SPEC["properties"].items()}
        for name in ("api_url", "token_url"):
            _check_url(name, values[name])
        for name in ("leave_out_fields", "cost_center_segments"):
            values[name] = tuple(values[name] or ())
        for name in ("quarantine_path", "audit_log_path"):
            values[name] = values[name] or None
        values["streams"] = _by_name(raw.get("streams") or ())
        values["supplier_mapping"] = mapping_of(raw.get("supplier_mapping") or ())
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
        return route_of(
            stream,
            self.streams.get(stream),
            project_gid=self.project_gid,
            cards_gid=self._cards_gid(),
            line_items=self.line_items,
            leave_out_fields=self.leave_out_fields,
        )

    def _cards_gid(self) -> str | None:
        """The project of the projects' cards, by the entry of their stream; None where that makes no tasks."""
        entries = (entry for name, entry in self.streams.items() if source_of(name) == CARD_STREAM)
        write_as = next((entry["write_as"] for entry in entries), {"type": RouteKind.TASK})
        if write_as["type"] not in (RouteKind.TASK, RouteKind.PROJECT):
            return None
        return write_as.get("project_gid") or self.project_gid


def _by_name(entries: Iterable[Mapping[str, Any]]) -> dict[str, Mapping[str, Any]]:
    """The entries of `streams` by the names of their streams."""
    streams: dict[str, Mapping[str, Any]] = {}
    for entry in entries:
        if entry["name"] in streams:
            raise config_error(f"streams: “{entry['name']}” is listed twice. Keep one of the two entries.")
        streams[entry["name"]] = entry
    return streams


def _check_url(name: str, url: str) -> None:
    parts = urlsplit(url)
    if parts.username or parts.password:
        raise config_error(f"{name} must not hold a user name or password.")
    if not parts.hostname or (parts.scheme != "https" and parts.hostname not in LOCAL_HOSTS):
        raise config_error(
            f"{name} must begin with https:// (plain http is accepted for localhost only), so that no secret is sent in the clear."
        )
