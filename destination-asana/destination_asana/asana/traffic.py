"""The number of requests of a sync, for its summary."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field


@dataclass
class Traffic:
    """Counts of one sync. Thread-safe."""

    reads: int = 0
    writes: int = 0
    repeats: int = 0
    lost_answers: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def count_request(self, *, write: bool) -> None:
        with self._lock:
            if write:
                self.writes += 1
            else:
                self.reads += 1

    def count_repeat(self) -> None:
        with self._lock:
            self.repeats += 1

    def count_lost_answer(self) -> None:
        with self._lock:
            self.lost_answers += 1
