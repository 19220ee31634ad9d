"""Workers that process many documents at once, but each document by one worker at a time."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

Job = Callable[[], object]


class KeyedPool:
    """Runs jobs in parallel. Jobs with the same key run one after the other, in the order of submission.

    A job that raises stops the pool: pending jobs are dropped, and `failure` holds the first exception.
    """

    def __init__(self, workers: int) -> None:
        self._executor = ThreadPoolExecutor(workers, thread_name_prefix="asana")
        self._lock = threading.Lock()
        self._queues: dict[str, deque[Job]] = {}
        self._idle = threading.Condition(self._lock)
        self.failure: BaseException | None = None
        self._stopped = False

    def submit(self, key: str, job: Job) -> None:
        """Submits a job. It is dropped if the pool has stopped."""
        with self._lock:
            if self._stopped:
                return
            queue = self._queues.get(key)
            if queue is not None:
                queue.append(job)
                return
            self._queues[key] = deque([job])
        self._executor.submit(self._run, key)

    def drain(self, seconds: float | None = None) -> bool:
        """Waits until all jobs are done. False if that takes longer than `seconds`."""
        with self._idle:
            return self._idle.wait_for(lambda: not self._queues or self.failure is not None, seconds)

    def stop(self, seconds: float) -> None:
        """Drops pending jobs and waits for the running ones, at most this long."""
        with self._idle:
            self._stopped = True
            self._idle.wait_for(lambda: not self._queues, seconds)
        self._executor.shutdown(wait=False, cancel_futures=True)

    def _run(self, key: str) -> None:
        while True:
            with self._lock:
                queue = self._queues[key]
                if not queue or self._stopped:
                    del self._queues[key]
                    self._idle.notify_all()
                    return
                job = queue[0]
            try:
                job()
            except BaseException as error:
                with self._lock:
                    self.failure = self.failure or error
                    self._stopped = True
                    self._idle.notify_all()
            with self._lock:
                queue.popleft()
