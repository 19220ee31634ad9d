"""A document as a project of its own: one each, whatever happens between two steps."""

import pytest

from integration_tests.destination_messages import invoice, line, order, order_id, record, state
from integration_tests.destination_support import KARI, comments, until
from integration_tests.sandbox.harness import AsanaSandbox

TEAM = "1200000000000200"
TEMPLATE = "1200000000000300"
PORTFOLIO = "1200000000000400"
LINES = [line(1), line(2, "Toner", 2, 500)]
NAMED_LINES = ["1. Paper A4 — 10 × 25.00 = 250.00 NOK", "2. Toner — 2 × 500.00 = 1000.00 NOK"]


def as_projects(line_items=None, **target):
    entry = {"name": "purchase_orders", "write_as": {"type": "project", **target}}
    return [entry | ({"line_items": line_items} if line_items else {})]


def projects(destination, name="PO 000001"):
    return [project for project in destination.asana.state()["projects"] if name in project["name"]]


def the_project(destination, name="PO 000001"):
    [found] = projects(destination, name)
    return found


def tasks_in(destination, project):
    return destination.asana.state(project["gid"])["tasks"]


def names_in(destination, project, completed=False):
    return [task["name"] for task in tasks_in(destination, project) if task["completed"] is completed]


def whole(destination, number):
    """All that must be there in the end, told without gids, so that a disturbed sync can be compared with a calm one."""
    project = the_project(destination, f"{number:06d}")
    register = destination.task(order_id(number))
    notes = project["notes"].replace(f"/{register['gid']}", "/REGISTER").replace(order_id(number), "VISMA ID")
    return {
        "name": project["name"].removeprefix(f"PO {number:06d}"),
        "notes": notes.partition("End of Visma text")[0],
        "due": project["due_on"],
        "members": project["members"],
        "team": project["team"],
        "portfolios": project["portfolios"],
        "fields": {**project["fields"], "Visma ID": project["fields"].get("Visma ID") == order_id(number)},
        "tasks": names_in(destination, project),
        "linked": f"Project: https://app.asana.com/0/{project['gid']}/{project['gid']}" in register["notes"],
        "register": register["fields"]["Visma ID"] == order_id(number) and not register["subtasks"],
    }


# --- the plain way ---------------------------------------------------------------------------------------------------


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
        skip=11,
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
    assert "project due_on would change: '2026-02-03' → None" in run.log


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


# --- what people do --------------------------------------------------------------------------------------------------


def test_an_edited_register_does_not_lose_its_project(destination):
    destination.write(order(lines=LINES), streams=as_projects(team_gid=TEAM, portfolio_gid=PORTFOLIO))
    register = destination.task(order_id())
    destination.as_person("PUT", f"/tasks/{register['gid']}", notes="Ring Kari before paying.")
    changed = order(lines=LINES, promisedOn="2026-04-01T00:00:00")
    destination.write(changed, streams=as_projects(team_gid=TEAM, portfolio_gid=PORTFOLIO))
    assert the_project(destination)["due_on"] == "2026-04-01"
    assert destination.task(order_id())["notes"] == "Ring Kari before paying."
    destination.fresh_log()
    destination.write(changed, streams=as_projects(team_gid=TEAM, portfolio_gid=PORTFOLIO))
    assert destination.written == []


def test_an_edited_project_description_stays(destination):
    destination.write(order(), streams=as_projects())
    destination.as_person("PUT", f"/projects/{the_project(destination)['gid']}", notes="Ours.")
    destination.write(order(status="Closed", promisedOn="2026-04-01T00:00:00"), streams=as_projects())
    project = the_project(destination)
    assert (project["notes"], project["due_on"]) == ("Ours.", "2026-04-01")


def test_both_descriptions_gone_the_name_still_finds_it(destination):
    destination.write(order(), streams=as_projects())
    destination.as_person("PUT", f"/projects/{the_project(destination)['gid']}", notes="Ours.")
    destination.as_person("PUT", f"/tasks/{destination.task(order_id())['gid']}", notes="Ours, too.")
    destination.write(order(status="Closed"), streams=as_projects())
    assert the_project(destination)["notes"] == "Ours."


