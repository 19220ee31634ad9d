"""Controls for tests, under `/_control/`: no authentication, no limits, JSON in and out. README.md lists them."""

import json
import secrets
from collections import Counter
from collections.abc import Awaitable, Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from . import bulk, dump, envelope
from .conversion import convert
from .dispatch import dispatch
from .errors import ApiError
from .model import CustomField, Token, User, Workspace
from .sandbox import Sandbox
from .signatures import Mischief

Endpoint = Callable[[Request], Awaitable[Response]]


def routes(sandbox: Sandbox) -> list[BaseRoute]:
    """The control endpoints for one sandbox."""
    controls = Controls(sandbox)
    return [
        Route(path, _guarded(handler), methods=[method])
        for method, path, handler in (
            ("GET", "/settings", controls.settings),
            ("PATCH", "/settings", controls.change_settings),
            ("POST", "/reset", controls.reset),
            ("GET", "/faults", controls.faults),
            ("POST", "/faults", controls.add_fault),
            ("DELETE", "/faults", controls.clear_faults),
            ("GET", "/log", controls.log),
            ("GET", "/stats", controls.stats),
            ("DELETE", "/log", controls.clear_log),
            ("GET", "/state", controls.state),
            ("GET", "/tasks", controls.tasks),
            ("POST", "/tasks/bulk", controls.bulk),
            ("POST", "/search/refresh", controls.refresh_search),
            ("POST", "/offsets/expire", controls.expire_offsets),
            ("PATCH", "/users/{gid}", controls.change_user),
            ("POST", "/tokens", controls.add_token),
            ("DELETE", "/tokens/{token:path}", controls.revoke_token),
            ("PATCH", "/custom_fields/{gid}", controls.change_field),
            ("POST", "/as/{gid}", controls.act),
            ("GET", "/inbox", controls.inbox),
            ("GET", "/webhooks", controls.webhooks),
            ("POST", "/webhooks/mischief", controls.add_mischief),
            ("POST", "/webhooks/{gid}/secret", controls.rotate_secret),
            ("POST", "/webhooks/{gid}/deliver", controls.deliver),
            ("DELETE", "/webhooks/{gid}", controls.drop_webhook),
            ("POST", "/events/expire", controls.expire_events),
        )
    ]


def _guarded(handler: Callable[[Request, Any], Any]) -> Endpoint:
    async def endpoint(request: Request) -> Response:
        try:
            body = json.loads(await request.body() or b"{}")
            result = handler(request, body)
            if hasattr(result, "__await__"):
                result = await result
        except (KeyError, TypeError, ValueError) as error:
            return JSONResponse({"error": f"{type(error).__name__}: {error}"}, 400)
        return result if isinstance(result, Response) else JSONResponse(result)

    return endpoint


