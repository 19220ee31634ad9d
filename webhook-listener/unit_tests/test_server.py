"""A stop that is asked for before the server runs is not lost."""

import asyncio
import signal
import socket
from collections.abc import Iterator

import pytest
import uvicorn
from starlette.applications import Starlette
from webhook_listener.server import _stop_on_signals


@pytest.fixture(autouse=True)
def handlers() -> Iterator[None]:
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_before_the_server_runs_ends_it(number: signal.Signals) -> None:
    server = uvicorn.Server(uvicorn.Config(Starlette(), lifespan="off", log_config=None))
    _stop_on_signals(server)
    signal.raise_signal(number)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        asyncio.run(asyncio.wait_for(server.serve(sockets=[listening]), 60))
    assert not server.started or server.should_exit
