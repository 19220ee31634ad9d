"""``python -m integration_tests.sandbox.visma``: serves the sandbox until it is stopped."""

from __future__ import annotations

import argparse
import json
import socket
from typing import Any

import uvicorn

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
    # The line is a promise: whoever reads it may connect, since the socket already listens.
    print(f"listening on http://{options.host}:{listener.getsockname()[1]}", flush=True)
    config = uvicorn.Config(
        app, http=Protocol, log_level="warning", access_log=False, timeout_keep_alive=120, timeout_graceful_shutdown=1
    )
    uvicorn.Server(config).run(sockets=[listener])


def _pair(text: str) -> tuple[str, Any]:
    name, _, value = text.partition("=")
    try:
        return name, json.loads(value)
    except ValueError:
        return name, value


if __name__ == "__main__":
    main()
