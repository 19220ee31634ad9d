"""Documents whose tasks are not where they were, or not any more: archived, deleted, copied; and search that lags."""

import pytest

from integration_tests.destination_messages import invoice, invoice_id, order, order_id, state
from integration_tests.destination_project_support import as_projects, projects
from integration_tests.sandbox.harness import AsanaSandbox

NEVER = 3600.0


def fill(destination, count=300, **more):
    """A project with many invoices, old enough for search to know them; their fields exist."""
    destination.write(invoice("seed"))
    destination.asana.bulk(count, age=86400, **more)
    destination.asana.clear_log()


def a_project(destination, name="2025"):
    return destination.as_person("POST", "/projects", name=name, workspace=AsanaSandbox.WORKSPACE)["gid"]


def archive(destination, task, to):
    """As a rule or a person does at the end of the year: into another project, out of this one."""
    destination.as_person("POST", f"/tasks/{task['gid']}/addProject", project=to)
    destination.as_person("POST", f"/tasks/{task['gid']}/removeProject", project=AsanaSandbox.PROJECT)


def searches(destination):
    return [entry for entry in destination.requests("GET") if entry["path"].endswith("/tasks/search")]


def places(destination, visma_id):
    return {each["project"] for each in destination.task(visma_id)["memberships"]}


def known_to_search(destination):
    destination.asana.control("POST", "search/refresh")


# --- archived --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [3, 45])
@pytest.mark.parametrize("lag", [0.0, NEVER], ids=["search knows", "search does not know yet"])
def test_everything_archived_into_another_project_is_found_there(destination, count, lag):
    messages = [invoice(n) for n in range(1, count + 1)]
    destination.write(*messages)
    known_to_search(destination)
    destination.asana.settings(search_lags={"moved": lag})
    archived = a_project(destination)
    for task in destination.tasks.values():
        archive(destination, task, archived)
    destination.fresh_log()
    destination.write(*messages, state("supplier_invoices"))
    assert len(destination.tasks) == count
    assert destination.written == []
    assert len(destination.requests()) <= 60
    destination.write(invoice(2, amount=7.0))
    assert destination.task(invoice_id(2))["fields"]["Visma amount"] == 7
    assert len(destination.tasks) == count


def test_half_of_them_archived_a_moment_ago_and_new_ones_among_them(destination):
    messages = [invoice(n) for n in range(1, 81)]
    destination.write(*messages)
    known_to_search(destination)
    destination.asana.settings(search_lags={"moved": NEVER})
    archived = a_project(destination)
    for n in range(1, 81, 2):
        archive(destination, destination.task(invoice_id(n)), archived)
    destination.fresh_log()
    destination.write(*messages, *(invoice(n) for n in range(900, 930)))
    assert len(destination.tasks) == 110
    assert len(destination.written) == 30


@pytest.mark.parametrize("count", [2, 30])
def test_a_new_project_gid_makes_no_second_task(destination, count):
    """What was written a moment ago is not in search yet; the project it lies in tells of it."""
    destination.asana.settings(search_lag=NEVER)
    messages = [invoice(n) for n in range(1, count + 1)]
    destination.write(*messages)
    elsewhere = a_project(destination, "Finance 2")
    destination.fresh_log()
    destination.write(*messages, state("supplier_invoices"), project_gid=elsewhere)
    assert len(destination.tasks) == count
    assert [path for path in destination.written if path == "POST /tasks"] == []
    destination.write(invoice(1, amount=9.0), invoice("new"), project_gid=elsewhere)
    assert len(destination.tasks) == count + 1
    assert destination.task(invoice_id(1))["fields"]["Visma amount"] == 9
    assert elsewhere in places(destination, invoice_id(1))


def test_a_new_project_gid_where_search_does_not_work(destination):
    destination.write(*(invoice(n) for n in range(1, 31)))
    destination.asana.settings(clock_offset=7200.0)
    destination.asana.fault(action="error", status=403, message="Forbidden", path="/tasks/search", times=None)
    destination.write(*(invoice(n) for n in range(1, 31)), project_gid=a_project(destination, "Finance 2"))
    assert len(destination.tasks) == 30


