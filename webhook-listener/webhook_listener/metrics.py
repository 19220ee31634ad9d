"""The metrics for Prometheus: counts and ages, without names or documents."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge
from prometheus_client.exposition import generate_latest

from webhook_listener.clock import Clock
from webhook_listener.database import Database


class Metrics:
    """Counters start with the process. Gauges are read from the database on each request."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._registry = CollectorRegistry()
        prefix = "webhook_listener"
        self.deliveries = Counter(
            f"{prefix}_deliveries", "Deliveries by sender and outcome", ["source", "outcome"], registry=self._registry
        )
        self.events = Counter(
            f"{prefix}_events", "Events out of Asana's deliveries by outcome", ["outcome"], registry=self._registry
        )
        self.notes = Counter(
            f"{prefix}_notes", "Lines for Visma notes by outcome", ["outcome"], registry=self._registry
        )
        self.syncs = Counter(f"{prefix}_syncs", "Syncs asked for by outcome", ["outcome"], registry=self._registry)
        self.webhooks_created = Counter(
            f"{prefix}_webhooks_created", "Webhooks set up at Asana", registry=self._registry
        )
        self.read_again = Counter(
            f"{prefix}_read_again",
            "Times a project was read again because a sync token had expired",
            registry=self._registry,
        )

        def gauge(name: str, text: str, sql: str, age: bool = False) -> None:
            def value() -> float:
                found = database.number(sql)
                return clock() - found if age and found else found

            Gauge(f"{prefix}_{name}", text, registry=self._registry).set_function(value)

        gauge("deliveries_waiting", "Accepted, not worked off", "SELECT count(*) FROM deliveries WHERE done_at IS NULL")
        gauge(
            "oldest_delivery_seconds",
            "Age of the oldest delivery that is not worked off",
            "SELECT min(received_at) FROM deliveries WHERE done_at IS NULL",
            age=True,
        )
        gauge("notes_waiting", "Lines not written yet", "SELECT count(*) FROM notes WHERE state = 'pending'")
        gauge("notes_refused", "Lines that could not be written", "SELECT count(*) FROM notes WHERE state = 'refused'")
        gauge(
            "hints_waiting",
            "Visma deliveries no sync was started for yet",
            "SELECT count(*) FROM hints WHERE served_at IS NULL",
        )
        gauge("webhooks_active", "Webhooks set up at Asana", "SELECT count(*) FROM webhooks WHERE state = 'active'")
        gauge(
            "asana_silence_seconds",
            "Since the webhook heard of longest ago delivered anything, heartbeats included",
            "SELECT min(coalesce(heard_at, changed_at)) FROM webhooks WHERE state = 'active'",
            age=True,
        )

    def text(self) -> bytes:
        """The Prometheus exposition."""
        return generate_latest(self._registry)
