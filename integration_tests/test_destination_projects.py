"""A document as a project of its own: lines, teams, portfolios, templates."""

import pytest

from integration_tests.destination_messages import line, order, order_id, state
from integration_tests.destination_project_support import (
    LINES,
    NAMED_LINES,
    PORTFOLIO,
    TEAM,
    TEMPLATE,
    as_projects,
    names_in,
    projects,
    tasks_in,
    the_project,
)
from integration_tests.destination_support import KARI
from integration_tests.sandbox.harness import AsanaSandbox


def test_a_document_becomes_a_project_and_a_register_task(destination):
    run = destination.write(order(lines=LINES), state("purchase_orders"), streams=as_projects())
    assert run.state_ids == [1]
    project = the_project(destination)
    assert project["name"] == "PO 000001 · Nordic Office AS"
    assert project["due_on"] == "2026-02-03"
    assert names_in(destination, project) == NAMED_LINES
    register = destination.task(order_id())
    assert register["fields"]["Visma amount"] == 250
    assert register["memberships"][0]["project"] == AsanaSandbox.PROJECT
    assert not register["subtasks"]
    assert project["gid"] in register["notes"]
    assert register["gid"] in project["notes"]


def test_replay_of_projects_writes_nothing(destination):
    target = {"team_gid": TEAM, "portfolio_gid": PORTFOLIO}
    documents = [order(number, lines=LINES) for number in (1, 2, 3)]
    destination.write(*documents, streams=as_projects(**target))
    destination.fresh_log()
    run = destination.write(*documents, streams=as_projects(**target))
    assert destination.written == []
    assert "3 unchanged" in run.log


def test_a_changed_document_changes_its_project(destination):
    destination.write(order(lines=LINES), streams=as_projects())
    changed = order(
        supplier={"number": "50012", "name": "Nordic Office ASA"},
        promisedOn="2026-03-01T00:00:00",
        lines=[line(1, "Paper A3", 5, 30), line(3, "Stapler", 1, 90)],
    )
    run = destination.write(changed, streams=as_projects(), audit_log_path=str(destination.folder / "audit.jsonl"))
    assert "1 updated" in run.log
    project = the_project(destination)
    assert (project["name"], project["due_on"]) == ("PO 000001 · Nordic Office ASA", "2026-03-01")
    assert names_in(destination, project) == [
        "1. Paper A3 — 5 × 30.00 = 150.00 NOK",
        "3. Stapler — 1 × 90.00 = 90.00 NOK",
    ]
    assert names_in(destination, project, completed=True) == NAMED_LINES[1:]
    assert "Due date: 2026-03-01" in project["notes"]
    assert '"line 3":{"before":null' in (destination.folder / "audit.jsonl").read_text()


def test_a_vanished_due_date_vanishes_and_a_persons_stays(destination):
    destination.write(order(1), order(2, promisedOn=None), streams=as_projects())
    other = the_project(destination, "PO 000002")
    destination.as_person("PUT", f"/projects/{other['gid']}", due_on="2026-05-05")
    destination.write(order(1, promisedOn=None), order(2, promisedOn=None, status="Hold"), streams=as_projects())
    assert the_project(destination)["due_on"] is None
    assert the_project(destination, "PO 000002")["due_on"] == "2026-05-05"


@pytest.mark.parametrize("line_items", ["none", "description"])
def test_lines_elsewhere_than_in_tasks(destination, line_items):
    destination.write(order(lines=LINES), streams=as_projects(line_items))
    project = the_project(destination)
    assert tasks_in(destination, project) == []
    assert (NAMED_LINES[1] in project["notes"]) is (line_items == "description")


def test_long_documents_keep_their_order_wherever_new_tasks_land(destination):
    destination.asana.settings(new_tasks="start")
    lines = [line(number, f"Item {number}") for number in range(1, 41)]
    destination.write(order(1, lines=lines), order(2, lines=lines), streams=as_projects())
    for name in ("PO 000001", "PO 000002"):
        shown = names_in(destination, the_project(destination, name))
        assert [text.partition(".")[0] for text in shown] == [str(number) for number in range(1, 41)]


