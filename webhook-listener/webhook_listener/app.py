"""The HTTP application. Bodies are small, waits are short, and an error response carries nothing but its status."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Protocol, TypeVar

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from webhook_listener.intake import AsanaIntake, Outcome, VismaIntake
from webhook_listener.metrics import Metrics

logger = logging.getLogger(__name__)
# Asana's events take some hundred bytes each and come in batches; a Visma delivery contains one event.
MAX_ASANA_BODY = 512 * 1024
MAX_VISMA_BODY = 64 * 1024
BODY_SECONDS = 5.0
# Writers of one SQLite file wait for each other anyway, and short-lived threads would each leave a connection open.
DATABASE_THREADS = 8
T = TypeVar("T")
STATUSES = {
    Outcome.ACCEPTED: 200,
    Outcome.HEARTBEAT: 200,
    Outcome.REPEATED: 200,
    # The sender would only repeat these if they were refused. Their content is dropped.
    Outcome.LATE: 200,
    Outcome.UNKNOWN: 404,
    Outcome.UNSIGNED: 401,
    Outcome.MALFORMED: 400,
}


class Readiness(Protocol):
    def __call__(self) -> bool:
        """Whether deliveries are accepted and processed."""


def make_app(asana: AsanaIntake | None, visma: VismaIntake | None, metrics: Metrics, ready: Readiness) -> Starlette:
    """The application. The endpoint of a service that is not configured does not exist."""
    pool = ThreadPoolExecutor(DATABASE_THREADS, "deliveries")

    async def in_pool(call: Callable[..., T], *values: object) -> T:
        return await asyncio.get_running_loop().run_in_executor(pool, call, *values)

    async def asana_endpoint(request: Request) -> Response:
        body = await read_body(request, MAX_ASANA_BODY)
        key = request.path_params["key"]
        if asana is None:
            return Response(status_code=404)
        secret = request.headers.get("x-hook-secret")
        if secret is not None:
            taken = await in_pool(asana.handshake, key, secret)
            return Response(status_code=200, headers={"X-Hook-Secret": secret}) if taken else Response(status_code=403)
        signature = request.headers.get("x-hook-signature")
        outcome = await in_pool(asana.deliver, key, signature, body)
        metrics.deliveries.labels("asana", outcome.value).inc()
        return Response(status_code=STATUSES[outcome])

    async def visma_endpoint(request: Request) -> Response:
        body = await read_body(request, MAX_VISMA_BODY)
        if visma is None:
            return Response(status_code=404)
        outcome = await in_pool(visma.deliver, request.headers, body)
        metrics.deliveries.labels("visma", outcome.value).inc()
        return Response(status_code=200 if outcome is Outcome.UNKNOWN else STATUSES[outcome])

    async def healthz(request: Request) -> Response:
        return Response("ok\n", media_type="text/plain")

    async def readyz(request: Request) -> Response:
        good = await in_pool(ready)
        return Response("ready\n" if good else "not ready\n", 200 if good else 503, media_type="text/plain")

    async def metrics_endpoint(request: Request) -> Response:
        return Response(await in_pool(metrics.text), media_type="text/plain; version=0.0.4; charset=utf-8")

    app = Starlette(
        routes=[
            Route("/asana/{key}", asana_endpoint, methods=["POST"]),
            Route("/visma", visma_endpoint, methods=["POST"]),
            Route("/healthz", healthz, methods=["GET"]),
            Route("/readyz", readyz, methods=["GET"]),
            Route("/metrics", metrics_endpoint, methods=["GET"]),
        ],
        exception_handlers={HTTPException: _bare, sqlite3.Error: _busy, Exception: _broken},
    )
    app.router.redirect_slashes = False
    return app


async def read_body(request: Request, limit: int) -> bytes:
    """The whole body. Raises HTTPException: 413 beyond `limit`, 408 if it is too slow, 400 if it breaks off."""
    length = request.headers.get("content-length", "")
    if length.isdigit() and int(length) > limit:
        raise HTTPException(413, headers={"Connection": "close"})
    body = bytearray()
    try:
        async with asyncio.timeout(BODY_SECONDS):
            async for chunk in request.stream():
                body += chunk
                if len(body) > limit:
                    raise HTTPException(413, headers={"Connection": "close"})
    except TimeoutError:
        raise HTTPException(408, headers={"Connection": "close"}) from None
    except ClientDisconnect:
        raise HTTPException(400) from None
    return bytes(body)


async def _bare(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    return Response(status_code=error.status_code, headers=error.headers)


async def _busy(request: Request, error: Exception) -> Response:
    """Answers 503, because nothing was stored and the sender should repeat the delivery."""
    logger.error(f"A delivery could not be stored ({error}); the sender is asked to repeat it.")
    return Response(status_code=503, headers={"Retry-After": "5"})


async def _broken(request: Request, error: Exception) -> Response:
    return Response(status_code=500)