class Controls:
    """One method for each control. It takes the request and its JSON body, and returns the answer."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox

    def settings(self, request: Request, body: Any) -> Any:
        return self.sandbox.settings.as_dict()

    def change_settings(self, request: Request, body: Any) -> Any:
        self.sandbox.settings.update(body)
        return self.sandbox.settings.as_dict()

    def reset(self, request: Request, body: Any) -> Any:
        self.sandbox.reset(body)
        return self.sandbox.settings.as_dict()

    def faults(self, request: Request, body: Any) -> Any:
        return self.sandbox.faults.as_list()

    def add_fault(self, request: Request, body: Any) -> Any:
        for spec in body if isinstance(body, list) else [body]:
            self.sandbox.faults.add(spec)
        return self.sandbox.faults.as_list()

    def clear_faults(self, request: Request, body: Any) -> Any:
        self.sandbox.faults.entries.clear()
        return []

    def log(self, request: Request, body: Any) -> Any:
        wanted = request.query_params
        return [
            entry
            for entry in self.sandbox.log
            if wanted.get("path", "") in entry["path"]
            and wanted.get("method", entry["method"]) == entry["method"]
            and ("status" not in wanted or str(entry["status"]) == wanted["status"])
            and entry["number"] > int(wanted.get("since", 0))
        ]

    def stats(self, request: Request, body: Any) -> Any:
        log = self.sandbox.log
        return {
            "total": len(log),
            "last_number": self.sandbox.log_number,
            "by_method": Counter(entry["method"] for entry in log),
            "by_status": Counter(str(entry["status"]) for entry in log),
            "by_route": Counter(f"{entry['method']} {entry.get('route', entry['path'])}" for entry in log),
            "unapplied": self.sandbox.unapplied,
            "unsettled_writes": self.sandbox.unsettled_writes,
            "tokens": {usage.name: usage.as_dict() for usage in self.sandbox.usage.values()},
        }

    def clear_log(self, request: Request, body: Any) -> Any:
        self.sandbox.log.clear()
        for usage in self.sandbox.usage.values():
            usage.peak = dict(usage.in_flight)
            usage.refused = dict.fromkeys(usage.refused, 0)
        return {}

    def state(self, request: Request, body: Any) -> Any:
        return dump.state(self.sandbox.store, request.query_params.get("project"))

    def tasks(self, request: Request, body: Any) -> Any:
        wanted = request.query_params
        return dump.tasks_with(self.sandbox.store, wanted.get("field", "Visma ID"), wanted.get("visma_id"))

    def bulk(self, request: Request, body: Any) -> Any:
        return bulk.create(self.sandbox, **body)

    def refresh_search(self, request: Request, body: Any) -> Any:
        self.sandbox.store.forget_past()
        return {}

    def expire_offsets(self, request: Request, body: Any) -> Any:
        self.sandbox.offsets.expire_all()
        return {}

    def change_user(self, request: Request, body: Any) -> Any:
        store = self.sandbox.store
        person = store.objects[request.path_params["gid"]]
        place = next(store.all(Workspace))
        person.workspaces[place] = body.get("role", person.workspaces[place])
        person.name = body.get("name", person.name)
        return {"gid": person.gid, "name": person.name, "role": person.workspaces[place]}

    def add_token(self, request: Request, body: Any) -> Any:
        store = self.sandbox.store
        user = store.find(User, body["user"])
        if user is None:
            raise KeyError(body["user"])
        scopes = frozenset(body["scopes"]) if body.get("scopes") is not None else None
        expires_at = store.now() + body["expires_in"] if body.get("expires_in") is not None else None
        store.tokens[body["token"]] = Token(body["token"], user, scopes, expires_at)
        return {}

    def revoke_token(self, request: Request, body: Any) -> Any:
        """Revokes one token; `oauth` revokes all access tokens that the token endpoint has issued."""
        wanted = request.path_params["token"]
        for token in self.sandbox.store.tokens.values():
            if token.value == wanted or (wanted == "oauth" and token.app):
                token.revoked = True
        return {}

    def change_field(self, request: Request, body: Any) -> Any:
        store = self.sandbox.store
        field = store.find(CustomField, request.path_params["gid"])
        if field is None:
            raise KeyError(request.path_params["gid"])
        for name in ("locked_by", "created_by"):
            if name in body:
                setattr(field, name, store.user(body.pop(name)))
        if "convert_to" in body:
            convert(store, field, body.pop("convert_to"))
        for name, value in body.items():
            if name not in (
                "is_value_read_only",
                "is_formula_field",
                "privacy_setting",
                "default_access_level",
                "description",
                "name",
            ):
                raise KeyError(name)
            setattr(field, name, value)
        return {"gid": field.gid}

    async def act(self, request: Request, body: Any) -> Response:
        """Makes any API request in a person's name, as if that person changed something in Asana."""
        user = self.sandbox.store.user(request.path_params["gid"])
        if user is None:
            raise KeyError(request.path_params["gid"])
        token = Token(f"control-{user.gid}", user)
        content = envelope.Content(body.get("data", {}), {"fields": body["fields"]} if "fields" in body else {})
        try:
            reply = await dispatch(
                self.sandbox, token, body.get("method", "GET").upper(), body["path"], body.get("query", {}), content
            )
        except ApiError as error:
            return envelope.error_response(error)
        return envelope.response(reply)

    def inbox(self, request: Request, body: Any) -> Any:
        return self.sandbox.store.inbox

    def webhooks(self, request: Request, body: Any) -> Any:
        hooks = self.sandbox.webhooks
        return {
            "webhooks": [
                {
                    "gid": one.gid,
                    "resource": one.resource.gid,
                    "target": one.target,
                    "filters": one.filters,
                    "secret": one.secret,
                    "retries": one.retries,
                    "pending": len(one.pending),
                }
                for one in hooks.all.values()
            ],
            "deliveries": hooks.log,
            "held": hooks.held,
        }

    def add_mischief(self, request: Request, body: Any) -> Any:
        self.sandbox.webhooks.mischief.append(Mischief(**body))
        return {}

    def rotate_secret(self, request: Request, body: Any) -> Any:
        webhook = self.sandbox.webhooks.all[request.path_params["gid"]]
        webhook.secret = body.get("secret") or secrets.token_hex(16)
        return {"secret": webhook.secret}

    async def deliver(self, request: Request, body: Any) -> Any:
        hooks = self.sandbox.webhooks
        taken = await hooks.send(hooks.all[request.path_params["gid"]], body["events"], None)
        return JSONResponse({"taken": taken})

    def drop_webhook(self, request: Request, body: Any) -> Any:
        self.sandbox.webhooks.remove(self.sandbox.webhooks.all[request.path_params["gid"]])
        return {}

    def expire_events(self, request: Request, body: Any) -> Any:
        self.sandbox.feed.expire_all()
        return {}