def test_a_new_line_takes_its_place(destination):
    destination.write(order(lines=[line(1), line(3, "Pens")]), streams=as_projects())
    destination.write(order(lines=[line(1), line(2, "Ink"), line(3, "Pens")]), streams=as_projects())
    assert [name[:2] for name in names_in(destination, the_project(destination))] == ["1.", "2.", "3."]


# --- team, portfolio, plan -------------------------------------------------------------------------------------------


def test_team_by_membership_and_where_asana_insists_in_the_create(destination):
    destination.write(order(1), streams=as_projects(team_gid=TEAM))
    assert the_project(destination)["members"]["Finance"] == "editor"
    destination.asana.settings(team_required=True)
    destination.write(order(2), order(3), streams=as_projects(team_gid=TEAM))
    assert [the_project(destination, f"PO 00000{number}")["team"] for number in (2, 3)] == [TEAM, TEAM]


def test_a_missing_team_is_explained(destination):
    destination.asana.settings(team_required=True)
    run = destination.write(order(), streams=as_projects(), code=1)
    assert "team_gid" in run.error["message"]
    assert run.error["failure_type"] == "config_error"


def test_projects_in_a_portfolio_carry_the_fields(destination):
    target = {"portfolio_gid": PORTFOLIO}
    destination.write(order(lines=LINES), streams=as_projects(**target))
    project = the_project(destination)
    assert project["portfolios"] == [PORTFOLIO]
    assert project["fields"]["Visma amount"] == 250
    assert project["fields"]["Visma status"] == "Open"
    destination.fresh_log()
    destination.write(order(lines=LINES, status="Closed", orderTotal=300.5), streams=as_projects(**target))
    fields = the_project(destination)["fields"]
    assert (fields["Visma amount"], fields["Visma status"]) == (300.5, "Closed")
    assert not [path for path in destination.written if "ortfolio" in path]


def test_a_project_taken_out_of_the_portfolio_stays_out(destination):
    target = {"portfolio_gid": PORTFOLIO}
    destination.write(order(), streams=as_projects(**target))
    project = the_project(destination)
    destination.as_person("POST", f"/portfolios/{PORTFOLIO}/removeItem", item=project["gid"])
    destination.write(order(status="Closed", orderTotal=1.0), streams=as_projects(**target))
    assert the_project(destination)["portfolios"] == []


@pytest.mark.parametrize("plan", ["starter", "advanced"])
def test_without_portfolios_one_warning_and_the_sync_goes_on(destination, plan):
    destination.asana.settings(plan=plan)
    if plan == "advanced":
        destination.asana.fault(action="error", path=f"/portfolios/{PORTFOLIO}", status=403, message="No.", times=None)
    run = destination.write(order(1), order(2), streams=as_projects(portfolio_gid=PORTFOLIO))
    assert len([text for text in run.warnings if "portfolio" in text]) == 1
    assert len(projects(destination, "PO 00000")) == 2


def test_a_full_portfolio_keeps_the_fields_it_has(destination):
    destination.asana.fault(
        action="error",
        path="addCustomFieldSetting",
        status=400,
        skip=15,
        times=None,
        message="at most 20",
    )
    run = destination.write(order(), streams=as_projects(portfolio_gid=PORTFOLIO))
    assert len([text for text in run.warnings if "portfolio" in text]) == 1
    assert 0 < len([value for value in the_project(destination)["fields"].values() if value]) < 8


def test_wrong_gids_are_named_by_check_and_by_the_sync(destination):
    for number, setting in enumerate(("team_gid", "portfolio_gid", "project_template_gid")):
        verdict = destination.check(streams=as_projects(**{setting: "99"})).verdict
        assert verdict["status"] == "FAILED"
        assert setting in verdict["message"]
        run = destination.write(order(number), streams=as_projects(**{setting: "99"}), code=1)
        assert setting in run.error["message"]
        assert run.error["failure_type"] == "config_error"
    good = as_projects(team_gid=TEAM, portfolio_gid=PORTFOLIO, project_template_gid=TEMPLATE)
    assert destination.check(streams=good).verdict["status"] == "SUCCEEDED"


