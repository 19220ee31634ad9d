"""uvicorn's HTTP protocol for senders that cannot be trusted. No other module uses uvicorn's internals.

uvicorn has no setting for a time limit on the head of a request, and a sender that never finishes a head would keep its
connection for ever. If a body breaks the rules of HTTP, uvicorn answers 400 by itself; the application does not know of it,
answers too, and each such request would put a traceback into the log. The class uses the attributes `cycle`, `loop` and
`transport` of `H11Protocol`. So `pyproject.toml` pins the minor version that this was tested with, and
`unit_tests/test_impatience.py` notices if another version no longer fits.
"""

from __future__ import annotations

import asyncio
import contextlib
from typing import Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

HEAD_SECONDS = 10.0


class ImpatientProtocol(H11Protocol):
    """Closes a connection whose sender takes longer than `HEAD_SECONDS` for the head of a request, or whose request is not HTTP."""

    _patience: asyncio.TimerHandle | None = None

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        self._wait_for_head()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self.cycle is not None and not self.cycle.response_complete:
            self._stop_waiting()
        elif self._patience is None:
            self._wait_for_head()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_waiting()
        super().connection_lost(exc)

    def send_400_response(self, msg: str) -> None:
        """Answers what is not HTTP. The application learns that the request it is working on has no sender any more."""
        cycle = self.cycle
        if cycle is not None and not cycle.response_complete:
            cycle.disconnected = True
            cycle.message_event.set()
            if cycle.response_started:
                self.transport.close()
                return
        # h11 sends no text in answer to HEAD, and nothing behind an answer that was complete before the body was.
        with contextlib.suppress(h11.LocalProtocolError):
            super().send_400_response(msg)
        self.transport.close()

    def _wait_for_head(self) -> None:
        self._patience = self.loop.call_later(HEAD_SECONDS, self.transport.close)

    def _stop_waiting(self) -> None:
        if self._patience is not None:
            self._patience.cancel()
            self._patience = None
