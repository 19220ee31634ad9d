"""The heartbeat: one task whose due date good syncs move ahead, so that Asana itself shows when they stop."""

import datetime
import time

import pytest

from integration_tests import kill_points
from integration_tests.destination_messages import catalog, invoice, order, state, status
from integration_tests.destination_support import KARI

HEARTBEAT = {"assignee": KARI}
OLA = "ola.hansen@nordlys.example"
DAY = 86_400


def heartbeats(destination, project=None):
    """The tasks of the register project that carry the mark."""
    tasks = destination.asana.state(project or destination.asana.PROJECT)["tasks"]
    return [task for task in tasks if "Heartbeat of the Visma sync" in task["notes"]]


def noon(days=0):
    """The offset with which the sandbox's clock stands at noon, so many days later: no test goes on over its midnight."""
    return (DAY / 2 - time.time()) % DAY + days * DAY


@pytest.fixture
def beat(destination):
    """Runs a sync with the heartbeat and gives its one task."""
    destination.asana.settings(clock_offset=noon())

    def run(*messages, **config):
        destination.write(*messages, **{"heartbeat": HEARTBEAT, **config})
        [task] = heartbeats(destination)
        return task

    return run


def days_ahead(destination, task):
    """How many days after the sandbox's today a task is due."""
    offset = destination.asana.settings()["clock_offset"]
    today = (datetime.datetime.now(datetime.UTC) + datetime.timedelta(seconds=offset)).date()
    return (datetime.date.fromisoformat(task["due_on"]) - today).days


def test_a_good_sync_makes_the_task_and_the_next_one_moves_it(destination, beat):
    task = beat(invoice(1), invoice(2))
    assert task["name"] == "Visma sync"
    assert task["assignee"] == KARI
    assert days_ahead(destination, task) == 2
    assert "supplier_invoices: 2 created" in task["notes"]
    assert not task["completed"]
    assert task["fields"].get("Visma ID") is None
    destination.asana.settings(clock_offset=noon(3))
    destination.fresh_log()
    moved = beat(invoice(1), invoice(2, amount=4.0))
    assert moved["gid"] == task["gid"]
    assert days_ahead(destination, moved) == 2
    assert "supplier_invoices: 1 updated, 1 unchanged" in moved["notes"]
    assert [text for text in destination.written if moved["gid"] in text] == [f"PUT /tasks/{moved['gid']}"]


def test_the_number_of_days_is_a_setting(destination, beat):
    assert days_ahead(destination, beat(invoice(1), heartbeat={**HEARTBEAT, "days": 5})) == 5


def test_a_sync_without_records_moves_it_too(destination, beat):
    """A quiet day is a good day."""
    gid = beat(invoice(1))["gid"]
    destination.asana.settings(clock_offset=noon(2))
    quiet = catalog("supplier_invoices")
    for messages in ([state("supplier_invoices")], [status("supplier_invoices")]):
        task = beat(*messages, configured=quiet)
        assert task["gid"] == gid
        assert days_ahead(destination, task) == 2


@pytest.mark.parametrize(
    "messages",
    [
        [invoice(1), status("supplier_invoices", "INCOMPLETE")],
        [invoice(1), status("supplier_invoices", "STARTED")],
        [invoice(1), {"type": "TRACE", "trace": {"type": "ERROR", "emitted_at": 1.0, "error": {"message": "no"}}}],
        [],
    ],
    ids=["incomplete", "started only", "error", "nothing"],
)
def test_a_source_that_failed_does_not_move_it(destination, beat, messages):
    before = beat(invoice(1))
    destination.asana.settings(clock_offset=noon(2))
    after = beat(*messages, configured=catalog("supplier_invoices"))
    assert (after["due_on"], after["notes"]) == (before["due_on"], before["notes"])


def test_a_source_that_died_between_two_streams_does_not_move_it(destination, beat):
    both = catalog("purchase_orders", "supplier_invoices")
    complete = [status("purchase_orders"), status("supplier_invoices")]
    before = beat(order(1), *complete, configured=both)
    destination.asana.settings(clock_offset=noon(2))
    assert beat(order(1), complete[0], configured=both)["due_on"] == before["due_on"]
    assert days_ahead(destination, beat(order(1), *complete, configured=both)) == 2


