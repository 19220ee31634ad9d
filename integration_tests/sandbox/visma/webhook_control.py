"""Control endpoints of the webhook deliveries; README.md lists them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from starlette.requests import Request
from starlette.routing import Route

from integration_tests.sandbox.visma.world import World

_Operation = Callable[[World, Request, Any], Any]


def webhook_routes(route: Callable[[str, str, _Operation], Route]) -> list[Route]:
    """The routes, made by the function that all control routes are made by."""
    return [
        route(
            "GET", "webhooks", lambda world, request, body: [s.shown() for s in world.webhooks.subscriptions.values()]
        ),
        route("POST", "webhooks", lambda world, request, body: world.webhooks.subscribe(body or {}).shown()),
        route("DELETE", "webhooks", _unsubscribe_all),
        route("GET", "webhooks/deliveries", lambda world, request, body: world.webhooks.deliveries),
        route("POST", "webhooks/flush", lambda world, request, body: {"sent": world.webhooks.flush()}),
        route("PATCH", "webhooks/{id}", _change),
        route("POST", "webhooks/{id}/send", _send),
    ]


def _unsubscribe_all(world: World, request: Request, body: Any) -> Any:
    world.webhooks.clear()
    return {}


def _change(world: World, request: Request, body: Any) -> Any:
    subscription = world.webhooks.find(request.path_params["id"])
    subscription.change(body or {})
    return subscription.shown()


async def _send(world: World, request: Request, body: Any) -> Any:
    """Sends one notification at once, regardless of the subscription's loss and order. Returns the receiver's statuses."""
    subscription = world.webhooks.find(request.path_params["id"])
    notification = world.webhooks.notification(
        subscription,
        body["entity"],
        body["key"],
        body["event"],
        age=float(body.get("age", 0)),
        mode=body.get("signature", ""),
    )
    notification.headers.update(body.get("headers", {}))
    statuses = [await world.webhooks.send(subscription, notification) for _ in range(int(body.get("times", 1)))]
    return {"notification": notification.headers["x-vwd-notification-id"], "statuses": statuses}
