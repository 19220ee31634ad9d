"""The sandbox Visma's webhooks: what is sent, how it is signed, and what goes wrong on demand."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from integration_tests.sandbox.harness import SandboxError, VismaSandbox
from integration_tests.sandbox.visma.client import connect
from integration_tests.sandbox.visma.settings import READ, UPDATE
from integration_tests.waiting import until

pytest_plugins = ["integration_tests.sandbox.visma.testing"]

SECRET = "a-shared-secret"


@dataclass
class Receiver:
    """A receiver that keeps what came, and answers with the next of ``statuses``, then 204."""

    url: str = ""
    received: list[tuple[Message, bytes]] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)

    def wait(self, count: int) -> list[tuple[Message, bytes]]:
        until(lambda: len(self.received) >= count)
        return list(self.received)

    def events(self, count: int) -> list[tuple[str, str]]:
        bodies = [json.loads(body) for _, body in self.wait(count)]
        return [(body["entity"], body["eventType"]) for body in bodies]


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    state = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            state.received.append((self.headers, self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(state.statuses.pop(0) if state.statuses else 204)
            self.end_headers()

        def log_message(self, *arguments: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        state.url = f"http://127.0.0.1:{server.server_address[1]}/visma"
        yield state
        server.shutdown()


def signed(body: bytes, secret: str = SECRET) -> str:
    return base64.b64encode(hmac.new(secret.encode(), body, hashlib.sha256).digest()).decode()


def test_a_change_is_delivered_and_signed(visma: VismaSandbox, receiver: Receiver) -> None:
    subscription = visma.subscribe(receiver.url, SECRET)
    visma.change("supplierInvoice", "Invoice/200001", {"status": "Voided"})
    headers, body = receiver.wait(1)[0]
    assert headers["x-vwd-signature-v1"] == signed(body)
    assert headers["x-vwd-subscription-id"] == subscription
    assert headers["x-vwd-tenant-id"] == visma.config["tenant_id"]
    names = ("event", "notification", "application", "group")
    assert all(headers[f"x-vwd-{name}-id"] for name in names)
    assert headers["x-vwd-notification-timestamp"]
    assert headers["x-vwd-webhook-timestamp"]
    assert json.loads(body)["key"] == {"documentType": "Invoice", "referenceNumber": "200001"}


def test_only_documented_events_are_sent(visma: VismaSandbox, receiver: Receiver) -> None:
    visma.subscribe(receiver.url, SECRET)
    visma.change("supplierInvoice", "Invoice/200001", {"description": "no event for this"})
    visma.change("journaltransaction", "ModuleGL/000001", {"status": "Voided"})
    visma.delete("supplier", "50002")
    visma.change("purchaseorder", "RegularOrder/500001", {"description": "x"})
    assert receiver.events(1) == [("Purchase Order", "Changed")]
    visma.delete("account", "1000")
    assert receiver.events(2)[1:] == [("Account", "Deleted")]


def test_a_note_written_through_the_api_is_a_change_too(visma: VismaSandbox, receiver: Receiver) -> None:
    visma.subscribe(receiver.url, SECRET, events=["Purchase Order/Changed"])
    with connect(visma, scope=f"{READ} {UPDATE}") as writer:
        writer.put("/v1/purchaseorder/500001", json={"note": {"value": "x"}})
    assert receiver.events(1) == [("Purchase Order", "Changed")]


def test_loss_duplicates_and_disorder(visma: VismaSandbox, receiver: Receiver) -> None:
    visma.subscribe(receiver.url, SECRET, events=["Supplier/Changed"], lose_every=3, repeat_every=4, hold=4)
    for number in range(50001, 50005):
        visma.change("supplier", str(number), {"name": f"Supplier {number}"})
    numbers = [json.loads(body)["key"]["number"] for _, body in receiver.wait(4)]
    assert numbers == ["50004", "50004", "50002", "50001"], "the third is lost, the fourth comes twice, newest first"
    ids = [headers["x-vwd-notification-id"] for headers, _ in receiver.received]
    assert ids[0] == ids[1] != ids[2]
    assert [delivery["key"] for delivery in visma.deliveries() if delivery["lost"]] == ["50003"]


@pytest.mark.parametrize("mode", ["wrong", "missing", "empty", "hex", "other_body", "plain_hash", "previous"])
def test_signatures_that_are_wrong(visma: VismaSandbox, receiver: Receiver, mode: str) -> None:
    subscription = visma.subscribe(receiver.url, SECRET)
    order = {"entity": "purchaseorder", "key": "RegularOrder/500001", "event": "Changed", "signature": mode}
    answer = visma.control("POST", f"webhooks/{subscription}/send", order)
    assert answer["statuses"] == [204]
    headers, body = receiver.wait(1)[0]
    assert headers.get("x-vwd-signature-v1") != signed(body)


def test_rotated_secret(visma: VismaSandbox, receiver: Receiver) -> None:
    subscription = visma.subscribe(receiver.url, SECRET)
    order = {"entity": "supplier", "key": "50001", "event": "Updated"}
    visma.control("PATCH", f"webhooks/{subscription}", {"secret": "new", "signature": "previous"})
    visma.control("POST", f"webhooks/{subscription}/send", order)
    visma.control("PATCH", f"webhooks/{subscription}", {"signature": "right"})
    visma.control("POST", f"webhooks/{subscription}/send", order)
    (old, old_body), (new, new_body) = receiver.wait(2)
    assert old["x-vwd-signature-v1"] == signed(old_body)
    assert new["x-vwd-signature-v1"] == signed(new_body, "new")


def test_late_and_repeated_deliveries(visma: VismaSandbox, receiver: Receiver) -> None:
    subscription = visma.subscribe(receiver.url, SECRET)
    order = {"entity": "supplier", "key": "50001", "event": "Updated", "age": 86400, "times": 2}
    assert visma.control("POST", f"webhooks/{subscription}/send", order)["statuses"] == [204, 204]
    first, second = receiver.wait(2)
    assert first[1] == second[1]
    assert first[0]["x-vwd-notification-id"] == second[0]["x-vwd-notification-id"]
    days = [time.strftime("%Y-%m-%d", time.gmtime(time.time() - age)) for age in (86400, 86400 + 1800)]
    assert first[0]["x-vwd-notification-timestamp"][:10] in days


def test_refused_deliveries_are_tried_again(visma: VismaSandbox, receiver: Receiver) -> None:
    receiver.statuses = [503, 500]
    visma.subscribe(receiver.url, SECRET, retries=[0.05, 0.05], events=["Customer/Changed"])
    visma.change("customer", "10001", {"name": "x"})
    assert len({headers["x-vwd-notification-id"] for headers, _ in receiver.wait(3)}) == 1
    until(lambda: len(visma.deliveries()) >= 3)
    assert [(d["attempt"], d["status"]) for d in visma.deliveries()] == [(1, 503), (2, 500), (3, 204)]


def test_subscription_is_checked(visma: VismaSandbox) -> None:
    with pytest.raises(SandboxError, match="must be https"):
        visma.subscribe("http://example.org/visma", SECRET)
    with pytest.raises(SandboxError, match="signature is one of"):
        visma.subscribe("https://example.org/visma", SECRET, signature="sloppy")
    visma.subscribe("https://example.org/visma", SECRET)
    assert SECRET not in str(visma.control("GET", "webhooks"))
