"""Runs a sandbox as a separate process, for tests, the demo and benchmarks, and calls its control endpoints."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from collections import deque
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, Self, overload
from urllib.parse import quote, urlencode

_ROOT = Path(__file__).resolve().parents[2]
# Sandboxes are on this machine. The opener of urllib itself would keep the proxies of its first request for good.
_OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class SandboxError(RuntimeError):
    """A sandbox that does not start, or a control request that it refuses; the text says what it answered."""


class Sandbox:
    """A running sandbox at ``url``. It stops at the end of the ``with`` block, or soon after this process."""

    def __init__(self, name: str, *options: str) -> None:
        command = [sys.executable, "-m", "integration_tests.sandbox.attended", name, *options]
        if "--port" not in options:
            command += ["--port", "0"]
        self.name = name
        self.errors: deque[str] = deque(maxlen=200)
        self._process = subprocess.Popen(command, cwd=_ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        self._reader = threading.Thread(target=self._collect_errors, daemon=True)
        self._reader.start()
        if not line.startswith("listening on "):
            self.stop()
            raise SandboxError(f"sandbox {name} did not start: {line.strip()} {''.join(self.errors).strip()}")
        self.url = line.removeprefix("listening on ").strip()

    def _collect_errors(self) -> None:
        assert self._process.stderr is not None
        self.errors.extend(self._process.stderr)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def stop(self) -> None:
        """Ends the process."""
        self._process.terminate()
        try:
            self._process.wait(60)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._reader.join()
        for pipe in (self._process.stdout, self._process.stderr):
            if pipe is not None:
                pipe.close()

    @property
    def pid(self) -> int:
        """The process id, for measurements."""
        return self._process.pid

    def control(self, method: str, path: str, body: Any = None) -> Any:
        """Sends a control request to ``/_control/{path}``; returns its JSON answer. Raises SandboxError on refusal."""
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self.url}/_control/{path}", data=data, method=method)
        request.add_header("Content-Type", "application/json")
        try:
            with _OPENER.open(request, timeout=240) as answer:
                text = answer.read()
        except urllib.error.HTTPError as error:
            with error:
                text = error.read()
            raise SandboxError(f"{method} {path}: {error.code} {text.decode(errors='replace')}") from None
        return json.loads(text) if text else None

    def reset(self, **settings: Any) -> None:
        """Restores the initial state, then applies these settings."""
        self.control("POST", "reset", settings)

    def settings(self, **settings: Any) -> dict[str, Any]:
        """Changes settings; returns all of them."""
        answer: dict[str, Any] = self.control("PATCH", "settings", settings)
        return answer

    def fault(self, **fault: Any) -> None:
        """Sets a fault for the next matching requests."""
        self.control("POST", "faults", fault)

    def log(self, **query: Any) -> list[dict[str, Any]]:
        """The request log, oldest first; ``path``, ``method`` and ``status`` filter it."""
        answer: list[dict[str, Any]] = self.control("GET", f"log?{urlencode(query)}")
        return answer

    def clear_log(self) -> None:
        """Empties the request log and its counters."""
        self.control("DELETE", "log")

    def stats(self) -> dict[str, Any]:
        """Counters over all requests since the log was emptied."""
        answer: dict[str, Any] = self.control("GET", "stats")
        return answer


class VismaSandbox(Sandbox):
    """The sandbox Visma. Entities are named by their list path (``supplierInvoice``), keys as ``Invoice/200001``."""

    def __init__(self, *options: str) -> None:
        super().__init__("visma", *options)

    @property
    def config(self) -> dict[str, Any]:
        """Configuration for source-visma that reads this sandbox."""
        return {
            "client_id": "sandbox-client",
            "client_secret": "sandbox-visma-secret",
            "tenant_id": "5f0e7a52-6a0b-4c3e-9a53-1d2f7c9b4e10",
            "company_id": "4100251",
            "api_url": self.url,
            "token_url": f"{self.url}/connect/token",
        }

    def documents(self, entity: str) -> list[dict[str, Any]]:
        """All records as the company holds them, every field, in list order."""
        answer: list[dict[str, Any]] = self.control("GET", f"documents/{entity}")
        return answer

    def document(self, entity: str, key: str) -> dict[str, Any]:
        """One record."""
        answer: dict[str, Any] = self.control("GET", f"documents/{entity}/{quote(key)}")["record"]
        return answer

    def change(self, entity: str, key: str, set: dict[str, Any] | None = None, **order: Any) -> dict[str, Any]:
        """Merges values into a record, which changes its stamp. ``stamp``, ``unset``, ``locked`` as in the sandbox's
        README."""
        body = {"set": set or {}, **order}
        answer: dict[str, Any] = self.control("PATCH", f"documents/{entity}/{quote(key)}", body)["record"]
        return answer

    def add(self, entity: str, set: dict[str, Any] | None = None, **order: Any) -> dict[str, Any]:
        """Adds a copy of the last record (or of ``like``) under the next free number, with these values merged in."""
        answer: dict[str, Any] = self.control("POST", f"documents/{entity}", {"set": set or {}, **order})["record"]
        return answer

    def delete(self, entity: str, key: str) -> None:
        """Deletes a record without a trace."""
        self.control("DELETE", f"documents/{entity}/{quote(key)}")

    def after_requests(self, path: str, orders: list[dict[str, Any]], after: int = 1, times: int = 1) -> None:
        """Carries out orders after every ``after``-th request of the path, ``times`` times."""
        self.control("POST", "triggers", {"path": path, "orders": orders, "after": after, "times": times})

    def subscribe(self, url: str, secret: str, **options: Any) -> str:
        """Subscribes this URL to webhooks; options as in the sandbox's README. Returns the subscription's id."""
        subscription: str = self.control("POST", "webhooks", {"url": url, "secret": secret, **options})["id"]
        return subscription

    def deliveries(self) -> list[dict[str, Any]]:
        """The webhook deliveries and the answers to them, oldest first."""
        answer: list[dict[str, Any]] = self.control("GET", "webhooks/deliveries")
        return answer

    def revoke_tokens(self) -> int:
        """Invalidates all tokens. Returns how many were valid."""
        revoked: int = self.control("POST", "tokens/revoke")["revoked"]
        return revoked


# Credentials of the sandbox Asana in place of its token.
OAUTH = {
    "auth_type": "oauth2.0",
    "client_id": "sandbox-asana-client",
    "client_secret": "sandbox-asana-secret",
    "refresh_token": "sandbox-asana-refresh",
}


class AsanaSandbox(Sandbox):
    """The sandbox Asana."""

    def __init__(self, *options: str) -> None:
        super().__init__("asana", *options)

    WORKSPACE = "1200000000000001"
    PROJECT = "1200000000000100"
    TOKEN = "sandbox-asana-token"

    @property
    def api_url(self) -> str:
        """The address of the API."""
        return f"{self.url}/api/1.0"

    @property
    def config(self) -> dict[str, Any]:
        """Configuration for destination-asana that writes into this sandbox."""
        return {
            "credentials": {"auth_type": "personal_access_token", "personal_access_token": self.TOKEN},
            "workspace_gid": self.WORKSPACE,
            "project_gid": self.PROJECT,
            "api_url": self.api_url,
            "token_url": f"{self.url}/-/oauth_token",
        }

    def state(self, project: str | None = None) -> dict[str, Any]:
        """The whole workspace in plain words: tasks with fields by name, subtasks, sections, stories, projects."""
        answer: dict[str, Any] = self.control("GET", f"state{f'?project={project}' if project else ''}")
        return answer

    def tasks(self, visma_id: str | None = None, field: str = "Visma ID") -> list[dict[str, Any]]:
        """The live tasks whose text field of that name has the value (any value, without one)."""
        query = urlencode({"field": field} | ({"visma_id": visma_id} if visma_id else {}))
        answer: list[dict[str, Any]] = self.control("GET", f"tasks?{query}")
        return answer

    def at_rest(self) -> bool:
        """Whether no request, also of a client that is gone, may still change something."""
        return self.stats()["unapplied"] == 0

    def bulk(self, count: int, **order: Any) -> dict[str, Any]:
        """Makes many tasks at once, each with a Visma ID; the order's keys as in the sandbox's bulk.py."""
        answer: dict[str, Any] = self.control("POST", "tasks/bulk", {"count": count, **order})
        return answer

    def as_person(self, method: str, path: str, person: str = "kari.nordmann@nordlys.example", **order: Any) -> Any:
        """Makes any API request (`data`, `query`, `fields`) in a person's name, outside limits and faults."""
        return self.control("POST", f"as/{quote(person)}", {"method": method, "path": path, **order})["data"]


@overload
def start(name: Literal["visma"], *options: str) -> VismaSandbox: ...
@overload
def start(name: Literal["asana"], *options: str) -> AsanaSandbox: ...
def start(name: Literal["visma", "asana"], *options: str) -> Sandbox:
    """Starts a sandbox on a free port (options as on its command line); use it in a ``with`` block. Raises SandboxError."""
    return VismaSandbox(*options) if name == "visma" else AsanaSandbox(*options)
