"""docker compose up, once and again, as the README has it. Needs an engine with compose v2."""

import json
import os
import subprocess
import urllib.request
import uuid
from pathlib import Path

import pytest

pytestmark = [pytest.mark.docker, pytest.mark.timeout(600)]
ROOT = Path(__file__).parents[1]


class Project:
    """A compose project of its own name and ports, so that a board that is up already is left alone."""

    def __init__(self) -> None:
        self.name = f"visma-asana-{uuid.uuid4().hex[:8]}"
        self.environment = {**os.environ, "VISMA_PORT": "0", "BOARD_PORT": "0"}

    def __call__(self, *arguments, check=True):
        command = ["docker", "compose", "-p", self.name, *arguments]
        done = subprocess.run(
            command,
            cwd=ROOT,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=500,
            check=False,
        )
        assert not check or done.returncode == 0, done.stderr
        return done.stdout

    def sync(self):
        """`up`, as far as the end of the sync, which must be a good one."""
        self("up", "-d")
        self("wait", "sync", check=False)
        state = json.loads(self("ps", "-a", "--format", "json", "sync").splitlines()[0])
        log = self("logs", "--no-log-prefix", "sync")
        assert state["ExitCode"] == 0, log

    def ask(self, port, path, method="GET", body=None):
        address = self("port", "visma", str(port)).strip()
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"http://{address}/_control/{path}", data=data, method=method)
        with urllib.request.urlopen(request, timeout=240) as answer:
            return json.load(answer)

    def tasks(self):
        return {task["fields"]["Visma ID"]: task for task in self.ask(8002, "tasks")}


@pytest.fixture
def compose():
    project = Project()
    if subprocess.run(["docker", "compose", "version"], capture_output=True, check=False).returncode:
        pytest.skip("no docker compose v2")
    if subprocess.run(["docker", "version"], capture_output=True, check=False).returncode:
        pytest.skip("no Docker engine answers")
    project("build", "-q")
    yield project
    project("down", "-v", "--timeout", "2", check=False)


def test_up_syncs_and_up_again_syncs_what_changed(compose):
    compose.sync()
    first = compose.tasks()
    lists = ("purchaseorder", "supplierInvoice", "customerinvoice")
    lists += ("customerCreditNote", "customerDebitNote", "customerOverdueCharge")
    documents = sum(len(compose.ask(8001, f"documents/{name}")) for name in lists)
    cards = [key for key in first if key.startswith("ProjectId:")]
    assert (documents, len(cards), len(first)) == (900, 12, 912)

    changed = {"status": "Closed", "balance": 0, "balanceInCurrency": 0}
    compose.ask(8001, "documents/supplierInvoice/Invoice/200009", "PATCH", {"set": changed})
    compose.sync()
    second = compose.tasks()
    assert {key for key in second if second[key] != first.get(key)} == {"SupplierInvoiceId:4100251/Invoice/200009"}

    compose("stop")  # Ctrl-C of an `up` in the foreground
    compose.sync()
    assert compose.tasks() == second
