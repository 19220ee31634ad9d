"""standalone/sync.py with the installed programs: what cron relies on."""

import fcntl
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from integration_tests.sandbox import harness

ROOT = Path(__file__).parents[1]
SYNC = [sys.executable, ROOT / "standalone/sync.py"]
# Enough documents to see something, few enough to be quick.
SINCE = "2026-09-22"


@pytest.fixture(scope="module")
def visma():
    with harness.start("visma") as sandbox:
        yield sandbox


@pytest.fixture(scope="module")
def asana():
    with harness.start("asana", "--set", "requests_per_minute=0") as sandbox:
        yield sandbox


@pytest.fixture
def folder(visma, asana, tmp_path):
    """A folder as docs/standalone.md has it, for fresh sandboxes."""
    visma.reset()
    asana.reset(requests_per_minute=0)
    credentials = {"auth_type": "personal_access_token", "personal_access_token": "${ASANA_TOKEN}"}
    destination = {**asana.config, "credentials": credentials, "audit_log_path": "audit.jsonl"}
    source = {**visma.config, "start_date": SINCE, "client_secret": "${VISMA_CLIENT_SECRET}"}
    (tmp_path / "source.json").write_text(json.dumps(source))
    (tmp_path / "destination.json").write_text(json.dumps(destination))
    return tmp_path


ENVIRONMENT = {**os.environ, "VISMA_CLIENT_SECRET": "sandbox-visma-secret", "ASANA_TOKEN": "sandbox-asana-token"}


def sync(folder, *arguments, **environment):
    command = [*SYNC, folder, "--local", ROOT / ".venv/bin", *arguments]
    return subprocess.run(
        command, env={**ENVIRONMENT, **environment}, capture_output=True, text=True, timeout=200, check=False
    )


def tasks(asana):
    """Names of the tasks that stand for a document."""
    return [task["name"] for task in asana.tasks()]


def documents(visma):
    entities = ("purchaseorder", "supplierInvoice", "customerinvoice")
    return [d for entity in entities for d in visma.documents(entity) if d["lastModifiedDateTime"] >= SINCE]


def states(folder):
    path = folder / "state.json"
    return json.loads(path.read_text()) if path.exists() else []


def writes(asana):
    return [(r["method"], r["path"]) for r in asana.log() if r["method"] not in ("GET", "HEAD")]


def test_the_second_run_brings_only_what_changed(visma, asana, folder):
    first = sync(folder)
    assert first.returncode == 0, first.stderr
    assert len(tasks(asana)) == len(documents(visma)) > 20
    order = next(d for d in documents(visma) if d.get("orderType") == "RegularOrder")
    visma.change("purchaseorder", f"RegularOrder/{order['orderNbr']}", {"promisedOn": "2026-12-18T00:00:00"})
    asana.clear_log()
    second = sync(folder)
    assert second.returncode == 0, second.stderr
    assert len(tasks(asana)) == len(documents(visma))
    assert [method for method, _ in writes(asana)] == ["PUT"]


def test_the_catalog_is_made_once_and_then_the_users(folder):
    assert sync(folder, "--discover", "--streams", "purchase_orders").returncode == 0
    (stream,) = json.loads((folder / "catalog.json").read_text())["streams"]
    assert (stream["stream"]["name"], stream["sync_mode"]) == ("purchase_orders", "incremental")
    assert stream["primary_key"] == [["company_id"], ["orderType"], ["orderNbr"]]
    assert sync(folder).returncode == 0
    assert [state["stream"]["stream_descriptor"]["name"] for state in states(folder)] == ["purchase_orders"]


def test_an_unknown_stream_is_named(folder):
    answer = sync(folder, "--discover", "--streams", "invoices")
    assert answer.returncode == 2
    assert "no such stream: invoices" in answer.stderr
    assert "supplier_invoices" in answer.stderr


def test_check_tells_of_both_sides(folder):
    assert sync(folder, "--check").returncode == 0
    wrong = sync(folder, "--check", VISMA_CLIENT_SECRET="not-the-secret", ASANA_TOKEN="not-the-token")
    assert wrong.returncode == 1
    assert "source-visma: FAILED" in wrong.stderr
    assert "destination-asana: FAILED" in wrong.stderr
    assert "not-the-" not in wrong.stderr


def test_a_source_that_fails_fails_the_run(folder, asana):
    assert sync(folder, "--discover").returncode == 0
    answer = sync(folder, VISMA_CLIENT_SECRET="not-the-secret")
    assert answer.returncode == 1
    assert "source-visma ended with 1" in answer.stderr
    assert "does not know this client ID and client secret" in answer.stderr
    assert "Traceback" not in answer.stderr
    assert not any(state["stream"]["stream_state"] for state in states(folder))
    assert tasks(asana) == []


def test_a_destination_that_fails_fails_the_run(folder):
    answer = sync(folder, ASANA_TOKEN="not-the-token")
    assert answer.returncode == 1
    assert "destination-asana ended with 1" in answer.stderr
    assert not any(state["stream"]["stream_state"] for state in states(folder))


def test_a_missing_variable_is_named(folder):
    answer = sync(folder, ASANA_TOKEN="")
    assert answer.returncode == 2
    assert "destination.json refers to ${ASANA_TOKEN}" in answer.stderr


def test_runs_do_not_overlap(folder, asana):
    with open(folder / ".lock", "a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        answer = sync(folder)
    assert answer.returncode == 75
    assert "another run" in answer.stderr
    assert tasks(asana) == []


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_stopped_run_leaves_nothing_behind_and_is_made_good(visma, asana, folder, number):
    assert sync(folder, "--discover").returncode == 0
    asana.fault(action="delay", method="POST", path="^/tasks", times=None, seconds=0.5)
    process = subprocess.Popen(
        [*SYNC, folder, "--local", ROOT / ".venv/bin"], env=ENVIRONMENT, stderr=subprocess.PIPE, text=True
    )
    deadline = time.monotonic() + 60
    while len(tasks(asana)) < 5 and time.monotonic() < deadline:
        time.sleep(0.1)
    process.send_signal(number)
    log = process.communicate(timeout=60)[1]
    assert process.returncode == 128 + number, log
    assert 5 <= len(tasks(asana)) < len(documents(visma))
    asana.control("DELETE", "faults")
    assert sync(folder).returncode == 0
    names = tasks(asana)
    assert len(names) == len(set(names)) == len(documents(visma))
