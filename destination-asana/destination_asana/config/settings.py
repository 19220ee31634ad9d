"""The settings of one sync, read once and checked."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit

from destination_asana.asana import SYNC_PATIENCE_SECONDS, OAuthToken, PersonalAccessToken
from destination_asana.config.heartbeat import HeartbeatSetting, heartbeat_of
from destination_asana.config.project_routes import project_routes_of
from destination_asana.config.routes import CARD_STREAM, Route, RouteKind, route_of, source_of
from destination_asana.config.specification import SPEC, check_against_spec, without_nulls
from destination_asana.config.supplier_mapping import MappingEntry, mapping_of
from destination_asana.errors import config_error
from destination_asana.planning.routing import ProjectRoute

LOCAL_HOSTS = ("localhost", "127.0.0.1", "::1")
_MISREAD = re.compile(r"[\\\s\x00-\x1f\x7f]")


class OnRecordError(StrEnum):
    """What happens to a record that cannot be written."""

    FAIL = "fail"
    QUARANTINE = "quarantine"


class Adopt(StrEnum):
    """Whether documents take over tasks that people have made. `report` only lists which, and writes nothing."""

    OFF = "off"
    REPORT = "report"
    MATCH = "match"


@dataclass(frozen=True)
class Config:
    """The settings of one sync, with defaults filled in. `parse` and `route` raise config_error in words a user can act on."""

    credentials: Mapping[str, Any]
    workspace_gid: str
    project_gid: str
    streams: Mapping[str, Mapping[str, Any]]
    line_items: str
    supplier_mapping: tuple[MappingEntry, ...]
    cost_center_segments: tuple[str, ...]
    assign_order_owner: bool
    complete_when_closed: bool
    create_closed: bool
    leave_out_fields: tuple[str, ...]
    section_by_status: bool
    change_comments: bool
    mark_missing: bool
    on_record_error: str
    quarantine_path: str | None
    audit_log_path: str | None
    report_path: str | None
    heartbeat: HeartbeatSetting | None
    dry_run: bool
    non_project_code: str
    project_routes: tuple[ProjectRoute, ...]
    route_by_project_name: bool
    projects_portfolio_gid: str | None
    adopt: Adopt
    adopt_project_gids: tuple[str, ...]
    api_url: str
    token_url: str

    @classmethod
    def parse(cls, raw: Mapping[str, Any]) -> Config:
        """Checks the raw settings against the specification and fills in the defaults. A null counts as absent."""
        raw = without_nulls(raw)
        check_against_spec(raw)
        values: dict[str, Any] = {name: raw.get(name, each.get("default")) for name, each in SPEC["properties"].items()}
        for name in ("api_url", "token_url"):
            _check_url(name, values[name])
        for name in ("leave_out_fields", "cost_center_segments", "adopt_project_gids"):
            values[name] = tuple(values[name] or ())
        for name in ("quarantine_path", "audit_log_path", "report_path"):
            values[name] = values[name] or None
        values["adopt"] = Adopt(values["adopt"])
        values["streams"] = _by_name(raw.get("streams") or ())
        values["heartbeat"] = heartbeat_of(raw.get("heartbeat"))
        values["supplier_mapping"] = mapping_of(raw.get("supplier_mapping") or ())
        values["project_routes"] = project_routes_of(raw.get("project_routes") or ())
        return cls(**values)

    @property
    def only_plans(self) -> bool:
        """Whether the sync only logs what it would write."""
        return self.dry_run or self.adopt is Adopt.REPORT

    def authentication(self, patience: float = SYNC_PATIENCE_SECONDS) -> PersonalAccessToken | OAuthToken:
        """The authentication of requests. `patience` is how long to retry a failing token service, in seconds."""
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
        """Where a stream's records go: by its entry in `streams`, else by its preset. Raises config_error if it has neither."""
        return route_of(
            stream,
            self.streams.get(stream),
            project_gid=self.project_gid,
            cards_gid=self._cards_gid(),
            line_items=self.line_items,
            leave_out_fields=self.leave_out_fields,
        )

    def _cards_gid(self) -> str | None:
        """The Asana project of the projects' cards, by the entry of their stream; None if the entry makes no tasks."""
        entries = (entry for name, entry in self.streams.items() if source_of(name) == CARD_STREAM)
        write_as = next((entry["write_as"] for entry in entries), {"type": RouteKind.TASK})
        if write_as["type"] not in (RouteKind.TASK, RouteKind.PROJECT):
            return None
        return write_as.get("project_gid") or self.project_gid


def _by_name(entries: Iterable[Mapping[str, Any]]) -> dict[str, Mapping[str, Any]]:
    """The entries of `streams`, by stream name."""
    streams: dict[str, Mapping[str, Any]] = {}
    for entry in entries:
        if entry["name"] in streams:
            raise config_error(f"streams: “{entry['name']}” is listed twice. Keep one of the two entries.")
        streams[entry["name"]] = entry
    return streams


def _check_url(name: str, url: str) -> None:
    try:
        # Programs disagree about the host of an address with a backslash or a space in it: it could pass for localhost and
        # lead elsewhere.
        parts = urlsplit("" if _MISREAD.search(url) else url)
        _ = parts.port  # out of range, it says so only when asked
    except ValueError:
        parts = urlsplit("")
    if parts.username or parts.password:
        raise config_error(f"{name} must not hold a user name or password.")
    secure = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOCAL_HOSTS)
    if not parts.hostname or not secure:
        raise config_error(
            f"{name} must begin with https:// (plain http is accepted for localhost only), so that no secret is sent in the clear."
        )
