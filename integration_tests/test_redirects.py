"""A service that sends the caller elsewhere: secrets and tokens do not go along."""

import contextlib
import http.server
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from webhook_listener.http import OAuthToken, PersonalAccessToken, Service, ServiceError, TokenError

from integration_tests.destination_support import Destination
from integration_tests.sandbox.harness import VismaSandbox
from integration_tests.source_runs import run

pytest_plugins = ["integration_tests.sandbox.visma.testing"]
SECRETS = ("sandbox-visma-secret", "sandbox-asana-token", "sandbox-asana-secret", "sandbox-asana-refresh", "Bearer")


@contextlib.contextmanager
def server(answer: Any) -> Iterator[str]:
    """A server on a free port; `answer` is called with the handler of each request and its body."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def _handle(self) -> None:
            answer(self, self.rfile.read(int(self.headers.get("Content-Length") or 0)))

        do_GET = do_POST = _handle  # noqa: N815

        def log_message(self, *args: object) -> None:
            pass

    listening = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=listening.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{listening.server_port}"
    listening.shutdown()
    listening.server_close()


@pytest.fixture
def elsewhere() -> Iterator[tuple[str, list[str]]]:
    """An address that sends everybody to another one, and what arrives there: heads and bodies as text."""
    heard: list[str] = []

    def hear(handler: Any, body: bytes) -> None:
        heard.append(f"{handler.command} {handler.path}\n{handler.headers}\n{body.decode()}")
        handler.send_response(200)
        handler.send_header("Content-Length", "2")
        handler.end_headers()
        handler.wfile.write(b"{}")

    with server(hear) as other:

        def send_on(handler: Any, body: bytes) -> None:
            # 307: the same method and the same body again.
            handler.send_response(307)
            handler.send_header("Location", other.replace("127.0.0.1", "localhost") + handler.path)
            handler.send_header("Content-Length", "0")
            handler.end_headers()

        with server(send_on) as here:
            yield here, heard


def betrayed(heard: list[str]) -> list[str]:
    return [secret for secret in SECRETS for text in heard if secret in text]


def test_the_sources_secret_and_token_stay_with_visma(visma: VismaSandbox, elsewhere: Any) -> None:
    here, heard = elsewhere
    for address in ({"token_url": f"{here}/connect/token"}, {"api_url": here}):
        done = run("check", config={**visma.config, **address}, pace=20)
        assert done.connection[0] == "FAILED"
    assert betrayed(heard) == []
    assert not [text for text in heard if text.startswith("POST")]


def test_the_destinations_secrets_and_token_stay_with_asana(destination: Destination, elsewhere: Any) -> None:
    here, heard = elsewhere
    oauth = {
        "auth_type": "oauth2.0",
        "client_id": "sandbox-asana-client",
        "client_secret": "sandbox-asana-secret",
        "refresh_token": "sandbox-asana-refresh",
    }
    for settings in ({"credentials": oauth, "token_url": f"{here}/-/oauth_token"}, {"api_url": f"{here}/api/1.0"}):
        assert destination.check(**settings).verdict["status"] == "FAILED"
    assert heard == []


def test_the_listeners_secrets_and_token_stay_with_their_services(elsewhere: Any) -> None:
    here, heard = elsewhere
    service = Service("Asana", here, PersonalAccessToken("sandbox-asana-token"))
    with pytest.raises(ServiceError, match="Asana answered 307"):
        service.call("GET", "/users/me")
    service.close()
    for as_json in (False, True):
        with pytest.raises(TokenError, match="token service answered 307"):
            OAuthToken("Airbyte", f"{here}/token", {"client_secret": "sandbox-asana-secret"}, as_json=as_json).token()
    assert heard == []
