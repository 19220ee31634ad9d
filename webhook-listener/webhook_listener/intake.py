"""Verifies deliveries and stores the new ones before they are answered. No HTTP."""

from __future__ import annotations

import json
import logging
import threading
from collections import Counter
from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from webhook_listener import signatures
from webhook_listener.clock import Clock
from webhook_listener.config import Visma
from webhook_listener.database import Database
from webhook_listener.deliveries import Deliveries

logger = logging.getLogger(__name__)
MAX_SECRET = 512
# Twice the tolerance for late deliveries, so that a copy with new headers is recognised as long as it could seem fresh.
SAME_BYTES_SECONDS = 2 * signatures.TOLERANCE_SECONDS


class Outcome(StrEnum):
    """The outcome of a delivery; the value is its name in the metrics."""

    ACCEPTED = "accepted"
    HEARTBEAT = "heartbeat"
    REPEATED = "repeated"
    LATE = "late"
    UNKNOWN = "unknown"
    UNSIGNED = "unsigned"
    MALFORMED = "malformed"


class AsanaIntake:
    """Accepts what Asana posts to `/asana/{key}`. `news` is set when something new was stored."""

    def __init__(self, database: Database, clock: Clock, news: threading.Event) -> None:
        self._database = database
        self._deliveries = Deliveries(database, clock)
        self._clock = clock
        self.news = news
        self.refused: Counter[str] = Counter()
        """Invalid signatures for each known key since the last check: the secret may have changed."""

    def handshake(self, key: str, secret: str) -> bool:
        """Accepts the secret that Asana offers, but only for a webhook that is just being created.

        Anybody can post an `X-Hook-Secret`, so it never replaces the secret of an established webhook.
        """
        if not 0 < len(secret) <= MAX_SECRET:
            return False
        # A stranger's handshake costs a read but never a write.
        waiting = self._database.one("SELECT 1 FROM webhooks WHERE key = ? AND state = 'creating'", key)
        taken = waiting and self._database.run(
            "UPDATE webhooks SET secret = ? WHERE key = ? AND state = 'creating' AND (secret IS NULL OR secret = ?)",
            secret,
            key,
            secret,
        )
        if not taken:
            logger.warning("A handshake came for a webhook that nobody is creating; it was refused.")
        return bool(taken)

    def deliver(self, key: str, signature: str | None, body: bytes) -> Outcome:
        """Verifies a delivery and stores it. If this returns ACCEPTED, it is on disk."""
        webhook = self._database.one("SELECT secret FROM webhooks WHERE key = ?", key)
        if webhook is None:
            return Outcome.UNKNOWN
        if not signatures.asana_signed(body, signature, webhook["secret"] or ""):
            self.refused[key] += 1
            return Outcome.UNSIGNED
        events = _events(body)
        with self._database.transaction() as connection:
            connection.execute("UPDATE webhooks SET heard_at = ? WHERE key = ?", (self._clock(), key))
            stored = bool(events) and self._deliveries.add(connection, f"asana/{key}", body)
        if not events:
            return Outcome.MALFORMED if events is None else Outcome.HEARTBEAT
        if not stored:
            return Outcome.REPEATED
        self.news.set()
        return Outcome.ACCEPTED


class VismaIntake:
    """Accepts what Visma posts to `/visma`: hints that a sync is worthwhile. Unless `wanted`, a hint starts nothing."""

    def __init__(
        self, database: Database, clock: Clock, settings: Visma, news: threading.Event, *, wanted: bool = True
    ) -> None:
        self._database = database
        self._clock = clock
        self._settings = settings
        self._news = news
        self._wanted = wanted

    def deliver(self, headers: Mapping[str, str], body: bytes) -> Outcome:
        """Verifies a delivery and stores it. If this returns ACCEPTED, it is on disk."""
        if not signatures.visma_signed(body, headers.get("x-vwd-signature-v1"), self._settings.webhook_secrets):
            return Outcome.UNSIGNED
        now = self._clock()
        if signatures.out_of_time(headers, now):
            return Outcome.LATE
        tenant = headers.get("x-vwd-tenant-id")
        if tenant and self._settings.tenant_id and tenant.casefold() != self._settings.tenant_id.casefold():
            return Outcome.UNKNOWN
        if not isinstance(_json(body), (dict, list)):
            return Outcome.MALFORMED
        if not self._remember(headers, body, now):
            return Outcome.REPEATED
        self._news.set()
        return Outcome.ACCEPTED

    def _remember(self, headers: Mapping[str, str], body: bytes, now: float) -> bool:
        """False for a repetition: the same notification id or, because the id is not signed, the same bytes."""
        notification = headers.get("x-vwd-notification-id") or None
        digest = signatures.digest(body)
        event = (headers.get("x-vwd-event-id") or "")[:200] or None
        with self._database.transaction() as connection:
            known = connection.execute(
                "SELECT 1 FROM hints WHERE notification_id = ? OR (digest = ? AND received_at > ?)",
                (notification, digest, now - SAME_BYTES_SECONDS),
            ).fetchone()
            if known is None:
                connection.execute(
                    "INSERT INTO hints (digest, notification_id, event, received_at, served_at) VALUES (?, ?, ?, ?, ?)",
                    (digest, notification, event, now, None if self._wanted else now),
                )
        return known is None


def _json(body: bytes) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


def _events(body: bytes) -> list[Any] | None:
    """The events of an Asana delivery. A heartbeat has none. None means that the body is not a delivery."""
    content = _json(body)
    events = content.get("events") if isinstance(content, dict) else None
    return events if isinstance(events, list) else None
