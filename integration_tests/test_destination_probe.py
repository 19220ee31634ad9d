"""`destination-asana probe` against sandboxes set either way: each question's answers are told apart, what it made is gone
again, and nothing leaks."""

import json
import os
import signal
import stat
import sys
from pathlib import Path
from typing import Any

import pytest
from destination_asana.probe.catalog import QUESTIONS

from integration_tests import warm_processes
from integration_tests.probe_runs import Probe
from integration_tests.sandbox.harness import AsanaSandbox
from integration_tests.waiting import until

COMMAND = Path(sys.executable).with_name("destination-asana")
PROJECT, SECOND = AsanaSandbox.PROJECT, "Planlagt Kampanje"
PLANTED = (
    "Plantede Navn ASA",
    "7654321",
    "Hemmelig avtale",
    "Nordlys",
    "nordlys.example",
    "Finance Bot",
    "Hemmelig felt",
)


def start(asana: AsanaSandbox, folder: Path, *arguments: str, **config: Any) -> Any:
    (folder / "settings.json").write_text(json.dumps(asana.config | config))
    files = ["--config", str(folder / "settings.json"), "--output", str(folder / "answers.json")]
    streams = [str(folder / "printed"), str(folder / "errors")]
    return warm_processes.start(COMMAND, ["probe", *files, *arguments], os.devnull, *streams)


def finish(process: Any, folder: Path) -> Probe:
    process.join(240)
    output = folder / "answers.json"
    printed, errors = ((folder / name).read_text() for name in ("printed", "errors"))
    assert process.exitcode is not None, errors
    assert "Traceback" not in errors
    raw = output.read_text() if output.exists() else ""
    return Probe(process.exitcode, printed.splitlines(), errors, json.loads(raw) if raw else None, raw)


def probe(asana: AsanaSandbox, folder: Path, *arguments: str, **config: Any) -> Probe:
    return finish(start(asana, folder, *arguments, **config), folder)


@pytest.fixture(scope="module")
def server():
    with AsanaSandbox() as sandbox:
        yield sandbox


def fresh(server: AsanaSandbox, **settings: Any) -> None:
    """The project with a field of each type, and a task with texts that must not leak."""
    server.reset(**{"requests_per_minute": 0, "cost_per_minute": 0, "search_lag": 0, **settings})
    if server.settings()["plan"] == "free":
        return
    for kind, extra in (("text", {}), ("number", {"precision": 2}), ("date", {}), ("multi_enum", {})):
        options = {"enum_options": [{"name": "En"}]} if kind == "multi_enum" else {}
        body = {"workspace": AsanaSandbox.WORKSPACE, "resource_subtype": kind, "name": f"Hemmelig felt {kind}"}
        made = server.as_person("POST", "/custom_fields", data={**body, **extra, **options})
        setting = {"custom_field": made["gid"]}
        server.as_person("POST", f"/projects/{PROJECT}/addCustomFieldSetting", data=setting)
    server.as_person("POST", f"/projects/{PROJECT}/sections", data={"name": "Hemmelig felt"})
    task = {"projects": [PROJECT], "name": "Plantede Navn ASA 7654321.89", "notes": "Hemmelig avtale"}
    server.as_person("POST", "/tasks", data=task)


def names(server: AsanaSandbox) -> list[str]:
    return [task["name"] for task in server.state(PROJECT)["tasks"]]


@pytest.fixture(scope="module")
def usual(server, tmp_path_factory):
    fresh(server)
    done = probe(server, tmp_path_factory.mktemp("usual"), "--project", PROJECT)
    return done, names(server)


@pytest.fixture(scope="module")
def otherwise(server, tmp_path_factory):
    """The other answer to everything that one run can have otherwise."""
    fresh(
        server,
        subtask_fields="first_level", date_values="string", empty_lists="clear", unknown_keys="ignore", longest_name=0,
        longest_notes=0, external_unique=False, long_texts="cut", large_numbers="take", new_subtasks="start",
        subtask_changes="parent", memberships_on_create="ignore", added_again="refuse", goals="premium", budgets="open",
        status_updates="forbidden", refresh_tokens="replaced", search_lag=1000, asana_change="name=x;info=y;affected=true",
    )  # fmt: skip
    oauth = {
        "auth_type": "oauth2.0",
        "client_id": "sandbox-asana-client",
        "client_secret": "sandbox-asana-secret",
        "refresh_token": "sandbox-asana-refresh",
    }
    folder = tmp_path_factory.mktemp("otherwise")
    done = probe(server, folder, "--project", PROJECT, "--wait", "1", credentials=oauth)
    return done, names(server)


