"""The whole state of a running sandbox."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from integration_tests.sandbox.visma.auth import TokenService
from integration_tests.sandbox.visma.company import seed
from integration_tests.sandbox.visma.dimensions import Dimensions
from integration_tests.sandbox.visma.entities import ENTITIES
from integration_tests.sandbox.visma.faults import FaultPlan
from integration_tests.sandbox.visma.limits import RateLimiter
from integration_tests.sandbox.visma.requestlog import RequestLog
from integration_tests.sandbox.visma.settings import Settings
from integration_tests.sandbox.visma.stamps import Clock
from integration_tests.sandbox.visma.store import Record, RowVersions, Table
from integration_tests.sandbox.visma.synthetic import SyntheticInvoices
from integration_tests.sandbox.visma.webhooks import Webhooks

if TYPE_CHECKING:
    from integration_tests.sandbox.visma.changes import Trigger

# Entity, key, the record before and after; None where there was or is none.
Listener = Callable[[str, str, Record | None, Record | None], None]


@dataclass(frozen=True)
class Start:
    """The initial state of a sandbox, also after a reset.

    scale: number of made-up supplier invoices in place of the seeded ones; 0 for the seeded company.

    empty: a company without any data.

    settings: settings that differ from their defaults.
    """

    scale: int = 0
    empty: bool = False
    settings: dict[str, Any] = field(default_factory=dict)


class World:
    """The state behind all endpoints. One event loop works on it, so nothing is locked."""

    def __init__(self, start: Start) -> None:
        self.start = start
        self.log = RequestLog()
        self.webhooks = Webhooks(Clock())
        self.reset()

    def reset(self) -> None:
        """Restores the initial state. Only requests that are still running stay in the log."""
        self.settings = Settings()
        self.settings.change(self.start.settings)
        self.clock = Clock()
        company = seed()
        self.versions = RowVersions(company.versions.last)
        self.tokens = TokenService(self.settings, self.clock)
        self.limiter = RateLimiter(self.settings, self.clock)
        self.faults = FaultPlan()
        self.refused_writes: list[dict[str, Any]] = []
        self.triggers: list[Trigger] = []
        self.webhooks.clear()
        self.webhooks = Webhooks(self.clock)
        self.listeners: list[Listener] = [self.webhooks.notice]
        self.log.clear()
        self.tables = {name: Table(entity.key_of) for name, entity in ENTITIES.items()}
        self.dimensions = Dimensions([] if self.start.empty else company.dimensions, self.versions)
        self.synthetic: SyntheticInvoices | None = None
        if not self.start.empty:
            for name, records in company.records.items():
                if name == "supplierInvoice" and self.start.scale:
                    continue
                for record in records:
                    self.tables[name].put(record)
        if self.start.scale:
            self.synthetic = SyntheticInvoices(self.start.scale)

    def notify(self, entity: str, key: str, old: Record | None, new: Record | None) -> None:
        """Notifies listeners that a record was created, changed or deleted, by a control request or through the API."""
        for listener in self.listeners:
            listener(entity, key, old, new)
