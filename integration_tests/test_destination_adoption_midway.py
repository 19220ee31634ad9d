"""Adoption in adverse conditions: kills, lost answers, people who edit at the same time, big projects. One task per document."""

import random

import pytest

from integration_tests import kill_points
from integration_tests.destination_messages import invoice, invoice_id, line, order, order_id, state
from integration_tests.destination_support import KARI, Destination, lines_of
from integration_tests.sandbox.harness import AsanaSandbox
from integration_tests.test_destination_adoption import MATCH, REGISTER, a_project, by_hand, everything, listings
from integration_tests.waiting import until


def checkpoint(version=1):
    orders = [
        order(
            n,
            orderTotal=100.0 * n + version,
            lines=[line(1, "Paper"), line(2, "Ink")],
            status=("Open", "Closed")[n % 2],
        )
        for n in range(1, 7)
    ]
    return [
        *orders,
        state("purchase_orders", 1),
        *(invoice(200000 + n) for n in range(1, 4)),
        state("supplier_invoices", 2),
    ]


def prepare(destination):
    """Tasks for five of the nine documents, some done, some in another project; a doubtful one; and others."""
    old = a_project(destination)
    right = {
        order_id(1): by_hand(destination, "Order 000001, Nordic Office", completed=True),
        order_id(2): by_hand(destination, "Nordic Office AS 000002", notes="Mine"),
        order_id(3): by_hand(destination, "PO-000003 (nordic office)", old, assignee=KARI),
        invoice_id(200001): by_hand(destination, "Faktura 200001 1 250,00", old, completed=True),
        invoice_id(200002): by_hand(destination, "200002 Nordic Office AS"),
    }
    for name in ("PO 000004", "000005 Nordic Office", "nordic office 000005", "Lunch", "PO 000009 Nordic Office AS"):
        by_hand(destination, name)
    return right, {"adopt_project_gids": [old], "supplier_mapping": [{"supplier": "*", "assignee": KARI}], **MATCH}


def board(destination, right):
    """What everybody sees, without gids."""
    tasks = destination.tasks
    assert {visma_id: tasks[visma_id]["gid"] for visma_id in right} == right
    assert len(tasks) == 9
    assert len(everything(destination)) == 9 + 5
    return {
        key: (task["name"], task["fields"], task["completed"], task["assignee"], task["notes"], sorted(lines_of(task)))
        for key, task in tasks.items()
    }


@pytest.fixture(scope="module")
def undisturbed(destination_server, tmp_path_factory):
    destination_server.reset(requests_per_minute=0, cost_per_minute=0)
    destination = Destination(destination_server, tmp_path_factory.mktemp("undisturbed"))
    right, config = prepare(destination)
    destination.write(*checkpoint(), **config)
    return board(destination, right)


@pytest.mark.parametrize("requests", kill_points.some([*range(2, 40, 9), *range(45, 110, 15)]))
def test_killed_after_any_number_of_requests(destination, undisturbed, requests):
    """The service stops answering after so many requests; then the process is killed."""
    destination.asana.settings(record_bodies=False)
    right, config = prepare(destination)
    destination.asana.fault(action="delay", seconds=3600, path=".*", skip=requests, times=None)
    begun = len(destination.asana.log())
    process = destination.start(*checkpoint(), **config)
    until(lambda: len(destination.asana.log()) > begun + requests or not process.is_alive())
    process.kill()
    process.join(240)
    destination.asana.control("DELETE", "faults")
    until(destination.asana.at_rest)
    destination.write(*checkpoint(), **config)
    assert board(destination, right) == undisturbed
    destination.asana.clear_log()
    destination.write(*checkpoint(), **config)
    assert destination.written == []


def test_killed_again_and_again(destination, undisturbed):
    destination.asana.settings(write_latency=0.01, record_bodies=False)
    right, config = prepare(destination)
    dice = random.Random(3)
    for _ in range(6):
        destination.killed(*checkpoint(), requests=dice.randint(15, 60), **config)
    run = destination.write(*checkpoint(), **config)
    assert board(destination, right) == undisturbed
    assert run.state_ids == [1, 2]