def test_dry_run_tells_and_writes_nothing(destination):
    destination.write(order(1, lines=LINES), streams=as_projects())
    destination.fresh_log()
    target = {"portfolio_gid": PORTFOLIO, "project_template_gid": TEMPLATE}
    run = destination.write(
        order(1, promisedOn=None), order(2, lines=LINES), streams=as_projects(**target), dry_run=True
    )
    assert destination.written == []
    assert "the project “PO 000002 · Nordic Office AS” would be created" in run.log
    assert f"{order_id(1)}, its project would be updated: due date: 2026-02-03 → (empty)" in run.log


# --- templates -------------------------------------------------------------------------------------------------------


def test_a_template_gives_its_tasks_dates_and_roles(destination):
    mapping = [{"supplier": "Nordic*", "assignee": KARI}]
    destination.write(order(lines=LINES), streams=as_projects(project_template_gid=TEMPLATE), supplier_mapping=mapping)
    project = the_project(destination)
    assert project["template"] == TEMPLATE
    assert project["name"] == "PO 000001 · Nordic Office AS"
    assert (project["start_on"], project["due_on"]) == ("2026-01-07", "2026-02-03")
    assert names_in(destination, project) == ["Check lines", "Approve", *NAMED_LINES]
    [approve] = [task for task in tasks_in(destination, project) if task["name"] == "Approve"]
    assert approve["assignee"] == KARI
    assert destination.asana.stats()["unsettled_writes"] == []


@pytest.mark.parametrize(
    ("dates", "expected"),
    [
        ({"promisedOn": None}, (None, None)),
        ({"promisedOn": "2026-01-07T00:00:00"}, ("2026-01-06", "2026-01-07")),
        ({"date": None}, ("2026-02-02", "2026-02-03")),
    ],
)
def test_dates_a_template_cannot_have(destination, dates, expected):
    destination.write(order(**dates), streams=as_projects(project_template_gid=TEMPLATE))
    project = the_project(destination)
    assert (project["start_on"], project["due_on"]) == expected


def test_numbered_steps_of_the_template_and_of_people_are_no_lines(destination):
    streams = as_projects(project_template_gid=TEMPLATE)
    destination.write(order(lines=LINES), streams=streams)
    project = the_project(destination)
    for number, task in enumerate(tasks_in(destination, project)[:2], 1):
        destination.as_person("PUT", f"/tasks/{task['gid']}", name=f"{number}. {task['name']}")
    destination.as_person("POST", "/tasks", name="3. Call them", projects=[project["gid"]])
    destination.write(order(lines=[line(1, "Paper A3")]), streams=streams)
    shown = names_in(destination, project)
    assert {"1. Check lines", "2. Approve", "3. Call them", "1. Paper A3 — 10 × 25.00 = 250.00 NOK"} == set(shown)


def test_at_most_five_jobs_at_once(destination):
    destination.write(order(99), streams=as_projects())
    destination.asana.settings(job_duration=0.6)
    destination.fresh_log()
    documents = [order(number, lines=[]) for number in range(1, 13)]
    destination.write(*documents, streams=as_projects(project_template_gid=TEMPLATE))
    answers = [entry["status"] for entry in destination.requests("POST") if "instantiateProject" in entry["path"]]
    assert answers == [201] * 12
    assert destination.asana.stats()["unsettled_writes"] == []


def test_a_failed_job_is_explained(destination):
    destination.asana.fault(
        action="error", method="GET", path="^/jobs/", status=200, answer='{"data": {"gid": "1", "status": "failed"}}'
    )
    run = destination.write(order(), streams=as_projects(project_template_gid=TEMPLATE), code=1)
    assert order_id() in run.error["message"]
    assert "template" in run.error["message"]
