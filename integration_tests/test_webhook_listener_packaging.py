"""The listener is a package of its own: nothing needs it, and what it shares with the rest has one version."""

import re
import socket
import subprocess
import sys
from pathlib import Path

from integration_tests.listener_process import Listener

ROOT = Path(__file__).parents[1]


def pins(folder: str) -> dict[str, str]:
    text = (ROOT / folder / "requirements.lock").read_text()
    return dict(re.findall(r"^([\w.-]+)==([\w.]+)", text, re.M))


def test_one_version_of_every_library() -> None:
    own = pins("webhook-listener")
    for other in map(pins, ("source-visma", "destination-asana", "integration_tests")):
        assert {name: (own[name], other[name]) for name in own.keys() & other if own[name] != other[name]} == {}


def test_nothing_else_imports_it() -> None:
    folders = [
        "source-visma",
        "destination-asana",
        "standalone",
        "integration_tests/sandbox",
        "integration_tests/demo.py",
    ]
    found = subprocess.run(
        ["git", "grep", "-lE", "webhook_listener", "--", *folders, ":!*.md"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert found.stdout == ""


def test_log_does_not_load_the_server(tmp_path: Path) -> None:
    code = "import sys, webhook_listener.run; print([n for n in ('uvicorn', 'starlette', 'httpx') if n in sys.modules])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"


def test_wrong_settings_end_with_words_and_no_traceback(tmp_path: Path) -> None:
    listener = Listener(tmp_path)
    for content in ("{", "{}", "[]", '{"public_url": "https://x", "database_path": "/proc/no/listener.sqlite"}'):
        listener.config_path.write_text(content)
        done = listener.run("serve")
        assert done.returncode == 2
        assert done.stderr.startswith("webhook-listener: ")
        assert "Traceback" not in done.stderr


def test_a_log_that_cannot_be_read_is_said_in_words(tmp_path: Path) -> None:
    listener = Listener(tmp_path, on_visma_event={"command": ["true"]})
    listener.config["visma"] = {"webhook_secret": "agreed"}
    (tmp_path / "a#b?").mkdir()
    listener.config["database_path"] = str(tmp_path / "a#b?" / "listener.sqlite")
    with listener.start():
        assert listener.printed_log() == []
        assert listener.stop() == 0
    Path(listener.config["database_path"]).write_bytes(b"no database, but long enough to be taken for one" * 100)
    done = listener.run("log")
    assert done.returncode == 2
    assert done.stderr.startswith("webhook-listener: database_path: ")
    assert "Traceback" not in done.stderr


def test_one_process_per_database_and_per_address(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    first = Listener(tmp_path / "a", on_visma_event={"command": ["true"]})
    first.config["visma"] = {"webhook_secret": "agreed"}
    with first.start():
        done = first.run("serve")
        assert (done.returncode, "another listener is running" in done.stderr) == (2, True)
    with socket.create_server(("127.0.0.1", first.port)):
        done = first.run("serve")
        assert (done.returncode, "cannot be used" in done.stderr) == (2, True)
