"""The web application: authentication, limits, latency and faults around the handlers, and the request log."""

import asyncio
import importlib.util
import json
import time
import traceback
from email.utils import formatdate
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount, Route

from . import control, envelope, oauth
from .dispatch import dispatch
from .errors import ApiError, unauthorized
from .faults import Fault
from .model import Token
from .routes import load_all
from .sandbox import Sandbox

PREFIX = "/api/1.0"
PHRASE = "6 sad squid snuggle softly"
HTML = "<html><head><title>502 Bad Gateway</title></head><body><center><h1>502 Bad Gateway</h1></center></body></html>"


def make_app(sandbox: Sandbox) -> Starlette:
    """The whole server: the API, the token endpoint, the controls and, if enabled, the board page."""
    load_all()
    routes: list[BaseRoute] = [
        Mount(PREFIX, app=Api(sandbox)),
        Route("/-/oauth_token", oauth.token_endpoint(sandbox), methods=["POST"]),
        Mount("/_control", routes=control.routes(sandbox)),
    ]
    if importlib.util.find_spec(f"{__package__}.page"):
        page = importlib.import_module(f"{__package__}.page")
        routes += page.routes(sandbox)
    return Starlette(routes=routes)


class Api:
    """ASGI application for everything below `/api/1.0`."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        request = Request(scope, receive)
        raw = scope.get("raw_path", scope["path"].encode()).decode("ascii").split("?")[0]
        path = raw[len(PREFIX) :] if raw.startswith(PREFIX) else raw
        body = await request.body()
        query = dict(request.query_params)
        entry = self._log(request, path, query, body)
        with_query = path + (f"?{request.url.query}" if request.url.query else "")
        fault = self.sandbox.faults.pick(request.method, with_query, body)
        if fault:
            entry["fault"] = fault.action
        if fault and fault.action == "drop":
            await self._finish(entry, None)
            return await drop(scope, receive, send)
        exchange = Exchange(self.sandbox, request, path, query, body, entry)
        with self.sandbox.applying():
            response = await exchange.run(fault)
        await self._finish(entry, response)
        if fault and fault.action == "lost_answer":
            return await drop(scope, receive, send)
        if fault and fault.action == "cut":
            return await cut_short(scope, send, response)
        return await response(scope, receive, send)

    def _log(self, request: Request, path: str, query: dict[str, str], body: bytes) -> dict[str, Any]:
        self.sandbox.log_number += 1
        entry: dict[str, Any] = {
            "number": self.sandbox.log_number,
            "time": round(time.time(), 3),
            "method": request.method,
            "path": path,
            "query": query,
            "body": _readable(body),
            "user": None,
            "status": None,
            "seconds": time.monotonic(),
        }
        if self.sandbox.settings.record_bodies:
            entry["request_headers"] = {
                k: v if k != "authorization" else "Bearer …" for k, v in request.headers.items()
            }
        self.sandbox.log.append(entry)
        return entry

    async def _finish(self, entry: dict[str, Any], response: Response | None) -> None:
        entry["seconds"] = round(time.monotonic() - entry["seconds"], 4)
        if response is None:
            return
        entry["status"] = response.status_code
        if response.status_code >= 400 or self.sandbox.settings.record_bodies:
            entry["response"] = _readable(bytes(response.body))
        if self.sandbox.settings.record_bodies:
            entry["response_headers"] = dict(response.headers)


class Exchange:
    """One request and its answer."""

    def __init__(
        self, sandbox: Sandbox, request: Request, path: str, query: dict[str, str], body: bytes, entry: dict[str, Any]
    ) -> None:
        self.sandbox = sandbox
        self.request = request
        self.path = path
        self.query = query
        self.body = body
        self.entry = entry

    async def run(self, fault: Fault | None) -> Response:
        headers = {"X-Asana-Api-Version": "1.1", "Date": formatdate(self.sandbox.store.now(), usegmt=True)}
        if self.sandbox.settings.asana_change:
            headers["Asana-Change"] = self.sandbox.settings.asana_change
        try:
            token = authenticate(self.sandbox, self.request.headers.get("authorization"))
            self.entry["user"] = token.user.name
            response = await self._limited(token, fault)
        except ApiError as error:
            response = envelope.error_response(error)
        response.headers.update(headers)
        return response

    async def _limited(self, token: Token, fault: Fault | None) -> Response:
        usage = self.sandbox.usage_of(token)
        kinds = envelope.weight(self.request.method, self.path, self.body)
        searches = envelope.searches(self.path, self.body)
        for kind, count in kinds.items():
            usage.admit(kind, count, searches if kind == "read" else 0)
        for kind, count in kinds.items():
            usage.begin(kind, count)
        self.entry["in_flight"] = sum(usage.in_flight.values())
        settings = self.sandbox.settings
        latency = settings.read_latency if self.request.method == "GET" else settings.write_latency
        try:
            if latency:
                await asyncio.sleep(latency)
            return await self._answered(token, fault)
        finally:
            for kind, count in kinds.items():
                usage.end(kind, count)

    async def _answered(self, token: Token, fault: Fault | None) -> Response:
        if fault is None:
            return await self._handled(token)
        options = fault.options
        if fault.action == "expire_offsets":
            self.sandbox.offsets.expire_all()
        elif fault.action == "meanwhile":
            await self._meanwhile(options)
        elif fault.action == "throttle":
            seconds = options.get("retry_after", 1)
            return envelope.error_response(
                ApiError(429, "You have made too many requests recently.", {"Retry-After": str(seconds)})
            )
        elif fault.action in ("error", "html", "timeout"):
            if options.get("late"):
                late = asyncio.create_task(self._handled_late(token, fault))
                self.sandbox.late.add(late)
                late.add_done_callback(self.sandbox.late.discard)
            elif options.get("applied", fault.action == "timeout"):
                await self._handled(token)
            return _planned(fault)
        response = await self._handled(token)
        if fault.action == "delay":
            with self.sandbox.applied():
                await self.sandbox.faults.wait(fault, options.get("seconds", 1))
        if fault.action == "truncate":
            return Response(bytes(response.body)[: len(response.body) // 2], response.status_code, None, envelope.JSON)
        return response

    async def _meanwhile(self, options: dict[str, Any]) -> None:
        """Carries out what a person does between a client's last look and this request."""
        user = self.sandbox.store.user(options["person"])
        if user is None:
            raise ApiError(500, f"The fault names nobody: {options['person']}")
        token = Token(f"control-{user.gid}", user)
        for one in options["does"]:
            content = envelope.Content(one.get("data", {}), {})
            await dispatch(self.sandbox, token, one["method"], one["path"], {}, content)

    async def _handled_late(self, token: Token, fault: Fault) -> None:
        with self.sandbox.applying():
            await self.sandbox.faults.wait(fault, fault.options["late"])
            await self._handled(token)

    async def _handled(self, token: Token) -> Response:
        self.sandbox.base_url = f"http://{self.request.headers.get('host', '')}"
        try:
            content = envelope.parse(self.request, self.body)
            reply = await dispatch(self.sandbox, token, self.request.method, self.path, self.query, content, self.entry)
        except ApiError as error:
            return envelope.error_response(error)
        except Exception:  # a fault of the sandbox itself: seen on stderr, and the log tells it from a planned 500
            traceback.print_exc()
            self.entry["fault"] = "sandbox bug"
            return envelope.error_response(ApiError(500, "Server Error", phrase="the sandbox itself has a bug"))
        self.sandbox.usage_of(token).charge(reply.cost)
        return envelope.response(reply, "opt_pretty" in self.query)


