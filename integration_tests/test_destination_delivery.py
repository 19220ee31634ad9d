"""Delivery of an order's lines: promised dates, completion and partial receipts, as Visma's records say them."""

import json

import pytest

from integration_tests.destination_delivery_support import (
    MAY_4,
    MAY_11,
    NAME,
    calls_of_lines,
    chair,
    seen,
    subtask,
    to_item,
    write,
)
from integration_tests.destination_messages import invoice, invoice_id, order, order_id, record, state
from integration_tests.destination_project_support import as_projects, tasks_in, the_project
from integration_tests.destination_support import comments


def test_lines_are_due_and_done_in_the_create_call(destination):
    destination.write(order(lines=None))
    gone = {"completed": True, "canceled": True}
    write(destination, chair(1), chair(2, promised=None), chair(3, receivedAmt=400, qtyOnReceipts=4), chair(4, **gone))
    assert [seen(destination, place)[1:] for place in range(4)] == [
        ("2026-05-04", False),
        (None, False),
        ("2026-05-04", True),
        ("2026-05-04", True),
    ]
    task = destination.task(order_id())
    assert destination.written.count(f"POST /tasks/{task['gid']}/subtasks") == 4
    assert calls_of_lines(destination) == [f"POST /tasks/{task['gid']}/subtasks"] * 4
    assert subtask(destination)["notes"] == f"Line 1 of {order_id()}\nDue in Visma: 2026-05-04"
    write(destination, chair(1), chair(2, promised=None), chair(3, receivedAmt=400, qtyOnReceipts=4), chair(4, **gone))
    assert destination.written == []


@pytest.mark.parametrize(
    ("delivery", "ending", "completed"),
    [
        ({"qtyOnReceipts": 3, "receivedAmt": 300}, " · 3 of 4 received", False),
        ({"qtyOnReceipts": 4, "receivedAmt": 0}, " · 4 of 4 received", False),
        ({"qtyOnReceipts": 2.5, "receivedAmt": 399.99}, " · 2.5 of 4 received", False),
        ({"qtyOnReceipts": 4, "receivedAmt": 400}, "", True),
        ({"qtyOnReceipts": 5, "receivedAmt": 500}, "", True),
        ({"qtyOnReceipts": 3, "receivedAmt": 300, "completed": True}, "", True),
        ({"canceled": True}, "", True),
    ],
)
def test_receipts_and_their_take_back(destination, delivery, ending, completed):
    """One write when it comes, one when Visma takes it back, none in between."""
    write(destination, chair())
    for line_now, shown in (
        (chair(**delivery), (NAME + ending, "2026-05-04", completed)),
        (chair(), (NAME, "2026-05-04", False)),
    ):
        write(destination, line_now)
        assert seen(destination) == shown
        assert calls_of_lines(destination) == [f"PUT /tasks/{subtask(destination)['gid']}"]
        write(destination, line_now)
        assert destination.written == []


def test_a_new_promise_moves_the_due_date(destination):
    write(destination, chair())
    write(destination, chair(promised=MAY_11))
    assert seen(destination) == (NAME, "2026-05-11", False)
    write(destination, chair(promised=None))
    assert seen(destination) == (NAME, None, False)
    write(destination, chair(promised=MAY_4))
    assert seen(destination) == (NAME, "2026-05-04", False)


def test_lines_follow_their_own_flags_whatever_ends_the_order(destination):
    destination.write(order(status="Closed", lines=[chair(1), chair(2, completed=True)]))
    assert destination.task(order_id())["completed"] is True
    assert [seen(destination, place)[2] for place in (0, 1)] == [False, True]


def test_templates_and_invoices_are_not_delivered(destination):
    lines = [{"lineNumber": 1, "transactionDescription": "Oak chair", "promised": MAY_4, "completed": True}]
    destination.write(order(orderType="StandardBlanket", lines=[chair()]), invoice(invoiceLines=lines))
    template = "PurchaseOrderId:4100251/StandardBlanket/000001"
    for visma_id in (template, invoice_id()):
        [item] = destination.task(visma_id)["subtasks"]
        assert (item["due_on"], item["completed"]) == (None, False)


def test_the_order_names_its_receipts(destination):
    receipts = [{"receiptNumber": "RC0042", "type": "PoReceipt"}, {"receiptNumber": "RC0047", "type": "PoReturn"}]
    destination.write(order(purchaseReceipts=receipts))
    assert "\nReceipts: RC0042, RC0047\n" in destination.task(order_id())["notes"]
    destination.write(order(purchaseReceipts=[]))
    assert "Receipts" not in destination.task(order_id())["notes"]


