"""The OAuth token endpoint: a refresh token for a new access token that lives for an hour.

Rules: Asana developer docs, "OAuth"; the refresh token is not renewed.
"""

import secrets
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import JSONResponse

from . import seed
from .model import Token
from .sandbox import Sandbox


def _refused(error: str, description: str, status: int = 400) -> JSONResponse:
    return JSONResponse({"error": error, "error_description": description}, status)


def token_endpoint(sandbox: Sandbox) -> Callable[[Request], Awaitable[JSONResponse]]:
    """`POST /-/oauth_token`, form-encoded."""

    async def endpoint(request: Request) -> JSONResponse:
        body = await request.body()
        sandbox.log_number += 1
        form = dict(parse_qsl(body.decode("utf-8", "replace")))
        entry: dict[str, Any] = {
            "number": sandbox.log_number,
            "method": "POST",
            "path": "/-/oauth_token",
            "query": {},
            "body": {name: value for name, value in form.items() if name in ("grant_type", "client_id")},
        }
        sandbox.log.append(entry)
        fault = sandbox.faults.pick("POST", "/-/oauth_token", body)
        if fault:
            entry["fault"] = fault.action
            answer = _refused(
                "server_error", fault.options.get("message") or "Try again later.", fault.options.get("status", 503)
            )
            answer.headers.update(fault.options.get("headers") or {})
        elif request.headers.get("authorization"):
            answer = _refused("invalid_request", "The client must use one way to authenticate, not two.")
        elif not request.headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
            answer = _refused("invalid_request", "The request must be form-encoded.")
        else:
            answer = _exchange(sandbox, form)
        entry["status"] = answer.status_code
        return answer

    return endpoint


def _exchange(sandbox: Sandbox, form: dict[str, str]) -> JSONResponse:
    grant = form.get("grant_type")
    if grant not in ("refresh_token", "authorization_code"):
        return _refused("unsupported_grant_type", "The grant_type must be authorization_code or refresh_token.")
    if (form.get("client_id"), form.get("client_secret")) != (seed.OAUTH_CLIENT, seed.OAUTH_SECRET):
        return _refused("invalid_client", "The client_id or client_secret is not valid.", 401)
    given = form.get("refresh_token") if grant == "refresh_token" else form.get("code")
    if given != (seed.OAUTH_REFRESH if grant == "refresh_token" else seed.OAUTH_CODE):
        return _refused("invalid_grant", f"The {grant} is not valid.")
    store = sandbox.store
    user = store.tokens[seed.TOKEN].user
    lifetime = sandbox.settings.access_token_lifetime
    value = f"2/{user.gid}/{store.new_gid()}:{secrets.token_hex(16)}"
    token = Token(value, user, None, store.now() + lifetime, app=seed.OAUTH_CLIENT)
    token.requests_left = sandbox.settings.access_token_requests
    store.tokens[value] = token
    announced = sandbox.settings.access_token_announced
    answer = {
        "access_token": value,
        "token_type": "bearer",
        "expires_in": int(lifetime if announced is None else announced),
        "data": {"id": int(user.gid), "gid": user.gid, "name": user.name, "email": user.email},
    }
    if grant == "authorization_code":
        answer["refresh_token"] = seed.OAUTH_REFRESH
    elif sandbox.settings.refresh_tokens == "replaced":
        answer["refresh_token"] = f"{seed.OAUTH_REFRESH}-{store.new_gid()}"
    return JSONResponse(answer)
