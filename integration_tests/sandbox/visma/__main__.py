"""``python -m integration_tests.sandbox.visma``: serves the sandbox until it is stopped."""

from __future__ import annotations

import argparse
import json
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import uvicorn

from integration_tests.sandbox.visma import kept
from integration_tests.sandbox.visma.app import create_app
from integration_tests.sandbox.visma.connection import Protocol
from integration_tests.sandbox.visma.settings import Settings
from integration_tests.sandbox.visma.world import Start


def main() -> None:
    """Parses the options, prints ``listening on http://HOST:PORT`` and serves."""
    parser = argparse.ArgumentParser(prog="python -m integration_tests.sandbox.visma", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8081, help="0 for a free one (default %(default)s)")
    parser.add_argument("--scale", type=int, default=0, metavar="N", help="N made-up supplier invoices of about 3 KB")
    parser.add_argument("--empty", action="store_true", help="a company without any data")
    parser.add_argument("--set", action="append", default=[], metavar="NAME=VALUE", help="any setting, as JSON")
    parser.add_argument("--data", type=Path, metavar="FILE", help="keep the company there from stop to start")
    options = parser.parse_args()
    settings = dict(_pair(text) for text in options.set)
    try:
        Settings().change(settings)
    except ValueError as error:
        parser.error(str(error))
    listener = socket.socket(socket.AF_INET6 if ":" in options.host else socket.AF_INET)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind((options.host, options.port))
    listener.listen(256)
    app = create_app(Start(scale=options.scale, empty=options.empty, settings=settings))
    world = app.state.world
    if options.data:
        kept.load(world, options.data)
    # Whoever reads this line may connect, because the socket already listens.
    print(f"listening on http://{options.host}:{listener.getsockname()[1]}", flush=True)
    config = uvicorn.Config(
        app,
        date_header=False,
        http=Protocol,
        log_level="warning",
        access_log=False,
        timeout_keep_alive=120,
        timeout_graceful_shutdown=1,
    )
    _Server(config, (lambda: kept.save(world, options.data)) if options.data else None).run(sockets=[listener])


class _Server(uvicorn.Server):
    """A server that calls a function after it has stopped."""

    def __init__(self, config: uvicorn.Config, at_end: Callable[[], None] | None) -> None:
        super().__init__(config)
        self.at_end = at_end

    async def shutdown(self, sockets: Any = None) -> None:
        await super().shutdown(sockets)
        if self.at_end:
            self.at_end()


def _pair(text: str) -> tuple[str, Any]:
    name, _, value = text.partition("=")
    try:
        return name, json.loads(value)
    except ValueError:
        return name, value


if __name__ == "__main__":
    main()
