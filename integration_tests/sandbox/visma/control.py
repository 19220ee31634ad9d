"""Control endpoints under ``/_control/``, by which a test changes the company and the service. README.md lists them."""

from __future__ import annotations

import inspect
import json
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from integration_tests.sandbox.visma import changes
from integration_tests.sandbox.visma.entities import ENTITIES
from integration_tests.sandbox.visma.errors import RefusedError
from integration_tests.sandbox.visma.store import Row
from integration_tests.sandbox.visma.webhook_control import webhook_routes
from integration_tests.sandbox.visma.world import World

PREFIX = "/_control/"
Operation = Callable[[World, Request, Any], Any]


def routes() -> list[Route]:
    """All control routes."""
    return [
        _route("GET", "health", lambda world, request, body: {"status": "ok"}),
        _route("POST", "reset", _reset),
        _route("GET", "settings", lambda world, request, body: world.settings.as_dict()),
        _route("PATCH", "settings", _change_settings),
        _route("POST", "clock", _move_clock),
        _route("POST", "tokens/revoke", lambda world, request, body: {"revoked": world.tokens.revoke_all()}),
        _route("GET", "faults", lambda world, request, body: [vars(fault) for fault in world.faults.faults]),
        _route("POST", "faults", _order_faults),
        _route("DELETE", "faults", _clear_faults),
        _route("GET", "triggers", lambda world, request, body: [vars(trigger) for trigger in world.triggers]),
        _route("POST", "triggers", _order_trigger),
        _route("DELETE", "triggers", _clear_triggers),
        _route("GET", "log", _read_log),
        _route("DELETE", "log", _clear_log),
        _route("GET", "stats", _stats),
        _route("GET", "refused-writes", lambda world, request, body: world.refused_writes),
        _route("POST", "changes", lambda world, request, body: [changes.apply(world, order) for order in body]),
        *webhook_routes(_route),
        _route("GET", "documents/{entity}", _read_documents),
        _route("POST", "documents/{entity}", _add_document),
        _route("GET", "documents/{entity}/{key:path}", _read_document),
        _route("PATCH", "documents/{entity}/{key:path}", _change_document),
        _route("DELETE", "documents/{entity}/{key:path}", _delete_document),
    ]


def _route(method: str, path: str, operation: Operation) -> Route:
    async def call(request: Request) -> Response:
        world: World = request.app.state.world
        raw = await request.body()
        try:
            result = operation(world, request, json.loads(raw) if raw else None)
            return JSONResponse(await result if inspect.isawaitable(result) else result)
        except KeyError as error:
            return JSONResponse({"error": f"no such record: {error.args[0]}"}, 404)
        except (ValueError, TypeError, IndexError) as error:
            return JSONResponse({"error": str(error)}, 400)
        except RefusedError as error:
            return JSONResponse(error.body, error.status)

    endpoint: Callable[[Request], Awaitable[Response]] = call
    return Route(PREFIX + path, endpoint, methods=[method])


def _reset(world: World, request: Request, body: Any) -> Any:
    world.reset()
    world.settings.change(body or {})
    return world.settings.as_dict()


def _change_settings(world: World, request: Request, body: Any) -> Any:
    world.settings.change(body)
    return world.settings.as_dict()


def _move_clock(world: World, request: Request, body: Any) -> Any:
    world.clock.moved += float(body.get("advance", 0))
    if "utc_offset_minutes" in body:
        world.clock.set_offset(timedelta(minutes=body["utc_offset_minutes"]), float(body.get("in", 0)))
    return {"now": world.clock.now().isoformat(), "moved": world.clock.moved}


def _order_faults(world: World, request: Request, body: Any) -> Any:
    orders = body if isinstance(body, list) else [body]
    return [vars(world.faults.order(order)) for order in orders]


def _clear_faults(world: World, request: Request, body: Any) -> Any:
    world.faults.faults.clear()
    return {}


def _order_trigger(world: World, request: Request, body: Any) -> Any:
    trigger = changes.Trigger(**body)
    world.triggers.append(trigger)
    return vars(trigger)


def _clear_triggers(world: World, request: Request, body: Any) -> Any:
    world.triggers.clear()
    return {}


def _read_log(world: World, request: Request, body: Any) -> Any:
    query = request.query_params
    status = int(query["status"]) if "status" in query else None
    found = world.log.find(query.get("path", "/"), query.get("method", ""), status)
    return [entry.as_dict() for entry in found]


def _clear_log(world: World, request: Request, body: Any) -> Any:
    world.log.clear()
    world.limiter.too_early = 0
    world.refused_writes.clear()
    return {}


def _stats(world: World, request: Request, body: Any) -> Any:
    return {
        "requests": sum(world.log.statuses.values()),
        "statuses": world.log.statuses,
        "paths": world.log.paths,
        "in_flight": world.log.in_flight,
        "in_flight_peak": world.log.peak,
        "calls_before_retry_after": world.limiter.too_early,
        "tokens_issued": world.tokens.issued,
        "refused_writes": len(world.refused_writes),
    }


def _entity(request: Request) -> str:
    name: str = request.path_params["entity"]
    if name not in ENTITIES:
        raise ValueError(f"unknown entity {name!r}; known: {', '.join(ENTITIES)}")
    return name


def _key(request: Request) -> tuple[str, ...]:
    key: str = request.path_params["key"]
    return tuple(key.split("/"))


def _shown(row: Row) -> dict[str, Any]:
    return {"key": "/".join(row.key), "record": row.record}


def _read_documents(world: World, request: Request, body: Any) -> Any:
    return [row.record for row in world.tables[_entity(request)]]


def _read_document(world: World, request: Request, body: Any) -> Any:
    row = world.tables[_entity(request)].get(_key(request))
    if row is None:
        raise KeyError("/".join(_key(request)))
    return _shown(row)


def _add_document(world: World, request: Request, body: Any) -> Any:
    return changes.apply(world, {"op": "add", "entity": _entity(request), **(body or {})})


def _change_document(world: World, request: Request, body: Any) -> Any:
    return changes.apply(world, {"op": "change", "entity": _entity(request), "key": request.path_params["key"], **body})


def _delete_document(world: World, request: Request, body: Any) -> Any:
    order = {"op": "delete", "entity": _entity(request), "key": request.path_params["key"]}
    return changes.apply(world, order)