def test_register_tasks_of_documents_as_projects_are_found_in_the_archive(destination):
    destination.write(order(1), order(2), streams=as_projects())
    archived = a_project(destination, "Archive")
    for task in destination.tasks.values():
        archive(destination, task, archived)
    destination.fresh_log()
    destination.write(order(1), order(2), streams=as_projects())
    assert destination.written == []
    destination.write(order(1, orderTotal=4.0), order(3), streams=as_projects())
    assert sorted(destination.tasks) == [order_id(1), order_id(2), order_id(3)]
    assert len(projects(destination, "PO 00000")) == 3


@pytest.mark.parametrize("action", ["lost_answer", "drop", "truncate"])
def test_archived_documents_that_change_while_answers_are_lost(destination, action):
    destination.write(*(invoice(n) for n in range(1, 6)))
    archived = a_project(destination)
    for task in destination.tasks.values():
        archive(destination, task, archived)
    for path in ("/addProject", r"^/tasks/\d+\?"):
        destination.asana.fault(action=action, path=path, times=2)
    for _ in range(2):
        destination.write(*(invoice(n, amount=3.0) for n in range(1, 6)))
    assert [task["fields"]["Visma amount"] for task in destination.tasks.values()] == [3] * 5


def test_a_first_load_into_a_fresh_workspace_looks_for_nothing_elsewhere(destination):
    run = destination.write(*(invoice(n) for n in range(1, 151)), state("supplier_invoices"))
    assert run.state_ids == [1]
    assert searches(destination) == []
    assert len(destination.requests()) <= 150 + 30


# --- deleted ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("changing", [True, False], ids=["changed each time", "unchanged"])
def test_a_deleted_task_of_a_big_project_is_made_again_once(destination, changing):
    """Search tells of the deleted one, which is older, and does not tell of the new one."""
    fill(destination)
    destination.write(invoice(2000))
    known_to_search(destination)
    destination.asana.settings(search_lag=NEVER)
    destination.as_person("DELETE", f"/tasks/{destination.task(invoice_id(2000))['gid']}")
    gids = set()
    for amount in (1.0, 2.0, 3.0):
        more = {"amount": amount} if changing else {}
        run = destination.write(invoice(2000, **more), state("supplier_invoices"))
        assert run.state_ids == [1]
        assert [text for text in run.warnings if "Two tasks" in text] == []
        gids.add(destination.task(invoice_id(2000))["gid"])
    assert len(gids) == 1
    assert len(destination.tasks) == 302


@pytest.mark.parametrize("count", [2, 60])
def test_a_deleted_task_that_search_still_tells_of_is_not_unchanged(destination, count):
    """A complete listing does not have it, and the document comes as it was."""
    messages = [invoice(n) for n in range(1, count + 1)]
    destination.write(*messages)
    known_to_search(destination)
    destination.asana.settings(search_lag=NEVER)
    destination.as_person("DELETE", f"/tasks/{destination.task(invoice_id(1))['gid']}")
    run = destination.write(*messages, state("supplier_invoices"), line_items="none")
    assert run.state_ids == [1]
    assert len(destination.tasks) == count


def test_a_deleted_older_copy_does_not_hide_the_task_that_lives(destination):
    """Search tells of three: two that are gone, and the one that is there."""
    fill(destination)
    original = destination.task(invoice_id(7))
    fields = {destination.field("Visma ID")["gid"]: invoice_id(7)}
    for _ in range(2):
        destination.as_person("POST", "/tasks", name="x", projects=[AsanaSandbox.PROJECT], custom_fields=fields)
    known_to_search(destination)
    destination.asana.settings(search_lag=NEVER, clock_offset=7200.0)
    copies = sorted(task["gid"] for task in destination.asana.tasks(invoice_id(7)))
    for gid in copies[:2]:
        destination.as_person("DELETE", f"/tasks/{gid}")
    assert original["gid"] in copies[:2]
    for _ in range(2):
        destination.write(invoice(7, amount=6.0))
    [task] = destination.asana.tasks(invoice_id(7))
    assert (task["gid"], task["fields"]["Visma amount"]) == (copies[2], 6)


