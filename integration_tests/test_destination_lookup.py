"""Finding documents in big projects: listings that end early, search that lags, lies or is not there."""

import json

import pytest
from destination_asana.board.task_reader import TASK_FIELDS

from integration_tests.destination_messages import invoice, invoice_id, line, order, order_id
from integration_tests.destination_support import KARI, lines_of
from integration_tests.sandbox.harness import AsanaSandbox


def fill(destination, count, **more):
    """A project with many invoices, old enough for search to know them; their fields exist."""
    destination.write(invoice("seed"))
    destination.asana.bulk(count, age=86400, **more)
    destination.asana.clear_log()


def test_offsets_that_expire_in_the_middle(destination):
    fill(destination, 450)
    destination.asana.fault(action="expire_offsets", method="GET", path=r"^/tasks\?.*offset=", skip=1, times=2)
    destination.write(*(invoice(n) for n in range(1, 61)))
    assert len(destination.tasks) == 451


def test_offsets_that_expire_among_the_lines_of_a_document(destination):
    destination.write(order(lines=[line(number) for number in range(1, 151)]))
    destination.asana.fault(action="expire_offsets", method="GET", path=r"/subtasks\?.*offset=", times=2)
    destination.write(order(lines=[line(number, "Edited") for number in range(1, 151)]))
    assert [name.split(" — ")[0] for name in lines_of(destination.task(order_id()))] == [
        f"{number}. Edited" for number in range(1, 151)
    ]
    assert destination.asana.control("GET", "faults")[0]["hit"] == 2


def test_a_late_page_that_fails_is_avoided_by_listing_the_sections(destination):
    destination.asana.settings(late_page_limit=300)
    fill(destination, 800, sections=4)
    destination.write(*(invoice(n) for n in range(1, 61)), invoice(900))
    assert len(destination.tasks) == 802
    assert destination.task(invoice_id(60))["fields"]["Visma amount"] == 1250


def test_a_section_too_large_to_list_is_not_the_end(destination):
    destination.asana.settings(late_page_limit=300, search_per_minute=0)
    fill(destination, 800)
    destination.asana.settings(search_per_minute=60)
    run = destination.write(*(invoice(n) for n in range(1, 56)), invoice(900))
    assert len(destination.tasks) == 802
    assert [text for text in run.warnings if "section" in text]


def test_a_section_too_large_to_list_and_a_search_that_breaks_off_end_the_sync(destination):
    destination.asana.settings(late_page_limit=300)
    fill(destination, 800)
    destination.asana.fault(action="error", status=403, message="Forbidden", path="/tasks/search", skip=3, times=None)
    run = destination.write(*(invoice(n, amount=1.0) for n in range(600, 620)), code=1)
    assert "Spread its tasks over sections" in run.error["message"]
    assert len(destination.requests("GET")) < 100, "what Asana does not list is not listed again for each document"
    assert len(destination.tasks) == 801


@pytest.mark.parametrize("sections", [1, 4])
def test_a_changed_mapping_reaches_what_it_can_in_a_project_larger_than_asana_lists(destination, sections):
    destination.asana.settings(late_page_limit=300)
    fill(destination, 800, sections=sections)
    run = destination.write(invoice(5), supplier_mapping=[{"supplier": "Nordic*", "assignee": KARI}])
    assert destination.task(invoice_id("seed"))["assignee"] == KARI
    assert bool([text for text in run.warnings if "open tasks" in text]) == (sections == 1)


def test_a_few_changes_in_a_big_project_are_searched(destination):
    fill(destination, 1000)
    destination.write(invoice(5, amount=1.0), invoice(990, amount=2.0), invoice(2000))
    assert len(destination.tasks) == 1002
    assert len(destination.requests("GET")) < 15


def test_search_finds_a_key_that_changed_case(destination):
    """Search compares letter by letter; a listing, which would see it, is not made for a few documents."""
    fill(destination, 300)
    destination.write(order("ab-1"), order("CD-2"))
    destination.asana.settings(clock_offset=3600.0)
    destination.asana.clear_log()
    destination.write(order("AB-1", orderTotal=1.0), order("cd-2", orderTotal=2.0))
    assert [entry["path"] for entry in destination.requests("GET") if entry["path"].endswith("/search")]
    amounts = {key: task["fields"]["Visma amount"] for key, task in destination.tasks.items() if "Order" in key}
    assert amounts == {order_id("ab-1"): 1, order_id("CD-2"): 2}


