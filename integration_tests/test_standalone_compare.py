"""`sync.py FOLDER --compare`: it finds each of ten planted differences, and nothing else; it writes nothing."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from integration_tests import warm_programs
from integration_tests.sandbox import harness
from integration_tests.sandbox.harness import AsanaSandbox

ROOT = Path(__file__).parents[1]
SYNC = [sys.executable, ROOT / "standalone/sync.py"]
STREAMS = "purchase_orders,supplier_invoices,customer_invoices,customer_credit_notes"
# Enough documents to see something, few enough to be quick.
SINCE = "2026-09-22"
ORDER, INVOICE = "PurchaseOrderId:4100251/RegularOrder/", "SupplierInvoiceId:4100251/Invoice/"


@pytest.fixture(scope="module")
def visma():
    with harness.start("visma") as sandbox:
        yield sandbox


@pytest.fixture(scope="module")
def asana():
    with harness.start("asana", "--set", "requests_per_minute=0", "--set", "cost_per_minute=0") as sandbox:
        yield sandbox


@pytest.fixture
def folder(visma, asana, tmp_path):
    """A folder whose documents have just come to Asana, whatever other tests did there."""
    visma.reset()
    asana.reset(requests_per_minute=0, cost_per_minute=0)
    made = tmp_path / "compare"
    made.mkdir()
    (made / "source.json").write_text(json.dumps({**visma.config, "start_date": SINCE}))
    (made / "destination.json").write_text(json.dumps({**asana.config, "report_path": "reports/${RUN}.csv"}))
    answer = run(made, "--streams", STREAMS)
    assert answer.returncode == 0, answer.stderr
    return made


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*SYNC, folder, "--local", warm_programs.folder(), *arguments],
        env=os.environ, capture_output=True, text=True, timeout=280, check=False,
    )  # fmt: skip


def findings(answer: subprocess.CompletedProcess[str]) -> list[str]:
    """The documents that the comparison names, with what it says of them."""
    lines = [line.removeprefix("Comparison: ") for line in answer.stdout.splitlines()]
    return sorted(
        line for line in lines if line.startswith(("PurchaseOrderId", "SupplierInvoiceId", "CustomerInvoiceId"))
    )


def test_after_a_sync_both_sides_are_equal(asana, folder):
    asana.clear_log()
    before = (folder / "state.json").read_text(), (folder / "catalog.json").read_text()
    answer = run(folder, "--compare")
    assert answer.returncode == 0, answer.stderr
    assert findings(answer) == []
    assert answer.stdout.splitlines()[-1].startswith("Comparison: Asana equals Visma in ")
    assert not [entry for entry in asana.log() if entry["method"] != "GET"]
    assert ((folder / "state.json").read_text(), (folder / "catalog.json").read_text()) == before


def test_ten_planted_differences_are_found_and_nothing_else(asana, folder):
    tasks = {task["fields"]["Visma ID"]: task for task in asana.tasks()}
    fields = {each["name"]: each for each in asana.state()["custom_fields"]}
    orders = sorted(key for key in tasks if key.startswith(ORDER) and tasks[key]["fields"]["Visma status"] == "Open")
    invoices = sorted(key for key in tasks if key.startswith(INVOICE))
    other = asana.as_person(
        "POST", "/projects", data={"name": "Elsewhere", "workspace": AsanaSandbox.WORKSPACE, "team": "1200000000000200"}
    )["gid"]
    used = iter([*orders[:4], *[key for key in invoices if tasks[key]["fields"].get("Visma due date")][:5]])

    def put(key: str, name: str, value: object) -> str:
        asana.as_person("PUT", f"/tasks/{tasks[key]['gid']}", data={"custom_fields": {fields[name]["gid"]: value}})
        return key

    option = next(each["gid"] for each in fields["Visma status"]["options"] if each["name"] == "Hold")
    expected = [
        f"{put(next(used), 'Visma amount', 1.0)} differs: Visma amount: 1.00 → ",
        f"{put(next(used), 'Visma status', option)} differs: Visma status: Hold → Open",
        f"{put(next(used), 'Visma currency', 'XXX')} differs: Visma currency: XXX → ",
        f"{put(next(used), 'Visma supplier', None)} differs: Visma supplier: ",
        f"{put(next(used), 'Visma due date', {'date': '2001-01-01'})} differs: ",
        f"{put(next(used), 'Visma balance', -9.0)} differs: Visma balance: -9.00 → ",
    ]
    missing, moved, doubled = next(used), next(used), next(used)
    asana.as_person("DELETE", f"/tasks/{tasks[missing]['gid']}")
    asana.as_person("POST", f"/tasks/{tasks[moved]['gid']}/addProject", data={"project": other})
    asana.as_person("POST", f"/tasks/{tasks[moved]['gid']}/removeProject", data={"project": AsanaSandbox.PROJECT})
    visma_id = fields["Visma ID"]["gid"]
    copy = {"projects": [AsanaSandbox.PROJECT], "name": "A copy", "custom_fields": {visma_id: doubled}}
    second = asana.as_person("POST", "/tasks", data=copy)["gid"]
    extra = {**copy, "name": "Too many", "custom_fields": {visma_id: f"{ORDER}999999"}}
    third = asana.as_person("POST", "/tasks", data=extra)["gid"]
    expected += [
        f"{missing} is missing in Asana.",
        f"{moved} has its task {tasks[moved]['gid']} outside the register project.",
        f"{doubled} has two tasks, {tasks[doubled]['gid']} and {second}.",
        f"{ORDER}999999 has a task in Asana, {third}, but is not in Visma.",
    ]
    asana.control("POST", "search/refresh")
    asana.clear_log()
    answer = run(folder, "--compare")
    assert answer.returncode == 3, answer.stderr
    found = findings(answer)
    assert len(found) == 10, found
    for line, beginning in zip(found, sorted(expected), strict=True):
        assert line.startswith(beginning), (line, beginning)
    last = answer.stdout.splitlines()[-1]
    assert last.startswith("Comparison: 10 differences in "), last
    assert not [entry for entry in asana.log() if entry["method"] != "GET"]
    cells = [line for line in answer.stdout.splitlines() if line.endswith("(not equal).")]
    assert any(
        line.startswith("Comparison, purchase_orders, XXX, Open: Visma 0 documents, 0.00; Asana 1 tasks")
        for line in cells
    )


def test_a_list_that_visma_refuses_does_not_count_as_equal(visma, folder):
    visma.fault(path="/v1/purchaseorder", status=403, times=0)
    answer = run(folder, "--compare")
    visma.control("DELETE", "faults")
    assert answer.returncode == 3, answer.stderr
    assert "the stream purchase_orders brought no document, but Asana has " in answer.stdout


def test_a_connector_that_fails_is_no_comparison(visma, folder):
    visma.settings(grant="forbidden")
    answer = run(folder, "--compare")
    visma.settings(grant="granted")
    assert answer.returncode == 1
    assert "Asana equals Visma" not in answer.stdout