@pytest.mark.parametrize(
    ("method", "path"),
    [("PUT", "^/tasks/"), ("POST", "/addProject$"), ("POST", "^/tasks/[0-9]+/subtasks"), ("POST", "^/tasks$")],
)
def test_lost_answers(destination, undisturbed, method, path):
    right, config = prepare(destination)
    destination.asana.fault(action="lost_answer", method=method, path=path, times=3)
    destination.write(*checkpoint(), **config)
    assert board(destination, right) == undisturbed


# --- people at the same time -----------------------------------------------------------------------------------------


def meanwhile(destination, gid, method, path, **data):
    """A person does this just before the sync's write of the task."""
    does = [{"method": method, "path": path, "data": data}]
    destination.asana.fault(action="meanwhile", person=KARI, does=does, method="GET", path=f"^/tasks/{gid}\\?.*parent")


def test_a_task_deleted_meanwhile(destination):
    gid = by_hand(destination, "PO 000001 Nordic Office AS")
    meanwhile(destination, gid, "DELETE", f"/tasks/{gid}")
    run = destination.write(order(), state("purchase_orders"), **MATCH)
    assert destination.task(order_id())["gid"] != gid
    assert f"Not adopted: {order_id()} (PO 000001) takes over no task, because “PO 000001 Nordic Office AS”" in run.log
    assert "Adoption: 0 documents take over a task that people had made; 1 do not" in run.log
    assert len(run.states) == 1


def test_a_name_changed_meanwhile(destination):
    gid = by_hand(destination, "PO 000001 Nordic Office AS")
    meanwhile(destination, gid, "PUT", f"/tasks/{gid}", name="PO 000002 Nordic Office AS")
    run = destination.write(order(), **MATCH)
    assert everything(destination)[gid] == "PO 000002 Nordic Office AS"
    assert destination.task(order_id())["gid"] != gid
    assert "was changed meanwhile and does not fit any more" in run.log


def test_a_task_that_got_the_id_of_another_document_meanwhile(destination):
    destination.write(order(9))
    field = destination.field("Visma ID")["gid"]
    gid = by_hand(destination, "PO 000001 Nordic Office AS")
    meanwhile(destination, gid, "PUT", f"/tasks/{gid}", custom_fields={field: order_id(2)})
    destination.write(order(1), **MATCH)
    assert destination.task(order_id(2))["gid"] == gid
    assert destination.task(order_id(1))["gid"] != gid
    destination.write(order(2), **MATCH)
    assert destination.task(order_id(2))["gid"] == gid
    assert len(destination.tasks) == 3


def test_a_task_completed_and_assigned_meanwhile(destination):
    gid = by_hand(destination, "PO 000001 Nordic Office AS")
    meanwhile(destination, gid, "PUT", f"/tasks/{gid}", completed=True, assignee="1200000000000012", notes="Done it")
    destination.write(order(), supplier_mapping=[{"supplier": "*", "assignee": KARI}], **MATCH)
    task = destination.task(order_id())
    assert (task["gid"], task["completed"]) == (gid, True)
    assert task["assignee"] == "soren.ostergaard@nordlys.example"
    assert task["notes"].startswith("Done it\n")
    assert "From Visma.net" in task["notes"]


def test_a_task_that_the_user_may_not_edit(destination):
    gid = by_hand(destination, "PO 000001 Nordic Office AS")
    message = "You do not have permission to edit this task."
    destination.asana.fault(
        action="error", status=403, message=message, method="PUT", path=f"^/tasks/{gid}", times=None
    )
    run = destination.write(order(), state("purchase_orders"), **MATCH)
    assert destination.task(order_id())["gid"] != gid
    assert message in "\n".join(run.warnings)
    assert len(run.states) == 1


# --- how it is found -------------------------------------------------------------------------------------------------


