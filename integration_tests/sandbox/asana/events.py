"""Events: changes, described by gids only, and the sync tokens of the Events API.

Rules: Asana OpenAPI document, tag "Events". A token is valid for a day; without a valid token the answer is 412 with a
new one.
"""

import secrets
from typing import Any

from . import model
from .errors import ApiError
from .stamps import iso
from .store import KIND_NAMES, Store

TOKEN_LIFETIME = 86_400.0


class Event:
    """One change, with the gids of everything it bubbles up to."""

    __slots__ = ("action", "at", "change", "covers", "parent", "resource", "user", "workspace")

    def __init__(
        self,
        at: float,
        action: str,
        resource: Any,
        user: model.User | None,
        parent: Any,
        change: dict[str, Any] | None,
    ) -> None:
        self.at = at
        self.action = action
        self.resource = resource
        self.user = user
        self.parent = parent
        self.change = change
        self.covers = containers(resource) | (containers(parent) if parent is not None else set())
        self.workspace = workspace_of(resource)

    @property
    def resource_type(self) -> str:
        return KIND_NAMES.get(type(self.resource), "")

    def record(self, named: bool = False) -> dict[str, Any]:
        """The event in the form of an answer. `named` adds the names that only the Events API gives."""
        told: dict[str, Any] = {
            "user": _reference(self.user, False) if self.user else None,
            "created_at": iso(self.at),
            "type": self.resource_type,
            "action": self.action,
            "resource": _reference(self.resource, named),
            "parent": _reference(self.parent, named) if self.parent is not None else None,
        }
        if self.change is not None:
            change = {"field": self.change["field"], "action": self.change["action"]}
            if type(self.change.get("new_value")) in KIND_NAMES:
                change["new_value"] = _reference(self.change["new_value"], False)
            told["change"] = change
        return told


def _reference(thing: Any, named: bool) -> dict[str, Any]:
    out = {"gid": thing.gid, "resource_type": KIND_NAMES[type(thing)]}
    if hasattr(thing, "resource_subtype"):
        out["resource_subtype"] = thing.resource_subtype
    if named and hasattr(thing, "name"):
        out["name"] = thing.name
    return out


def containers(thing: Any) -> set[str]:
    """The gids whose subscribers are notified of `thing`: itself, the tasks above it and their projects."""
    found = {thing.gid}
    if isinstance(thing, (model.Story, model.Attachment)):
        found |= containers(thing.target if isinstance(thing, model.Story) else thing.parent)
    elif isinstance(thing, model.Task):
        found |= {project.gid for project in thing.memberships}
        if thing.parent is not None:
            found |= containers(thing.parent)
    elif isinstance(thing, model.Section):
        found.add(thing.project.gid)
    elif isinstance(thing, model.CustomFieldSetting):
        found |= containers(thing.parent)
    elif isinstance(thing, model.Project):
        found |= {portfolio.gid for portfolio in thing.portfolios} | ({thing.team.gid} if thing.team else set())
    return found


def workspace_of(thing: Any) -> model.Workspace | None:
    if isinstance(thing, model.Workspace):
        return thing
    for name in ("target", "parent", "project"):
        if not hasattr(thing, "workspace") and getattr(thing, name, None) is not None:
            return workspace_of(getattr(thing, name))
    found: model.Workspace | None = getattr(thing, "workspace", None)
    return found


class Feed:
    """Keeps events from the first sync token on, and returns them by token."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.events: list[Event] = []
        self._tokens: dict[str, tuple[str, int, float]] = {}
        store.listeners.append(self._heard)

    def _heard(self, action: str, resource: Any, user: Any, parent: Any, change: Any) -> None:
        if self._tokens:
            self.events.append(Event(self.store.now(), action, resource, user, parent, change))

    def token(self, resource_gid: str, position: int | None = None) -> str:
        value = f"{secrets.token_hex(16)}:{len(self._tokens)}"
        at = len(self.events) if position is None else position
        self._tokens[value] = (resource_gid, at, self.store.now())
        return value

    def expire_all(self) -> None:
        """Makes every token too old."""
        self._tokens = {value: (gid, at, float("-inf")) for value, (gid, at, _) in self._tokens.items()}

    def read(self, resource: Any, sync: str | None, limit: int) -> tuple[list[Event], str, bool]:
        """The events since the token, the next token, and whether there are more. Raises ApiError 412 without a valid
        token."""
        known = self._tokens.get(sync or "")
        if known is None or known[0] != resource.gid or self.store.now() - known[2] > TOKEN_LIFETIME:
            message = (
                "Sync token invalid or too old. If you are attempting to keep resources in sync, you must fetch the "
                "full dataset for this query now and use the new sync token for the next sync."
            )
            raise ApiError(412, message, extra={"sync": self.token(resource.gid)})
        found: list[Event] = []
        position = known[1]
        whole = isinstance(resource, model.Workspace)
        while position < len(self.events) and len(found) < limit:
            event = self.events[position]
            if resource.gid in event.covers or (whole and event.workspace is resource):
                found.append(event)
            position += 1
        return found, self.token(resource.gid, position), position < len(self.events)
