"""Bodies seen on the real services, from the folder in WIRE_BODIES_DIR, and a server that plays them.

The bodies are data of their own, kept outside of this repository. Their numbers are taken from the text as it is, so that
`1000.0000` reaches the connectors as the service sent it.
"""

import json
import os
import threading
from collections.abc import Callable, Mapping
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Self
from urllib.parse import parse_qsl, urlsplit

FOLDER = "WIRE_BODIES_DIR"
MISSING = f"{FOLDER} does not name a folder with bodies of the real services"


def available() -> bool:
    """Whether the bodies are at hand; tests that need them skip when they are not."""
    folder = os.environ.get(FOLDER)
    return bool(folder) and Path(str(folder)).is_dir()


def names(service: str) -> list[str]:
    """The files of one service, `visma` or `asana`."""
    return sorted(path.name for path in (Path(os.environ[FOLDER]) / service).glob("*.json")) if available() else []


def text(name: str) -> str:
    """A file as it is, by its name in the folder (`visma/errors.json`)."""
    return (Path(os.environ[FOLDER]) / name).read_text("utf-8")


def content(name: str) -> Any:
    """The same, parsed."""
    return json.loads(text(name))


def records(name: str) -> list[str]:
    """The text of each record: of a list its items, else the one object."""
    body = text(name).strip()
    if not body.startswith("["):
        return [body]
    decoder, found, position = json.JSONDecoder(), [], 1
    while (position := _next(body, position)) < len(body) - 1:
        _, end = decoder.raw_decode(body, position)
        found.append(body[position:end])
        position = end
    return found


def _next(body: str, position: int) -> int:
    """Where the next item begins; at the closing bracket when there is none."""
    while body[position] in ", \r\n\t":
        position += 1
    return position


def completed(record: str, **parts: Any) -> str:
    """The record's text with these fields put in front: what its author cut away."""
    return "{" + json.dumps(parts)[1:-1] + ("," if parts else "") + record.strip()[1:]


Edit = Callable[[str, str, dict[str, str], int, bytes], tuple[int, bytes] | None]


class Player:
    """A server in front of a sandbox. Each request goes through to it; ``edit`` may put another answer in the place of its own.

    ``edit`` is given method, path, query, status and body, and returns status and body, or None for the sandbox's answer.
    ``headers`` are added to each answer.
    """

    def __init__(self, behind: str, edit: Edit, headers: Mapping[str, list[str]] | None = None) -> None:
        player, target = self, urlsplit(behind)
        self.edit, self.headers = edit, headers or {}

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def answer(self) -> None:
                """Passes the request on, and answers it."""
                sent = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                connection = HTTPConnection(str(target.hostname), target.port, timeout=240)
                headers = {name: value for name, value in self.headers.items() if name.lower() != "accept-encoding"}
                connection.request(self.command, self.path, sent or None, headers)
                answer = connection.getresponse()
                status, body = answer.status, answer.read()
                connection.close()
                parts = urlsplit(self.path)
                edited = player.edit(self.command, parts.path, dict(parse_qsl(parts.query)), status, body)
                status, body = edited or (status, body)
                self.send_response(status)
                for name, value in answer.getheaders():
                    if name.lower() not in ("content-length", "transfer-encoding", "connection", "date", "server"):
                        self.send_header(name, value)
                for name, values in player.headers.items():
                    for value in values:
                        self.send_header(name, value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            do_GET = do_POST = do_PUT = do_DELETE = answer  # noqa: N815

            def log_message(self, *_: object) -> None:
                """Nothing: the sandbox keeps the log."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()


def played(lists: dict[str, str]) -> Edit:
    """Visma's lists by path: their first page is this text, further pages are the sandbox's, which is empty."""

    def edit(method: str, path: str, query: dict[str, str], status: int, body: bytes) -> tuple[int, bytes] | None:
        first = query.get("pageNumber", "1") == "1"
        return (200, lists[path].encode()) if path in lists and first else None

    return edit
