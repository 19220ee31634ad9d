"""`source-visma probe` against sandboxes set either way: each question's answers are told apart, and nothing leaks."""

import json
import os
import re
import stat
import subprocess
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from source_visma.probe.catalog import QUESTIONS

from integration_tests import warm_processes, warm_programs
from integration_tests.probe_runs import Probe
from integration_tests.sandbox.harness import VismaSandbox
from integration_tests.source_runs import run

COMMAND = Path(sys.executable).with_name("source-visma")
PLANTED = {"name": "Plantede Navn ASA", "amount": 7654321.89, "text": "Hemmelig avtale med styret"}
SWAPPED = {
    "detailTotal": "detailTotalInCurrency",
    "detailTotalInCurrency": "detailTotal",
    "cost": "costInCurrency",
    "costInCurrency": "cost",
}


def probe(visma: VismaSandbox, folder: Path, pace: float = 1.0, **config: Any) -> Probe:
    output = folder / "answers.json"
    settings = folder / "settings.json"
    settings.write_text(json.dumps(visma.config | config))
    streams = [folder / "printed", folder / "errors"]
    arguments = ["probe", "--config", str(settings), "--output", str(output)]
    process = warm_processes.start(COMMAND, arguments, os.devnull, *map(str, streams), pace)
    process.join(240)
    printed, errors = (stream.read_text() for stream in streams)
    assert process.exitcode is not None, errors
    raw = output.read_text() if output.exists() else ""
    return Probe(process.exitcode, printed.splitlines(), errors, json.loads(raw) if raw else None, raw)


def fresh(sandbox: VismaSandbox, **settings: Any) -> None:
    """The company as it was, on a day soon after its last entries: the probe asks for those of the last 400 days."""
    sandbox.reset(**settings)
    now = datetime.fromisoformat(sandbox.control("POST", "clock", {})["now"])
    sandbox.control("POST", "clock", {"advance": (datetime(2026, 11, 23, 12) - now).total_seconds()})


@pytest.fixture(scope="module")
def server():
    with VismaSandbox() as sandbox:
        yield sandbox


@pytest.fixture(scope="module")
def usual(server, tmp_path_factory):
    """The company as it is, with a supplier changed just now."""
    fresh(server)
    server.change("supplier", "50001", {"name": PLANTED["name"], "note": PLANTED["text"]})
    server.change("purchaseorder", "RegularOrder/500001", {"orderTotal": PLANTED["amount"], "note": PLANTED["text"]})
    return probe(server, tmp_path_factory.mktemp("usual"))


@pytest.fixture(scope="module")
def otherwise(server, tmp_path_factory):
    """The other answer to everything that one run can have otherwise."""
    fresh(
        server,
        edge="exclusive", filter_precision="seconds", nothing="not_found", company_mode="ignored", order="by_pass",
        orders_on_lists="hidden", wrapped_values=True, order_by_number="other", budget_dates="filtered",
        project_tasks="refused", journal_dates="with_period", employees_by="id", blobs="found", path_case="any",
        rate_headers=False,
    )  # fmt: skip
    server.control("POST", "clock", {"utc_offset_minutes": 0})
    server.change("supplier", "50001", {"name": "Another name"})
    receipts = server.documents("PurchaseReceipt")
    payments = server.documents("supplierPayment")
    old = {"op": "change", "entity": "PurchaseReceipt", "stamp": "2020-01-01T00:00:00.12"}
    new = {"op": "change", "entity": "supplierPayment", "stamp": "2026-11-20T12:00:00.12"}
    orders = [old | {"key": f"{each['receiptType']}/{each['receiptNbr']}"} for each in receipts]
    orders += [new | {"key": f"{each['type']}/{each['refNbr']}"} for each in payments]
    server.control("POST", "changes", orders)
    server.add("project", {"projectID": "NONE", "internalID": 0}, like="X")
    server.delete("project", "X")
    server.fault(kind="respell", names={"maxPageSize": None, "committedAmount": None}, times=0)
    return probe(server, tmp_path_factory.mktemp("otherwise"))


ANSWERS = [
    ("V1", "local", "utc"),
    ("V2", "inclusive", "exclusive"),
    ("V3", "milliseconds", "seconds"),
    ("V4", "stated", "not stated"),
    ("V5", "empty list", "refused"),
    ("V6", "needed", "not looked at"),
    ("V7", "shown", "hidden"),
    ("V8", "more", "more, wrapped"),
    ("V9", "usual type", "other type"),
    ("V10", "not always", "moves"),
    ("V10 payments", "moves", "not always"),
    ("V12", "ignored", "filtered"),
    ("V12 commitments", "on", "off"),
    ("V13", "listed", "refused"),
    ("V13 non-project", "X", "another"),
    ("V14", "stated", "not stated"),
    ("V15", "strict", "any case"),
    ("V16", "stable", "changes"),
    ("V18", "accepted", "refused"),
    ("V19", "number", "id"),
    ("V20", "refused", "found"),
]