def test_search_that_lags_makes_no_duplicates(destination):
    """What was written a moment ago is not in search yet."""
    destination.asana.settings(search_lag=3600.0)
    fill(destination, 300)
    for amount in (1.0, 2.0):
        destination.write(invoice(5, amount=amount), invoice(2000, amount=amount), order(1, orderTotal=amount))
    assert len(destination.tasks) == 303
    assert destination.task(invoice_id(2000))["fields"]["Visma amount"] == 2


def test_subtasks_search_knows_nothing_of_yet_are_not_made_twice(destination):
    """Only a task's own changes count as its modification: the listing of recent ones does not tell of its subtasks."""
    fill(destination, 300)
    destination.write(order(1), line_items="none")
    destination.asana.settings(clock_offset=3600.0, search_lag=60.0)
    for _ in range(2):
        destination.write(order(1))
    assert len(destination.task(order_id(1))["subtasks"]) == 1


@pytest.mark.parametrize(
    "fault",
    [
        {"action": "error", "status": 402, "message": "Search is only available to premium users."},
        {"action": "error", "status": 403, "message": "Forbidden"},
        {"action": "error", "status": 400, "message": "Bad request"},
        {"action": "throttle", "retry_after": 0.1},
        {"action": "html"},
    ],
    ids=["402", "403", "400", "429", "502"],
)
def test_search_that_does_not_work_is_replaced_by_listing(destination, fault):
    fill(destination, 300)
    times = None if fault.get("status") else 3
    destination.asana.fault(path="/tasks/search", times=times, **fault)
    destination.write(invoice(5, amount=1.0), invoice(2000))
    assert len(destination.tasks) == 302
    assert destination.task(invoice_id(5))["fields"]["Visma amount"] == 1


def test_search_that_answers_everything_is_not_believed(destination):
    """A parameter search does not know is silently ignored: then it answers with tasks nobody asked for."""
    fill(destination, 300)
    gid = destination.task(invoice_id(7))["gid"]
    answer = json.dumps({"data": [{"gid": gid, "name": "x", "custom_fields": []}]})
    destination.asana.fault(action="error", status=200, answer=answer, path="/tasks/search", times=None)
    destination.write(invoice(5, amount=1.0), invoice(2000))
    assert len(destination.tasks) == 302
    assert destination.task(invoice_id(7))["fields"] == {"Visma ID": invoice_id(7)}


def test_search_that_finds_nothing_at_all_is_not_believed(destination):
    """An empty answer is what a new document gives, too: so search has to find what it must know first."""
    fill(destination, 300)
    destination.asana.fault(action="error", status=200, answer='{"data": []}', path="/tasks/search", times=None)
    destination.write(invoice(290, amount=1.0), invoice(2000))
    assert len(destination.tasks) == 302


def test_search_that_answers_everything_in_its_usual_form_is_not_believed_either(destination):
    """Its first hundred hold the task that is looked for as a proof, but not every document."""
    fill(destination, 300)
    query = {"project": AsanaSandbox.PROJECT, "limit": "100", "opt_fields": TASK_FIELDS}
    answer = json.dumps({"data": destination.asana.as_person("GET", "/tasks", query=query)})
    destination.asana.fault(action="error", status=200, answer=answer, path="/tasks/search", times=None)
    destination.write(invoice(290, amount=1.0), invoice(2000))
    assert len(destination.tasks) == 302
    assert destination.task(invoice_id(290))["fields"]["Visma amount"] == 1


@pytest.mark.parametrize("spread", [0.0, 0.25], ids=["of one moment", "one after the other"])
def test_many_documents_moved_out_of_the_project_are_found_where_they_are(destination, spread):
    destination.asana.settings(search_per_minute=10_000)
    destination.write(invoice("seed"))
    elsewhere = destination.as_person("POST", "/projects", name="2025", workspace=AsanaSandbox.WORKSPACE)["gid"]
    destination.asana.bulk(700, project=elsewhere, spread=spread)
    destination.asana.clear_log()
    destination.write(*(invoice(n) for n in range(1, 61)), invoice("new"))
    assert len(destination.tasks) == 702
    searches = [entry for entry in destination.requests("GET") if entry["path"].endswith("/tasks/search")]
    assert len(searches) <= (30 if spread else 90)
