"""The two images as `docker run` users and Airbyte's pods start them. Needs an engine and `make images`."""

import contextlib
import json
import signal
import socket
import subprocess
import sys
import tomllib
import urllib.request
from pathlib import Path

import docker
import pytest
from docker.errors import DockerException, ImageNotFound

from integration_tests.listener_process import free_port
from integration_tests.sandbox import harness
from integration_tests.waiting import until

pytestmark = pytest.mark.docker
ROOT = Path(__file__).parents[1]
CONNECTORS = ["source-visma", "destination-asana"]
SINCE = "2026-09-22"
# As docs/standalone.md tells people to run them by hand, and no `init`: signals reach the connector as process 1. The host's network, because the sandboxes answer on localhost only.
HARDENED = {
    "read_only": True,
    "tmpfs": {"/tmp": ""},
    "cap_drop": ["ALL"],
    "security_opt": ["no-new-privileges"],
    "pids_limit": 128,
    "mem_limit": "512m",
    "network_mode": "host",
}


@pytest.fixture(scope="module")
def engine():
    try:
        client = docker.from_env()
        client.ping()
    except DockerException as error:
        pytest.skip(f"no Docker engine answers: {error}")
    return client


def image(engine, name):
    version = tomllib.loads((ROOT / name / "pyproject.toml").read_text())["project"]["version"]
    try:
        return engine.images.get(f"visma-asana/{name}:{version}")
    except ImageNotFound:
        pytest.fail(f"visma-asana/{name}:{version} is not built: make images")


class Container:
    """A connector in a container; `stdin` takes bytes until `finish`."""

    def __init__(self, engine, name, *arguments, mount=None):
        volumes = {str(mount): {"bind": "/config", "mode": "ro"}} if mount else {}
        command = [str(argument) for argument in arguments]
        self.container = engine.containers.create(
            image(engine, name), command, stdin_open=True, volumes=volumes, **HARDENED
        )
        self.stdin = self.container.attach_socket(params={"stdin": 1, "stream": 1})._sock
        self.container.start()

    def finish(self, text=b"", timeout=240):
        """Closes standard input behind the text. Returns (status, messages, what it wrote on standard error)."""
        self.stdin.sendall(text)
        self.stdin.shutdown(socket.SHUT_WR)
        return self.result(timeout)

    def result(self, timeout=240):
        try:
            status = self.container.wait(timeout=timeout)["StatusCode"]
            output = self.container.logs(stdout=True, stderr=False).decode()
            errors = self.container.logs(stdout=False, stderr=True).decode()
        finally:
            self.stdin.close()
            self.container.remove(force=True)
        return status, [json.loads(line) for line in output.splitlines()], errors


def run(engine, name, *arguments, mount=None):
    return Container(engine, name, *arguments, mount=mount).finish()


def of_type(messages, kind):
    return [message for message in messages if message["type"] == kind]


@pytest.fixture(scope="module")
def visma():
    with harness.start("visma") as sandbox:
        yield sandbox


@pytest.fixture(scope="module")
def asana():
    with harness.start("asana", "--set", "requests_per_minute=0") as sandbox:
        yield sandbox


@pytest.fixture
def config(visma, asana, tmp_path):
    """A folder with both configurations, readable for the image's own user, for a fresh sandbox Asana."""
    visma.reset()
    asana.reset(requests_per_minute=0)
    (tmp_path / "source.json").write_text(json.dumps({**visma.config, "start_date": SINCE}))
    (tmp_path / "destination.json").write_text(json.dumps(asana.config))
    tmp_path.chmod(0o755)
    return tmp_path


@pytest.fixture(scope="module")
def discovered(engine, visma, tmp_path_factory):
    """The catalog with the streams of documents, from the image's own `discover`."""
    folder = tmp_path_factory.mktemp("discover")
    (folder / "source.json").write_text(json.dumps(visma.config))
    folder.chmod(0o755)
    status, messages, errors = run(engine, "source-visma", "discover", "--config=/config/source.json", mount=folder)
    assert status == 0, errors
    (found,) = of_type(messages, "CATALOG")
    customer = ("customer_invoices", "customer_credit_notes", "customer_debit_notes", "customer_overdue_charges")
    wanted = ("purchase_orders", "supplier_invoices", *customer)
    streams = [
        {
            "stream": stream,
            "sync_mode": "incremental",
            "cursor_field": stream["default_cursor_field"],
            "destination_sync_mode": "append_dedup",
            "primary_key": stream["source_defined_primary_key"],
        }
        for stream in found["catalog"]["streams"]
        if stream["name"] in wanted
    ]
    assert len(streams) == len(wanted)
    return json.dumps({"streams": streams})


