"""Webhook deliveries: signed as the Visma Webhook Dispatcher signs them, and as unreliable as a test wants them.

Events per entity, signature and headers: Visma.net API documentation, "Webhooks". The payload is not documented; a
receiver may only take it as a hint that something changed.
"""

from __future__ import annotations

import asyncio
import urllib.error
import urllib.request
import uuid
from dataclasses import asdict, dataclass, field, fields
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from integration_tests.sandbox.visma.entities import ENTITIES
from integration_tests.sandbox.visma.settings import COMPANY_ID, TENANT_ID
from integration_tests.sandbox.visma.signatures import MODES, signature
from integration_tests.sandbox.visma.stamps import Clock
from integration_tests.sandbox.visma.store import Record
from integration_tests.sandbox.visma.wire import to_json

# Entity → its name in events, and the events there are. Journals have none; nothing but an account tells of a deletion.
EVENTS = {
    "supplierInvoice": ("AP Invoice", ("Status Changed",)),
    "purchaseorder": ("Purchase Order", ("Action Triggered", "Changed", "Status Changed")),
    "supplier": ("Supplier", ("Action Triggered", "Changed", "Created", "Updated")),
    **dict.fromkeys(
        ("customerinvoice", "customerCreditNote", "customerDebitNote", "customerOverdueCharge"),
        ("AR Invoice", ("Action Triggered", "Changed", "Status Changed")),
    ),
    "customer": ("Customer", ("Action Triggered", "Changed", "Created", "Updated")),
    "account": ("Account", ("Changed", "Created", "Deleted", "Identity Changed", "Updated")),
    "employee": ("Employee", ("Changed",)),
    "segmentvalue": ("Segment", ("Changed", "Value Changed")),
}
# The documentation names no time within which a receiver must answer; on a busy machine it may take long.
_TIMEOUT = 240.0


@dataclass
class Subscription:
    """The target of deliveries, and their faults. There are none unless a control request sets them.

    events: names like ``Purchase Order/Status Changed``; empty for all.

    signature: one of ``signatures.MODES``; ``previous`` signs with the secret before the last change of it.

    lose_every, repeat_every: every n-th notification is never sent, or sent twice; 0 for none.

    hold: this many notifications are held back and then sent in reverse order; 0 sends each at once.

    retries: seconds to wait before each further attempt while the receiver does not answer 2xx.
    """

    url: str
    secret: str
    events: list[str] = field(default_factory=list)
    signature: str = "right"
    lose_every: int = 0
    repeat_every: int = 0
    hold: int = 0
    retries: list[float] = field(default_factory=lambda: [1.0, 2.0, 4.0])
    id: str = field(default_factory=lambda: str(uuid.uuid4()))
    previous_secret: str = ""
    notifications: int = 0

    def change(self, values: dict[str, Any]) -> None:
        """Sets values. Raises ValueError for an unknown name or value."""
        known = {f.name for f in fields(self)} - {"id", "previous_secret", "notifications"}
        if unknown := set(values) - known:
            raise ValueError(f"unknown key {', '.join(sorted(unknown))}; known: {', '.join(sorted(known))}")
        if "secret" in values:
            self.previous_secret = self.secret
        for name, value in values.items():
            setattr(self, name, value)
        target = urlsplit(self.url)
        if target.scheme != "https" and target.hostname not in ("localhost", "127.0.0.1", "::1"):
            raise ValueError("the URL of a webhook must be https, on this machine http at most")
        if self.signature not in MODES:
            raise ValueError(f"signature is one of {', '.join(MODES)}, not {self.signature!r}")

    def shown(self) -> dict[str, Any]:
        """The subscription without its secrets."""
        return {name: value for name, value in asdict(self).items() if not name.endswith("secret")}


@dataclass
class Notification:
    """One notification to deliver."""

    entity: str
    event: str
    key: str
    body: bytes
    headers: dict[str, str]
    signature: str

    @property
    def name(self) -> str:
        """Its name in ``Subscription.events``."""
        return f"{self.entity}/{self.event}"


