"""Safe on the internet: small bodies, short waits, silent errors, no secret in any output, and an orderly end."""

import contextlib
import functools
import hashlib
import hmac
import http.server
import json
import socket
import sqlite3
import stat
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from integration_tests import plain_http
from integration_tests.listener_board import FIRST, KARI, Board, subscribed
from integration_tests.listener_process import WEBHOOK_SECRET, Listener
from integration_tests.sandbox.harness import AsanaSandbox, VismaSandbox
from integration_tests.waiting import until

pytest_plugins = ["integration_tests.listener_testing"]


@pytest.fixture
def listener(board: Board, visma: VismaSandbox, tmp_path: Path) -> Iterator[Listener]:
    with subscribed(board, tmp_path, visma, ["completed"], {"command": ["true"]}) as listener:
        yield listener


@contextlib.contextmanager
def healthy_only() -> Iterator[str]:
    """A proxy that forwards `/healthz` and forgot the rest."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"ok\n")

        def do_POST(self) -> None:
            self.send_error(404)

        def log_message(self, *args: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def raw(listener: Listener, data: bytes, wait: float = 120.0) -> bytes:
    """What the server answers to these bytes before it closes the connection."""
    with socket.create_connection(("127.0.0.1", listener.port), timeout=wait) as connection:
        connection.sendall(data)
        answer = b""
        while chunk := connection.recv(4096):
            answer += chunk
        return answer


def secrets_of(listener: Listener) -> list[str]:
    """What Asana signs with."""
    with contextlib.closing(sqlite3.connect(listener.folder / "listener.sqlite")) as database:
        return [row[0] for row in database.execute("SELECT secret FROM webhooks")]


def test_strangers_get_no_detail(listener: Listener) -> None:
    for method, path, status in (
        ("GET", "/", 404),
        ("GET", "/asana/key", 405),
        ("GET", "/visma", 405),
        ("PUT", "/visma", 405),
        ("POST", "/asana/", 404),
        ("POST", "/asana/a/b", 404),
        ("POST", "/asana/" + "k" * 3000, 404),
        ("POST", "/healthz", 405),
    ):
        answer = plain_http.request(method, f"{listener.url}{path}")
        assert (answer.status_code, answer.content) == (status, b""), path
        assert "server" not in answer.headers


def test_large_bodies_are_refused_announced_or_not(listener: Listener) -> None:
    for path, limit in (("/visma", 64 * 1024), ("/asana/key", 512 * 1024)):
        announced = f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Length: {limit + 1}\r\n\r\n".encode()
        assert raw(listener, announced).startswith(b"HTTP/1.1 413")
        assert plain_http.post(f"{listener.url}{path}", content=iter([b"x" * limit, b"x"])).status_code == 413
    assert plain_http.get(f"{listener.url}/healthz").status_code == 200


def test_slow_senders_are_not_waited_for(listener: Listener) -> None:
    slow_body = b"POST /visma HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc"
    with ThreadPoolExecutor() as senders:
        answers = list(senders.map(functools.partial(raw, listener), [slow_body, b"POST /visma HT", b""]))
    assert answers[0].startswith(b"HTTP/1.1 408")
    assert answers[1:] == [b"", b""]


def test_bodies_that_are_signed_but_no_events(board: Board, listener: Listener) -> None:
    [secret] = secrets_of(listener)
    target = board.webhooks()[0]["target"]
    for body in (b"", b"{}", b"[]", b'{"events": 7}', b"\xff\xfe", b'{"events": [', b"[" * 100_000):
        signature = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
        answer = plain_http.post(target, content=body, headers={"X-Hook-Signature": signature})
        assert (answer.status_code, answer.content) == (400, b"")
    odd = [7, None, {}, {"resource": 3}, {"resource": {"gid": 5}, "action": "changed", "created_at": "x"}, "text"]
    body = json.dumps({"events": odd}).encode()
    signature = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    assert plain_http.post(target, content=body, headers={"X-Hook-Signature": signature}).status_code == 200
    until(listener.idle)
    assert listener.log() == []


def test_health_readiness_and_metrics(board: Board, listener: Listener) -> None:
    assert plain_http.get(f"{listener.url}/healthz").text == "ok\n"
    assert plain_http.get(f"{listener.url}/readyz").text == "ready\n"
    board.complete()
    until(lambda: listener.metric("notes_total", outcome="written") == 1)
    text = plain_http.get(f"{listener.url}/metrics").text
    names = {family.name for family in text_string_to_metric_families(text)}
    assert all(name.startswith("webhook_listener_") for name in names)
    assert {"webhook_listener_deliveries", "webhook_listener_webhooks_active"} <= names
    assert listener.metric("webhooks_active") == 1
    assert FIRST not in text
    assert KARI not in text


def test_no_secret_in_any_output(board: Board, listener: Listener, visma: VismaSandbox) -> None:
    board.complete()
    until(lambda: listener.metric("notes_total", outcome="written") == 1)
    visma.revoke_tokens()
    board.server.fault(action="error", status=401, path="/tasks", times=2)
    board.complete(completed=False)
    until(lambda: len(listener.told(FIRST)) == 2)
    secrets = secrets_of(listener)
    secrets += [AsanaSandbox.TOKEN, "sandbox-visma-secret", WEBHOOK_SECRET]
    _, words = listener.check()
    output = listener.log_path.read_text() + words + json.dumps(listener.printed_log())
    assert [secret for secret in secrets if secret in output] == []
    for end in ("", "-wal", "-shm", ".lock"):
        assert stat.S_IMODE((listener.folder / f"listener.sqlite{end}").stat().st_mode) == 0o600, end


def test_secrets_come_from_the_environment_and_from_files(
    board: Board, listener: Listener, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    listener.stop()
    monkeypatch.setenv("LISTENER_TOKEN", AsanaSandbox.TOKEN)
    (tmp_path / "secret").write_text("sandbox-visma-secret\n")
    listener.config["asana"]["credentials"]["personal_access_token"] = "${LISTENER_TOKEN}"
    listener.config["visma"]["client_secret"] = f"${{file:{tmp_path / 'secret'}}}"
    listener.start()
    board.complete()
    until(lambda: listener.metric("notes_total", outcome="written") == 1)


def test_a_stop_under_load_loses_no_accepted_event(board: Board, listener: Listener) -> None:
    stopping = threading.Event()
    acts = 0

    def work() -> None:
        nonlocal acts
        while not stopping.is_set() and acts < 300:
            acts += 1
            board.complete(completed=acts % 2 == 1)

    person = threading.Thread(target=work)
    person.start()
    until(lambda: acts > 5)
    assert listener.stop() == 0
    stopping.set()
    person.join()
    assert "Stopped" in listener.log_path.read_text()
    listener.start()
    until(lambda: len(listener.told(FIRST)) == acts)
    assert [what for what, _ in listener.told(FIRST)] == (["completed", "reopened"] * acts)[:acts]


def test_deliveries_are_answered_while_asana_hangs(board: Board, listener: Listener) -> None:
    board.server.fault(action="delay", seconds=3600, method="GET", path="/tasks/")
    board.complete()
    until(lambda: [d for d in board.deliveries() if d["events"] and d["status"] == 200])
    assert plain_http.get(f"{listener.url}/healthz").status_code == 200
    assert listener.told(FIRST) == [], "the answers did not wait for Asana"
    board.server.control("DELETE", "faults")
    until(lambda: listener.told(FIRST) == [("completed", KARI)])


def test_check_says_what_is_missing_at_asana_and_visma(board: Board, listener: Listener, visma: VismaSandbox) -> None:
    board.complete()
    until(lambda: listener.told(FIRST))
    status, words = listener.check()
    assert "ok     public_url" in words
    with healthy_only() as url:
        listener.config["public_url"] = url
        assert "TO DO  public_url: /asana/check and /visma does not lead to this listener" in listener.check()[1]
    listener.config["public_url"] = listener.url
    assert "signed in as Finance Bot" in words
    assert "is active; last heard of" in words
    assert "ok     visma: signed in, with the scope for writing notes." in words
    assert status == 1, "no Visma event has come yet"
    visma.settings(allowed_scopes=["vismanet_erp_service_api:read"])
    assert "scope vismanet_erp_service_api:update is missing" in listener.check()[1]
    visma.settings(
        grant="invalid_tenant", allowed_scopes=["vismanet_erp_service_api:read", "vismanet_erp_service_api:update"]
    )
    assert "Visma App Store" in listener.check()[1]
    visma.settings(grant="granted")
    listener.config["public_url"] = "http://127.0.0.1:9"
    assert "TO DO  public_url: http://127.0.0.1:9/healthz cannot be reached from here" in listener.check()[1]
    listener.config["asana"]["project_gids"] = ["42"]
    assert "TO DO  asana.project_gids: 42 does not exist" in listener.check()[1]
    listener.config["asana"]["credentials"]["personal_access_token"] = "sandbox-asana-scoped-token"
    listener.config["asana"]["project_gids"] = [AsanaSandbox.PROJECT]
    words = listener.check()[1]
    assert "made by another user" in words
    assert "Events API, which needs full permissions" in words
    listener.config["asana"]["credentials"]["personal_access_token"] = "wrong-token"
    assert "create a new one in the Asana developer console" in listener.check()[1]
    listener.config["asana"]["api_url"] = "http://127.0.0.1:9/api/1.0"
    assert "Check the network and asana.api_url" in listener.check()[1]
    listener.config["write_back"]["events"] = ["deleted"]
    status, words = listener.check()
    assert (status, "write_back.events.0 must be one of completed" in words) == (2, True)


def test_an_address_nobody_can_reach_is_said(board: Board, listener: Listener) -> None:
    """Asana refuses targets it cannot reach; the log says so once, and what to do."""
    listener.stop()
    board.server.reset(webhook_localhost=False)
    listener.start()
    until(lambda: "`webhook-listener check` tells more" in listener.log_path.read_text())
    board.after_looks(3)
    assert listener.log_path.read_text().count("`webhook-listener check` tells more") == 1
    assert plain_http.get(f"{listener.url}/readyz").status_code == 200
