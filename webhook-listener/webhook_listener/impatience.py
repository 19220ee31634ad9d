"""uvicorn's HTTP protocol with a limit on how long the head of a request may take. The one place that uses its internals.

uvicorn has no setting for this: a sender that never finishes a head would keep its connection for ever. What is used of
`H11Protocol` are its attributes `cycle`, `loop` and `transport`. So `pyproject.toml` names the one minor version this was
tested with, and `unit_tests/test_impatience.py` notices when another no longer fits.
"""

from __future__ import annotations

import asyncio
from typing import Any

from uvicorn.protocols.http.h11_impl import H11Protocol

HEAD_SECONDS = 10.0


class ImpatientProtocol(H11Protocol):
    """Closes a connection whose sender takes longer than `HEAD_SECONDS` for the head of a request."""

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

    def _wait_for_head(self) -> None:
        self._patience = self.loop.call_later(HEAD_SECONDS, self.transport.close)

    def _stop_waiting(self) -> None:
        if self._patience is not None:
            self._patience.cancel()
            self._patience = None
