"""create_closed off: documents that are closed when they first come make no tasks, and the money stays right."""

import csv
import json
import random
from pathlib import Path

import pytest

from integration_tests import kill_points
from integration_tests.destination_messages import (
    catalog,
    invoice,
    invoice_id,
    line,
    order,
    order_id,
    state,
    status,
)

OFF = {"create_closed": False}
BOTH = catalog("purchase_orders", "supplier_invoices")


def billed(number, amount, *orders, **changes):
    """An invoice with one line for each of these orders."""
    lines = [{"poNumber": each, "poLineNr": 1, "costInCurrency": amount, "cost": amount} for each in orders]
    return invoice(number, invoiceLines=lines, **{"status": "Closed", "balance": 0, "balanceInCurrency": 0, **changes})


def invoiced(destination, number=1):
    return destination.task(order_id(number))["fields"]["Visma invoiced"]


def test_only_open_documents_make_tasks_at_first(destination):
    sales = invoice(9, "customer_invoices", supplier=None, customer={"name": "Umeå Konferens"}, status="Closed")
    messages = [
        order(1),
        order(2, status="Closed"),
        order(3, status="Cancelled"),
        invoice(4),
        invoice(5, status="Voided"),
    ]
    path = destination.folder / "report.csv"
    run = destination.write(*messages, sales, state("supplier_invoices"), **OFF, report_path=str(path))
    assert set(destination.tasks) == {order_id(1), invoice_id(4)}
    assert "purchase_orders: 1 created, 2 left out (closed before)" in run.log
    assert len(run.states) == 1
    with open(path, encoding="utf-8-sig", newline="") as file:
        lines = {row["Visma ID"]: row for row in csv.DictReader(file)}
    assert lines[order_id(2)]["action"] == "unchanged"
    assert "create_closed is off" in lines[order_id(2)]["reason"]
    assert lines[order_id(2)]["task address"] == ""


def test_closed_documents_make_tasks_unless_the_settings_say_no(destination):
    destination.write(order(2, status="Closed"))
    assert destination.task(order_id(2))["completed"]


def test_a_document_with_a_task_goes_on_and_a_reopened_one_gets_its_task(destination):
    destination.write(invoice(1), invoice(2, status="Closed"), **OFF)
    destination.write(invoice(1, status="Closed"), invoice(2, status="Open"), **OFF)
    assert destination.task(invoice_id(1))["completed"]
    assert not destination.task(invoice_id(2))["completed"]
    destination.write(invoice(1, status="Closed", amount=7.0), invoice(2, status="Closed"), **OFF)
    assert destination.task(invoice_id(1))["fields"]["Visma amount"] == 7
    assert destination.task(invoice_id(2))["completed"]


def test_a_closed_invoice_of_an_order_with_a_task_counts_there(destination):
    destination.write(order(1), **OFF)
    destination.write(billed(7, 100.0, "000001"), billed(8, 50.0, "000002"), state("supplier_invoices"), **OFF)
    assert set(destination.tasks) == {order_id(1), invoice_id(7)}
    assert destination.task(invoice_id(7))["completed"]
    assert invoiced(destination) == 100


def test_an_order_that_is_done_but_has_a_task_counts_its_late_invoice(destination):
    destination.write(order(1), **OFF)
    destination.write(order(1, status="Closed", lines=[line(receivedAmt=250.0, completed=True)]), **OFF)
    destination.write(billed(7, 250.0, "000001"), **OFF)
    assert invoiced(destination) == 250


def test_an_invoice_of_several_orders_comes_for_the_one_that_has_a_task(destination):
    destination.write(billed(7, 30.0, "000009", "000001"), order(1), order(9, status="Closed"), **OFF)
    assert set(destination.tasks) == {order_id(1), invoice_id(7)}
    assert invoiced(destination) == 30