@pytest.fixture
def catalog(config, discovered):
    """The folder of `config` with a catalog.json."""
    (config / "catalog.json").write_text(discovered)
    return config


def tasks(asana):
    """Names of the tasks that stand for a document."""
    return [task["name"] for task in asana.tasks()]


def documents(visma):
    customer = ("customerinvoice", "customerCreditNote", "customerDebitNote", "customerOverdueCharge")
    entities = ("purchaseorder", "supplierInvoice", *customer)
    return [d for entity in entities for d in visma.documents(entity) if d["lastModifiedDateTime"] >= SINCE]


@pytest.mark.parametrize("name", CONNECTORS)
def test_shape(engine, name):
    found = image(engine, name)
    settings = found.attrs["Config"]
    version = found.tags[0].rpartition(":")[2] if not found.tags[0].endswith(":dev") else None
    assert settings["User"] == "1000:1000"
    assert settings["Labels"]["io.airbyte.name"] == f"visma-asana/{name}"
    assert version in (None, settings["Labels"]["io.airbyte.version"])
    assert found.attrs["Size"] <= 260e6
    entry_points = [value for value in settings["Env"] if value.startswith("AIRBYTE_ENTRYPOINT=")]
    assert entry_points == ["AIRBYTE_ENTRYPOINT=" + " ".join(settings["Entrypoint"])]


def test_the_images_share_their_libraries(engine):
    layers = [image(engine, name).attrs["RootFS"]["Layers"] for name in CONNECTORS]
    shared = [layer for layer in layers[0] if layer in layers[1]]
    assert len(shared) >= len(layers[0]) - 2  # all but the connector's own package and its working directory


UNCOMPILED = """
import importlib, importlib.util, os, sys
importlib.import_module(sys.argv[1])
files = [getattr(module, "__file__", None) or "" for module in list(sys.modules.values())]
print([file for file in files if file.endswith(".py") and not os.path.exists(importlib.util.cache_from_source(file))])
"""


@pytest.mark.parametrize("name", CONNECTORS)
def test_no_module_is_compiled_at_each_start(engine, name):
    """The user may not write bytecode, and the public Python image has none of the standard library."""
    package = name.replace("-", "_")
    module = {"source_visma": "source_visma.entrypoint"}.get(package, f"{package}.run")
    python = "/opt/venv/bin/python"
    output = engine.containers.run(
        image(engine, name), ["-c", UNCOMPILED, module], entrypoint=python, remove=True, **HARDENED
    )
    assert output.decode() == "[]\n"


@pytest.mark.parametrize("name", CONNECTORS)
def test_spec(engine, name):
    status, messages, errors = run(engine, name, "spec")
    assert (status, errors) == (0, "")
    assert len(of_type(messages, "SPEC")) == 1


@pytest.mark.parametrize("name", CONNECTORS)
def test_the_entry_point_airbyte_evaluates(engine, name):
    """A pod runs `eval "$AIRBYTE_ENTRYPOINT …"` in the image's own shell."""
    output = engine.containers.run(
        image(engine, name), ["-c", 'eval "$AIRBYTE_ENTRYPOINT spec"'], entrypoint="/bin/sh", remove=True, **HARDENED
    )
    assert b'"SPEC"' in output


@pytest.mark.parametrize("name", CONNECTORS)
def test_check(engine, config, name):
    path = f"/config/{name.partition('-')[0]}.json"
    status, messages, _ = run(engine, name, "check", "--config", path, mount=config)
    (answer,) = of_type(messages, "CONNECTION_STATUS")
    assert (status, answer["connectionStatus"]["status"]) == (0, "SUCCEEDED")


def test_read_then_write(engine, visma, asana, catalog):
    options = ["--config", "/config/source.json", "--catalog", "/config/catalog.json"]
    status, read, errors = run(engine, "source-visma", "read", *options, mount=catalog)
    assert status == 0, errors
    assert len(of_type(read, "RECORD")) == len(documents(visma)) > 20
    text = b"".join(json.dumps(message).encode() + b"\n" for message in read)
    options = ["--config", "/config/destination.json", "--catalog", "/config/catalog.json"]
    status, written, errors = Container(engine, "destination-asana", "write", *options, mount=catalog).finish(text)
    assert status == 0, errors
    assert len(of_type(written, "STATE")) == len(of_type(read, "STATE")) > 0
    assert len(tasks(asana)) == len(documents(visma))


