"""The sandbox Asana's webhooks and Events API, with a real listener."""

import hashlib
import hmac
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from integration_tests.sandbox.asana.client import Client
from integration_tests.sandbox.harness import AsanaSandbox
from integration_tests.waiting import until

pytest_plugins = ["integration_tests.sandbox.asana.testing"]


class Listener:
    """An HTTP server that shakes hands and keeps what it is sent."""

    def __init__(self) -> None:
        self.secret = ""
        self.shake = True
        self.status = 200
        self.received: list[tuple[dict[str, str], bytes]] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                secret = self.headers.get("X-Hook-Secret")
                if secret is None:
                    outer.received.append((dict(self.headers.items()), body))
                outer.secret = secret or outer.secret
                self.send_response(200 if secret else outer.status)
                if secret and outer.shake:
                    self.send_header("X-Hook-Secret", secret)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *args: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/asana/key"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def events(self) -> list[dict[str, object]]:
        return [event for _, body in self.received for event in json.loads(body)["events"]]

    def signed(self) -> list[bool]:
        """Of every delivery, whether it is signed with the secret of the handshake."""
        return [
            hmac.compare_digest(
                hmac.new(self.secret.encode(), body, hashlib.sha256).hexdigest(), headers.get("X-Hook-Signature", "")
            )
            for headers, body in self.received
        ]


@pytest.fixture
def listener() -> Iterator[Listener]:
    made = Listener()
    yield made
    made.server.shutdown()
    made.server.server_close()


@pytest.fixture
def hook(client: Client, asana: AsanaSandbox, listener: Listener) -> str:
    """A webhook on the project, its first heartbeat received."""
    asana.settings(webhook_localhost=True, webhook_delay=0.05, webhook_retry=0.1, webhook_patience=240)
    answer = client.send("POST", "/webhooks", {"resource": client.project, "target": listener.url})
    assert answer.status_code == 201, answer.text
    assert answer.json()["X-Hook-Secret"] == listener.secret
    until(lambda: listener.received)
    assert listener.events() == []
    gid: str = answer.json()["data"]["gid"]
    return gid


def test_changes_arrive_signed_and_bubble_up(client: Client, listener: Listener, hook: str) -> None:
    task = client.task()
    child = client.post(f"/tasks/{task['gid']}/subtasks", {"name": "line"})
    client.put(f"/tasks/{task['gid']}", {"completed": True})
    until(lambda: any(e.get("change") for e in listener.events()))
    assert all(listener.signed())
    events = listener.events()
    changed = next(event for event in events if event["action"] == "changed")
    assert changed["change"] == {"field": "completed", "action": "changed"}
    assert changed["user"] == {"gid": "1200000000000010", "resource_type": "user"}
    assert changed["resource"] == {
        "gid": task["gid"],
        "resource_type": "task",
        "resource_subtype": "default_task",
    }
    assert child["gid"] in {event["resource"]["gid"] for event in events}  # type: ignore[index]
    assert {event["resource"]["resource_type"] for event in events} >= {"task", "story"}  # type: ignore[index]


def test_filters(client: Client, asana: AsanaSandbox, listener: Listener, hook: str) -> None:
    only = [{"resource_type": "task", "action": "changed", "fields": ["completed"]}]
    client.put(f"/webhooks/{hook}", {"filters": only})
    task = client.task()
    client.put(f"/tasks/{task['gid']}", {"name": "b"})
    client.put(f"/tasks/{task['gid']}", {"completed": True})
    until(listener.events)
    assert [event["change"]["field"] for event in listener.events()] == ["completed"]  # type: ignore[index]


@pytest.mark.parametrize(
    ("target", "status"), [("https://127.0.0.1/x", 403), ("https://localhost/x", 403), ("http://example.com/x", 400)]
)
def test_targets_that_are_refused(client: Client, target: str, status: int) -> None:
    assert client.refused("POST", "/webhooks", {"resource": client.project, "target": target})[0] == status


def test_no_handshake_no_webhook(client: Client, asana: AsanaSandbox, listener: Listener) -> None:
    asana.settings(webhook_localhost=True)
    listener.shake = False
    body = {"resource": client.project, "target": listener.url}
    assert "handshake" in client.refused("POST", "/webhooks", body)[1]
    assert client.get("/webhooks", workspace=client.workspace, limit=10) == []


def test_wide_webhooks_need_filters_and_hear_no_tasks(client: Client, asana: AsanaSandbox, listener: Listener) -> None:
    asana.settings(webhook_localhost=True, webhook_delay=0.05)
    body: dict[str, object] = {"resource": client.workspace, "target": listener.url}
    assert client.refused("POST", "/webhooks", body)[0] == 400
    body["filters"] = [{"resource_type": "task", "action": "added"}]
    assert client.refused("POST", "/webhooks", body)[0] == 400
    body["filters"] = [{"resource_type": "project", "action": "added"}]
    client.post("/webhooks", body)
    client.task()
    client.post("/projects", {"name": "p", "workspace": client.workspace})
    until(listener.events)
    assert [event["resource"]["resource_type"] for event in listener.events()] == ["project"]  # type: ignore[index]


