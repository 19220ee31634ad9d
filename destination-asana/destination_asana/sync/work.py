"""The jobs of a sync, and what ends it before its input does."""

from __future__ import annotations

import threading
from collections.abc import Callable

from airbyte_cdk.utils.traced_exception import AirbyteTracedException

from destination_asana.explained import explained
from destination_asana.sync.pool import Job, KeyedPool

# How long jobs that have begun are waited for: briefly after a signal, since whoever sent it kills soon.
SECONDS_AFTER_A_SIGNAL, SECONDS_AT_THE_END = 6.0, 120.0


class Work:
    """Hands jobs to the pool and knows whether the sync goes on. Thread-safe.

    A failed job, an exception and a signal end the sync at once. After a refused record or a lost message no more input
    is read, but what came before is still written, so that the states before it can leave.
    """

    def __init__(self, pool: KeyedPool, stopping: threading.Event) -> None:
        self._pool = pool
        self._stopping = stopping
        self._refused: AirbyteTracedException | None = None
        self._lost: AirbyteTracedException | None = None

    def submit(self, key: str, job: Job) -> None:
        """Hands over a job; jobs with the same key run one after the other."""
        self._pool.submit(key, job)

    def refuse(self, error: AirbyteTracedException) -> None:
        """Ends the sync because of a record; the first one is the one that is reported."""
        self._refused = self._refused or error

    def lose(self, error: AirbyteTracedException) -> None:
        """Ends the sync because of a message that cannot be read."""
        self._lost = self._lost or error

    def fail(self, error: Exception) -> None:
        """Ends the sync at once."""
        self._pool.failure = self._pool.failure or error

    @property
    def broken(self) -> bool:
        """Whether nothing more is written."""
        return self._stopping.is_set() or self._pool.failure is not None

    @property
    def goes_on(self) -> bool:
        return not self.broken and self._refused is None and self._lost is None

    def drain(self, meanwhile: Callable[[], None]) -> None:
        """Waits until every job is done, or a signal comes; calls `meanwhile` about once a second."""
        while not self._pool.drain(1.0) and not self._stopping.is_set():
            meanwhile()

    def stop(self) -> BaseException | None:
        """Drops the jobs that have not begun, waits for the others, and gives what ended the sync early, in words for an
        Airbyte user."""
        self._pool.stop(SECONDS_AFTER_A_SIGNAL if self._stopping.is_set() else SECONDS_AT_THE_END)
        error = self._pool.failure or self._refused or self._lost
        return explained(error, "Writing to Asana") if error is not None else None
