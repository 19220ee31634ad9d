"""Whatever strangers and odd clients send to the listener: an answer of the documented kind, no detail, and nothing lost."""

import base64
import contextlib
import gzip
import hashlib
import hmac
import re
import socket
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integration_tests import fuzzing, plain_http
from integration_tests.fuzzing import CANARY
from integration_tests.listener_board import FIRST, KARI, Board, subscribed
from integration_tests.listener_process import WEBHOOK_SECRET, Listener
from integration_tests.sandbox.harness import AsanaSandbox, VismaSandbox
from integration_tests.waiting import until

pytest_plugins = ["integration_tests.listener_testing"]

STATUSES = {200, 400, 401, 403, 404, 405, 408, 413, 503}
METHODS = ["POST"] * 6 + [
    "GET",
    "PUT",
    "HEAD",
    "OPTIONS",
    "TRACE",
    "CONNECT",
    "PRI",
    "post",
    "A" * 300,
    "PO ST",
    "\x00",
]
PATHS = ["/visma", "/asana/KEY", "/asana/check", "/asana/", "/asana/a/b", "/healthz", "/readyz", "/metrics", "/", "*", "//visma",
         "/asana/%2e%2e%2fetc", "/asana/%00", "/asana/%ff", "/visma?a=b#c", "/visma/../metrics", "http://other.example/visma",
         "/asana/' OR 1=1 --", "/" + "k" * 9000, "", "visma"]  # fmt: skip
HEADERS = ["Content-Length", "Transfer-Encoding", "Content-Encoding", "Content-Type", "Connection", "Expect", "Upgrade", "Host",
           "X-Hook-Secret", "X-Hook-Signature", "x-vwd-signature-v1", "x-vwd-webhook-timestamp", "x-vwd-notification-timestamp",
           "x-vwd-notification-id", "x-vwd-event-id", "x-vwd-tenant-id", "X-Forwarded-For", "Authorization", "Bad Name", "X-" + "x" * 500]  # fmt: skip
VALUES = ["", "0", "-1", "5", "99999999999999999999", "1_0", "٣", "chunked", "gzip", "identity, chunked", "100-continue", "close",
          "keep-alive, Upgrade", "websocket", "h2c", "nan", "inf", "1e999", "-1e400", "2026-13-45T99:99:99Z", "9" * 400,
          "Thu, 01 Jan 9999 00:00:00 GMT", "æøå", "a\r\nX-Forged: 1", "\x00", "=" * 90, "sha256=00", CANARY, "v" * 9000]  # fmt: skip
BODIES = [b"", b"{}", b'{"events":[]}', b"[" * 60_000, b'{"a":' * 10_000, b"\xff\xfe\x00", b"null", b"1e999", b'"\\ud83d"',
          gzip.compress(b"x" * 100_000), b"x" * 70_000, b'{"events":[{"resource":{"gid":"1"}}]}']  # fmt: skip
EVENT = {
    "user": {"gid": "1200000000000201", "resource_type": "user"},
    "created_at": "2026-11-23T10:15:07.120Z",
    "action": "changed",
    "resource": {"gid": "1200000000009001", "resource_type": "task", "resource_subtype": "default_task"},
    "parent": None,
    "change": {"field": "completed", "action": "changed", "new_value": True},
}


@pytest.fixture
def listener(board: Board, visma: VismaSandbox, tmp_path: Path) -> Iterator[Listener]:
    with subscribed(board, tmp_path, visma, None, {"command": ["true"]}) as listener:
        yield listener


@st.composite
def bodies(draw: st.DrawFn) -> bytes:
    events = fuzzing.damaged({"events": [EVENT, EVENT]}).map(fuzzing.written)
    return draw(st.one_of(st.sampled_from(BODIES), events, fuzzing.VALUES.map(fuzzing.written), st.binary(max_size=60)))


class Sent(bytes):
    """What is sent, short enough in messages."""

    def __repr__(self) -> str:
        return f"{bytes(self[:2000])!r} … {len(self)} bytes"


