"""The request log: what clients sent and received, without secrets."""

from __future__ import annotations

import json
import time
from collections import Counter, deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from integration_tests.sandbox.visma.faults import below

TOKEN_PATH = "/connect/token"
# Enough for a benchmark of a million records. Older entries are dropped, but the counters keep counting.
_KEPT = 50_000
_HEADERS = (
    "accept",
    "accept-encoding",
    "content-type",
    "erp-api-background",
    "if-match",
    "ipp-company-id",
    "user-agent",
)


@dataclass
class Entry:
    """One request. ``status`` is 0 while it runs and when the connection was dropped; ``token`` is the token's number.

    ``body`` and ``response`` stay None unless the setting ``record_bodies`` is on; JSON is taken apart.
    """

    number: int
    at: float
    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    status: int = 0
    seconds: float = 0.0
    bytes: int = 0
    in_flight: int = 0
    token: int | None = None
    fault: str | None = None
    done: bool = False
    body: Any = None
    response: Any = None
    _started: float = field(default_factory=time.perf_counter, repr=False)

    def as_dict(self) -> dict[str, Any]:
        """The entry as JSON."""
        return {name: value for name, value in vars(self).items() if not name.startswith("_")}


class RequestLog:
    """Entries in order of arrival, and counters over all of them."""

    def __init__(self) -> None:
        self.clear()

    def clear(self) -> None:
        """Clears the log. Requests that are still running stay counted."""
        self.entries: deque[Entry] = deque(maxlen=_KEPT)
        self.in_flight = getattr(self, "in_flight", 0)
        self.peak = self.in_flight
        self.statuses: Counter[str] = Counter()
        self.paths: Counter[str] = Counter()
        self._count = 0

    def start(self, method: str, path: str, query: Mapping[str, str], headers: Mapping[str, str]) -> Entry:
        """Opens the entry of a request that has arrived."""
        self._count += 1
        # Token requests do not count, because clients limit their calls to the API.
        self.in_flight += path != TOKEN_PATH
        self.peak = max(self.peak, self.in_flight)
        kept = {name: headers[name] for name in _HEADERS if name in headers}
        entry = Entry(self._count, time.time(), method, path, dict(query), kept, in_flight=self.in_flight)
        self.entries.append(entry)
        return entry

    def finish(self, entry: Entry) -> None:
        """Closes the entry."""
        self.in_flight -= entry.path != TOKEN_PATH
        entry.seconds = round(time.perf_counter() - entry._started, 6)
        entry.done = True
        self.statuses[str(entry.status)] += 1
        self.paths[f"{entry.method} {entry.path}"] += 1

    def find(self, path: str = "/", method: str = "", status: int | None = None) -> list[Entry]:
        """Entries whose path is this one or continues it."""
        return [
            entry
            for entry in self.entries
            if below(entry.path, path) and method in ("", entry.method) and status in (None, entry.status)
        ]


def json_or_text(content: bytes) -> Any:
    """A body in the form kept by the request log."""
    try:
        return json.loads(content) if content else None
    except ValueError:
        return content.decode("utf-8", "replace")
