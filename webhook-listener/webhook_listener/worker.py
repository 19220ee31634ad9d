"""A thread that processes a queue in the database. An error does not end it."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable

logger = logging.getLogger(__name__)
FIRST_PAUSE_SECONDS = 2.0
LONGEST_PAUSE_SECONDS = 600.0
LONGEST_REST_SECONDS = 10.0


def pause(attempts: int) -> float:
    """The seconds until the next try, after this many failed ones."""
    return min(LONGEST_PAUSE_SECONDS, FIRST_PAUSE_SECONDS * 2.0 ** min(attempts, 20))


class Rest:
    """A pause for a whole queue, because a problem with a service concerns all work that needs it."""

    def __init__(self) -> None:
        self._until = 0.0

    def begin(self, retry_after: float | None, wait: float) -> None:
        """Rests for as long as the service asked, else for a part of the failed task's own pause."""
        self._until = time.monotonic() + (retry_after or min(wait, LONGEST_REST_SECONDS))

    @property
    def left(self) -> float:
        """The seconds left; 0 when the pause is over."""
        return max(0.0, self._until - time.monotonic())


class Worker:
    """Calls `step` repeatedly: at once while it returns 0, else after that many seconds or when `news` is set."""

    def __init__(self, name: str, step: Callable[[], float], news: threading.Event) -> None:
        self.news = news
        self._step = step
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Asks the thread to end after its present step. Queued work stays queued."""
        self._stopping.set()
        self.news.set()

    def join(self, seconds: float) -> None:
        self._thread.join(seconds)

    @property
    def alive(self) -> bool:
        return self._thread.is_alive()

    def _run(self) -> None:
        failures = 0
        while not self._stopping.is_set():
            self.news.clear()
            try:
                wait = self._step()
                failures = 0
            except Exception as error:
                # An unforeseen case must not end the thread, because other work waits in the queue.
                logger.error(f"{self._thread.name}: unexpected {type(error).__name__}: {error}", exc_info=failures == 0)
                wait = pause(failures)
                failures += 1
            if wait > 0 and not self._stopping.is_set():
                self.news.wait(wait)
