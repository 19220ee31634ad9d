"""Runs the application on uvicorn, with access to each connection so that a fault can break it."""

import asyncio
from collections.abc import Callable
from typing import Any

import uvicorn
from starlette.applications import Starlette
from uvicorn.protocols.http.h11_impl import H11Protocol

from .app import make_app
from .sandbox import Sandbox


class _OpenProtocol(H11Protocol):
    """Passes the connection's transport to the application (`scope["state"]["transport"]`)."""

    def connection_made(self, transport: Any) -> None:
        self.app_state = {**self.app_state, "transport": transport}
        super().connection_made(transport)


def serve(host: str, port: int, sandbox: Sandbox, at_end: Callable[[], None] | None = None) -> None:
    """Serves until interrupted, then calls `at_end`. Port 0 takes a free port; the line `listening on http://H:P` says
    which."""
    app: Starlette = make_app(sandbox)
    config = uvicorn.Config(
        app,
        host=host,
        port=port,
        http=_OpenProtocol,
        log_level="error",
        access_log=False,
        lifespan="off",
        date_header=False,
        server_header=False,
        timeout_keep_alive=75,
        timeout_graceful_shutdown=1,
        backlog=1024,
    )
    asyncio.run(_Announcing(config, at_end).serve())


class _Announcing(uvicorn.Server):
    """Prints its address as soon as it listens."""

    def __init__(self, config: uvicorn.Config, at_end: Callable[[], None] | None) -> None:
        super().__init__(config)
        self.at_end = at_end

    async def startup(self, sockets: Any = None) -> None:
        await super().startup(sockets)
        port = self.servers[0].sockets[0].getsockname()[1]
        print(f"listening on http://{self.config.host}:{port}", flush=True)

    async def shutdown(self, sockets: Any = None) -> None:
        await super().shutdown(sockets)
        if self.at_end:
            self.at_end()
