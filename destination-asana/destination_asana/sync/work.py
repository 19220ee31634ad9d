"""The jobs of a sync, and the reasons for ending it early."""

from __future__ import annotations

import threading
from collections.abc import Callable

from airbyte_cdk.utils.traced_exception import AirbyteTracedException

from destination_asana.explained import explained
from destination_asana.sync.pool import Job, KeyedPool

# How long to wait for running jobs: only briefly after a signal, because SIGKILL soon follows.
SECONDS_AFTER_A_SIGNAL, SECONDS_AT_THE_END = 6.0, 120.0


class Work:
    """Passes jobs to the pool and knows whether the sync goes on. Thread-safe.

    A failed job, an exception and a signal end the sync at once. After a rejected record or a lost message, the sync
    reads no more input but still writes what came before, so that its states can be released.
    """

    def __init__(self, pool: KeyedPool, stopping: threading.Event) -> None:
        self._pool = pool
        self._stopping = stopping
        self._refused: AirbyteTracedException | None = None
        self._lost: AirbyteTracedException | None = None

    def submit(self, key: str, job: Job) -> None:
        """Submits a job. Jobs with the same key run one after the other."""
        self._pool.submit(key, job)

    def refuse(self, error: AirbyteTracedException) -> None:
        """Ends the sync because of a record. Only the first such record is reported."""
        self._refused = self._refused or error

    def lose(self, error: AirbyteTracedException) -> None:
        """Ends the sync because of a message that cannot be read."""
        self._lost = self._lost or error

    def fail(self, error: Exception) -> None:
        """Ends the sync at once."""
        self._pool.failure = self._pool.failure or error

    @property
    def broken(self) -> bool:
        """Whether writing has stopped."""
        return self._stopping.is_set() or self._pool.failure is not None

    @property
    def goes_on(self) -> bool:
        return not self.broken and self._refused is None and self._lost is None

    def drain(self, meanwhile: Callable[[], None]) -> None:
        """Waits until all jobs are done or a signal comes. Calls `meanwhile` about once a second."""
        while not self._pool.drain(1.0) and not self._stopping.is_set():
            meanwhile()

    def stop(self) -> BaseException | None:
        """Drops pending jobs and waits for running ones. Returns the error that ended the sync early, in words for an
        Airbyte user."""
        self._pool.stop(SECONDS_AFTER_A_SIGNAL if self._stopping.is_set() else SECONDS_AT_THE_END)
        error = self._pool.failure or self._refused or self._lost
        return explained(error, "Writing to Asana") if error is not None else None
