"""`source-visma check` tells in plain words which of the things that can be wrong it is, and does so in time."""

import socket
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from .sandbox.harness import VismaSandbox
from .source_runs import run

pytest_plugins = ["integration_tests.sandbox.visma.testing"]


def failing(config: dict[str, object]) -> str:
    done = run("check", config=config)
    assert done.code == 0
    assert "Traceback" not in done.errors
    status, message = done.connection
    assert status == "FAILED"
    if done.seconds >= 30:  # a busy machine: leave out what the start of the process takes
        assert done.seconds - run("spec").seconds < 25
    return message


def test_right_configuration(visma: VismaSandbox) -> None:
    done = run("check", config=visma.config)
    assert done.connection == ("SUCCEEDED", "")
    assert len(visma.log()) == 2


def test_a_netrc_of_the_machine_is_left_out(
    visma: VismaSandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It would replace the token, and stand beside the client's secret."""
    (tmp_path / "netrc").write_text("default login somebody password something\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    assert run("check", config=visma.config).connection == ("SUCCEEDED", "")


@pytest.mark.parametrize("key", ["client_id", "client_secret"])
def test_wrong_client_or_secret(visma: VismaSandbox, key: str) -> None:
    message = failing(visma.config | {key: "not-the-one"})
    assert "does not know this client ID and client secret" in message
    assert "invalid_client" in message
    assert len(visma.log()) == 1


def test_application_not_granted_for_the_tenant(visma: VismaSandbox) -> None:
    assert "not granted for this tenant" in failing(
        visma.config | {"tenant_id": "00000000-0000-4000-8000-000000000000"}
    )
    for grant in ("unauthorized", "forbidden"):
        visma.settings(grant=grant)
        message = failing(visma.config)
        assert "granted" in message
        assert "The integration is not approved for this tenant." in message


@pytest.mark.parametrize("mode", ["empty", "no_license", "forbidden"])
def test_wrong_company(visma: VismaSandbox, mode: str) -> None:
    visma.settings(company_mode=mode)
    assert "company" in failing(visma.config | {"company_id": "999"}).lower()


def test_scope_missing(visma: VismaSandbox) -> None:
    visma.settings(allowed_scopes=["vismanet_erp_service_api:update"])
    assert "lacks the scope vismanet_erp_service_api:read" in failing(visma.config)


@pytest.mark.parametrize(
    "url", ["http://visma.example", "ftp://localhost", "api.finance.visma.net", "http://10.0.0.1/x"]
)
@pytest.mark.parametrize("key", ["api_url", "token_url"])
def test_tokens_and_secrets_go_over_https_only(visma: VismaSandbox, key: str, url: str) -> None:
    assert f"{key} must begin with https://" in failing(visma.config | {key: url})
    assert not [entry for entry in visma.log() if entry["path"].startswith("/v1")]


def test_start_date_does_not_make_a_company_look_wrong(visma: VismaSandbox) -> None:
    assert run("check", config=visma.config | {"start_date": "2099-01-01"}).connection[0] == "SUCCEEDED"


@contextmanager
def silent_server() -> Iterator[str]:
    """Takes connections and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        held = []

        def accept() -> None:
            while True:
                try:
                    held.append(server.accept()[0])
                except OSError:
                    return

        threading.Thread(target=accept, daemon=True).start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}"


@contextmanager
def dripping_server() -> Iterator[str]:
    """Sends an answer that never ends, byte by byte."""
    stop = threading.Event()

    def drip(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100000\r\n\r\n[")
        while not stop.wait(0.5):
            try:
                connection.sendall(b" ")
            except OSError:
                return

    with socket.create_server(("127.0.0.1", 0)) as server:

        def accept() -> None:
            while True:
                try:
                    threading.Thread(target=drip, args=(server.accept()[0],), daemon=True).start()
                except OSError:
                    return

        threading.Thread(target=accept, daemon=True).start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}"
        stop.set()


@contextmanager
def closed_port() -> Iterator[str]:
    """Nothing listens there."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    yield f"http://127.0.0.1:{port}"


@contextmanager
def black_hole() -> Iterator[str]:
    """An address for documentation, to which nothing answers or the network says so."""
    yield "https://192.0.2.1"


UNREACHABLE = [
    (silent_server, "api_url"),
    (silent_server, "token_url"),
    (dripping_server, "api_url"),
    (closed_port, "token_url"),
    (black_hole, "api_url"),
]


def test_service_not_reachable(visma: VismaSandbox) -> None:
    with ExitStack() as servers, ThreadPoolExecutor(2) as pool:
        configs = [visma.config | {key: servers.enter_context(server())} for server, key in UNREACHABLE]
        for config, message in zip(configs, pool.map(failing, configs), strict=True):
            assert "reaches" in message, config


def test_the_secret_does_not_follow_a_redirect(visma: VismaSandbox) -> None:
    asked = []

    class Redirecting(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked.append(self.path)
            self.send_response(307)
            self.send_header("Location", "/elsewhere")
            self.end_headers()

        def log_message(self, *_: object) -> None: ...

    with ThreadingHTTPServer(("127.0.0.1", 0), Redirecting) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        message = failing(visma.config | {"token_url": f"http://127.0.0.1:{server.server_port}/token"})
        server.shutdown()
    assert "307 moved to /elsewhere" in message
    assert asked == ["/token"]


def test_rate_limit_is_told_and_not_waited_for(visma: VismaSandbox) -> None:
    visma.fault(status=429, path="/v1", retry_after=600, times=0)
    assert "rate limit" in failing(visma.config)


def test_service_that_fails(visma: VismaSandbox) -> None:
    visma.fault(status=503, path="/v1", times=0, body="<h1>Down for maintenance</h1>")
    assert "Down for maintenance" in failing(visma.config)


@pytest.mark.parametrize(
    ("key", "value", "words"),
    [
        ("company_id", "Fjordlys AS", "company_id must be the number without spaces, such as 4100251"),
        ("start_date", "1.1.2026", "start_date must be YYYY-MM-DD or YYYY-MM-DDTHH:MM:SS"),
        ("num_workers", 20, "num_workers must be 1 or more, at most 8"),
        ("lookback_window_minutes", -1, "lookback_window_minutes must be 0 or more, at most 525600"),
        ("company_id", 4100251, "company_id must be a text in quotes"),
        ("client_secret", "", "client_secret must not be empty"),
        ("client_secret", {"wrapped": "sandbox-visma-secret"}, "client_secret must be a text in quotes"),
    ],
)
def test_settings_of_the_wrong_form_are_named_without_their_value(key: str, value: object, words: str) -> None:
    config = {"client_id": "an-id", "client_secret": "a-secret", "tenant_id": "a-tenant", "company_id": "1"} | {
        key: value
    }
    assert failing(config) == f"Config validation error: {words}."


def test_every_setting_that_is_missing_is_named_once() -> None:
    assert failing({"client_id": "a", "tenant_id": "b"}) == (
        "Config validation error: client_secret, company_id is missing."
    )


@pytest.mark.parametrize(
    ("name", "content"), [("config", ["no", "object"]), ("state", [{"type": "STATE"}]), ("catalog", {"streams": 1})]
)
def test_files_that_cannot_be_used_are_named(name: str, content: object) -> None:
    files = {"config": {"client_id": "a"}, "catalog": {"streams": []}} | {name: content}
    done = run("read", **files)
    assert done.code == 1
    assert done.errors == ""
    [error] = [trace["error"] for trace in done.of_type("TRACE")]
    assert error["message"].startswith(f"--{name}: ")
    assert f"{name}.json cannot be used: " in error["message"]
    assert error["failure_type"] == "config_error"
