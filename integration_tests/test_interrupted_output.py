"""A program that is paused and goes on while the reader of its output is slow, as by `docker pause`: no byte is lost."""

import contextlib
import fcntl
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from webhook_listener.database import Database

from integration_tests.waiting import until

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="a pipe of a known size")
PROGRAMS = Path(sys.executable).parent
SMALLEST_PIPE = 4096


def asleep(process: "subprocess.Popen[bytes]") -> bool:
    """Whether its main thread waits, or the process has ended."""
    if process.poll() is not None:
        return True
    return Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()[0] == "S"


def full(pipe: int) -> bool:
    waiting = fcntl.ioctl(pipe, 0x541B, b"\0\0\0\0")  # FIONREAD
    return int.from_bytes(waiting, sys.byteorder) == SMALLEST_PIPE


def interrupted(*command: str) -> bytes:
    """The output of a command that Python must not buffer, paused whenever it waits for room in the pipe."""
    with (
        subprocess.Popen(command, stdout=subprocess.PIPE, env={**os.environ, "PYTHONUNBUFFERED": "1"}) as process,
        contextlib.ExitStack() as at_the_end,
    ):
        at_the_end.callback(process.kill)
        assert process.stdout is not None
        pipe = process.stdout.fileno()
        fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, SMALLEST_PIPE)
        output = b""
        while True:
            until(lambda: (full(pipe) and asleep(process)) or process.poll() is not None)
            if process.poll() is not None:
                return output + process.stdout.read()
            process.send_signal(signal.SIGSTOP)
            process.send_signal(signal.SIGCONT)
            output += os.read(pipe, SMALLEST_PIPE)


def test_a_long_message_of_the_source(tmp_path: Path) -> None:
    config = {"client_id": "an-id", "client_secret": "a-secret", "tenant_id": "a-tenant", "company_id": "1"}
    (tmp_path / "config.json").write_text(json.dumps(config))
    output = interrupted(str(PROGRAMS / "source-visma"), "discover", "--config", str(tmp_path / "config.json"))
    messages = [json.loads(line) for line in output.splitlines()]
    assert [message["type"] for message in messages if message["type"] != "LOG"] == ["CATALOG"]


def test_a_long_message_of_the_destination() -> None:
    messages = [json.loads(line) for line in interrupted(str(PROGRAMS / "destination-asana"), "spec").splitlines()]
    assert [message["type"] for message in messages if message["type"] != "LOG"] == ["SPEC"]


@pytest.fixture
def settings(tmp_path: Path) -> Path:
    """Of a listener with a line in its log that is longer than a pipe holds."""
    row = ("2026-11-23T10:15:07.120Z", "SupplierInvoiceId:1/Invoice/1", "1", "Kari", "commented", "x" * 20_000)
    with contextlib.closing(Database(tmp_path / "listener.sqlite")) as database:
        database.run(
            'INSERT INTO log ("when", visma_id, asana_gid, who, what, detail, recorded_at) VALUES (?, ?, ?, ?, ?, ?, ?)',
            *(*row, "2026-11-23T10:15:08.003Z"),
        )
    asana = {"credentials": {"auth_type": "personal_access_token", "personal_access_token": "asana-secret"}}
    config = {"public_url": "https://hooks.example.com", "database_path": str(tmp_path / "listener.sqlite")}
    path = tmp_path / "listener.json"
    path.write_text(json.dumps({**config, "asana": {**asana, "workspace_gid": "1", "project_gids": ["2"]}}))
    return path


def test_a_long_line_of_the_listeners_log(settings: Path) -> None:
    [line] = interrupted(str(PROGRAMS / "webhook-listener"), "log", "--config", str(settings)).splitlines()
    assert json.loads(line)["detail"] == "x" * 20_000
