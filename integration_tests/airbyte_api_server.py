"""A small Airbyte: the part of its public API that deploy/airbyte/register.py uses, with one workspace.

Bodies of definitions and connections are read and answered by the models of Airbyte's own client, so that a key with a
wrong name or value is refused. (Those models do not know the configurations of custom connectors; sources and
destinations are checked by hand.) Secrets are masked in answers, as Airbyte does it."""

from __future__ import annotations

import json
import re
import threading
import uuid
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from airbyte_api.models.connectioncreaterequest import ConnectionCreateRequest
from airbyte_api.models.connectionpatchrequest import ConnectionPatchRequest
from airbyte_api.models.connectionresponse import ConnectionResponse
from airbyte_api.models.createdefinitionrequest import CreateDefinitionRequest
from airbyte_api.models.definitionresponse import DefinitionResponse
from airbyte_api.models.updatedefinitionrequest import UpdateDefinitionRequest
from pydantic import BaseModel, ValidationError

WORKSPACE = "744cc0ed-7f05-4949-9e60-2a814f90c035"
SECRETS = {"client_secret", "personal_access_token"}


class RefusalError(Exception):
    """A status and a text to answer with."""


def read(model: type[BaseModel], body: dict[str, Any]) -> dict[str, Any]:
    """The body as the model understands it. Raises RefusalError for one with other keys than the model's."""
    known = {field.alias or name for name, field in model.model_fields.items()}
    if extra := body.keys() - known:
        raise RefusalError(422, f"unknown keys {sorted(extra)}")
    try:
        return model.model_validate(body).model_dump(by_alias=True, mode="json")
    except ValidationError as error:
        raise RefusalError(422, str(error)) from None


def masked(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: "**********" if key in SECRETS else masked(item) for key, item in value.items()}
    return value