@pytest.mark.parametrize("step", [1, -1])
def test_a_closed_order_without_a_task_is_not_one_of_two_orders_with_a_number(destination, step):
    """Nothing in Asana tells of it, so no later sync could know. Once it is open and has a task, invoices count for neither."""
    drop_ship = "PurchaseOrderId:4100251/DropShip/000001"
    messages = [order(1, status="Cancelled"), order(1, orderType="DropShip"), billed(7, 100.0, "000001")]
    destination.write(*messages[::step], **OFF)
    assert set(destination.tasks) == {drop_ship, invoice_id(7)}
    assert destination.task(drop_ship)["fields"]["Visma invoiced"] == 100
    destination.write(*messages[::step], **OFF)
    assert destination.task(drop_ship)["fields"]["Visma invoiced"] == 100
    destination.write(order(1, status="Open"), **OFF)
    assert [destination.task(each)["fields"]["Visma invoiced"] for each in (order_id(1), drop_ship)] == [0, 0]


def test_a_closed_invoice_of_a_closed_order_makes_none(destination):
    messages = [order(1, status="Closed"), billed(7, 100.0, "000001")]
    for arrival in (messages, messages[::-1]):
        run = destination.write(*arrival, state("supplier_invoices"), **OFF)
        assert destination.tasks == {}
        assert len(run.states) == 1


@pytest.mark.parametrize("statuses", [True, False])
def test_the_order_may_come_after_its_invoice_and_the_state_waits_for_it(destination, statuses):
    """The invoice would not come again, so its STATE may leave only when it is known whether the order has a task."""
    ends = [status("supplier_invoices")], [status("purchase_orders")]
    messages = [
        billed(7, 100.0, "000001"),
        billed(8, 40.0, "000005"),
        state("supplier_invoices", 1),
        *(ends[0] if statuses else []),
        order(1),
        state("purchase_orders", 2),
        *(ends[1] if statuses else []),
    ]
    run = destination.write(*messages, configured=BOTH, **OFF)
    assert set(destination.tasks) == {order_id(1), invoice_id(7)}
    assert invoiced(destination) == 100
    assert run.state_ids == [2, 1]
    assert "supplier_invoices: 1 created, 1 left out (closed before)" in run.log


def test_a_source_that_died_releases_no_state_of_waiting_invoices(destination):
    messages = [billed(7, 100.0, "000001"), state("supplier_invoices", 1), status("supplier_invoices")]
    run = destination.write(*messages, configured=BOTH, **OFF)
    assert run.state_ids == []
    run = destination.write(*messages, order(1), status("purchase_orders"), configured=BOTH, **OFF)
    assert run.state_ids == [1]
    assert invoiced(destination) == 100


def test_where_no_orders_come_the_state_does_not_wait(destination):
    run = destination.write(billed(7, 100.0, "000001"), state("supplier_invoices", 1), **OFF)
    assert run.state_ids == [1]
    assert destination.tasks == {}


def test_thousands_of_closed_invoices_do_not_block_the_input(destination):
    """More than are read ahead."""
    history = [billed(n, 1.0, f"{n:06d}") for n in range(1, 5_600)]
    destination.fresh_log()
    run = destination.write(*history, state("supplier_invoices", 1), order(5), configured=BOTH, **OFF)
    assert set(destination.tasks) == {order_id(5), invoice_id(5)}
    assert invoiced(destination, 5) == 1
    assert run.state_ids == [1]
    assert "5598 left out" in run.log


def test_a_dry_run_says_the_same(destination):
    messages = [billed(7, 100.0, "000001"), order(1), order(2, status="Closed")]
    dry = destination.write(*messages, **OFF, dry_run=True).log
    run = destination.write(*messages, **OFF).log
    for words in ("1 left out (closed before)", "supplier_invoices: 1 created"):
        assert words in dry
        assert words in run