def test_a_dry_run_believes_no_deleted_task_either(destination):
    fill(destination)
    known_to_search(destination)
    destination.asana.settings(search_lag=NEVER)
    destination.as_person("DELETE", f"/tasks/{destination.task(invoice_id(290))['gid']}")
    run = destination.write(invoice(290, amount=2.0), dry_run=True)
    assert f"{invoice_id(290)} (Invoice 290) would be created" in run.log


# --- copied ----------------------------------------------------------------------------------------------------------


def copy_of(destination, task, **more):
    """A person's duplicate of a task, its values included; the job is over soon."""
    destination.asana.settings(job_duration=0.0)
    path = f"/tasks/{task['gid']}/duplicate"
    destination.as_person("POST", path, name="Ask the boss", include="notes,projects", **more)
    copies = [each["gid"] for each in destination.asana.tasks(task["fields"]["Visma ID"])]
    return next(gid for gid in copies if gid != task["gid"])


@pytest.mark.parametrize("when", ["changed lately", "on the first page, long ago"])
@pytest.mark.parametrize("number", [150, 290])
def test_of_a_task_and_its_copy_in_a_big_project_the_older_is_the_document(destination, when, number):
    destination.asana.settings(new_tasks="start" if "first page" in when else "end")
    fill(destination)
    original = destination.task(invoice_id(number))
    copy = copy_of(destination, original)
    known_to_search(destination)
    if "long ago" in when:
        destination.asana.settings(clock_offset=7200.0)
    destination.asana.clear_log()
    for amount in (11.0, 12.0):
        run = destination.write(invoice(number, amount=amount), invoice(5, amount=amount))
        [warning] = [text for text in run.warnings if "Two tasks" in text]
        assert copy in warning
        assert original["gid"] in warning
    found = {task["gid"]: task for task in destination.asana.tasks(invoice_id(number))}
    assert found[original["gid"]]["fields"]["Visma amount"] == 12
    assert found[copy]["name"] == "Ask the boss"
    assert "Visma amount" not in found[copy]["fields"]
    assert len(destination.requests("GET")) <= 40


# --- the same document twice -----------------------------------------------------------------------------------------


def test_a_document_that_comes_twice_as_a_project_is_written_once(destination):
    run = destination.write(
        order(1), state("purchase_orders", 1), order(1), state("purchase_orders", 2), streams=as_projects()
    )
    assert run.state_ids == [1, 2]
    [project] = projects(destination)
    task = destination.task(order_id(1))
    address = f"https://app.asana.com/1/{AsanaSandbox.WORKSPACE}/project/{project['gid']}"
    assert f"Project: {address}" in task["notes"]
    puts = [entry for entry in destination.requests("PUT") if entry["path"] == f"/tasks/{task['gid']}"]
    assert len(puts) == 1, "the link, once"
    assert address in puts[0]["body"]["data"]["html_notes"]


def test_a_changed_document_of_the_same_sync_keeps_its_link_all_the_time(destination):
    supplier = {"number": "50999", "name": "Fjord Data AS"}
    destination.write(order(1), order(1, supplier=supplier), order(1, supplier=supplier), streams=as_projects())
    [project] = projects(destination, "Fjord Data")
    task = destination.task(order_id(1))
    puts = [entry for entry in destination.requests("PUT") if entry["path"] == f"/tasks/{task['gid']}"]
    written = [e["body"]["data"]["html_notes"] for e in puts if "html_notes" in e["body"]["data"]]
    assert len(written) == 2, "the link, and the other supplier"
    assert all(f"/project/{project['gid']}" in html for html in written)
