"""Answers that go wrong on the wire: dropped connections, truncated bodies, answers that never come."""

from __future__ import annotations

import asyncio
import contextlib
import json
import socket
from collections.abc import Awaitable, Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

from integration_tests.sandbox.visma import limits, oddities
from integration_tests.sandbox.visma.faults import Fault
from integration_tests.sandbox.visma.wire import to_json
from integration_tests.sandbox.visma.world import World

# Open connections by peer address. ASGI offers no way to close a connection, so the protocol below registers them here.
_TRANSPORTS: dict[Any, asyncio.Transport] = {}

_HTML = (
    b"<!DOCTYPE html><html><head><title>Service unavailable</title></head><body><h1>We'll be back</h1></body></html>"
)


class Protocol(H11Protocol):
    """uvicorn's HTTP protocol, with its connection accessible to the endpoints."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        # The connection is already gone if the client only tested whether somebody listens.
        self._peer = (transport.get_extra_info("peername") or ())[:2]
        with contextlib.suppress(OSError):
            # Head and body are two writes; without this the second waits for the client's delayed acknowledgement.
            transport.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        _TRANSPORTS[self._peer] = transport

    def connection_lost(self, exc: Exception | None) -> None:
        _TRANSPORTS.pop(self._peer, None)
        super().connection_lost(exc)


async def _close(scope: Scope) -> None:
    _TRANSPORTS[tuple(scope["client"])].abort()
    # The server learns of it in the loop's next rounds; until then it would try to send an error page.
    await asyncio.sleep(0.01)


class Dropped(Response):
    """Closes the connection without sending a byte."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await _close(scope)


class Cut(Response):
    """Announces the whole body, sends half of it and closes the connection."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        half = bytes(self.body)[: len(self.body) // 2]
        await send({"type": "http.response.body", "body": half, "more_body": True})
        # Half a body is useless if it is still in the buffer when the connection closes.
        await asyncio.sleep(0.05)
        await _close(scope)


async def with_fault(world: World, request: Request, handler: Callable[[], Awaitable[Response]]) -> Response:
    """The handler's answer, altered by the next fault that applies."""
    fault = world.faults.take(request.method, request.url.path, request.query_params)
    if fault is None:
        return await handler()
    request.scope["sandbox.entry"].fault = fault.kind
    if fault.kind == "hang":
        await _hang(world, request, fault)
        return await handler()
    if fault.kind == "respell":
        answer = await handler()
        return Response(to_json(_respelled(json.loads(bytes(answer.body)), fault.names)), media_type=answer.media_type)
    if fault.kind in ("truncate", "cut"):
        return _halved(fault, await handler())
    if fault.kind in ("heavy", "poison"):
        answer = await handler()
        return _answer(world, fault) if oddities.spoils(fault, request, answer) else answer
    if fault.kind == "impure":
        return oddities.impure(fault, await handler())
    if fault.applied:
        await handler()
    return _answer(world, fault)


def _respelled(value: Any, names: dict[str, str | None]) -> Any:
    if isinstance(value, list):
        return [_respelled(item, names) for item in value]
    if not isinstance(value, dict):
        return value
    return {
        names.get(name) or name: None if names.get(name, name) is None else _respelled(item, names)
        for name, item in value.items()
    }


async def _hang(world: World, request: Request, fault: Fault) -> None:
    """Waits, but no longer than the client does, nor than the fault is there."""
    # Testing whether the client is still there takes the next message, which would otherwise be the body.
    await request.body()
    until = asyncio.get_running_loop().time() + fault.seconds
    while asyncio.get_running_loop().time() < until and any(each is fault for each in world.faults.faults):
        if await request.is_disconnected():
            return
        await asyncio.sleep(min(0.05, fault.seconds))


def _answer(world: World, fault: Fault) -> Response:
    if fault.kind == "drop":
        return Dropped()
    if fault.kind == "empty":
        return Response(b"", 200, media_type="application/json; charset=utf-8")
    if fault.kind == "html":
        return Response(_HTML, 200, media_type="text/html; charset=utf-8")
    headers = dict(fault.headers)
    if fault.retry_after is not None:
        headers["Retry-After"] = limits.waiting(fault.retry_after, world.settings.retry_after)
        world.limiter.close(fault.retry_after)
    if fault.status == 204:
        return Response(None, 204, headers)
    if isinstance(fault.body, str):
        return Response(fault.body, fault.status, headers, media_type="text/html; charset=utf-8")
    body = (
        fault.body
        if fault.body is not None
        else {"message": f"VismaId: sandbox. An error has occurred ({fault.status})."}
    )
    return Response(to_json(body), fault.status, headers, media_type="application/json; charset=utf-8")


def _halved(fault: Fault, whole: Response) -> Response:
    headers = {name: value for name, value in whole.headers.items() if name != "content-length"}
    if fault.kind == "cut":
        return Cut(whole.body, whole.status_code, headers)
    return Response(bytes(whole.body)[: len(whole.body) // 2], whole.status_code, headers)
