"""Webhooks and the Events API."""

import ipaddress
from typing import Any
from urllib.parse import urlsplit

from ..call import Call, Reply, as_text
from ..errors import bad, create_only, forbidden, missing_object, not_an_id
from ..events import Event
from ..model import Portfolio, Project, Task, Team, Workspace
from ..routing import route
from ..webhooks import Webhook

WIDE = (Workspace, Team, Portfolio)
ACTIONS = ("changed", "added", "removed", "deleted", "undeleted")
MAX_EVENTS = 100
MAX_WORKSPACE_EVENTS = 1_000


@route("POST", "/webhooks", "webhooks:write")
async def create(call: Call) -> Reply:
    """The handshake with the target takes place during this request."""
    call.only("resource", "target", "filters")
    resource = call.anything(call.required("resource"), "resource")
    target = as_text(call.required("target"), "target")
    _check_target(call, target)
    filters = _filters(call.data.get("filters") or [], resource)
    call.sandbox.webhooks.check_room(resource, call.user)
    webhook = await call.sandbox.webhooks.create(resource, target, filters, call.user)
    reply = call.created(webhook)
    reply.body["X-Hook-Secret"] = webhook.secret
    return reply


def _check_target(call: Call, target: str) -> None:
    parts = urlsplit(target)
    if call.settings.webhook_localhost:
        return
    if parts.scheme != "https":
        raise bad(f"target: Must be an https URL: {target}")
    host = parts.hostname or ""
    try:
        private = not ipaddress.ip_address(host).is_global
    except ValueError:
        private = host == "localhost" or host.endswith((".localhost", ".local"))
    if private:
        raise forbidden("target: Webhooks cannot be sent to localhost or a private network")


def _filters(filters: Any, resource: Any) -> list[dict[str, Any]]:
    if not isinstance(filters, list):
        raise bad("filters: Value is not an array")
    if isinstance(resource, WIDE) and not filters:
        raise bad("filters: Webhooks on a workspace, team or portfolio must have filters")
    for one in filters:
        if not isinstance(one, dict) or set(one) - {"resource_type", "resource_subtype", "action", "fields"}:
            raise bad("filters: Each filter has a resource_type and may have resource_subtype, action and fields")
        if not isinstance(one.get("resource_type"), str):
            raise bad("filters: resource_type: Missing input")
        if one.get("action") is not None and one["action"] not in ACTIONS:
            raise bad(f"filters: action: Value is not one of the allowed: {one['action']}")
        if one.get("fields") and one.get("action") != "changed":
            raise bad("filters: fields can only be given with the action changed")
        if isinstance(resource, WIDE) and (one["resource_type"] in ("task", "story") or one.get("fields")):
            raise bad("filters: Webhooks on a workspace, team or portfolio hear of no tasks, stories or fields")
    return filters


def _found(call: Call, gid: str) -> Webhook:
    if not gid.isdigit():
        raise not_an_id("webhook", gid)
    webhook = call.sandbox.webhooks.all.get(gid)
    if webhook is None or webhook.owner is not call.user:
        raise missing_object("webhook", gid)
    return webhook


@route("GET", "/webhooks", "webhooks:read")
def listing(call: Call) -> Reply:
    place = call.named(Workspace, call.parameter("workspace"), "workspace")
    wanted = call.query.get("resource")
    mine = [one for one in call.sandbox.webhooks.all.values() if one.owner is call.user]
    return call.listing(
        [
            one
            for one in mine
            if wanted in (None, one.resource.gid) and getattr(one.resource, "workspace", one.resource) is place
        ]
    )


@route("GET", "/webhooks/{webhook}", "webhooks:read")
def get(call: Call, webhook: str) -> Reply:
    return call.record(_found(call, webhook))


@route("PUT", "/webhooks/{webhook}", "webhooks:write")
def update(call: Call, webhook: str) -> Reply:
    """Replaces the filters."""
    found = _found(call, webhook)
    for name in ("resource", "target"):
        if name in call.data:
            raise create_only(name)
    call.only("filters")
    found.filters = _filters(call.data.get("filters") or [], found.resource)
    return call.record(found)


@route("DELETE", "/webhooks/{webhook}", "webhooks:delete")
def delete(call: Call, webhook: str) -> Reply:
    call.sandbox.webhooks.remove(_found(call, webhook))
    return call.empty()


@route("GET", "/events")
def events(call: Call) -> Reply:
    resource = call.anything(call.parameter("resource"), "resource")
    if not isinstance(resource, (Task, Project)):
        raise bad("resource: Must be a task, a project or a goal")
    return _events(call, resource, MAX_EVENTS)


@route("GET", "/workspaces/{workspace}/events")
def workspace_events(call: Call, workspace: str) -> Reply:
    return _events(call, call.in_path(Workspace, workspace), MAX_WORKSPACE_EVENTS)


def _events(call: Call, resource: Any, limit: int) -> Reply:
    found, sync, more = call.sandbox.feed.read(resource, call.query.get("sync"), limit)
    return Reply(200, {"data": [_shown(call, event) for event in found], "sync": sync, "has_more": more})


def _shown(call: Call, event: Event) -> dict[str, Any]:
    record = event.record(named=True)
    return record if not call.tree else {name: record[name] for name in record if name in call.tree}
