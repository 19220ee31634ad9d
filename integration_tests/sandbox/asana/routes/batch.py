"""Batches: up to ten requests in one, in any order, each answered for itself.

Rules: Asana OpenAPI document, tag "Batch API".
"""

import random
from typing import Any

from .. import dispatch, envelope
from ..call import Call, Reply
from ..errors import ApiError, bad
from ..routing import route

MAX_ACTIONS = 10
METHODS = ("get", "post", "put", "delete", "patch", "head")
FORBIDDEN = ("batch", "organization_exports", "attachments")


@route("POST", "/batch")
async def batch(call: Call) -> Reply:
    """Always 200; each result has its own status."""
    call.only("actions")
    actions = call.required("actions")
    if not isinstance(actions, list) or not 1 <= len(actions) <= MAX_ACTIONS:
        raise bad(f"actions: Must hold 1 to {MAX_ACTIONS} actions")
    for action in actions:
        _check(action)
    results: list[dict[str, Any]] = [{} for _ in actions]
    order = list(range(len(actions)))
    random.shuffle(order)  # the actions of a batch run in no certain order
    for index in order:
        results[index] = await _run(call, actions[index])
    return Reply(200, {"data": results})


def _check(action: Any) -> None:
    if not isinstance(action, dict) or set(action) - {"method", "relative_path", "data", "options"}:
        raise bad("actions: Each action has a method, a relative_path, and may have data and options")
    if action.get("method") not in METHODS:
        raise bad(f"actions.method: Must be one of {', '.join(METHODS)}: {action.get('method')}")
    path = action.get("relative_path")
    if not isinstance(path, str) or not path.startswith("/"):
        raise bad(f"actions.relative_path: Must begin with a slash: {path}")
    if "?" in path:
        raise bad("actions.relative_path: Query parameters belong into the action's data")
    if path.strip("/").split("/")[0] in FORBIDDEN and action["method"] == "post":
        raise bad(f"actions.relative_path: Not allowed in a batch: {path}")


async def _run(call: Call, action: dict[str, Any]) -> dict[str, Any]:
    method = action["method"].upper()
    data, options = action.get("data") or {}, action.get("options") or {}
    query = {name: str(value) for name, value in data.items()} if method in ("GET", "DELETE") else {}
    content = envelope.Content({} if query else data, options)
    planned = call.sandbox.faults.pick(method, action["relative_path"], str(data).encode(), only=("error", "timeout"))
    try:
        if planned is not None:
            raise ApiError(planned.options.get("status", 500), planned.options.get("message", "Server Error"))
        reply = await dispatch.dispatch(call.sandbox, call.token, method, action["relative_path"], query, content)
    except ApiError as error:
        return {"status_code": error.status, "headers": error.headers, "body": error.body()}
    call.cost += reply.cost
    return {"status_code": reply.status, "headers": reply.headers, "body": reply.body}
