"""What the listener uses of uvicorn's insides still does what it is used for. Time stands still, and ten seconds pass at once."""

import asyncio
import contextlib
import socket
import threading
from collections.abc import Callable, Iterator

import pytest
import uvicorn
from webhook_listener.impatience import HEAD_SECONDS, ImpatientProtocol

GARBAGE = [b"zz\r\n", b"-1\r\n\r\n", b"5\r\nhello!!\r\n"]
HEAD = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"


class MovableLoop(asyncio.SelectorEventLoop):
    """An event loop whose clock stands still until another thread puts it forward."""

    now = 1000.0

    def time(self) -> float:
        return self.now

    def forward(self, seconds: float) -> None:
        self.now += seconds

    def pass_seconds(self, seconds: float) -> None:
        """Returns when everything that became due has been done."""
        done = threading.Event()

        def forward() -> None:
            self.forward(seconds)
            # Of two timers that are due at once the earlier runs first.
            self.call_later(0, lambda: self.call_soon(done.set))

        self.call_soon_threadsafe(forward)
        assert done.wait(120)


class Served:
    """A server of uvicorn's in a thread. `answer` lets the requests that hang be answered."""

    def __init__(self) -> None:
        self.loop = MovableLoop()
        self.asked = threading.Event()
        self.answer = threading.Event()
        listening = socket.create_server(("127.0.0.1", 0))
        self.address = listening.getsockname()
        settings = uvicorn.Config(
            self.app, http=ImpatientProtocol, interface="asgi3", lifespan="off", log_config=None, timeout_keep_alive=30
        )
        self.server = uvicorn.Server(settings)
        self.thread = threading.Thread(target=self.run, args=[listening])
        self.thread.start()

    def run(self, listening: socket.socket) -> None:
        with asyncio.Runner(loop_factory=lambda: self.loop) as runner:
            runner.run(self.server.serve(sockets=[listening]))

    async def app(self, scope: object, receive: Callable[..., object], send: Callable[..., object]) -> None:
        self.asked.set()
        if not self.answer.is_set():
            await asyncio.to_thread(self.answer.wait)
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})  # type: ignore[misc]
        await send({"type": "http.response.body", "body": b"ok"})  # type: ignore[misc]

    @contextlib.contextmanager
    def sent(self, data: bytes) -> Iterator[socket.socket]:
        """A connection over which this was sent, and which the server has accepted."""
        connected = len(self.server.server_state.connections)
        with socket.create_connection(self.address, timeout=120) as connection:
            connection.sendall(data)
            while len(self.server.server_state.connections) == connected:
                self.loop.pass_seconds(0)
            yield connection

    def stop(self) -> None:
        self.answer.set()
        self.server.should_exit = True
        while self.thread.is_alive():
            with contextlib.suppress(RuntimeError):  # the loop is closed
                self.loop.call_soon_threadsafe(self.loop.forward, 1.0)
            self.thread.join(0.01)


@pytest.fixture
def served() -> Iterator[Served]:
    served = Served()
    yield served
    served.stop()


@pytest.mark.parametrize("data", [b"", b"POST /visma HT", HEAD[:-2]])
def test_an_unfinished_head_is_waited_for_ten_seconds(served: Served, data: bytes) -> None:
    with served.sent(data) as connection:
        served.loop.pass_seconds(HEAD_SECONDS - 1)
        assert open_still(connection)
        served.loop.pass_seconds(2)
        assert connection.recv(100) == b""
    assert not served.asked.is_set()


def test_a_request_that_is_complete_may_take_as_long_as_it_likes(served: Served) -> None:
    with served.sent(HEAD) as connection:
        assert served.asked.wait(120)
        served.loop.pass_seconds(10 * HEAD_SECONDS)
        served.answer.set()
        assert received(connection).startswith(b"HTTP/1.1 200")


def test_the_next_head_on_the_same_connection_is_waited_for_as_long(served: Served) -> None:
    served.answer.set()
    with served.sent(HEAD) as connection:
        assert received(connection).endswith(b"ok")
        served.loop.pass_seconds(HEAD_SECONDS + 5)
        assert open_still(connection), "a connection that is kept alive is uvicorn's to close"
        connection.sendall(HEAD)
        assert received(connection).endswith(b"ok")
        connection.sendall(b"GET / HT")
        until_read(served)
        served.loop.pass_seconds(HEAD_SECONDS + 1)
        assert connection.recv(100) == b""


@pytest.mark.parametrize("garbage", GARBAGE)
@pytest.mark.parametrize("method", [b"POST", b"GET", b"HEAD", b"OPTIONS", b"CONNECT", b"FOO"])
def test_a_body_that_is_not_http_is_answered_once_and_without_a_traceback(
    served: Served, caplog: pytest.LogCaptureFixture, method: bytes, garbage: bytes
) -> None:
    """uvicorn answers it; the application, which knows nothing of that, answers in the same moment."""
    served.answer.set()
    with socket.create_connection(served.address, timeout=120) as connection:
        connection.sendall(chunked(method) + garbage)
        assert connection.recv(1000).startswith(b"HTTP/1.1 400 ")
    assert served.asked.wait(120)
    assert tracebacks(served, caplog) == []


@pytest.mark.parametrize("garbage", GARBAGE)
@pytest.mark.parametrize("method", [b"POST", b"HEAD"])
def test_a_body_that_breaks_behind_its_answer_ends_the_connection_without_a_traceback(
    served: Served, caplog: pytest.LogCaptureFixture, method: bytes, garbage: bytes
) -> None:
    """The application may answer before it has read the whole body, as it does with one that is too long."""
    served.answer.set()
    with socket.create_connection(served.address, timeout=120) as connection:
        connection.sendall(chunked(method) + b"5\r\nhello\r\n")
        assert connection.recv(1000).startswith(b"HTTP/1.1 200 ")
        with contextlib.suppress(ConnectionError):  # closed by the server as soon as it had answered
            connection.sendall(garbage)
            while connection.recv(1000):
                pass
    assert tracebacks(served, caplog) == []


def chunked(method: bytes) -> bytes:
    return HEAD[:-2].replace(b"GET", method) + b"Transfer-Encoding: chunked\r\n\r\n"


def tracebacks(served: Served, caplog: pytest.LogCaptureFixture) -> list[str]:
    """What the server has logged with one, once it works on nothing."""
    while served.server.server_state.tasks or served.server.server_state.connections:
        served.loop.pass_seconds(0)
    return [record.getMessage() for record in caplog.records if record.exc_info]


def open_still(connection: socket.socket) -> bool:
    connection.setblocking(False)
    try:
        return connection.recv(1, socket.MSG_PEEK) != b""
    except BlockingIOError:
        return True
    finally:
        connection.settimeout(120)


def received(connection: socket.socket) -> bytes:
    answer = b""
    while not answer.endswith(b"ok"):
        chunk = connection.recv(100)
        assert chunk
        answer += chunk
    return answer


def until_read(served: Served) -> None:
    """Until the server has taken in what was sent: then it waits for the rest."""
    [protocol] = served.server.server_state.connections
    while protocol._patience is None:  # type: ignore[attr-defined]
        served.loop.pass_seconds(0)
