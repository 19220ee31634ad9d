"""Webhooks: subscriptions, the handshake, signed deliveries, retries, heartbeats and the end.

Rules: Asana developer docs, "Webhooks guide". A delivery is answered within ten seconds or retried with growing pauses;
after a day of failures the webhook is deleted. Every eight hours an empty delivery shows that it is alive. All times are
of the sandbox's clock, so `clock_offset` lets a day pass at once.
"""

import asyncio
import json
import secrets
from dataclasses import dataclass, field
from typing import Any

from . import model, signatures
from .errors import ApiError, bad, forbidden
from .events import Event
from .settings import Settings
from .stamps import iso
from .store import Store
from .transport import post

HEARTBEAT = 8 * 3600.0
GIVE_UP = 24 * 3600.0
LONGEST_PAUSE = 3600.0
PER_RESOURCE = 1_000
PER_USER = 10_000
TICK = 0.05


@dataclass(slots=True, eq=False)
class Webhook:
    """A subscription and its state; times are seconds since 1970."""

    gid: str
    resource: Any
    target: str
    filters: list[dict[str, Any]]
    owner: model.User
    secret: str
    created_at: float
    active: bool = True
    last_success_at: float | None = None
    last_failure_at: float | None = None
    last_failure_content: str | None = None
    failing_since: float | None = None
    retries: int = 0
    next_attempt_after: float | None = None
    heartbeat_due: float = 0.0
    waiting: list[dict[str, Any]] = field(default_factory=list)
    flush_at: float | None = None
    pending: list[list[dict[str, Any]]] = field(default_factory=list)
    sending: bool = False
    deleted: bool = False

    def wants(self, event: Event) -> bool:
        """Whether any of the filters accepts the event."""
        return not self.filters or any(_passes(one, event) for one in self.filters)


def _passes(wanted: dict[str, Any], event: Event) -> bool:
    if wanted.get("resource_type") not in (None, event.resource_type):
        return False
    if wanted.get("resource_subtype") not in (None, getattr(event.resource, "resource_subtype", None)):
        return False
    if wanted.get("action") not in (None, event.action):
        return False
    fields = wanted.get("fields")
    return not fields or (event.change or {}).get("field") in fields