class Webhooks:
    """All subscriptions and their deliveries."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.subscriptions: dict[str, Subscription] = {}
        self.deliveries: list[dict[str, Any]] = []
        self._held: dict[str, list[Notification]] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def subscribe(self, values: dict[str, Any]) -> Subscription:
        """Adds a subscription. Raises ValueError."""
        if not {"url", "secret"} <= set(values):
            raise ValueError("a subscription needs url and secret")
        subscription = Subscription(values["url"], values["secret"])
        subscription.change({name: value for name, value in values.items() if name != "secret"})
        self.subscriptions[subscription.id] = subscription
        return subscription

    def find(self, subscription_id: str) -> Subscription:
        """The subscription of this id. Raises KeyError."""
        return self.subscriptions[subscription_id]

    def clear(self) -> None:
        """Removes all subscriptions and drops pending deliveries."""
        self.subscriptions.clear()
        self._held.clear()
        for task in self._tasks:
            task.cancel()

    def notice(self, entity: str, key: str, old: Record | None, new: Record | None) -> None:
        """Sends the events of a record's change; None stands for "did not exist"."""
        for subscription in self.subscriptions.values():
            for event in _events(entity, old, new):
                notification = self.notification(subscription, entity, key, event)
                if not subscription.events or notification.name in subscription.events:
                    self._queue(subscription, notification)

    def notification(
        self, subscription: Subscription, entity: str, key: str, event: str, age: float = 0.0, mode: str = ""
    ) -> Notification:
        """A notification as of now, or of ``age`` seconds ago. Raises ValueError for an unknown event."""
        name, events = EVENTS.get(entity, ("", ()))
        if event not in events:
            raise ValueError(f"{entity} has no event {event!r}; there are: {', '.join(events)}")
        at = datetime.fromtimestamp(self._clock.seconds() - age, UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        body = to_json(
            {
                "eventType": event,
                "entity": name,
                "tenantId": TENANT_ID,
                "companyId": COMPANY_ID,
                "key": dict(zip(ENTITIES[entity].key, key.split("/"), strict=False)) if entity in ENTITIES else key,
                "occurredAt": at,
            }
        )
        headers = {
            "Content-Type": "application/json",
            "x-vwd-tenant-id": TENANT_ID,
            "x-vwd-event-id": str(uuid.uuid5(uuid.NAMESPACE_URL, f"{name}/{event}")),
            "x-vwd-notification-id": str(uuid.uuid4()),
            "x-vwd-notification-timestamp": at,
            "x-vwd-webhook-timestamp": at,
            "x-vwd-subscription-id": subscription.id,
            "x-vwd-application-id": str(uuid.uuid5(uuid.NAMESPACE_URL, "application")),
            "x-vwd-group-id": str(uuid.uuid5(uuid.NAMESPACE_URL, name)),
        }
        mode = mode or subscription.signature
        signed = signature(mode, subscription.secret, subscription.previous_secret, body)
        if signed is not None:
            headers["x-vwd-signature-v1"] = signed
        return Notification(name, event, key, body, headers, mode)

    def flush(self) -> int:
        """Sends everything held back, newest first; returns how many."""
        held = [(self.subscriptions[name], n) for name, kept in self._held.items() for n in reversed(kept)]
        self._held.clear()
        if held:
            self._start(self._in_turn(held))
        return len(held)

    async def send(self, subscription: Subscription, notification: Notification, attempt: int = 1) -> int:
        """Makes one attempt. Returns the receiver's status, 0 without an answer."""
        status = await asyncio.to_thread(_post, subscription.url, notification)
        self._record(subscription, notification, attempt=attempt, status=status)
        return status

    def _queue(self, subscription: Subscription, notification: Notification) -> None:
        subscription.notifications += 1
        count = subscription.notifications
        if subscription.lose_every and count % subscription.lose_every == 0:
            self._record(subscription, notification, attempt=0, status=0)
            return
        times = 2 if subscription.repeat_every and count % subscription.repeat_every == 0 else 1
        if subscription.hold:
            kept = self._held.setdefault(subscription.id, [])
            kept += [notification] * times
            if len(kept) >= subscription.hold:
                self.flush()
        else:
            self._start(self._in_turn([(subscription, notification)] * times))

    async def _in_turn(self, queue: list[tuple[Subscription, Notification]]) -> None:
        for subscription, notification in queue:
            for attempt, pause in enumerate([*subscription.retries, None], 1):
                if 200 <= await self.send(subscription, notification, attempt) < 300 or pause is None:
                    break
                await asyncio.sleep(pause)

    def _start(self, work: Any) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _record(self, subscription: Subscription, notification: Notification, attempt: int, status: int) -> None:
        self.deliveries.append(
            {
                "subscription": subscription.id,
                "notification": notification.headers["x-vwd-notification-id"],
                "event": notification.name,
                "key": notification.key,
                "signature": notification.signature,
                "attempt": attempt,
                "status": status,
                "lost": attempt == 0,
            }
        )


def _events(entity: str, old: Record | None, new: Record | None) -> list[str]:
    """The documented events that a change means."""
    happened = []
    if old is None:
        happened.append("Created")
    elif new is None:
        happened.append("Deleted")
    else:
        happened += ["Updated", "Value Changed"]
    if new is not None:
        happened.append("Changed")
        if (old or {}).get("status") != new.get("status"):
            happened.append("Status Changed")
    return [event for event in happened if event in EVENTS.get(entity, ("", ()))[1]]


def _post(url: str, notification: Notification) -> int:
    request = urllib.request.Request(url, data=notification.body, headers=notification.headers, method="POST")
    try:
        with urllib.request.urlopen(request, timeout=_TIMEOUT) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return 0