ANSWERS = [
    ("A1", "unique", "not unique"),
    ("A2", "refused", "taken"),
    ("A3", "object", "text"),
    ("A4", "found", "late"),
    ("A5", "repeatable", "refused"),
    ("A6", "taken", "ignored"),
    ("A7 keys", "refused", "ignored"),
    ("A7 lists", "refused", "taken"),
    ("A7 names", "refused", "taken"),
    ("A7 notes", "refused", "taken"),
    ("A7 numbers", "refused", "taken"),
    ("A7 texts", "refused", "cut"),
    ("A10 budgets", "not on this plan", "available"),
    ("A10 goals", "available", "not on this plan"),
    ("A10 status", "available", "refused"),
    ("A12", "as made", "reversed"),
    ("A12 headers", "none", "announced"),
    ("A12 stamps", "stays", "moves"),
]


@pytest.mark.parametrize(("question", "answer", "other"), ANSWERS)
def test_both_answers_to_a_question_are_told_apart(usual, otherwise, question, answer, other):
    assert (usual[0].code, otherwise[0].code) == (0, 0), usual[0].errors + otherwise[0].errors
    assert usual[0].question(question)["answer"] == answer
    assert otherwise[0].question(question)["answer"] == other
    assert usual[0].line(question) != otherwise[0].line(question)


def test_the_refresh_token_is_asked_about_with_oauth_alone(usual, otherwise):
    assert usual[0].question("A13")["status"] == "not asked"
    assert "personal access token" in usual[0].line("A13")
    assert otherwise[0].question("A13")["answer"] == "replaced"


def test_every_open_question_is_printed_with_its_answer_or_the_reason(usual):
    lines = [line for line in usual[0].lines if " · " in line]
    assert {line.split()[0] for line in lines} == {*(f"A{n}" for n in range(1, 14)), "P1"}
    assert all("Decides " in line and "Touches: " in line for line in lines)
    assert "Not asked: it takes a second token" in usual[0].line("A1 tokens")


def test_what_the_probe_made_is_gone_and_the_rest_is_as_it_was(usual, otherwise):
    for done, tasks in (usual, otherwise):
        assert tasks == ["Plantede Navn ASA 7654321.89"]
        assert done.file["left_in_asana"] == 0
        assert not [line for line in done.lines if line.startswith("Left")]


@pytest.mark.parametrize("run_of", ["usual", "otherwise"])
def test_neither_file_nor_output_holds_what_belongs_to_the_workspace(run_of, request):
    done, _ = request.getfixturevalue(run_of)
    told = "\n".join(done.lines) + done.errors + done.raw
    for planted in (*PLANTED, "sandbox-asana-token", "sandbox-asana-secret", "sandbox-asana-refresh"):
        assert planted not in told
    assert PROJECT not in done.raw
    assert all(isinstance(value, (bool, int)) for each in done.file["questions"] for value in each["facts"].values())


def test_without_a_project_it_reads_only(server, tmp_path):
    fresh(server)
    server.clear_log()
    done = probe(server, tmp_path)
    assert done.code == 0, done.errors
    assert {entry["method"] for entry in server.log()} == {"GET"}
    assert done.question("A1")["status"] == "not asked"
    assert "--project" in done.line("A1")
    assert done.question("A9")["answer"] == "available"
    assert stat.S_IMODE((tmp_path / "answers.json").stat().st_mode) == 0o600


@pytest.mark.parametrize(
    ("plan", "question", "answer"),
    [
        ("free", "A10", "not on this plan"),
        ("free", "A4 plan", "not on this plan"),
        ("starter", "A4 plan", "available"),
        ("starter", "A9", "not on this plan"),
        ("advanced", "A9", "available"),
    ],
)
def test_the_plan_shows(server, tmp_path, plan, question, answer):
    fresh(server, plan=plan)
    assert probe(server, tmp_path).question(question)["answer"] == answer


@pytest.mark.parametrize(
    ("settings", "question", "answer"),
    [
        ({"external_scope": "none"}, "A1", "refused"),
        ({"date_values": "both"}, "A3", "both"),
        ({"subtask_fields_dropped": True}, "A2", "ignored"),
        ({"memberships_on_create": "refuse"}, "A6", "refused"),
    ],
)
def test_further_answers(server, tmp_path, settings, question, answer):
    fresh(server, **settings)
    assert probe(server, tmp_path, "--project", PROJECT).question(question)["answer"] == answer
    assert names(server) == ["Plantede Navn ASA 7654321.89"]


def test_a_project_without_fields_says_what_is_missing(server, tmp_path):
    server.reset(requests_per_minute=0, cost_per_minute=0, search_lag=0)
    done = probe(server, tmp_path, "--project", PROJECT)
    assert done.question("A3")["status"] == "not clear"
    assert "ask again after a first sync" in done.line("A3")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