@pytest.mark.parametrize("receipt_first", [True, False])
def test_receipts_are_told_by_the_order_whenever_their_own_records_come(destination, receipt_first):
    """The stream of receipts makes nothing: an order's record has the numbers and what came of each line."""
    lines = [
        {"lineNbr": 1, "poOrderType": "RegularOrder", "poOrderNbr": "000001", "poOrderLineNbr": 1, "receiptQty": 3}
    ]
    receipt = record("purchase_receipts", {"receiptType": "PoReceipt", "receiptNbr": "RC0042", "lines": lines})
    received = order(lines=[chair(qtyOnReceipts=3)], purchaseReceipts=[{"receiptNumber": "RC0042"}])
    write(destination, chair())
    messages = [receipt, received] if receipt_first else [received, receipt]
    destination.write(*messages, state("purchase_orders", 1), state("purchase_receipts", 2))
    assert seen(destination) == (f"{NAME} · 3 of 4 received", "2026-05-04", False)
    assert "\nReceipts: RC0042\n" in destination.task(order_id())["notes"]
    assert len(destination.tasks) == 1
    destination.fresh_log()
    destination.write(*messages)
    assert destination.written == []


def test_an_older_version_of_the_order_takes_no_receipt_back(destination):
    earlier, later = "2026-01-07T08:00:00.1", "2026-01-07T09:30:00.5"
    destination.write(order(lines=[chair(promised=MAY_11, receivedAmt=400)], lastModifiedDateTime=later))
    destination.write(order(lines=[chair(qtyOnReceipts=1)], lastModifiedDateTime=earlier))
    assert seen(destination) == (NAME, "2026-05-11", True)


def test_a_cancelled_order(destination):
    """Visma cancels its lines with it: what a person left open or chose on them stays."""
    write(destination, chair(1), chair(2))
    gone = {"canceled": True, "completed": True, "receivedAmt": 100, "qtyOnReceipts": 1}
    cancelled = order(status="Cancelled", lines=[chair(1, **gone), chair(2, **gone)])
    destination.write(cancelled)
    assert [seen(destination, place) for place in (0, 1)] == [
        (NAME, "2026-05-04", True),
        (f"2{NAME[1:]}", "2026-05-04", True),
    ]
    to_item(destination, completed=False)
    destination.write(cancelled)
    assert [seen(destination, place)[2] for place in (0, 1)] == [False, True]
    destination.write(order(lines=[chair(1), chair(2)]))
    assert [seen(destination, place)[2] for place in (0, 1)] == [False, False]


def test_lines_in_the_description_say_what_came(destination):
    destination.write(order(lines=[chair(qtyOnReceipts=3)]), line_items="description")
    task = destination.task(order_id())
    assert f"\n{NAME} · 3 of 4 received\n" in task["notes"]
    assert task["subtasks"] == []


def test_lines_of_an_orders_own_project(destination):
    destination.write(order(lines=[chair(1), chair(2, completed=True)]), streams=as_projects())
    items = tasks_in(destination, the_project(destination))
    assert [(item["due_on"], item["completed"]) for item in items] == [("2026-05-04", False), ("2026-05-04", True)]
    destination.write(order(lines=[chair(1, promised=MAY_11, qtyOnReceipts=1), chair(2)]), streams=as_projects())
    items = tasks_in(destination, the_project(destination))
    assert [(item["name"], item["due_on"], item["completed"]) for item in items] == [
        (f"{NAME} · 1 of 4 received", "2026-05-11", False),
        (f"2{NAME[1:]}", "2026-05-04", False),
    ]


def test_a_dry_run_says_what_would_become_of_the_lines(destination):
    write(destination, chair(1))
    run = write(destination, chair(1, completed=True, promised=MAY_11), chair(2), dry_run=True)
    assert destination.written == []
    assert f"line would be completed: {NAME}" in run.log
    assert f"line would be due 2026-05-11: {NAME}" in run.log
    assert f"line would be created: 2{NAME[1:]} (due 2026-05-04)" in run.log


@pytest.mark.parametrize("later", [{"promised": MAY_11}, {"completed": True}])
def test_a_dry_run_counts_an_order_of_which_only_a_line_changes(destination, later):
    write(destination, chair(1), chair(2))
    for dry_run in (True, False):
        run = write(destination, chair(1, **later), chair(2), dry_run=dry_run)
        assert "purchase_orders: 1 updated." in run.log
    assert "Dry run" not in run.log


def test_the_audit_log_tells_of_dates_and_ticks(destination):
    path = destination.folder / "audit.jsonl"
    write(destination, chair())
    write(destination, chair(promised=MAY_11, completed=True), audit_log_path=str(path))
    [entry] = [json.loads(text) for text in path.read_text().splitlines()]
    assert entry["changes"]["line 1 due date"] == {"before": "2026-05-04", "after": "2026-05-11"}
    assert entry["changes"]["line 1 completed"] == {"before": False, "after": True}


def test_a_comment_tells_of_dates_and_ticks(destination):
    write(destination, chair())
    write(destination, chair(promised=MAY_11, completed=True), change_comments=True)
    [text] = comments(destination.task(order_id()))
    assert "Line 1 due date: 2026-05-04 → 2026-05-11" in text
    assert "Line 1 completed: no → yes" in text
