"""standalone/sync.py with the console scripts: what cron relies on.

They are forks that start at once (warm_programs.py), but for one run with the installed programs themselves.
"""

import fcntl
import json
import os
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from integration_tests import warm_programs
from integration_tests.destination_messages import order
from integration_tests.sandbox import harness
from integration_tests.waiting import until

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
    destination["report_path"] = "reports/${RUN:-latest}.csv"
    source = {**visma.config, "start_date": SINCE, "client_secret": "${VISMA_CLIENT_SECRET}"}
    (tmp_path / "source.json").write_text(json.dumps(source))
    (tmp_path / "destination.json").write_text(json.dumps(destination))
    return tmp_path


@pytest.fixture(scope="module")
def catalog(visma, asana, tmp_path_factory):
    """The text of catalog.json as the first run makes it."""
    made = tmp_path_factory.mktemp("catalog")
    (made / "source.json").write_text(json.dumps(visma.config))
    (made / "destination.json").write_text(json.dumps(asana.config))
    answer = sync(made, "--discover")
    assert answer.returncode == 0, answer.stderr
    return (made / "catalog.json").read_text()


@pytest.fixture
def ready(folder, catalog):
    """The folder after its first `--discover`."""
    (folder / "catalog.json").write_text(catalog)
    return folder


ENVIRONMENT = {**os.environ, "VISMA_CLIENT_SECRET": "sandbox-visma-secret", "ASANA_TOKEN": "sandbox-asana-token"}


def command(folder, *arguments, programs=None):
    return [*SYNC, folder, "--local", programs or warm_programs.folder(), *arguments]


def sync(folder, *arguments, **environment):
    return subprocess.run(
        command(folder, *arguments),
        env={**ENVIRONMENT, **environment},
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
        umask=0o022,
    )


def tasks(asana):
    """Names of the tasks that stand for a document."""
    return [task["name"] for task in asana.tasks()]


def documents(visma):
    customer = ("customerinvoice", "customerCreditNote", "customerDebitNote", "customerOverdueCharge")
    entities = ("purchaseorder", "supplierInvoice", *customer)
    return [d for entity in entities for d in visma.documents(entity) if d["lastModifiedDateTime"] >= SINCE]


def states(folder):
    path = folder / "state.json"
    return json.loads(path.read_text()) if path.exists() else []


def writes(asana):
    return [(r["method"], r["path"]) for r in asana.log() if r["method"] not in ("GET", "HEAD")]


def nobody_holds(folder):
    """Whether the lock is free: no connector of a run is left."""
    with open(folder / ".lock") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)  # raises when it is not
    return True


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
    reports = [path.read_text(encoding="utf-8-sig") for path in sorted((folder / "reports").glob("2*T*.csv"))]
    assert [text.count(",updated,") for text in reports] == [0, 1], "one report per run"
    assert reports[0].count(",created,") == len(documents(visma))
    ours = [path for path in folder.rglob("*") if path.name not in ("source.json", "destination.json")]
    assert {"state.json", "catalog.json", ".lock", "audit.jsonl", "reports"} <= {path.name for path in ours}
    rights = {path.name: stat.S_IMODE(path.stat().st_mode) for path in ours}
    assert rights == {path.name: 0o700 if path.is_dir() else 0o600 for path in ours}, "its owner's alone"


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


def test_a_source_that_fails_fails_the_run(ready, asana):
    answer = sync(ready, VISMA_CLIENT_SECRET="not-the-secret")
    assert answer.returncode == 1
    assert "source-visma ended with 1" in answer.stderr
    assert "does not know this client ID and client secret" in answer.stderr
    assert "Traceback" not in answer.stderr
    assert not any(state["stream"]["stream_state"] for state in states(ready))
    assert tasks(asana) == []


def test_a_destination_that_fails_fails_the_run(ready):
    answer = sync(ready, ASANA_TOKEN="not-the-token")
    assert answer.returncode == 1
    assert "destination-asana ended with 1" in answer.stderr
    assert not any(state["stream"]["stream_state"] for state in states(ready))


def test_a_destination_that_fails_stops_a_source_that_is_waiting(visma, ready):
    visma.fault(path="/v1/account", times=0, kind="status", status=429, retry_after=600)
    answer = sync(ready, ASANA_TOKEN="not-the-token")  # which gives up long before Visma's 600 s are over
    assert answer.returncode == 1
    assert answer.stderr.endswith("sync: destination-asana ended with 1\n")