@pytest.mark.parametrize("requests", [8, 14, 25])
def test_stopped_in_between_it_leaves_nothing(server, tmp_path, number, requests):
    fresh(server)
    server.fault(action="delay", path=".*", skip=requests, times=1, seconds=3600)
    process = start(server, tmp_path, "--project", PROJECT)
    until(lambda: server.control("GET", "faults")[0]["hit"])
    os.kill(process.pid, number)
    done = finish(process, tmp_path)
    assert done.code == 128 + number
    assert (done.raw, names(server)) == ("", ["Plantede Navn ASA 7654321.89"])


def test_a_create_whose_answer_is_lost_leaves_nothing(server, tmp_path):
    fresh(server)
    server.fault(action="lost_answer", method="POST", path="^/tasks$", times=1)
    done = probe(server, tmp_path, "--project", PROJECT)
    assert done.code == 0, done.errors
    assert names(server) == ["Plantede Navn ASA 7654321.89"]


def test_what_cannot_be_deleted_is_named(server, tmp_path):
    fresh(server)
    server.fault(action="error", method="DELETE", path="^/tasks/", times=None, status=403, message="No.")
    done = probe(server, tmp_path, "--project", PROJECT)
    assert done.code == 0, done.errors
    left = [line for line in done.lines if line.startswith("Left in Asana: ")]
    made = [task for task in server.state(PROJECT)["tasks"] if task["name"] != "Plantede Navn ASA 7654321.89"]
    assert len(left) == len(made) == done.file["left_in_asana"] > 5
    assert all(any(task["gid"] in line for line in left) for task in made)
    # The next run names them, and touches none.
    server.control("DELETE", "faults")
    again = probe(server, tmp_path, "--project", PROJECT)
    assert len([line for line in again.lines if line.startswith("Left by an earlier probe: ")]) == len(made)
    assert len(names(server)) == len(made) + 1


def test_killed_at_once_its_tasks_are_named_by_the_log_and_the_next_run(server, tmp_path):
    fresh(server)
    server.fault(action="delay", path=".*", skip=14, times=1, seconds=3600)
    process = start(server, tmp_path, "--project", PROJECT)
    until(lambda: server.control("GET", "faults")[0]["hit"])
    process.kill()
    process.join(240)
    until(server.at_rest)
    assert "The tasks of this run begin with “Probe of the Visma sync " in (tmp_path / "printed").read_text()
    assert sorted(each.name for each in tmp_path.iterdir()) == ["errors", "printed", "settings.json"]
    left = [name for name in names(server) if name.startswith("Probe of the Visma sync")]
    done = probe(server, tmp_path, "--project", PROJECT)
    assert len([line for line in done.lines if line.startswith("Left by an earlier probe: ")]) == len(left) > 0


def test_refusals_and_pauses_in_between(server, tmp_path):
    fresh(server)
    server.fault(action="throttle", method="POST", path="^/tasks$", retry_after=1)
    server.fault(action="error", path="^/goals", times=None, status=503)
    server.fault(action="error", path="^/budgets", times=None, status=403, message="Forbidden: full permissions")
    done = probe(server, tmp_path, "--project", PROJECT)
    assert done.code == 0, done.errors
    assert done.question("A1")["answer"] == "unique"
    assert done.question("A10 goals")["status"] == "no answer"
    assert done.question("A10 budgets")["answer"] == "refused"


def test_a_project_that_may_only_be_viewed_is_refused_in_words(server, tmp_path):
    fresh(server)
    viewer = {"auth_type": "personal_access_token", "personal_access_token": "sandbox-asana-viewer-token"}
    done = probe(server, tmp_path, "--project", PROJECT, credentials=viewer)
    assert done.code == 0, done.errors
    assert done.question("A5")["status"] == "refused"
    assert "edit rights on the project are needed" in done.line("A5")


@pytest.mark.parametrize(
    ("config", "arguments", "said"),
    [
        (
            {"credentials": {"auth_type": "personal_access_token", "personal_access_token": "wrong"}},
            [],
            "mistyped, revoked",
        ),
        ({"workspace_gid": "1200000000000002"}, [], "cannot see the workspace"),
        ({"project_gid": "1"}, [], "project_gid: Asana does not show the project 1"),
        ({}, ["--project", "1"], "--project: Asana does not show the project 1"),
        ({"api_url": "http://127.0.0.1:9/api/1.0"}, [], "could not be reached"),
        ({"workspace_gid": 7}, [], "workspace_gid must be a text in quotes"),
    ],
)
def test_settings_that_are_wrong_end_it_with_a_sentence(server, tmp_path, config, arguments, said):
    fresh(server)
    done = probe(server, tmp_path, *arguments, **config)
    assert done.code == 1
    assert said in done.errors
    assert (done.file, done.lines) == (None, [])


def test_the_documentation_lists_every_question():
    listed = (Path(__file__).parents[1] / "docs/probe.md").read_text()
    for question in QUESTIONS:
        assert f"| {question.id} | {question.text} | {question.decides} | {question.touches} |" in listed
