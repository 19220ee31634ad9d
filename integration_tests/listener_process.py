"""The webhook listener as a process, as an operator runs it, and small helpers around it."""

import atexit
import contextlib
import itertools
import json
import random
import signal
import socket
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any, Self

import httpx

from integration_tests import plain_http
from integration_tests.sandbox.harness import AsanaSandbox, VismaSandbox
from integration_tests.waiting import until

PROGRAM = str(Path(sys.executable).with_name("webhook-listener"))
WEBHOOK_SECRET = "sandbox-webhook-secret"


# The system gives none of these to whoever takes any port, so a listener finds its own free again when it starts anew.
PORTS = itertools.cycle(range(20_000, 30_000))
next(
    itertools.islice(PORTS, random.SystemRandom().randrange(10_000), None)
)  # elsewhere in each process that runs tests


# While a listener is stopped its port is free for everybody. The UDP port of the same number, which nobody needs, says to other
# processes that run tests that it is taken.
HELD: list[socket.socket] = []
atexit.register(lambda: [held.close() for held in HELD])


def free_port() -> int:
    while True:
        port = next(PORTS)
        held = socket.socket(type=socket.SOCK_DGRAM)
        with socket.socket() as probe, contextlib.suppress(OSError):
            held.bind(("127.0.0.1", port))
            probe.bind(("127.0.0.1", port))
            HELD.append(held)
            return port
        held.close()


class Listener:
    """One installation: a folder with configuration, database and log file; `start`, `stop` and `kill` as often as needed."""

    def __init__(
        self,
        folder: Path,
        asana: AsanaSandbox | None = None,
        visma: VismaSandbox | None = None,
        write_back: list[str] | None = None,
        on_visma_event: dict[str, Any] | None = None,
        quiet_seconds: float = 0.4,
        watch_seconds: float = 0.5,
    ) -> None:
        self.folder = folder
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.config: dict[str, Any] = {
            "public_url": self.url,
            "listen": f"127.0.0.1:{self.port}",
            "database_path": str(folder / "listener.sqlite"),
        }
        if asana:
            taken = {name: asana.config[name] for name in ("credentials", "workspace_gid", "api_url")}
            self.config["asana"] = {**taken, "project_gids": [asana.PROJECT]}
        if visma:
            self.config["visma"] = {**visma.config, "webhook_secret": WEBHOOK_SECRET}
        if write_back:
            self.config["write_back"] = {"enabled": True, "events": write_back}
        if on_visma_event:
            self.config["on_visma_event"] = on_visma_event
        self.config_path = folder / "listener.json"
        self.log_path = folder / "listener.log"
        self.process: subprocess.Popen[bytes] | None = None
        self.quiet_seconds = quiet_seconds
        self.watch_seconds = watch_seconds

    def start(self, wait: bool = True) -> Self:
        self.config_path.write_text(json.dumps(self.config))
        with self.log_path.open("ab") as log:
            options = ["--watch-seconds", str(self.watch_seconds), "--quiet-seconds", str(self.quiet_seconds)]
            command = [PROGRAM, "serve", "--config", str(self.config_path), *options]
            self.process = subprocess.Popen(command, stderr=log, stdout=log)
        if wait:
            until(self.healthy)
        return self

    def healthy(self) -> bool:
        assert self.process is not None
        assert self.process.poll() is None, self.log_path.read_text()
        try:
            return plain_http.get(f"{self.url}/healthz", timeout=2).status_code == 200
        except httpx.HTTPError:
            return False

    def kill(self) -> None:
        """As a power cut does."""
        assert self.process is not None
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self) -> int:
        """As a supervisor does; returns the exit status."""
        assert self.process is not None
        self.process.terminate()
        return self.process.wait(240)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self.process is not None and self.process.poll() is None:
            try:
                # Not killed, so that it still writes which branches it reached (make coverage).
                self.stop()
            except subprocess.TimeoutExpired:
                self.kill()

    def run(self, verb: str, *options: str) -> subprocess.CompletedProcess[str]:
        """A command that ends by itself, with the configuration file as it is."""
        command = [PROGRAM, verb, "--config", str(self.config_path), *options]
        return subprocess.run(command, capture_output=True, text=True, check=False, timeout=240)

    def printed_log(self, visma_id: str | None = None) -> list[dict[str, Any]]:
        """What `webhook-listener log` prints."""
        answer = self.run("log", *(["--visma-id", visma_id] if visma_id else []))
        assert answer.returncode == 0, answer.stderr
        return [json.loads(line) for line in answer.stdout.splitlines()]

    def log(self, visma_id: str | None = None) -> list[dict[str, Any]]:
        """The same without a process, for looking often."""
        with contextlib.closing(sqlite3.connect(self.config["database_path"], timeout=240)) as database:
            database.row_factory = sqlite3.Row
            rows = database.execute('SELECT * FROM log ORDER BY "when", id').fetchall()
        return [dict(row) for row in rows if visma_id in (None, row["visma_id"])]

    def told(self, visma_id: str | None = None) -> list[tuple[str, str]]:
        """What and who of every line about people's doings."""
        return [(line["what"], line["who"]) for line in self.log(visma_id) if line["who"] != "webhook-listener"]

    def check(self) -> tuple[int, str]:
        """Status and words of `webhook-listener check`."""
        self.config_path.write_text(json.dumps(self.config))
        answer = self.run("check")
        return answer.returncode, answer.stdout + answer.stderr

    def metric(self, name: str, **labels: str) -> float:
        """One value of `/metrics`; 0 for one that has not been counted yet."""
        wanted = f"webhook_listener_{name}"
        if labels:
            wanted += "{" + ",".join(f'{key}="{value}"' for key, value in sorted(labels.items())) + "}"
        for line in plain_http.get(f"{self.url}/metrics").text.splitlines():
            if line.startswith(f"{wanted} "):
                return float(line.rsplit(" ", 1)[1])
        return 0.0

    def idle(self) -> bool:
        """Whether everything accepted has been dealt with."""
        return self.metric("deliveries_waiting") == 0 and self.metric("notes_waiting") == 0