class Webhooks:
    """All webhooks, their pending deliveries, and a log of every delivery attempt."""

    def __init__(self, store: Store, settings: Settings) -> None:
        self.store = store
        self.settings = settings
        self.all: dict[str, Webhook] = {}
        self.log: list[dict[str, Any]] = []
        self.mischief: list[signatures.Mischief] = []
        self._held: list[tuple[Webhook, list[dict[str, Any]]]] = []
        self._engine: asyncio.Task[None] | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        store.listeners.append(self._heard)

    def _heard(self, action: str, resource: Any, user: Any, parent: Any, change: Any) -> None:
        if not self.all:
            return
        event = Event(self.store.now(), action, resource, user, parent, change)
        for webhook in self.all.values():
            if self._covered(webhook, event) and webhook.wants(event):
                webhook.waiting.append(event.record())
                if webhook.flush_at is None:
                    webhook.flush_at = self.store.now() + self.settings.webhook_delay

    @staticmethod
    def _covered(webhook: Webhook, event: Event) -> bool:
        """Webhooks on a workspace, team or portfolio get no events of tasks and stories."""
        if isinstance(webhook.resource, (model.Workspace, model.Team, model.Portfolio)):
            if event.resource_type in ("task", "story"):
                return False
            if isinstance(webhook.resource, model.Workspace):
                return event.workspace is webhook.resource
        return webhook.resource.gid in event.covers

    @property
    def held(self) -> int:
        """How many deliveries are held back."""
        return len(self._held)

    def check_room(self, resource: Any, owner: model.User) -> None:
        if sum(one.resource is resource for one in self.all.values()) >= PER_RESOURCE:
            raise forbidden(f"resource: There can be at most {PER_RESOURCE} webhooks on one resource")
        if sum(one.owner is owner for one in self.all.values()) >= PER_USER:
            raise forbidden(f"resource: There can be at most {PER_USER} webhooks per user of an app")

    async def create(self, resource: Any, target: str, filters: list[dict[str, Any]], owner: model.User) -> Webhook:
        """Makes the handshake with the target and, if the answer is right, starts delivering. Raises ApiError 400
        otherwise."""
        if any(one.resource is resource and one.target == target for one in self.all.values()):
            raise forbidden("target: A webhook for this resource and target exists already")
        secret = secrets.token_hex(16)
        status, headers, _ = await post(target, b"{}", {"X-Hook-Secret": secret}, self.settings.webhook_patience)
        echoed = {name.lower(): value for name, value in headers.items()}.get("x-hook-secret")
        if status not in (200, 204) or echoed != secret:
            raise bad(
                "target: The remote server which is intended to receive the webhook did not complete the handshake "
                f"(status {status})"
            )
        now = self.store.now()
        webhook = Webhook(self.store.new_gid(), resource, target, filters, owner, secret, now)
        webhook.heartbeat_due = now
        self.all[webhook.gid] = webhook
        if self._engine is None or self._engine.done():
            self._engine = asyncio.get_running_loop().create_task(self._run())
        return webhook

    def remove(self, webhook: Webhook) -> None:
        webhook.deleted = True
        self.all.pop(webhook.gid, None)

    def stop(self) -> None:
        """Stops all pending work, for a reset."""
        self.all.clear()
        if self._engine is not None:
            self._engine.cancel()

    async def _run(self) -> None:
        while self.all:
            for webhook in list(self.all.values()):
                self._advance(webhook)
            await asyncio.sleep(TICK)

    def _advance(self, webhook: Webhook) -> None:
        """Advances one webhook: gathers events into a delivery, adds a heartbeat, gives up, or sends."""
        now = self.store.now()
        if webhook.failing_since is not None and now - webhook.failing_since >= GIVE_UP:
            self.remove(webhook)
            return
        if webhook.flush_at is not None and now >= webhook.flush_at:
            webhook.pending.append(webhook.waiting)
            webhook.waiting, webhook.flush_at = [], None
        if now >= webhook.heartbeat_due:
            webhook.heartbeat_due = now + HEARTBEAT
            webhook.pending.append([])
        due = webhook.next_attempt_after is None or now >= webhook.next_attempt_after
        if webhook.pending and due and not webhook.sending:
            webhook.sending = True
            task = asyncio.get_running_loop().create_task(self._deliver(webhook))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _deliver(self, webhook: Webhook) -> None:
        try:
            events = webhook.pending[0]
            order = self._mischief_for(webhook, events)
            if order is not None and order.kind == "lose":
                webhook.pending.pop(0)
                self._note(webhook, events, None, "lose")
                return
            if order is not None and order.kind == "hold":
                self._held.append((webhook, webhook.pending.pop(0)))
                return
            if await self.send(webhook, events, order):
                webhook.pending.pop(0)
                if order is not None and order.kind == "duplicate":
                    await self.send(webhook, events, order)
                await self._release(webhook)
        finally:
            webhook.sending = False

    async def _release(self, webhook: Webhook) -> None:
        """Sends what was held back now, after something newer."""
        late = [events for holder, events in self._held if holder is webhook]
        self._held = [pair for pair in self._held if pair[0] is not webhook]
        for events in reversed(late):
            await self.send(webhook, events, None)

    def _mischief_for(self, webhook: Webhook, events: list[dict[str, Any]]) -> signatures.Mischief | None:
        for order in self.mischief:
            if order.left > 0 and order.webhook in (None, webhook.gid) and (events or order.heartbeats):
                order.left -= 1
                return order
        return None

    async def send(self, webhook: Webhook, events: list[dict[str, Any]], order: signatures.Mischief | None) -> bool:
        """Makes one attempt. True if the target accepted it."""
        body = json.dumps({"events": events}, ensure_ascii=False).encode()
        headers = signatures.headers(webhook.secret, body, order)
        try:
            status, _, text = await post(webhook.target, body, headers, self.settings.webhook_patience)
        except ApiError as error:
            status, text = 0, error.message
        self._note(webhook, events, status, order.kind if order else None)
        now = self.store.now()
        if status in (200, 204):
            webhook.last_success_at, webhook.failing_since, webhook.retries = now, None, 0
            webhook.next_attempt_after = None
            return True
        webhook.last_failure_at, webhook.last_failure_content = now, text[:500] or f"status {status}"
        webhook.failing_since = webhook.failing_since or now
        pause = min(self.settings.webhook_retry * 2**webhook.retries, LONGEST_PAUSE)
        webhook.retries += 1
        webhook.next_attempt_after = now + pause
        return False

    def _note(self, webhook: Webhook, events: list[dict[str, Any]], status: int | None, mischief: str | None) -> None:
        self.log.append(
            {
                "webhook": webhook.gid,
                "at": iso(self.store.now()),
                "status": status,
                "events": events,
                "heartbeat": not events,
                "mischief": mischief,
                "retries": webhook.retries,
            }
        )
