"""Releases a STATE once every record before it is in Asana or in quarantine, and not earlier."""

from __future__ import annotations

import threading
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

StreamKey = tuple[str | None, str | None]


@dataclass(slots=True, eq=False)
class Ticket:
    """The position of one record in the order of the input."""

    stream: StreamKey
    done: bool = False
    rejected: bool = False


class Watermark:
    """The order of the unfinished input. Thread-safe.

    `release` is called with each STATE message, in the order of the input and with `destinationStats` added, as soon as no
    unfinished record precedes it and its stream is not on hold. The counts follow AirbyteStateStats of the Airbyte protocol.
    """

    def __init__(self, release: Callable[[dict[str, Any]], None]) -> None:
        self._release = release
        self._order: deque[Ticket | dict[str, Any]] = deque()
        self._committed: Counter[StreamKey] = Counter()
        self._rejected: Counter[StreamKey] = Counter()
        self._lock = threading.RLock()
        self._moved = threading.Condition(self._lock)
        self._unfinished = 0
        self._on_hold: set[str] = set()
        self._held_back: list[dict[str, Any]] = []
        self._kept = 0

    def record(self, stream: StreamKey) -> Ticket:
        """Registers a record of the input."""
        ticket = Ticket(stream)
        with self._lock:
            self._order.append(ticket)
            self._unfinished += 1
        return ticket

    def state(self, message: dict[str, Any]) -> None:
        """Registers a STATE message of the input, and releases it if no unfinished record precedes it."""
        with self._lock:
            self._order.append(message)
            self._advance()

    def done(self, ticket: Ticket, *, rejected: bool = False) -> None:
        """Marks a record as done: it is in Asana or in quarantine. Only the first time counts."""
        with self._lock:
            if ticket.done:
                return
            ticket.done = True
            ticket.rejected = rejected
            self._kept += not rejected
            self._unfinished -= 1
            self._advance()
            self._moved.notify_all()

    def hold(self, stream: str) -> None:
        """Holds back the STATEs of a stream until `free`. STATEs of other streams overtake them."""
        with self._lock:
            self._on_hold.add(stream)

    def free(self, stream: str) -> None:
        """Releases the STATEs of a stream again: everything that belongs to its records is in Asana."""
        with self._lock:
            self._on_hold.discard(stream)
            waiting, self._held_back = self._held_back, []
            for message in waiting:
                self._release_or_hold(message)

    @property
    def unfinished(self) -> int:
        return self._unfinished

    @property
    def kept(self) -> int:
        """How many records are done and were not rejected."""
        return self._kept

    def wait_below(self, limit: int, seconds: float) -> bool:
        """Waits until fewer than `limit` records are unfinished. False if that takes longer than `seconds`."""
        with self._moved:
            return self._moved.wait_for(lambda: self._unfinished < limit, seconds)

    def _advance(self) -> None:
        while self._order:
            head = self._order[0]
            if isinstance(head, Ticket):
                if not head.done:
                    return
                (self._rejected if head.rejected else self._committed)[head.stream] += 1
            else:
                self._release_or_hold(head)
            self._order.popleft()

    def _release_or_hold(self, message: dict[str, Any]) -> None:
        if self._is_on_hold(message):
            self._held_back.append(message)
        else:
            self._release(self._counted(message))

    def _is_on_hold(self, message: dict[str, Any]) -> bool:
        state = message.get("state")
        descriptor = state.get("stream") if isinstance(state, dict) else None
        if not isinstance(descriptor, dict):
            # A STATE for all streams.
            return bool(self._on_hold)
        return (descriptor.get("stream_descriptor") or {}).get("name") in self._on_hold

    def _counted(self, message: dict[str, Any]) -> dict[str, Any]:
        state = message.get("state")
        if not isinstance(state, dict):
            return message
        if isinstance(state.get("stream"), dict):
            descriptor = state["stream"].get("stream_descriptor") or {}
            keys: list[StreamKey] = [(descriptor.get("namespace"), descriptor.get("name"))]
        else:
            keys = list({*self._committed, *self._rejected})
        stats = {"recordCount": float(sum(self._committed.pop(key, 0) for key in keys))}
        rejected = sum(self._rejected.pop(key, 0) for key in keys)
        if rejected:
            stats["rejectedRecordCount"] = float(rejected)
        return {**message, "state": {**state, "destinationStats": stats}}