def test_a_report_on_adoption_foresees_the_invoices_of_orders_to_be_adopted(destination):
    """Whichever comes first, the order or its invoice; a closed order that adopts a task counts as well."""
    for name in ("Paper 000001 Nordic Office", "Toner 000002 Nordic Office"):
        gid = destination.as_person("POST", "/tasks", name=name, projects=[destination.asana.PROJECT])["gid"]
        destination.as_person("POST", f"/tasks/{gid}/subtasks", name="Ask for a copy")
    messages = [
        billed(7, 100.0, "000001"),
        state("supplier_invoices", 1),
        order(1),
        order(2, status="Closed"),
        state("purchase_orders", 2),
        billed(8, 100.0, "000002"),
        billed(9, 100.0, "000003"),
        order(1, orderTotal=300.0, lastModifiedDateTime="2026-02-08T08:00:00"),
        state("supplier_invoices", 3),
    ]
    path = destination.folder / "report.csv"
    rows, totals = [], []
    for mode in ("report", "match"):
        run = destination.write(*messages, **OFF, configured=BOTH, adopt=mode, report_path=str(path))
        with open(path, encoding="utf-8-sig", newline="") as file:
            rows.append({row["Visma ID"]: row["action"] for row in csv.DictReader(file)})
        totals.append([line for line in run.log.splitlines() if line.startswith(("INFO purchase_", "INFO supplier_"))])
        assert run.log.count("Adopted: ") == 2
    adopted = dict.fromkeys((order_id(1), order_id(2)), "adopted")
    created = dict.fromkeys((invoice_id(7), invoice_id(8)), "created")
    assert rows == [{**adopted, **created, invoice_id(9): "unchanged"}] * 2
    assert (
        totals
        == [["INFO purchase_orders: 2 adopted.", "INFO supplier_invoices: 2 created, 1 left out (closed before)."]] * 2
    )


def released(process):
    """The ids of the states a killed process had put out."""
    text = Path(f"{process.stem}.out").read_text()
    messages = [json.loads(part) for part in text.splitlines(keepends=True) if part.endswith("\n")]
    return {message["state"]["id"] for message in messages if message["type"] == "STATE"}


@pytest.mark.parametrize("seed", kill_points.some(range(4), 2))
def test_killed_anywhere_no_amount_is_lost(destination, seed):
    """After each kill only that comes again whose STATE had not left."""
    dice = random.Random(seed)
    destination.asana.settings(write_latency=0.02)
    streams = {
        1: [billed(n, 10.0, f"{n % 3 + 1:06d}") for n in range(20, 26)],
        2: [order(n) for n in range(1, 4)],
    }
    names = {1: "supplier_invoices", 2: "purchase_orders"}
    left = set(streams)

    def messages():
        ends = [part for number in sorted(left) for part in (*streams[number], state(names[number], number))]
        return [*ends, *(status(name) for name in names.values())]

    for _ in range(4):
        process = destination.killed(*messages(), configured=BOTH, requests=dice.randint(3, 40), **OFF)
        left -= released(process)
    run = destination.write(*messages(), configured=BOTH, **OFF)
    assert left <= set(run.state_ids)
    assert [invoiced(destination, n) for n in (1, 2, 3)] == [20, 20, 20]
    assert len(destination.tasks) == 9


def test_a_card_of_a_project_that_is_over_is_left_out(destination):
    project = {
        "company_id": "4100251",
        "internalID": 1,
        "projectID": "P1001",
        "description": "Website",
        "status": "Completed",
        "lastModifiedDateTime": "2026-01-10T08:00:00",
    }
    message = {"type": "RECORD", "record": {"stream": "projects", "data": project, "emitted_at": 1}}
    destination.write(message, **OFF)
    assert destination.tasks == {}
    active = {
        "type": "RECORD",
        "record": {"stream": "projects", "data": {**project, "status": "Active"}, "emitted_at": 1},
    }
    destination.write(active, **OFF)
    assert list(destination.tasks) == ["ProjectId:4100251/1"]