def authenticate(sandbox: Sandbox, header: str | None) -> Token:
    """The token of an `Authorization: Bearer …` header. Raises ApiError 401 if it is missing, unknown or expired."""
    scheme, _, value = (header or "").partition(" ")
    token = sandbox.store.tokens.get(value.strip()) if scheme.lower() == "bearer" else None
    if token is None or token.revoked:
        raise unauthorized()
    if token.spent() or (token.expires_at is not None and sandbox.store.now() >= token.expires_at):
        raise unauthorized(
            "The bearer token has expired. If you have a refresh token, please use it to request a new bearer token, "
            "otherwise allow the user to re-authenticate."
        )
    if all(role == "deactivated" for role in token.user.workspaces.values()):
        raise unauthorized()
    return token


def _planned(fault: Fault) -> Response:
    options = fault.options
    status = options.get("status", {"html": 502, "timeout": 504}.get(fault.action, 500))
    if fault.action == "html":
        return Response(options.get("answer", HTML), status, media_type="text/html")
    if "answer" in options:
        return Response(options["answer"], status, options.get("headers"), "application/json")
    message = options.get("message", "Server Error" if status < 502 else "Service Unavailable")
    phrase = options.get("phrase", PHRASE) if status == 500 else None
    return envelope.error_response(ApiError(status, message, options.get("headers"), phrase))


async def drop(scope: Any, receive: Any, send: Any) -> None:
    """Break the connection off without an answer."""
    scope["state"]["transport"].abort()
    await asyncio.sleep(0)
    await Response(status_code=500)(scope, receive, send)


async def cut_short(scope: Any, send: Any, response: Response) -> None:
    """Send the head and half of the body, then break the connection off."""
    await send({"type": "http.response.start", "status": response.status_code, "headers": response.raw_headers})
    half = bytes(response.body)[: len(response.body) // 2]
    await send({"type": "http.response.body", "body": half, "more_body": True})
    await asyncio.sleep(0.05)
    scope["state"]["transport"].abort()
    await asyncio.sleep(0)
    await send({"type": "http.response.body", "body": b"", "more_body": False})


def _readable(body: bytes) -> Any:
    if not body:
        return None
    try:
        value = json.loads(body)
        if b"\\ud" in body.lower():  # a lone surrogate could not be shown again
            json.dumps(value, ensure_ascii=False).encode()
        return value
    except ValueError:
        return body[:2000].decode("utf-8", "replace")
