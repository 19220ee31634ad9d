"""The running sandbox: settings, workspace, limits, faults and the request log, and how to start over."""

import asyncio
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from . import journal, seed
from .events import Feed
from .faults import Faults
from .limits import Usage
from .model import Token
from .pagination import Offsets
from .settings import Settings
from .store import Store
from .webhooks import Webhooks

LOG_LENGTH = 300_000


class Sandbox:
    """Everything that a request may use. `reset` restores the seeded workspace."""

    def __init__(self, **settings: Any) -> None:
        self.base_url = ""
        self._initial = settings
        self._stop_webhooks: Callable[[], None] = lambda: None
        self.late: set[asyncio.Task[None]] = set()
        self.faults = Faults()
        self.unapplied = 0
        self.reset()

    def reset(self, settings: dict[str, Any] | None = None) -> None:
        """Starts over with the initial settings, overridden by those given."""
        self._stop_webhooks()
        while self.late:
            self.late.pop().cancel()
        self.settings = Settings()
        self.settings.update({**self._initial, **(settings or {})})
        self.store = Store(self.settings)
        self.offsets = Offsets(self.settings, self.store.now)
        # Whatever waits for a fault that was set before goes on.
        self.faults.entries.clear()
        self.feed = Feed(self.store)
        self.webhooks = Webhooks(self.store, self.settings)
        self._stop_webhooks = self.webhooks.stop
        self.usage: dict[str, Usage] = {}
        self.log: deque[dict[str, Any]] = deque(maxlen=LOG_LENGTH)
        self.log_number = 0
        self.unsettled_writes: list[str] = []
        self.journal = journal.Journal(self.store)
        seed.fill(self.store)

    @contextmanager
    def applying(self) -> Iterator[None]:
        """Counts a request for as long as it may still change something."""
        self.unapplied += 1
        try:
            yield
        finally:
            self.unapplied -= 1

    @contextmanager
    def applied(self) -> Iterator[None]:
        """Within a request that counts: it changes nothing any more, though its answer is not out."""
        self.unapplied -= 1
        try:
            yield
        finally:
            self.unapplied += 1

    def usage_of(self, token: Token) -> Usage:
        """The usage of the token. All access tokens that an app got for one person share it."""
        key = f"{token.app} {token.user.gid}" if token.app else token.value
        if key not in self.usage:
            self.usage[key] = Usage(self.settings, token.user.name)
        return self.usage[key]