def test_a_lost_register_task_finds_the_project_again(destination):
    destination.write(order(lines=LINES), streams=as_projects())
    destination.as_person("DELETE", f"/tasks/{destination.task(order_id())['gid']}")
    destination.write(order(lines=LINES), streams=as_projects())
    assert whole(destination, 1)["linked"]
    assert whole(destination, 1)["tasks"] == NAMED_LINES


def test_a_deleted_project_is_not_made_again(destination):
    destination.write(order(), streams=as_projects())
    destination.as_person("DELETE", f"/projects/{the_project(destination)['gid']}")
    destination.fresh_log()
    run = destination.write(order(), streams=as_projects())
    assert projects(destination) == []
    assert destination.written == []
    assert len([text for text in run.warnings if order_id() in text]) == 1
    destination.write(order(status="Closed"), streams=as_projects())
    assert destination.task(order_id())["completed"]
    assert projects(destination) == []


def test_an_archived_project_stays_archived_and_right(destination):
    destination.write(order(lines=LINES), streams=as_projects())
    destination.as_person("PUT", f"/projects/{the_project(destination)['gid']}", archived=True)
    destination.write(order(lines=LINES, promisedOn="2026-04-01T00:00:00"), streams=as_projects())
    project = the_project(destination)
    assert project["archived"]
    assert project["due_on"] == "2026-04-01"


def test_a_line_moved_to_another_section_stays_there(destination):
    destination.write(order(lines=LINES), streams=as_projects())
    project = the_project(destination)
    done = destination.as_person("POST", f"/projects/{project['gid']}/sections", name="Done")
    first = tasks_in(destination, project)[0]
    destination.as_person("POST", f"/sections/{done['gid']}/addTask", task=first["gid"])
    destination.fresh_log()
    destination.write(order(lines=LINES), streams=as_projects())
    assert destination.written == []
    destination.write(order(lines=[*LINES, line(3, "Pens")]), streams=as_projects())
    where = {task["name"][:2]: task["memberships"][0]["section"] for task in tasks_in(destination, project)}
    assert where["1."] == "Done"


def test_a_copied_project_does_not_confuse(destination):
    destination.write(order(), streams=as_projects())
    project = the_project(destination)
    destination.as_person(
        "POST", f"/projects/{project['gid']}/duplicate", name="Copy of PO 000001", include="notes,task_notes"
    )
    destination.write(order(promisedOn="2026-04-01T00:00:00"), streams=as_projects())
    dues = {found["name"]: found["due_on"] for found in projects(destination)}
    assert dues["PO 000001 · Nordic Office AS"] == "2026-04-01"
    assert len(dues) == 2


def test_comments_and_quarantine_work_for_projects_too(destination):
    destination.write(order(), streams=as_projects(), change_comments=True)
    broken = order(2)
    broken["record"]["data"]["orderTotal"] = "much"
    destination.write(
        order(orderTotal=9), broken, streams=as_projects(), change_comments=True, on_record_error="quarantine"
    )
    assert len(comments(destination.task(order_id()))) == 1
    assert projects(destination, "PO 000002") == []
    assert len(destination.attention) == 1


def test_streams_of_both_shapes_share_one_project(destination):
    destination.write(order(), invoice(), streams=as_projects())
    assert len(destination.tasks) == 2
    assert projects(destination, "Invoice") == []


def test_numbers_of_two_companies_do_not_mix(destination):
    other = order(1)
    other["record"]["data"]["company_id"] = "777"
    destination.write(order(1), other, streams=as_projects(project_template_gid=TEMPLATE))
    assert len({project["notes"].split("Visma ID: ")[1].split("\n")[0] for project in projects(destination)}) == 2


# --- killed between any two steps, answers lost ----------------------------------------------------------------------