def test_one_listing_of_each_project_for_a_whole_sync(destination):
    old = a_project(destination)
    for n in range(1, 61):
        by_hand(destination, f"PO {n:06d} Nordic Office", old if n % 2 else REGISTER)
    messages = [message for n in range(1, 61) for message in (order(n), state("purchase_orders", n))]
    destination.asana.clear_log()
    run = destination.write(*messages, adopt_project_gids=[old, old], **MATCH)
    assert "purchase_orders: 60 adopted." in run.log
    assert run.state_ids == list(range(1, 61))
    assert [len(listings(destination, each)) for each in (old, REGISTER)] == [1, 1]
    assert len(everything(destination)) == 60
    # Once all documents have tasks, nothing is listed for adoption.
    destination.asana.clear_log()
    destination.write(*messages, adopt_project_gids=[old], **MATCH)
    assert destination.written == []
    assert listings(destination, old) == []


def test_in_a_big_project_that_is_searched(destination):
    destination.write(invoice("seed"))
    destination.asana.bulk(300, age=86_400, prefix="SupplierInvoiceId:4100251/Invoice/9")
    destination.asana.settings(search_lag=3600.0, search_per_minute=1000)
    gid = by_hand(destination, "Faktura 200001 Nordic Office")
    destination.write(invoice(200001), invoice(200002), **MATCH)
    assert destination.task(invoice_id(200001))["gid"] == gid
    assert len(destination.tasks) == 301 + 2
    destination.asana.clear_log()
    destination.write(invoice(200001), invoice(200002), **MATCH)
    assert destination.written == []
    assert len(destination.tasks) == 301 + 2


def test_a_project_that_asana_cannot_list(destination):
    """Nobody knows then which task is the only one."""
    destination.write(invoice("seed"))
    destination.asana.bulk(250, age=86_400, prefix="SupplierInvoiceId:4100251/Invoice/9")
    destination.asana.settings(late_page_limit=200)
    destination.fresh_log()
    run = destination.write(invoice(200001), state("supplier_invoices"), code=1, **MATCH)
    assert "holds more tasks than Asana lists, so it is not known which task is the only one" in run.error["message"]
    assert (destination.written, run.states) == ([], [])


def test_the_first_of_more_documents_than_are_read_ahead_waits_for_the_last(destination):
    """More records than the connector reads ahead of Asana stand between two documents that fit the same task."""
    gid = by_hand(destination, "000001 Nordic Office AS")
    many = (invoice(200002) for _ in range(5100))
    run = destination.write(order("000001"), *many, invoice("000001"), state("supplier_invoices"), **MATCH)
    assert gid not in {task["gid"] for task in destination.tasks.values()}
    assert len(destination.tasks) == 3
    assert len(run.states) == 1


def test_two_versions_of_a_document_in_one_checkpoint(destination):
    gid = by_hand(destination, "PO 000001 Nordic Office AS")
    newer = order(orderTotal=7.0, lastModifiedDateTime="2026-01-08T08:00:00")
    destination.write(order(), newer, state("purchase_orders"), **MATCH)
    assert destination.task(order_id())["gid"] == gid
    assert destination.task(order_id())["fields"]["Visma amount"] == 7


def test_the_sums_of_adopted_orders(destination):
    """An order and its invoice are both adopted; the order's numbers are right before the STATE leaves."""
    of_order = by_hand(destination, "PO 000001 Nordic Office")
    of_invoice = by_hand(destination, "Faktura 200001 Nordic Office")
    lines = [{"lineNumber": 1, "poNumber": "000001", "poLineNr": 1, "cost": 100.0, "costInCurrency": 100.0}]
    destination.write(order(), invoice(invoiceLines=lines), state("supplier_invoices"), **MATCH)
    assert destination.task(invoice_id())["gid"] == of_invoice
    task = destination.task(order_id())
    assert (task["gid"], task["fields"]["Visma invoiced"], task["fields"]["Visma remaining"]) == (of_order, 100, 150)


def test_as_projects(destination):
    """The register task is the one that people had made."""
    gid = by_hand(destination, "PO 000001 Nordic Office")
    streams = [{"name": "purchase_orders", "write_as": {"type": "project", "team_gid": "1200000000000200"}}]
    destination.write(order(), streams=streams, **MATCH)
    task = destination.task(order_id())
    assert task["gid"] == gid
    assert "Project: " in task["notes"]
    assert len(everything(destination)) == 1
    assert [p["name"] for p in destination.asana.state()["projects"] if p["gid"] != AsanaSandbox.PROJECT] == [
        "PO 000001 · Nordic Office AS"
    ]
