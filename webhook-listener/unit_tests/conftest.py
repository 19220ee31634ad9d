"""A database, a clock that tests move, and the services' answers, all without processes and sockets."""

import ssl
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from webhook_listener.config import Config, parse
from webhook_listener.database import Database
from webhook_listener.metrics import Metrics

NOON = 1795694400.0  # 2026-11-26T12:00:00Z


class Services:
    """Answers by method and path (`GET /tasks/1`): a status, or a status with a body or headers. A list is used up, its last
    answer stays. A call without an answer finds nobody there."""

    def __init__(self) -> None:
        self.answers: dict[str, Any] = {}
        self.asked: list[str] = []
        self.bodies: list[bytes] = []

    def answer(self, request: httpx.Request) -> httpx.Response:
        call = f"{request.method} {request.url.path.removeprefix('/api/1.0')}"
        self.asked.append(call)
        self.bodies.append(request.content)
        if call not in self.answers:
            raise httpx.ConnectError("nobody there", request=request)
        found = self.answers[call]
        if isinstance(found, list):
            found = found.pop(0) if len(found) > 1 else found[0]
        status, body, headers = (*((found,) if isinstance(found, int) else found), None, None)[:3]
        content = {"text": body} if isinstance(body, str) else {} if body is None else {"json": body}
        return httpx.Response(status, headers=headers, request=request, **content)


class Clock:
    """Seconds since 1970, moved by hand."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def services(monkeypatch: pytest.MonkeyPatch) -> Services:
    found = Services()
    monkeypatch.setattr(httpx.HTTPTransport, "handle_request", lambda _, request: found.answer(request))
    # Reading the certificates takes most of a test's time, and none of these calls is encrypted.
    monkeypatch.setattr(ssl, "create_default_context", lambda **_: ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT))
    return found


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = Database(tmp_path / "listener.sqlite")
    yield database
    database.close()


@pytest.fixture
def asana_only(tmp_path: Path) -> dict[str, Any]:
    """The settings of a listener for one Asana project, whose file is the fixture `database`."""
    return {
        "public_url": "https://hooks.example.com",
        "database_path": str(tmp_path / "listener.sqlite"),
        "asana": {
            "credentials": {"auth_type": "personal_access_token", "personal_access_token": "asana-secret"},
            "workspace_gid": "1",
            "project_gids": ["2"],
        },
    }


@pytest.fixture
def config(asana_only: dict[str, Any]) -> Config:
    return parse(asana_only)


@pytest.fixture
def metrics(database: Database, clock: Clock) -> Metrics:
    return Metrics(database, clock)