@pytest.mark.parametrize(("question", "answer", "other"), ANSWERS)
def test_both_answers_to_a_question_are_told_apart(usual, otherwise, question, answer, other):
    assert (usual.code, otherwise.code) == (0, 0), usual.errors + otherwise.errors
    assert usual.question(question)["answer"] == answer
    assert otherwise.question(question)["answer"] == other
    assert usual.line(question) != otherwise.line(question)


def test_every_open_question_is_printed_with_its_answer_or_the_reason(usual):
    numbers = [line.partition(" · ")[0] for line in usual.lines[:-1]]
    assert {number.split()[0] for number in numbers} == {f"V{n}" for n in range(1, 24)}
    assert all("Decides " in line and "Touches: " in line for line in usual.lines[:-1])
    assert "Not asked: it takes somebody who deletes an invoice" in usual.line("V17")
    assert usual.line("V1").endswith("Touches: lookback_window_minutes, start_date.")
    # The stamp is of a moment before the probe asks.
    assert re.search(r" (5[5-9]|60) minutes ahead of UTC", usual.line("V1"))
    assert usual.question("V17")["status"] == "not asked"


@pytest.mark.parametrize("run_of", ["usual", "otherwise"])
def test_neither_file_nor_output_holds_what_belongs_to_the_company(run_of, request):
    done = request.getfixturevalue(run_of)
    told = "\n".join(done.lines) + done.errors + done.raw
    for planted in (
        PLANTED["name"],
        "7654321",
        PLANTED["text"],
        "Another name",
        "Fjordlys",
        "50001",
        "4100251",
        "NONE",
    ):
        assert planted not in told
    for secret in ("sandbox-visma-secret", "sandbox-client", "5f0e7a52"):
        assert secret not in told
    facts = [value for each in done.file["questions"] for value in each["facts"].values()]
    assert all(isinstance(value, (bool, int, list)) for value in facts)
    headers = done.question("V14")["facts"]["headers"]
    assert "date" in [name.lower() for name in headers]


def test_the_file_is_for_its_owner_alone(server, tmp_path):
    fresh(server)
    assert probe(server, tmp_path).code == 0
    assert stat.S_IMODE((tmp_path / "answers.json").stat().st_mode) == 0o600
    assert sorted(each.name for each in tmp_path.iterdir()) == ["answers.json", "errors", "printed", "settings.json"]


def test_only_reading_requests_go_out_and_none_too_often(server, tmp_path):
    fresh(server, repeat_limit=5)
    assert probe(server, tmp_path).code == 0
    assert {entry["method"] for entry in server.log(path="/v1")} == {"GET"}
    assert "429" not in server.stats()["statuses"]
    server.settings(repeat_limit=0)
    # The service lets a mistake be made twice in five minutes; each run makes its own ones.
    assert probe(server, tmp_path).question("V15")["answer"] == "strict"
    assert "429" not in server.stats()["statuses"]


@pytest.mark.parametrize(
    ("settings", "fault", "question", "answer"),
    [
        ({"page_number": "ignored"}, None, "V5", "first page"),
        ({"nothing": "no_content"}, None, "V5", "no content"),
        ({"nothing": "null"}, None, "V5", "null"),
        ({"journal_pages": "batches"}, None, "V18 pages", "whole"),
        ({"employees_by": "both"}, None, "V19", "both"),
        ({"bad_dates": "ignored"}, None, "V15", "dates ignored"),
        ({}, {"names": SWAPPED}, "V11", "plain"),
        ({}, {"names": {"exchangeRate": None}}, "V11 rates", "absent"),
    ],
)
def test_further_answers(server, tmp_path, settings, fault, question, answer):
    fresh(server, **settings)
    if fault:
        server.fault(kind="respell", path="/v1/supplierInvoice", times=0, **fault)
    assert probe(server, tmp_path).question(question)["answer"] == answer


def test_pages_that_repeat_records_are_noticed(server, tmp_path):
    fresh(server, order="by_page")
    change = {"op": "change", "entity": "supplier", "stamp": "2026-03-01T10:00:00.12"}
    server.control("POST", "changes", [change | {"key": each["number"]} for each in server.documents("supplier")])
    assert probe(server, tmp_path).question("V16")["answer"] == "repeats"