def test_a_refused_delivery_comes_again(client: Client, asana: AsanaSandbox, listener: Listener, hook: str) -> None:
    listener.status = 500
    client.task()
    until(lambda: client.get(f"/webhooks/{hook}")["delivery_retry_count"] >= 2)
    assert client.get(f"/webhooks/{hook}")["last_failure_content"] is not None
    listener.status = 204
    until(lambda: client.get(f"/webhooks/{hook}")["delivery_retry_count"] == 0)
    bodies = [body for _, body in listener.received[1:]]
    assert len(bodies) >= 3
    assert len(set(bodies)) == 1


def test_after_a_day_of_failures_the_webhook_is_gone(
    client: Client, asana: AsanaSandbox, listener: Listener, hook: str
) -> None:
    listener.status = 500
    client.task()
    until(lambda: client.get(f"/webhooks/{hook}")["delivery_retry_count"] >= 1)
    asana.settings(clock_offset=86_400)
    until(lambda: client.send("GET", f"/webhooks/{hook}").status_code == 404)


def test_heartbeats_every_eight_hours(asana: AsanaSandbox, listener: Listener, hook: str) -> None:
    asana.settings(clock_offset=8 * 3600 + 1)
    until(lambda: len(listener.received) == 2)
    assert json.loads(listener.received[1][1]) == {"events": []}
    assert all(listener.signed())


@pytest.mark.parametrize(
    "kind",
    [
        "no_signature",
        "empty_signature",
        "wrong_secret",
        "other_body",
        "cut_signature",
        "base64_signature",
        "sha1_signature",
    ],
)
def test_wrong_signatures(client: Client, asana: AsanaSandbox, listener: Listener, hook: str, kind: str) -> None:
    asana.control("POST", "webhooks/mischief", {"kind": kind})
    client.task()
    until(lambda: len(listener.received) > 1)
    assert listener.signed()[:2] == [True, False]


def _with(asana: AsanaSandbox, kind: str) -> int:
    """How many deliveries a kind of mischief has changed."""
    return sum(each["mischief"] == kind for each in asana.control("GET", "webhooks")["deliveries"])


def test_lost_doubled_and_late_deliveries(client: Client, asana: AsanaSandbox, listener: Listener, hook: str) -> None:
    for number, (kind, seen) in enumerate((("lose", 1), ("duplicate", 2))):
        asana.control("POST", "webhooks/mischief", {"kind": kind})
        client.task(str(number))
        until(lambda kind=kind, seen=seen: _with(asana, kind) == seen)
    asana.control("POST", "webhooks/mischief", {"kind": "hold"})
    client.task("2")
    until(lambda: asana.control("GET", "webhooks")["held"] == 1)
    client.task("3")
    until(lambda: len(listener.received) == 5)
    bodies = [body for _, body in listener.received[1:]]
    assert bodies[0] == bodies[1]
    created = [json.loads(body)["events"][-1]["created_at"] for body in bodies[2:]]
    assert created[0] > created[1]


def test_a_rotated_secret_signs_differently(client: Client, asana: AsanaSandbox, listener: Listener, hook: str) -> None:
    asana.control("POST", f"webhooks/{hook}/secret", {"secret": "new"})
    client.task()
    until(lambda: len(listener.received) > 1)
    assert listener.signed() == [True, False]
    listener.secret = "new"
    assert listener.signed()[1] is True


def test_deleted_webhooks_are_silent(client: Client, listener: Listener, hook: str) -> None:
    assert client.send("DELETE", f"/webhooks/{hook}").status_code == 200
    client.task()
    # What is subscribed later is told of later changes; by then the deleted webhook would have been told of the first.
    later = Listener()
    client.post("/webhooks", {"resource": client.project, "target": later.url})
    client.task()
    until(later.events)
    later.server.shutdown()
    later.server.server_close()
    assert listener.events() == []


def test_sync_tokens(client: Client, asana: AsanaSandbox) -> None:
    client.task("before")
    first = client.send("GET", "/events", resource=client.project)
    assert first.status_code == 412
    sync = first.json()["sync"]
    task = client.task("after")
    body = client.send("GET", "/events", resource=client.project, sync=sync).json()
    assert body["has_more"] is False
    assert {event["resource"]["gid"] for event in body["data"] if event["type"] == "task"} == {task["gid"]}
    assert client.send("GET", "/events", resource=client.project, sync=body["sync"]).json()["data"] == []
    asana.settings(clock_offset=86_401)
    assert client.send("GET", "/events", resource=client.project, sync=body["sync"]).status_code == 412


def test_events_of_the_whole_workspace(client: Client) -> None:
    path = f"/workspaces/{client.workspace}/events"
    sync = client.send("GET", path).json()["sync"]
    task = client.post("/tasks", {"name": "in no project", "workspace": client.workspace})
    seen = client.send("GET", path, sync=sync).json()
    assert {event["resource"]["gid"] for event in seen["data"] if event["type"] == "task"} == {task["gid"]}


def test_a_hundred_events_a_call(client: Client) -> None:
    sync = client.send("GET", "/events", resource=client.project).json()["sync"]
    for number in range(60):
        client.task(str(number))
    seen = []
    more = True
    while more:
        body = client.send("GET", "/events", resource=client.project, sync=sync).json()
        assert len(body["data"]) <= 100
        seen += body["data"]
        sync, more = body["sync"], body["has_more"]
    assert len({event["resource"]["gid"] for event in seen if event["type"] == "task"}) == 60