class Airbyte:
    """The server and what it holds. ``requests`` is each (method, path) so far, without tokens' requests."""

    def __init__(self) -> None:
        self.held: dict[str, dict[str, dict[str, Any]]] = {
            kind: {}
            for kind in ("definitions/sources", "definitions/destinations", "sources", "destinations", "connections")
        }
        self.requests: list[tuple[str, str]] = []
        self.tokens = 0
        # How many requests one token lives for, in place of minutes.
        self.token_requests = 1000
        # Where all requests but those for tokens are sent on to, and whether refusals repeat the request.
        self.redirect: str | None = None
        self.repeats = False
        self.authorizations: list[str | None] = []
        self._left = 0
        airbyte = self

        class Handler(BaseHTTPRequestHandler):
            def _answer(self) -> None:
                length = int(self.headers.get("Content-Length") or 0)
                body = json.loads(self.rfile.read(length) or b"null")
                airbyte.authorizations.append(self.headers.get("Authorization"))
                if airbyte.redirect and not self.path.endswith("/applications/token"):
                    self.send_response(302)
                    self.send_header("Location", airbyte.redirect + self.path)
                    self.send_header("Content-Length", "0")
                    self.end_headers()
                    return
                try:
                    status, answer = (
                        200,
                        airbyte.answer(self.command, self.path, body, self.headers.get("Authorization")),
                    )
                except RefusalError as refusal:
                    status, answer = refusal.args[0], {"detail": refusal.args[1]}
                content = json.dumps(answer).encode()
                self.send_response(status)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _answer  # noqa: N815

            def log_message(self, *_: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/api/public/v1"
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    @property
    def writes(self) -> list[tuple[str, str]]:
        return [(method, path) for method, path in self.requests if method != "GET"]

    def answer(self, method: str, address: str, body: Any, authorization: str | None) -> Any:
        parts = urlsplit(address)
        path = parts.path.removeprefix("/api/public/v1")
        if (method, path) == ("POST", "/applications/token"):
            if body != {
                "client_id": "application",
                "client_secret": "s3cret-of-airbyte",
                "grant-type": "client_credentials",
            }:
                raise RefusalError(401, f"unknown client {body}")
            self.tokens += 1
            self._left = self.token_requests
            return {"access_token": f"token-{self.tokens}", "token_type": "Bearer", "expires_in": 180}
        if authorization != f"Bearer token-{self.tokens}" or self._left < 1:
            raise RefusalError(401, "token expired")
        self._left -= 1
        self.requests.append((method, path))
        path = path.replace(f"/workspaces/{WORKSPACE}/", "/")
        found = re.fullmatch(
            r"/(definitions/sources|definitions/destinations|sources|destinations|connections)(?:/([^/]+))?", path
        )
        if not found:
            raise RefusalError(404, f"no such path {path}")
        kind, key = found.groups()
        items = self.held[kind]
        if key is not None and key not in items:
            raise RefusalError(404, f"no {kind} {key}")
        if method == "GET" and key is None:
            every = list(items.values())
            if kind.startswith("definitions"):
                return {"data": every}
            query = parse_qs(parts.query)
            if query.get("workspaceIds") != [WORKSPACE]:
                raise RefusalError(403, "another workspace")
            start, count = int(query["offset"][0]), min(int(query["limit"][0]), 100)
            return {"data": every[start : start + count]}
        return self._write(method, kind, key, body)

    def _write(self, method: str, kind: str, key: str | None, body: dict[str, Any]) -> Any:
        name = {"definitions/sources": "definition", "definitions/destinations": "definition"}.get(
            kind, kind.removesuffix("s")
        )
        created = key is None
        if created:
            key = str(uuid.uuid4())
        assert key is not None
        if (name, method) == ("definition", "POST"):
            item = read(CreateDefinitionRequest, body) | {"id": key}
        elif (name, method) == ("definition", "PUT"):
            item = self.held[kind][key] | read(UpdateDefinitionRequest, body)
        elif (name, method) == ("connection", "POST"):
            item = read(ConnectionCreateRequest, body) | {
                "connectionId": key,
                "createdAt": 1,
                "workspaceId": WORKSPACE,
                "tags": [],
            }
            item.setdefault("status", "active")
        elif (name, method) == ("connection", "PATCH"):
            item = self.held[kind][key] | {k: v for k, v in read(ConnectionPatchRequest, body).items() if v is not None}
        elif (method, created) in {("POST", True), ("PUT", False)}:
            item = self._actor(name, key, body, created)
        else:
            raise RefusalError(405, f"{method} {kind}")
        if name == "connection":
            self._references(item)
            item["schedule"].setdefault("scheduleType", "manual")
            answer = ConnectionResponse.model_validate(item).model_dump(by_alias=True, mode="json")
        else:
            answer = DefinitionResponse.model_validate(item).model_dump(by_alias=True) if name == "definition" else item
        self.held[kind][key] = answer
        return answer

    def _actor(self, name: str, key: str, body: dict[str, Any], created: bool) -> dict[str, Any]:
        expected = {"name", "configuration"} | ({"workspaceId", "definitionId"} if created else set())
        if self.repeats:
            raise RefusalError(422, f"not valid: {body}")
        if body.keys() != expected or (created and body["workspaceId"] != WORKSPACE):
            raise RefusalError(422, f"keys {sorted(body)}")
        if created and body["definitionId"] not in self.held[f"definitions/{name}s"]:
            raise RefusalError(422, "no such definition")
        before = {} if created else self.held[f"{name}s"][key]
        return (
            before
            | body
            | {
                f"{name}Id": key,
                f"{name}Type": "custom",
                "createdAt": 1,
                "configuration": masked(body["configuration"]),
            }
        )

    def _references(self, item: dict[str, Any]) -> None:
        if item["sourceId"] not in self.held["sources"] or item["destinationId"] not in self.held["destinations"]:
            raise RefusalError(422, "no such source or destination")
