"""Bodies in large pieces."""

import gc
import http.server
import threading
import weakref
from collections.abc import Iterator

import pytest
import requests
from requests.models import CONTENT_CHUNK_SIZE
from source_visma.components.bodies import LargePieces

BODY = bytes(range(256)) * 20_000


class Answer(http.server.BaseHTTPRequestHandler):
    """Answers with a body of 5 MB, whole or cut."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(len(BODY)))
        self.end_headers()
        self.wfile.write(BODY[:1_000_000] if self.path == "/cut" else BODY)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def address() -> Iterator[str]:
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answer) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture
def session() -> Iterator[requests.Session]:
    with requests.Session() as session:
        session.mount("http://", LargePieces())
        yield session


def test_a_body_comes_whole_in_few_pieces(session, address) -> None:
    assert session.get(address).content == BODY
    pieces = list(session.get(address, stream=True).iter_content(CONTENT_CHUNK_SIZE))
    assert b"".join(pieces) == BODY
    assert len(pieces) == 5


def test_a_cut_body_is_an_error(session, address) -> None:
    with pytest.raises(requests.exceptions.ChunkedEncodingError):
        session.get(f"{address}/cut")


def test_an_answer_goes_when_nobody_holds_it(session, address) -> None:
    """Garbage is looked for seldom, so an answer with a reference to itself would stay, with its megabytes."""
    gc.disable()
    try:
        answer = session.get(address)
        there = weakref.ref(answer)
        del answer
        assert there() is None
    finally:
        gc.enable()
