"""The transport where no sandbox is needed: nobody answers, or only a clock, or somebody sends it elsewhere."""

import datetime
import socket
import threading
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from airbyte_cdk.models import FailureType
from destination_asana.asana import client as transport
from destination_asana.asana import verdict
from destination_asana.asana.auth import PersonalAccessToken
from destination_asana.asana.client import Client
from destination_asana.asana.errors import UnreachableError


@pytest.fixture
def nobody():
    """An address nothing listens on."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{taken.getsockname()[1]}"


def test_a_service_that_stays_away_is_a_transient_error_in_words(nobody):
    client = Client(nobody, PersonalAccessToken("secret"), attempts=2)
    with pytest.raises(UnreachableError) as caught:
        client.get("/users/me")
    traced = caught.value.as_traced("Writing to Asana")
    assert traced.failure_type == FailureType.transient_error
    assert "could not be reached (no connection)" in traced.message
    assert "secret" not in str(traced)


def test_a_create_that_was_never_sent_is_repeated_without_asking(nobody):
    client = Client(nobody, PersonalAccessToken("secret"), attempts=2)
    with pytest.raises(UnreachableError):
        client.create("/tasks", {}, lambda: pytest.fail("there is nothing to look for"))
    assert client.traffic.lost_answers == 0


@pytest.mark.parametrize(("ahead", "earliest"), [(2, 0), (0, 0), (-2, -2)], ids=["ahead", "alike", "behind"])
def test_of_two_clocks_the_slower_tells_since_when_to_look_for_a_lost_create(ahead, earliest):
    """The `Date` header may be a proxy's: a listing that starts too late would miss what was just made."""
    now = datetime.datetime.now(datetime.UTC)

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response_only(200)
            self.send_header("Date", format_datetime(now + datetime.timedelta(hours=ahead), usegmt=True))
            self.end_headers()
            self.wfile.write(b'{"data": {}}')

        def log_message(self, *_):
            pass

    with HTTPServer(("127.0.0.1", 0), Answer) as server:
        threading.Thread(target=server.handle_request, daemon=True).start()
        client = Client(f"http://127.0.0.1:{server.server_port}", PersonalAccessToken("secret"))
        client.get("/users/me")
    difference = client.earliest_time() - (now + datetime.timedelta(hours=earliest))
    assert abs(difference.total_seconds()) < 1800


@pytest.mark.parametrize(
    ("seconds", "slow", "pauses"),
    [(0.0, 3600.0, transport.LOOK_AGAIN_AFTER), (0.3, 0.2, transport.LOOK_AGAIN_AFTER_SLOWNESS)],
)
def test_a_create_cut_off_after_long_work_is_looked_for_longer(monkeypatch, seconds, slow, pauses):
    """The server may still be at it: a second create would come too early."""
    monkeypatch.setattr(verdict, "SLOW_AFTER", slow)
    rests = []

    class Gateway(BaseHTTPRequestHandler):
        def do_POST(self):
            waited.wait(seconds)
            self.close_connection = True

        def log_message(self, *_):
            pass

    waited = threading.Event()
    with HTTPServer(("127.0.0.1", 0), Gateway) as server:
        threading.Thread(target=server.handle_request, daemon=True).start()
        client = Client(f"http://127.0.0.1:{server.server_port}", PersonalAccessToken("secret"))
        monkeypatch.setattr(transport.time, "sleep", rests.append)
        made = client.create("/tasks", {}, lambda: {"gid": "1"} if len(rests) == len(pauses) else None)
    assert made == {"gid": "1"}
    assert tuple(rests) == pauses


def test_no_redirect_takes_the_token_elsewhere(nobody):
    asked = []

    class Elsewhere(BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            self.send_response(302)
            self.send_header("Location", f"{nobody}/users/me")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_):
            pass

    with HTTPServer(("127.0.0.1", 0), Elsewhere) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        client = Client(f"http://127.0.0.1:{server.server_port}", PersonalAccessToken("secret"), attempts=1)
        with pytest.raises(UnreachableError, match="not valid JSON"):
            client.get("/users/me")
        server.shutdown()
    assert asked == ["/users/me"]