def test_currency_and_journals_as_they_are(usual):
    assert usual.question("V11")["answer"] == "in currency"
    assert usual.question("V11 rates")["answer"] == "differs"
    assert usual.question("V18 pages")["answer"] == "split"
    assert usual.question("V18 number")["answer"] == "another module"


def test_a_number_that_only_one_module_has_finds_its_batch(server, tmp_path):
    fresh(server)
    for batch in server.documents("journaltransaction"):
        if batch["module"] == "ModuleGL":
            server.delete("journaltransaction", f"ModuleGL/{batch['batchNumber']}")
    assert probe(server, tmp_path).question("V18 number")["answer"] == "same module"


def test_a_list_that_is_refused_is_said_and_the_others_are_asked(server, tmp_path):
    fresh(server)
    server.fault(path="/v1/projectbudget", status=403, times=0)
    server.fault(path="/v1/employee", status=503, times=0)
    done = probe(server, tmp_path)
    assert done.code == 0, done.errors
    assert done.question("V12")["status"] == "refused"
    assert done.question("V12")["facts"] == {"status": 403}
    assert "may lack the module" in done.line("V12")
    assert done.question("V19")["status"] == "no answer"
    assert done.question("V4")["facts"]["status_project_budgets"] == 403
    assert done.question("V20")["status"] == "answered"


def test_a_pause_for_the_rate_limit_is_kept(server, tmp_path):
    fresh(server)
    server.fault(path="/v1/supplierInvoice", status=429, retry_after=1)
    done = probe(server, tmp_path)
    assert done.question("V7")["answer"] == "shown"
    assert server.stats()["calls_before_retry_after"] == 0


def test_a_budget_that_is_used_up_leaves_the_rest_for_later(server, tmp_path):
    fresh(server, rate_limit=20, rate_headers=False)
    done = probe(server, tmp_path)
    assert done.code == 0, done.errors
    assert done.question("V2")["status"] == "answered"
    assert done.question("V19")["status"] == "rate limit"
    assert "run the probe again in an hour" in done.line("V19")


@pytest.mark.parametrize(
    ("settings", "config", "said"),
    [
        ({}, {"client_secret": "wrong"}, "Visma Connect does not know this client ID and client secret"),
        ({"grant": "unauthorized"}, {}, "granted for this company"),
        ({"grant": "forbidden"}, {}, "granted for this company"),
        ({}, {"company_id": "999"}, "another company's"),
        ({"company_mode": "no_license"}, {"company_id": "999"}, "Check company_id"),
        ({}, {"company_id": 7}, "company_id must be a text in quotes"),
        ({}, {"api_url": "http://127.0.0.1:9"}, "cannot be reached"),
        ({}, {"api_url": "http://visma.example"}, "must begin with https://"),
        ({}, {"api_url": "https://api.finance..visma.net"}, "Check api_url, and the settings of this machine"),
    ],
)
def test_settings_that_are_wrong_end_it_with_a_sentence(server, tmp_path, settings, config, said):
    fresh(server, **settings)
    done = probe(server, tmp_path, **config)
    assert done.code == 1
    assert said in done.errors
    assert "Traceback" not in done.errors
    assert (done.file, done.lines) == (None, [])


def test_a_file_that_cannot_be_written_is_said_before_anything_is_asked(server, tmp_path):
    fresh(server)
    settings = tmp_path / "settings.json"
    settings.write_text(json.dumps(server.config))
    done = subprocess.run(
        [warm_programs.folder() / "source-visma", "probe", "--config", settings, "--output", tmp_path / "no/answers.json"],
        capture_output=True, text=True, timeout=240, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (1, "")
    assert "its folder does not exist" in done.stderr
    assert server.log() == []


def test_the_documentation_lists_every_question():
    listed = (Path(__file__).parents[1] / "docs/probe.md").read_text()
    for question in QUESTIONS:
        assert f"| {question.id} | {question.text} | {question.decides} | {question.touches} |" in listed


def test_help_lists_every_command():
    program = warm_programs.folder() / "source-visma"
    done = subprocess.run([program, "--help"], capture_output=True, text=True, timeout=240, check=False)
    assert done.returncode == 0
    assert all(f"\n  {name} " in done.stdout for name in ("spec", "check", "discover", "read", "probe"))
    asked = subprocess.run([program, "probe", "--help"], capture_output=True, text=True, timeout=240, check=False)
    assert "--output" in asked.stdout
    assert run("spec").code == 0