@st.composite
def deliveries(draw: st.DrawFn, key: str, secret: str) -> Sent:
    """A delivery that is signed as Asana or Visma signs, whatever its body and its other headers say."""
    body = draw(bodies())
    digest = hmac.new(WEBHOOK_SECRET.encode(), body, hashlib.sha256).digest()
    path, signature = draw(
        st.sampled_from(
            [
                (f"/asana/{key}", f"X-Hook-Signature: {hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()}"),
                ("/visma", f"x-vwd-signature-v1: {base64.b64encode(digest).decode()}"),
            ]
        )
    )
    more = st.tuples(st.sampled_from(HEADERS[8:-2]), st.sampled_from([each for each in VALUES if each.isprintable()]))
    lines = [f"POST {path} HTTP/1.1", "Host: x", signature, f"Content-Length: {len(body)}"]
    lines += [f"{name}: {value}" for name, value in draw(st.lists(more, max_size=2))]
    return Sent("\r\n".join(lines).encode() + b"\r\n\r\n" + body)


@st.composite
def requests(draw: st.DrawFn, key: str, secret: str) -> Sent:
    """The bytes of a request: often of the right form and even signed, sometimes cut or mixed up."""
    body = draw(bodies())
    path = draw(st.sampled_from(PATHS)).replace("KEY", key)
    lines = [
        f"{draw(st.sampled_from(METHODS))} {path} HTTP/{draw(st.sampled_from(['1.1', '1.1', '1.1', '1.0', '2', '9.9', '']))}"
    ]
    lines += ["Host: x"] * draw(st.sampled_from([1, 1, 1, 0, 2]))
    if draw(st.booleans()):
        lines.append("X-Hook-Signature: " + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest())
    if draw(st.booleans()):
        digest = hmac.new(WEBHOOK_SECRET.encode(), body, hashlib.sha256).digest()
        lines.append("x-vwd-signature-v1: " + base64.b64encode(digest).decode())
    more = st.tuples(st.sampled_from(HEADERS), st.one_of(st.sampled_from(VALUES), st.text(max_size=20)))
    lines += [f"{name}: {value}" for name, value in draw(st.lists(more, max_size=4))]
    form = draw(st.sampled_from(["length", "length", "length", "chunks", "none"]))
    if form == "length":
        lines.append(f"Content-Length: {len(body)}")
    elif form == "chunks":
        lines.append("Transfer-Encoding: chunked")
        size = draw(st.sampled_from([f"{len(body):x}", f"{len(body):x};ext=1", "-1", "zz", "ffffffffffffffff"]))
        body = size.encode() + b"\r\n" + body + b"\r\n0\r\n\r\n"
    whole = "\r\n".join(lines).encode("utf-8", "surrogatepass") + b"\r\n\r\n" + body
    return Sent(draw(fuzzing.cut(whole)) if draw(st.integers(0, 4)) == 0 else whole)


def answered(listener: Listener, data: bytes) -> bytes:
    """What the server answers to these bytes, after which nothing more comes."""
    answer = b""
    # It closes the connection on what it does not want to read.
    with socket.create_connection(("127.0.0.1", listener.port), timeout=240) as server, contextlib.suppress(OSError):
        server.sendall(data)
        server.shutdown(socket.SHUT_WR)
        while chunk := server.recv(65536):
            answer += chunk
    return answer


def test_fuzz_requests(board: Board, listener: Listener) -> None:
    with contextlib.closing(sqlite3.connect(listener.folder / "listener.sqlite")) as database:
        secret = database.execute("SELECT secret FROM webhooks").fetchone()[0]
    key = board.webhooks()[0]["target"].rpartition("/")[2]

    @fuzzing.tries(40)
    @given(st.lists(deliveries(key, secret) | requests(key, secret), min_size=1, max_size=3))
    def check(sent: list[bytes]) -> None:
        answer = answered(listener, b"".join(sent))
        assert not answer or re.match(rb"HTTP/1\.1 (\d{3}) ", answer), answer
        # The first answer alone: what follows depends on what the server takes for the next request.
        if answer:
            assert int(answer[9:12]) in STATUSES, answer
        assert b"Traceback" not in answer, answer
        assert b"X-Forged" not in answer.split(b"\r\n\r\n")[0].split(b"x-hook-secret")[0], answer
        assert b"server:" not in answer.lower(), answer
        assert secret.encode() not in answer or any(secret.encode() in each for each in sent)

    check()
    assert plain_http.get(f"{listener.url}/healthz").text == "ok\n"
    board.complete()
    until(lambda: ("completed", KARI) in listener.told(FIRST))
    until(listener.idle)
    log = listener.log_path.read_text()
    assert "Traceback" not in log, log
    assert "unexpected" not in log, log
    assert not [each for each in (secret, WEBHOOK_SECRET, AsanaSandbox.TOKEN, "sandbox-visma-secret") if each in log]