def test_a_failed_sync_and_a_dry_run_do_not_move_it(destination, beat):
    before = beat(invoice(1))
    destination.asana.settings(clock_offset=noon(2))
    destination.write(invoice(1), invoice(2, amount="x"), heartbeat=HEARTBEAT, code=1)
    assert beat(invoice(1), dry_run=True)["due_on"] == before["due_on"]
    assert days_ahead(destination, beat(invoice(2, amount="x"), on_record_error="quarantine")) == 2


def test_a_dry_run_makes_none(destination):
    destination.write(invoice(1), heartbeat=HEARTBEAT, dry_run=True)
    assert heartbeats(destination) == []


def test_what_people_do_with_it_stays(destination, beat):
    task = beat(invoice(1))
    section = destination.as_person("POST", f"/projects/{destination.asana.PROJECT}/sections", name="Watch")["gid"]
    destination.as_person("POST", f"/sections/{section}/addTask", task=task["gid"])
    mine = task["html_notes"].replace("<body>", "<body>Call IT when this is red.\n")
    changes = {"name": "Synkronisering", "html_notes": mine, "assignee": OLA}
    destination.as_person("PUT", f"/tasks/{task['gid']}", **changes)
    after = beat(invoice(1))
    assert (after["gid"], after["name"], after["assignee"]) == (task["gid"], "Synkronisering", OLA)
    assert after["memberships"][0]["section"] == "Watch"
    assert after["notes"].startswith("Call IT when this is red.")
    assert after["notes"].count("Last good sync") == 1


def test_a_completed_one_is_reopened(destination, beat):
    task = beat(invoice(1))
    destination.as_person("PUT", f"/tasks/{task['gid']}", completed=True)
    assert not beat(invoice(1))["completed"], "a completed task is never overdue"


def test_another_assignee_in_the_settings_reaches_it(destination, beat):
    gid = beat(invoice(1))["gid"]
    after = beat(invoice(1), heartbeat={"assignee": "Ola Hansen"})
    assert (after["gid"], after["assignee"]) == (gid, OLA)


def test_a_deleted_one_is_made_again_and_a_copy_is_left_alone(destination, beat):
    first = beat(invoice(1))
    destination.as_person("DELETE", f"/tasks/{first['gid']}")
    second = beat(invoice(1))
    assert second["gid"] != first["gid"]
    copy = destination.as_person("POST", f"/tasks/{second['gid']}/duplicate", name="Copy", include="notes,projects")[
        "new_task"
    ]["gid"]
    destination.asana.settings(clock_offset=noon(2))
    destination.write(invoice(1), heartbeat=HEARTBEAT)
    due = {task["gid"]: task["due_on"] and days_ahead(destination, task) for task in heartbeats(destination)}
    assert due == {second["gid"]: 2, copy: None}


def test_two_companies_and_two_connections_have_one_each(destination):
    there = {"company_id": "999"}
    for _ in range(2):
        destination.write(invoice(1), heartbeat=HEARTBEAT)
        destination.write(invoice(1, **there), heartbeat=HEARTBEAT)
        destination.write(order(1), heartbeat=HEARTBEAT)
    assert len(heartbeats(destination)) == 3
    before = {task["gid"]: task["due_on"] for task in heartbeats(destination)}
    destination.asana.settings(clock_offset=noon(2))
    destination.write(invoice(1, **there), heartbeat=HEARTBEAT)
    moved = [task for task in heartbeats(destination) if task["due_on"] != before[task["gid"]]]
    assert len(moved) == 1
    assert "Companies: 999" in moved[0]["notes"]


def test_a_connection_whose_streams_change_keeps_its_own(destination, beat):
    gid = beat(invoice(1))["gid"]
    assert beat(invoice(1), order(1))["gid"] == gid
    assert beat(order(1))["gid"] == gid


