"""One thing is done by one worker at a time."""

from __future__ import annotations

import threading
from collections.abc import Hashable

# Far more than workers, so that different things rarely share one.
_LOCKS = 1024


class Turns:
    """The turns of workers at what they read, and then write whole.

    The description of an order's task is written by the worker of the order's record and by those of its invoices; without turns, one
    would undo what another has written between its read and its write.
    """

    def __init__(self) -> None:
        self._locks = [threading.Lock() for _ in range(_LOCKS)]

    def of(self, key: Hashable) -> threading.Lock:
        """To be held from the last look at what the key stands for until it is written."""
        return self._locks[hash(key) % _LOCKS]