def test_a_missing_program_is_named_and_its_partner_stopped(ready, tmp_path_factory):
    programs = tmp_path_factory.mktemp("bin")
    (programs / "source-visma").symlink_to(warm_programs.folder() / "source-visma")
    answer = subprocess.run(
        [*SYNC, ready, "--local", programs], env=ENVIRONMENT, capture_output=True, text=True, timeout=240, check=False
    )
    assert answer.returncode == 2
    assert f"{programs}/destination-asana is not found" in answer.stderr
    assert nobody_holds(ready)


def test_a_state_that_cannot_be_kept_stops_both(ready):
    (ready / ".state.json.new").mkdir()
    answer = sync(ready)
    assert answer.returncode == 2
    assert "state.json cannot be written" in answer.stderr
    assert "Traceback" not in answer.stderr
    assert nobody_holds(ready)


def test_a_damaged_state_is_named(ready):
    (ready / "state.json").write_text('[{"type": "STREAM"')
    answer = sync(ready)
    assert answer.returncode == 2
    assert "state.json is not valid JSON" in answer.stderr
    assert "Traceback" not in answer.stderr


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs the device that is always full")
def test_a_log_on_a_full_disk_does_not_hang_the_run(visma, asana, ready):
    with open("/dev/full", "w") as full:
        started = command(ready, programs=ROOT / ".venv/bin")
        done = subprocess.run(started, env=ENVIRONMENT, stderr=full, timeout=240, check=False)
    assert done.returncode == 0
    assert len(tasks(asana)) == len(documents(visma))


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
def test_a_stopped_run_leaves_nothing_behind_and_is_made_good(visma, asana, ready, number):
    asana.fault(action="delay", method="POST", path="^/tasks", skip=5, times=None, seconds=3600)
    process = subprocess.Popen(
        command(ready), env=ENVIRONMENT, stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    until(lambda: len(tasks(asana)) >= 5)
    os.killpg(process.pid, number)  # as Ctrl-C does
    log = process.communicate(timeout=240)[1]
    assert process.returncode == 128 + number, log
    assert log.endswith("sync: stopped by a signal\n")
    assert "Traceback" not in log
    assert 5 <= len(tasks(asana)) < len(documents(visma))
    asana.control("DELETE", "faults")
    assert sync(ready).returncode == 0
    names = tasks(asana)
    assert len(names) == len(set(names)) == len(documents(visma))


def test_a_killed_run_keeps_the_lock_until_its_connectors_have_ended(visma, asana, ready):
    """What the destination was given it still writes; a second one beside it could make a document twice."""
    asana.fault(action="delay", method="POST", path="^/tasks", skip=5, times=None, seconds=3600)
    process = subprocess.Popen(command(ready), env=ENVIRONMENT, stderr=subprocess.DEVNULL)
    until(lambda: len(tasks(asana)) >= 5)
    process.kill()
    process.wait()
    assert sync(ready).returncode == 75
    asana.control("DELETE", "faults")
    until(lambda: sync(ready).returncode != 75)
    names = tasks(asana)
    assert len(names) == len(set(names)) == len(documents(visma))


def test_a_stopped_check_leaves_no_secrets_behind(visma, folder, tmp_path_factory):
    private = tmp_path_factory.mktemp("tmp")
    visma.fault(path="/connect/token", times=0, kind="hang")
    process = subprocess.Popen(
        command(folder, "--check"), env={**ENVIRONMENT, "TMPDIR": str(private)}, stderr=subprocess.PIPE, text=True
    )
    until(lambda: visma.log(path="/connect/token"))
    assert list(private.glob("*/source.json"))
    process.terminate()
    log = process.communicate(timeout=240)[1]
    assert (process.returncode, "Traceback" in log) == (143, False)
    assert list(private.iterdir()) == []


def test_replay_writes_what_was_set_aside_without_reading_visma(ready, visma, asana):
    file = ready / "quarantine.jsonl"
    file.write_text(
        "".join(json.dumps({**message, "reason": "it was wrong"}) + "\n" for message in (order(1), order(2)))
    )
    asked = len(visma.log())
    first = sync(ready, "--replay", str(file))
    assert first.returncode == 0, first.stderr
    # Documents of one checkpoint are written at the same time, in no order.
    assert sorted(name.partition(" · ")[0] for name in tasks(asana)) == ["PO 000001", "PO 000002"]
    written = len(writes(asana))
    again = sync(ready, "--replay", str(file))
    assert (again.returncode, len(writes(asana)), len(visma.log())) == (0, written, asked)
    assert states(ready) == []
    missing = sync(ready, "--replay", str(ready / "nothing.jsonl"))
    assert missing.returncode == 2
    assert "nothing to replay" in missing.stderr