def test_one_that_people_moved_to_another_project_goes_on_there(destination, beat):
    task = beat(invoice(1))
    other = destination.as_person("POST", "/projects", name="Operations", workspace=destination.asana.WORKSPACE)["gid"]
    destination.as_person("POST", f"/tasks/{task['gid']}/addProject", project=other)
    destination.as_person("POST", f"/tasks/{task['gid']}/removeProject", project=destination.asana.PROJECT)
    destination.asana.control("POST", "search/refresh")
    destination.asana.settings(clock_offset=noon(2))
    destination.write(invoice(1), heartbeat=HEARTBEAT)
    assert heartbeats(destination) == []
    [moved] = heartbeats(destination, other)
    assert days_ahead(destination, moved) == 2


@pytest.mark.parametrize("action", ["lost_answer", "drop", "cut"])
def test_a_lost_answer_makes_no_second_one(destination, beat, action):
    destination.write(invoice(1))
    destination.asana.settings(search_lag=3600.0)
    destination.asana.fault(action=action, method="POST", path="/tasks$", body="Heartbeat of the Visma sync", times=1)
    beat(invoice(1))
    beat(invoice(1))


@pytest.mark.parametrize("requests", kill_points.some(range(3, 15)))
def test_killed_anywhere_there_is_one(destination, beat, requests):
    destination.write(invoice(1))
    destination.asana.settings(search_lag=3600.0, write_latency=0.02)
    destination.killed(invoice(1), requests=requests, heartbeat=HEARTBEAT)
    assert len(heartbeats(destination)) <= 1
    beat(invoice(1))


def test_in_a_big_project_only_recent_changes_are_listed(destination, beat):
    beat(invoice("seed"))
    destination.asana.bulk(600, age=40 * DAY, prefix="SupplierInvoiceId:4100251/Invoice/9")
    destination.asana.control("POST", "search/refresh")
    destination.fresh_log()
    beat(invoice("seed"))
    pages = [e for e in destination.requests("GET") if e["path"] == "/tasks" and "created_at" in str(e["query"])]
    listed = [e for e in pages if e["query"]["opt_fields"] == "notes,created_at"]
    assert len(listed) == 1


def test_a_refusal_is_a_warning_only(destination):
    destination.asana.fault(
        action="error", status=403, method="POST", path="/tasks$", body="Heartbeat of the Visma sync", times=None
    )
    run = destination.write(invoice(1), state("supplier_invoices"), heartbeat=HEARTBEAT)
    assert [text for text in run.warnings if "“Visma sync” could not be moved ahead" in text]
    assert len(run.states) == 1


def test_check_proves_the_assignee(destination):
    verdict = destination.check(heartbeat={"assignee": "nobody@example.com"}).verdict
    assert verdict["status"] == "FAILED"
    assert "heartbeat: nobody in the workspace is “nobody@example.com”" in verdict["message"]
    assert destination.check(heartbeat=HEARTBEAT).verdict["status"] == "SUCCEEDED"


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        ({"assignee": KARI, "days": 0}, "heartbeat.days must be 1 or more, at most 365"),
    ],
)
def test_a_setting_that_makes_no_sense_is_named(destination, setting, said):
    assert said in destination.check(heartbeat=setting).verdict["message"]


def test_an_assignee_that_nobody_is_leaves_it_unassigned(destination, beat):
    assert beat(invoice(1), heartbeat={"assignee": "nobody@example.com"})["assignee"] is None
    assert beat(invoice(1))["assignee"] == KARI, "the settings were corrected"


@pytest.mark.parametrize("setting", [{}, {"days": 2}, {"assignee": "  "}, {"assignee": None, "days": None}])
def test_a_setting_without_an_assignee_is_none(destination, setting):
    """Airbyte's form sends the default of `days` for a group that nobody has filled in."""
    run = destination.write(invoice(1), heartbeat=setting)
    assert [task["name"] for task in destination.tasks.values()] == ["Invoice 1 · Nordic Office AS"]
    assert "Visma sync" not in run.log
