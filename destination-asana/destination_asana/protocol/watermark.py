"""Releases a STATE when everything before it is applied or quarantined, and not a moment earlier."""

from __future__ import annotations

import threading
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

StreamKey = tuple[str | None, str | None]


@dataclass(slots=True, eq=False)
class Ticket:
    """The place of one record in the order of the input."""

    stream: StreamKey
    done: bool = False
    rejected: bool = False


class Watermark:
    """The order of the input, as far as it is not finished. Thread-safe.

    `release` is called with each STATE message, `destinationStats` added, in the order they came, as soon as no
    unfinished record stands before it and its stream is not held. Source of the counts: Airbyte protocol, AirbyteStateStats.
    """

    def __init__(self, release: Callable[[dict[str, Any]], None]) -> None:
        self._release = release
        self._order: deque[Ticket | dict[str, Any]] = deque()
        self._committed: Counter[StreamKey] = Counter()
        self._rejected: Counter[StreamKey] = Counter()
        self._lock = threading.RLock()
        self._moved = threading.Condition(self._lock)
        self._unfinished = 0
        self._held: set[str] = set()
        self._aside: list[dict[str, Any]] = []

    def record(self, stream: StreamKey) -> Ticket:
        """Notes a record that has come in."""
        ticket = Ticket(stream)
        with self._lock:
            self._order.append(ticket)
            self._unfinished += 1
        return ticket

    def state(self, message: dict[str, Any]) -> None:
        """Notes a STATE message that has come in, and releases it when nothing stands before it."""
        with self._lock:
            self._order.append(message)
            self._advance()

    def done(self, ticket: Ticket, *, rejected: bool = False) -> None:
        """Notes that a record is in Asana, or in quarantine."""
        with self._lock:
            ticket.done = True
            ticket.rejected = rejected
            self._unfinished -= 1
            self._advance()
            self._moved.notify_all()

    def hold(self, stream: str) -> None:
        """Keeps the STATEs of a stream, by its name, until it is freed; those of other streams pass them."""
        with self._lock:
            self._held.add(stream)

    def free(self, stream: str) -> None:
        """Lets the STATEs of a stream leave: all that belongs to its records is in Asana."""
        with self._lock:
            self._held.discard(stream)
            aside, self._aside = self._aside, []
            for message in aside:
                self._leave(message)

    @property
    def unfinished(self) -> int:
        return self._unfinished

    def wait_below(self, limit: int, seconds: float) -> bool:
        """Waits until fewer than `limit` records are unfinished; False when that took longer than `seconds`."""
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
                self._leave(head)
            self._order.popleft()

    def _leave(self, message: dict[str, Any]) -> None:
        if self._is_held(message):
            self._aside.append(message)
        else:
            self._release(self._counted(message))

    def _is_held(self, message: dict[str, Any]) -> bool:
        state = message.get("state")
        descriptor = state.get("stream") if isinstance(state, dict) else None
        if not isinstance(descriptor, dict):
            # A STATE of all streams.
            return bool(self._held)
        return (descriptor.get("stream_descriptor") or {}).get("name") in self._held

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
