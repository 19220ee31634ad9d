"""The application: routes as in the official document, the request log around them, and the control endpoints."""

from __future__ import annotations

import gzip
import uuid
from email.utils import formatdate

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from integration_tests.sandbox.visma import api, control
from integration_tests.sandbox.visma.entities import ENTITIES, LISTED, SUPPLIER_INVOICE
from integration_tests.sandbox.visma.requestlog import TOKEN_PATH, Entry, json_or_text
from integration_tests.sandbox.visma.world import Start, World

PATHS = {entity.path.lower(): entity.path for entity in LISTED}


def create_app(start: Start) -> Starlette:
    """The sandbox as an ASGI application."""
    app = Starlette(
        routes=[
            Route(TOKEN_PATH, api.token, methods=["POST"]),
            *(Route(entity.path, api.list_endpoint(entity), methods=["GET"]) for entity in LISTED),
            *(
                Route(f"{entity.path}/{{number}}", api.detail_endpoint(entity), methods=["GET"])
                for entity in ENTITIES.values()
                if entity.by_number
            ),
            Route("/v1/customer/internal/{internal_id}", api.customer_by_internal_id, methods=["GET"]),
            Route("/v1/purchaseorder/{number}", api.put_purchase_order, methods=["PUT"]),
            Route("/v1/supplierInvoice/{number}", api.put_supplier_invoice, methods=["PUT"]),
            Route("/v1/supplierInvoice/{type}/{number}", api.detail_endpoint(SUPPLIER_INVOICE), methods=["GET"]),
            Route("/v1/supplierInvoice/{type}/{number}", api.put_supplier_invoice, methods=["PUT"]),
            Route("/v2/journaltransaction", api.journal_list, methods=["GET"]),
            Route("/v1/projecttask", api.project_tasks, methods=["GET"]),
            Route("/v1/blob/metadata/{blob}", api.blob, methods=["GET"]),
            Route("/v1/dimension", api.dimension_names, methods=["GET"]),
            Route("/v1/dimension/{dimension}", api.dimension, methods=["GET"]),
            Route("/v1/dimension/{dimension}/{segment}", api.segment, methods=["GET"]),
            Route("/v1/dimension/{dimension}/{segment}/{value}", api.segment_value, methods=["GET"]),
            Route("/v1/dimension/{dimension}/{segment}/publicid/{public}", api.segment_value, methods=["GET"]),
            *control.routes(),
        ],
        exception_handlers={404: _no_route, 405: _no_method},
    )
    app.router.redirect_slashes = False
    app.state.world = World(start)
    app.add_middleware(Recorder, world=app.state.world)
    return app


async def _no_route(request: Request, error: Exception) -> Response:
    return api.json_response({"message": f"No HTTP resource was found that matches '{request.url.path}'."}, 404)


async def _no_method(request: Request, error: Exception) -> Response:
    message = f"The requested resource does not support http method '{request.method}'."
    return api.json_response({"message": message}, 405)


class Recorder:
    """Writes the request log and the headers that the service adds to every answer."""

    def __init__(self, app: ASGIApp, world: World) -> None:
        self._app = app
        self._world = world

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"].startswith(control.PREFIX):
            await self._app(scope, receive, send)
            return
        if self._world.settings.path_case == "any":
            scope["path"] = PATHS.get(scope["path"].lower(), scope["path"])
        request = Request(scope)
        entry = self._world.log.start(scope["method"], scope["path"], request.query_params, request.headers)
        scope["sandbox.entry"] = entry
        pack = self._world.settings.compress and "gzip" in request.headers.get("accept-encoding", "")
        try:
            await self._app(scope, receive, _Sender(self._world, scope, send, entry, pack))
        finally:
            self._world.log.finish(entry)


class _Sender:
    """Adds headers to the answer, and compresses bodies that are sent in one piece."""

    def __init__(self, world: World, scope: Scope, send: Send, entry: Entry, pack: bool) -> None:
        self._world, self._scope, self._send, self._entry, self._pack = world, scope, send, entry, pack
        self._start: Message = {}
        self._keep = world.settings.record_bodies and scope["path"] != TOKEN_PATH

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._entry.status = message["status"]
            extra = {"Ipp-Request-Id": str(uuid.uuid4()), "Request-Context": "appId=cid-v1:sandbox"}
            extra["Date"] = formatdate(self._world.clock.seconds(), usegmt=True)
            if self._scope["path"] != TOKEN_PATH:
                extra |= self._scope.get("sandbox.headers") or self._world.limiter.headers("")
            headers = [*message["headers"], *((k.lower().encode(), v.encode()) for k, v in extra.items())]
            self._start = {**message, "headers": headers}
            return
        if self._keep and not message.get("more_body"):
            self._entry.response = json_or_text(message.get("body", b""))
        if self._start:
            start, self._start = self._start, {}
            if self._pack and message.get("body") and not message.get("more_body"):
                message = {**message, "body": gzip.compress(message["body"], 1)}
                length = str(len(message["body"])).encode()
                kept = [(k, v) for k, v in start["headers"] if k != b"content-length"]
                start["headers"] = [*kept, (b"content-length", length), (b"content-encoding", b"gzip")]
            await self._send(start)
        self._entry.bytes += len(message.get("body", b""))
        await self._send(message)
