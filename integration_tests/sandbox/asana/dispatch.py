"""From a parsed request to its handler."""

import inspect
from typing import Any

from . import envelope
from .call import Call, Reply
from .errors import forbidden
from .model import Token
from .routing import ROUTES
from .sandbox import Sandbox


async def dispatch(
    sandbox: Sandbox,
    token: Token,
    method: str,
    path: str,
    query: dict[str, str],
    content: envelope.Content,
    entry: dict[str, Any] | None = None,
) -> Reply:
    """Finds the handler of a request, checks the token's scopes and runs it. Batches send their actions through here,
    too."""
    handler, values, scope, pattern = ROUTES.find(method, envelope.segments(path))
    if entry is not None:
        entry["route"] = pattern
    if token.scopes is not None and (scope is None or scope not in token.scopes):
        if scope is None:
            raise forbidden("Forbidden: This action requires full permissions")
        raise forbidden(f"The following scopes must be present to fulfill this request: {scope}")
    call = Call(sandbox, token, method, path, query, content)
    result = handler(call, **values)
    reply: Reply = await result if inspect.isawaitable(result) else result
    reply.cost = max(reply.cost, call.cost)
    return reply
