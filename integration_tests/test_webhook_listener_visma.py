"""Visma's events → a sync sooner: hints, no more, and only from Visma."""

import base64
import hashlib
import hmac
import json
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from integration_tests import plain_http
from integration_tests.listener_process import WEBHOOK_SECRET, Listener
from integration_tests.sandbox.harness import VismaSandbox
from integration_tests.sandbox.visma.signatures import MODES
from integration_tests.waiting import until

pytest_plugins = ["integration_tests.sandbox.visma.testing"]
CONNECTION = "7d0c1f0e-5d1c-4c38-8f38-0a8b27c8a001"


class Airbyte:
    """The two calls of Airbyte's public API that start a job, over real HTTP. `statuses` are the answers to come."""

    def __init__(self) -> None:
        self.jobs: list[dict[str, Any]] = []
        self.attempts = 0
        self.statuses: list[int] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                if self.path == "/api/public/v1/applications/token":
                    good = body.get("client_secret") == "airbyte-secret" and body.get("client_id") == "airbyte-client"
                    self.answer(200 if good else 401, {"access_token": "airbyte-token", "expires_in": 180})
                elif self.path == "/api/public/v1/jobs" and self.headers["Authorization"] == "Bearer airbyte-token":
                    outer.attempts += 1
                    status = outer.statuses.pop(0) if outer.statuses else 200
                    if status == 200:
                        outer.jobs.append(body)
                    self.answer(status, {"jobId": outer.attempts, "status": "pending", "jobType": "sync"})
                else:
                    self.answer(404, {"message": "no such thing"})

            def do_GET(self) -> None:
                known = self.path == f"/api/public/v1/connections/{CONNECTION}"
                self.answer(200 if known else 404, {"message": "connection not found"})

            def answer(self, status: int, body: dict[str, Any]) -> None:
                data = json.dumps(body).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, *args: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/api/public/v1"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def settings(self) -> dict[str, Any]:
        keys = {"client_id": "airbyte-client", "client_secret": "airbyte-secret"}
        return {"airbyte_api_url": self.url, "connection_id": CONNECTION, **keys}


@pytest.fixture
def airbyte() -> Iterator[Airbyte]:
    fake = Airbyte()
    yield fake
    fake.server.shutdown()
    fake.server.server_close()


@pytest.fixture
def listener(visma: VismaSandbox, airbyte: Airbyte, tmp_path: Path) -> Iterator[Listener]:
    with Listener(tmp_path, visma=visma, on_visma_event=airbyte.settings) as listener:
        yield listener.start()


def subscribe(visma: VismaSandbox, listener: Listener, **options: Any) -> str:
    return visma.subscribe(f"{listener.url}/visma", WEBHOOK_SECRET, **options)


def send(visma: VismaSandbox, subscription: str, **options: Any) -> list[int]:
    order = {"entity": "purchaseorder", "key": "RegularOrder/500001", "event": "Changed", **options}
    return list(visma.control("POST", f"webhooks/{subscription}/send", order)["statuses"])


def quiet(listener: Listener) -> None:
    """Waits until no hint is left that could start a sync."""
    until(lambda: listener.metric("hints_waiting") == 0)


def restarted(listener: Listener, quiet_seconds: float) -> float:
    """Starts it anew with another pause before a sync; returns the one before."""
    listener.stop()
    before, listener.quiet_seconds = listener.quiet_seconds, quiet_seconds
    listener.start()
    return before


def test_a_change_in_visma_starts_a_job(visma: VismaSandbox, listener: Listener, airbyte: Airbyte) -> None:
    subscribe(visma, listener)
    visma.change("purchaseorder", "RegularOrder/500001", {"description": "x"})
    until(lambda: airbyte.jobs)
    assert airbyte.jobs == [{"connectionId": CONNECTION, "jobType": "sync"}]
    assert {delivery["status"] for delivery in visma.deliveries()} == {200}