def test_a_pipe_between_two_containers(visma, asana, catalog):
    """standalone/sync.py with the images: read in one container, write in the other, twice."""
    command = [sys.executable, ROOT / "standalone/sync.py", catalog, "--docker-args", "--network host"]
    first = subprocess.run(command, capture_output=True, text=True, timeout=200, check=False)
    assert first.returncode == 0, first.stderr
    assert len(tasks(asana)) == len(documents(visma))
    asana.clear_log()
    second = subprocess.run(command, capture_output=True, text=True, timeout=200, check=False)
    assert second.returncode == 0, second.stderr
    assert [r["method"] for r in asana.log() if r["method"] != "GET"] == []


def test_a_container_that_fails_ends_the_other(visma, asana, catalog):
    """What the source still had to say must not keep its container from ending."""
    config = json.loads((catalog / "destination.json").read_text())
    config["credentials"]["personal_access_token"] = "not-the-token"
    (catalog / "destination.json").write_text(json.dumps(config))
    (catalog / "source.json").write_text(json.dumps(visma.config))  # all of it: more than a pipe holds
    command = [sys.executable, ROOT / "standalone/sync.py", catalog, "--docker-args", "--network host"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=240, check=False)
    assert done.returncode == 1
    assert done.stderr.endswith("sync: destination-asana ended with 1\n")


def test_sigterm_ends_a_write_cleanly_and_loses_nothing(engine, visma, asana, catalog):
    options = ["--catalog", "/config/catalog.json"]
    _, read, _ = run(engine, "source-visma", "read", "--config", "/config/source.json", *options, mount=catalog)
    text = b"".join(json.dumps(message).encode() + b"\n" for message in read)
    write = ["write", "--config", "/config/destination.json", *options]
    asana.fault(action="delay", method="POST", path="^/tasks", skip=5, times=None, seconds=3600)
    stopped = Container(engine, "destination-asana", *write, mount=catalog)
    stopped.stdin.sendall(text)
    until(lambda: len(tasks(asana)) >= 5)
    stopped.container.kill("SIGTERM")
    asana.control("DELETE", "faults")  # what is under way is answered
    stopped.container.stop(timeout=10)  # then comes SIGKILL, from the engine here and from Airbyte, and another status
    status, messages, errors = stopped.result()
    assert status in (0, 128 + signal.SIGTERM)
    assert "Traceback" not in errors
    assert 5 <= len(tasks(asana)) < len(documents(visma))

    # What was acknowledged is not sent again, as a platform would do it.
    acknowledged = {m["state"]["stream"]["stream_descriptor"]["name"] for m in of_type(messages, "STATE")}
    rest = [m for m in read if m["type"] != "RECORD" or m["record"]["stream"] not in acknowledged]
    text = b"".join(json.dumps(message).encode() + b"\n" for message in rest)
    status, _, errors = Container(engine, "destination-asana", *write, mount=catalog).finish(text)
    assert status == 0, errors
    names = tasks(asana)
    assert len(names) == len(set(names)) == len(documents(visma))


def test_sigterm_ends_a_read_cleanly(engine, visma, catalog):
    visma.fault(kind="hang", path="/v1", times=0)
    options = ["--config", "/config/source.json", "--catalog", "/config/catalog.json"]
    reader = Container(engine, "source-visma", "read", *options, mount=catalog)
    until(lambda: any(entry["path"].startswith("/v1/") for entry in visma.log()))
    reader.container.stop(timeout=10)
    status, messages, errors = reader.result()
    assert status in (0, 128 + signal.SIGTERM)
    assert "Traceback" not in errors
    assert of_type(messages, "STATE") == []


def test_the_listener_answers_and_stops_promptly(engine, tmp_path):
    port = free_port()
    settings = {
        "public_url": "https://hooks.example.com",
        "listen": f"127.0.0.1:{port}",
        "database_path": "/tmp/listener.sqlite",
        "visma": {"webhook_secret": "shared-with-visma"},
        "on_visma_event": {"command": ["true"]},
    }
    (tmp_path / "listener.json").write_text(json.dumps(settings))
    tmp_path.chmod(0o755)
    container = engine.containers.run(
        image(engine, "webhook-listener"),
        detach=True,
        volumes={str(tmp_path): {"bind": "/config", "mode": "ro"}},
        **HARDENED,
    )
    try:
        assert answers(f"http://127.0.0.1:{port}/healthz") == 200
        container.stop(timeout=10)
        assert container.wait()["StatusCode"] == 0
    finally:
        container.remove(force=True)


def answers(url):
    """The status of the first answer."""

    def look():
        with contextlib.suppress(OSError), urllib.request.urlopen(url, timeout=5) as answer:
            return answer.status

    return until(look)