FULL = {"team_gid": TEAM, "portfolio_gid": PORTFOLIO}
PLAIN_STEPS = [
    ("POST", "^/tasks(\\?|$)", 0),
    ("POST", "^/projects(\\?|$)", 0),
    ("POST", "^/memberships", 0),
    ("POST", "addItem", 0),
    ("PUT", "^/tasks/", 0),
    ("PUT", "^/projects/", 0),
    ("POST", "^/tasks(\\?|$)", 1),
    ("POST", "^/tasks(\\?|$)", 2),
]
TEMPLATE_STEPS = [
    ("POST", "^/tasks(\\?|$)", 0),
    ("POST", "instantiateProject", 0),
    ("GET", "^/jobs/", 0),
    ("PUT", "^/projects/", 0),
    ("POST", "addItem", 0),
    ("PUT", "^/tasks/", 0),
    ("PUT", "^/projects/", 1),
    ("POST", "^/tasks(\\?|$)", 1),
    ("POST", "^/tasks(\\?|$)", 2),
]
# What never reached Asana costs the pauses in which it is looked for, so only three of these.
DROPPED = [(FULL, PLAIN_STEPS[1]), (FULL, PLAIN_STEPS[2]), (FULL, PLAIN_STEPS[7])]
STEPS = [(FULL, step) for step in PLAIN_STEPS]
STEPS += [({**FULL, "project_template_gid": TEMPLATE}, step) for step in TEMPLATE_STEPS]


def named(parameter):
    target, (method, path, skip) = parameter
    return f"{'template' if 'project_template_gid' in target else 'plain'}-{method}{path.strip('^')[:12]}-{skip}"


@pytest.fixture
def calm(destination):
    """A document written without disturbance; the fields exist from here on."""
    destination.asana.settings(job_duration=0.3)

    def write(target):
        destination.write(order(900, lines=LINES), streams=as_projects(**target))
        return whole(destination, 900)

    return write


@pytest.mark.parametrize("parameter", STEPS, ids=named)
def test_killed_after_a_step_the_next_sync_goes_on(destination, calm, parameter):
    target, (method, path, skip) = parameter
    expected = calm(target)
    destination.asana.fault(action="delay", method=method, path=path, skip=skip, seconds=600)
    running = destination.start(order(1, lines=LINES), streams=as_projects(**target))
    until(lambda: any(fault["hit"] for fault in destination.asana.control("GET", "faults")))
    running.kill()
    running.join()
    destination.asana.control("DELETE", "faults")
    # Later by the server's clock: a job that was under way has ended.
    destination.asana.settings(clock_offset=60)
    replayed = [order(1, lines=LINES)]
    destination.write(*replayed, streams=as_projects(**target))
    assert whole(destination, 1) == expected
    assert destination.asana.stats()["unsettled_writes"] == []
    destination.fresh_log()
    destination.write(*replayed, streams=as_projects(**target))
    assert destination.written == []


@pytest.mark.parametrize("parameter", STEPS, ids=named)
def test_an_answer_that_is_lost(destination, calm, parameter):
    disturbed(destination, calm, parameter, "lost_answer")


@pytest.mark.parametrize("parameter", DROPPED, ids=named)
def test_a_request_that_is_lost(destination, calm, parameter):
    disturbed(destination, calm, parameter, "drop")


def disturbed(destination, calm, parameter, action):
    target, (method, path, skip) = parameter
    expected = calm(target)
    destination.asana.fault(action=action, method=method, path=path, skip=skip)
    destination.write(order(1, lines=LINES), streams=as_projects(**target))
    assert whole(destination, 1) == expected
    assert destination.asana.stats()["unsettled_writes"] == []


def test_killed_in_the_middle_of_many(destination):
    target = {**FULL, "project_template_gid": TEMPLATE}
    documents = [order(number, lines=LINES) for number in range(1, 16)]
    destination.asana.settings(job_duration=0.3, write_latency=0.02)
    for count in (25, 40, 40):
        destination.asana.clear_log()
        running = destination.start(*documents, streams=as_projects(**target))
        until(lambda count=count, running=running: not running.is_alive() or len(destination.written) >= count)
        running.kill()
        running.join()
        destination.asana.settings(clock_offset=destination.asana.settings()["clock_offset"] + 60)
    destination.write(
        *documents, record("purchase_orders", documents[0]["record"]["data"]), streams=as_projects(**target)
    )
    for number in range(1, 16):
        assert whole(destination, number)["tasks"] == ["Check lines", "Approve", *NAMED_LINES]
        assert whole(destination, number)["linked"]
    assert destination.asana.stats()["unsettled_writes"] == []