def test_many_changes_start_one_job(visma: VismaSandbox, listener: Listener, airbyte: Airbyte) -> None:
    """They come without a pause, however long they take: none passes before the listener is started anew."""
    shorter = restarted(listener, quiet_seconds=600)
    subscribe(visma, listener, repeat_every=3, hold=4)
    for number in range(20):
        visma.change("purchaseorder", "RegularOrder/500001", {"description": str(number)})
    visma.control("POST", "webhooks/flush")
    # Six of them were sent twice. One to which no answer came in time was sent once more.
    until(lambda: len([each for each in visma.deliveries() if each["status"] == 200]) >= 20 + 20 // 3)
    assert airbyte.jobs == []
    restarted(listener, shorter)
    until(lambda: airbyte.jobs)
    quiet(listener)
    assert len(airbyte.jobs) == 1
    assert listener.metric("hints_waiting") == 0


def test_already_running_is_fine_and_asked_again_later(
    visma: VismaSandbox, listener: Listener, airbyte: Airbyte
) -> None:
    """The running sync may have read past the change, so the hint is kept until a job could begin after it."""
    airbyte.statuses = [409]
    send(visma, subscribe(visma, listener))
    until(lambda: listener.metric("syncs_total", outcome="already_running") == 1)
    until(lambda: "A sync is running already; asking again in 60 s." in listener.log_path.read_text())
    assert listener.metric("hints_waiting") == 1
    assert (airbyte.attempts, airbyte.jobs) == (1, [])
    listener.stop()
    listener.start()
    until(lambda: airbyte.jobs)


def test_an_airbyte_that_fails_is_asked_again(visma: VismaSandbox, listener: Listener, airbyte: Airbyte) -> None:
    airbyte.statuses = [503]
    send(visma, subscribe(visma, listener))
    until(lambda: airbyte.jobs)


def test_an_accepted_hint_survives_a_kill(visma: VismaSandbox, listener: Listener, airbyte: Airbyte) -> None:
    assert send(visma, subscribe(visma, listener)) == [200]
    listener.kill()
    listener.start()
    until(lambda: airbyte.jobs)


def test_a_wrong_signature_changes_nothing(visma: VismaSandbox, listener: Listener, airbyte: Airbyte) -> None:
    subscription = subscribe(visma, listener)
    wrong = [mode for mode in MODES if mode != "right"]
    assert {mode: send(visma, subscription, signature=mode) for mode in wrong} == {mode: [401] for mode in wrong}
    quiet(listener)
    assert airbyte.jobs == []


def test_late_repeated_and_foreign_deliveries_change_nothing(
    visma: VismaSandbox, listener: Listener, airbyte: Airbyte
) -> None:
    subscription = subscribe(visma, listener)
    send(visma, subscription, age=3600)
    send(visma, subscription, age=-3600)
    send(visma, subscription, headers={"x-vwd-tenant-id": "00000000-0000-0000-0000-000000000000"})
    quiet(listener)
    assert airbyte.jobs == []
    send(visma, subscription, times=2)
    until(lambda: airbyte.jobs)
    send(visma, subscription, headers={"x-vwd-notification-id": "again"})
    until(lambda: len(airbyte.jobs) == 2)
    send(visma, subscription, headers={"x-vwd-notification-id": "again"})
    quiet(listener)
    assert len(airbyte.jobs) == 2
    assert listener.metric("deliveries_total", source="visma", outcome="repeated") == 2
    assert listener.metric("deliveries_total", source="visma", outcome="late") == 2


def test_the_same_bytes_under_new_headers_are_a_repeat(listener: Listener, airbyte: Airbyte) -> None:
    """The headers are not signed, so a copy can carry any."""
    body = b'{"entity": "Purchase Order"}'
    for number in range(3):
        answer = plain_http.post(
            f"{listener.url}/visma", content=body, headers={**signed(body), "x-vwd-notification-id": f"n{number}"}
        )
        assert answer.status_code == 200
        until(lambda: airbyte.jobs)
    quiet(listener)
    assert len(airbyte.jobs) == 1


def signed(body: bytes) -> dict[str, str]:
    digest = hmac.new(WEBHOOK_SECRET.encode(), body, hashlib.sha256).digest()
    return {"x-vwd-signature-v1": base64.b64encode(digest).decode()}


def test_what_is_no_event_changes_nothing(listener: Listener, airbyte: Airbyte) -> None:
    for body in (b"", b"not json", b'"text"', b"7"):
        answer = plain_http.post(f"{listener.url}/visma", content=body, headers=signed(body))
        assert (answer.status_code, answer.content) == (400, b"")
    quiet(listener)
    assert airbyte.jobs == []


def test_a_secret_is_replaced_without_a_gap(visma: VismaSandbox, listener: Listener, airbyte: Airbyte) -> None:
    """Both secrets are valid while one replaces the other."""
    listener.stop()
    listener.config["visma"]["webhook_secret"] = ["the-next-secret", WEBHOOK_SECRET]
    listener.start()
    subscription = subscribe(visma, listener)
    assert send(visma, subscription) == [200]
    visma.control("PATCH", f"webhooks/{subscription}", {"secret": "the-next-secret"})
    assert send(visma, subscription) == [200]
    assert send(visma, subscription, signature="previous") == [200]
    listener.stop()
    listener.config["visma"]["webhook_secret"] = "the-next-secret"
    listener.start()
    assert send(visma, subscription, signature="previous") == [401]


def test_a_command_instead_of_airbyte(visma: VismaSandbox, tmp_path: Path) -> None:
    mark = tmp_path / "runs"
    code = f"open({str(mark)!r}, 'a').write('run\\n')"
    command = {"command": [sys.executable, "-c", code]}
    with Listener(tmp_path, visma=visma, on_visma_event=command, quiet_seconds=600) as listener:
        listener.start()
        subscription = subscribe(visma, listener)
        for _ in range(5):
            send(visma, subscription)
        assert not mark.exists()
        restarted(listener, 0.4)
        until(mark.exists)
        quiet(listener)
        assert mark.read_text() == "run\n"


def test_a_command_is_asked_to_end_and_run_again_after_a_stop(visma: VismaSandbox, tmp_path: Path) -> None:
    mark = tmp_path / "runs"
    code = (
        "import sys, time, signal; signal.signal(signal.SIGTERM, lambda *_: sys.exit(1)); "
        f"f = open({str(mark)!r}, 'a'); f.write('run '); f.flush(); time.sleep(60 if f.tell() < 5 else 0)"
    )
    with Listener(tmp_path, visma=visma, on_visma_event={"command": [sys.executable, "-c", code]}) as listener:
        listener.start()
        send(visma, subscribe(visma, listener))
        until(mark.exists)
        until(lambda: mark.read_text() == "run ")
        assert listener.stop() == 0
        listener.start()
        until(lambda: mark.read_text() == "run run ")
        until(lambda: listener.metric("hints_waiting") == 0)


def test_check_says_what_is_not_set_up(visma: VismaSandbox, listener: Listener, airbyte: Airbyte) -> None:
    status, words = listener.check()
    assert status == 1
    assert f"TO DO  visma events: none has arrived yet. Subscribe {listener.url}/visma" in words
    assert "not enabled for the company" in words
    assert f"ok     airbyte: connection {CONNECTION} is there." in words
    send(visma, subscribe(visma, listener))
    until(lambda: airbyte.jobs)
    status, words = listener.check()
    assert (status, "TO DO" in words) == (0, False), words
    listener.config["on_visma_event"]["connection_id"] = "elsewhere"
    assert "TO DO  airbyte: Airbyte answered 404" in listener.check()[1]
    listener.config["on_visma_event"]["client_secret"] = "wrong-airbyte-secret"
    assert "client_id or client_secret is wrong" in listener.check()[1]
    listener.config["on_visma_event"] = {"command": ["no-such-program"]}
    assert "TO DO  on_visma_event.command: no-such-program" in listener.check()[1]
