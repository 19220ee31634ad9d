"""Line items as subtasks (or in the description, or nowhere): identity by line number, order as in Visma."""

import pytest

from integration_tests.destination_messages import invoice, invoice_id, line, order, order_id
from integration_tests.destination_support import lines_of


def numbers(task):
    return [int(name.partition(".")[0]) for name in lines_of(task)]


@pytest.mark.parametrize("lands", ["end", "start"])
def test_three_hundred_lines_in_order(destination, lands):
    destination.asana.settings(new_tasks=lands)
    message = order(lines=[line(number, f"Item {number}") for number in range(300, 0, -1)])
    destination.write(message)
    task = destination.task(order_id())
    assert numbers(task) == list(range(1, 301))
    destination.fresh_log()
    destination.write(message)
    assert destination.written == []
    assert destination.task(order_id()) == task


def test_an_edited_line_updates_its_own_subtask(destination):
    destination.write(order(lines=[line(1), line(2), line(3)]))
    before = {item["name"][:2]: item["gid"] for item in destination.task(order_id())["subtasks"]}
    destination.fresh_log()
    destination.write(order(lines=[line(1), line(2, "Toner", 3, 400), line(3)]))
    task = destination.task(order_id())
    assert {item["name"][:2]: item["gid"] for item in task["subtasks"]} == before
    assert lines_of(task)[1] == "2. Toner — 3 × 400.00 = 1200.00 NOK"
    assert len([path for path in destination.written if path.startswith("PUT")]) == 2, "the line and the task's summary"


def test_a_removed_lines_subtask_is_completed_not_deleted(destination):
    destination.write(order(lines=[line(1), line(2)]))
    destination.write(order(lines=[line(2)]))
    task = destination.task(order_id())
    assert numbers(task) == [2]
    assert [item["completed"] for item in task["subtasks"]] == [True, False]
    destination.fresh_log()
    destination.write(order(lines=[line(2)]))
    assert destination.written == []


def test_a_document_that_loses_all_lines(destination):
    destination.write(order(lines=[line(1), line(2)]))
    destination.write(order(lines=None))
    assert lines_of(destination.task(order_id())) == []
    assert len(destination.task(order_id())["subtasks"]) == 2


def test_inserted_lines_go_to_their_place(destination):
    destination.write(order(lines=[line(2), line(5), line(9)]))
    destination.write(order(lines=[line(9), line(1), line(5), line(2), line(7), line(4)]))
    assert numbers(destination.task(order_id())) == [1, 2, 4, 5, 7, 9]


def test_a_new_line_at_the_end_moves_nothing(destination):
    destination.write(order(lines=[line(1), line(2)]))
    destination.fresh_log()
    destination.write(order(lines=[line(1), line(2), line(3)]))
    assert not [path for path in destination.written if path.endswith("/setParent")]
    assert numbers(destination.task(order_id())) == [1, 2, 3]


def test_subtasks_of_people_are_left_alone(destination):
    destination.write(order(lines=[line(1), line(2)]))
    gid = destination.task(order_id())["gid"]
    destination.as_person("POST", f"/tasks/{gid}/subtasks", name="Call the supplier")
    destination.as_person("POST", f"/tasks/{gid}/subtasks", name="2024 comparison")
    destination.write(order(lines=[line(1, "New words")]))
    left = {item["name"]: item["completed"] for item in destination.task(order_id())["subtasks"]}
    assert left["Call the supplier"] is False
    assert left["2024 comparison"] is False
    assert left["1. New words — 10 × 25.00 = 250.00 NOK"] is False


def test_a_line_a_person_checked_off_stays_checked_off(destination):
    destination.write(order(lines=[line(1), line(2)]))
    first = destination.task(order_id())["subtasks"][0]["gid"]
    destination.as_person("PUT", f"/tasks/{first}", completed=True)
    destination.write(order(lines=[line(1, "Edited"), line(2)]))
    assert [item["completed"] for item in destination.task(order_id())["subtasks"]] == [True, False]
    assert len(destination.task(order_id())["subtasks"]) == 2


def test_an_order_a_person_changed_is_put_back_only_where_lines_change(destination):
    destination.write(order(lines=[line(1), line(2), line(3)]))
    task = destination.task(order_id())
    third, first = task["subtasks"][2]["gid"], task["subtasks"][0]["gid"]
    destination.as_person("POST", f"/tasks/{third}/setParent", parent=task["gid"], insert_before=first)
    destination.write(order(lines=[line(1), line(2), line(3), line(4)]))
    assert numbers(destination.task(order_id())) == [1, 2, 3, 4]


def test_lines_without_a_number_or_with_a_double_one(destination):
    message = order(lines=[line(None, "a"), line(2, "b"), line(None, "c"), line(2, "d"), line(2, "b")])
    destination.write(message)
    assert numbers(destination.task(order_id())) == [1, 2, 2, 2, 3]
    destination.fresh_log()
    destination.write(message)
    assert destination.written == []


def test_lines_in_the_description(destination):
    lines = [line(1, "Paper & <ink>"), line(2, "Toner", 2, 500)]
    destination.write(order(lines=lines), line_items="description")
    task = destination.task(order_id())
    assert task["subtasks"] == []
    assert "1. Paper & <ink> — 10 × 25.00 = 250.00 NOK\n2. Toner — 2 × 500.00 = 1000.00 NOK" in task["notes"]
    destination.write(order(lines=lines[:1]), line_items="description")
    assert "Toner" not in destination.task(order_id())["notes"]


def test_no_lines_at_all(destination):
    destination.write(order(lines=[line(1), line(2)]), line_items="none")
    task = destination.task(order_id())
    assert task["subtasks"] == []
    assert "Paper" not in task["notes"]
    assert task["fields"]["Visma line items"] == "10 × Paper A4; 10 × Paper A4"


def test_a_stream_may_have_its_own_way(destination):
    entry = {"name": "purchase_orders", "write_as": {"type": "task"}, "line_items": "none"}
    lines = [{"lineNumber": 1, "transactionDescription": "Toner"}]
    destination.write(order(), invoice(invoiceLines=lines), streams=[entry])
    assert destination.task(order_id())["subtasks"] == []
    assert lines_of(destination.task(invoice_id())) == ["1. Toner"]


def test_the_summary_is_cut_at_a_whole_item(destination):
    destination.write(order(lines=[line(n, f"Item number {n} of many") for n in range(1, 101)]))
    text = destination.task(order_id())["fields"]["Visma line items"]
    assert len(text) <= 1024
    items = text.split("; ")
    assert items[-1] == f"+{100 - (len(items) - 1)} more"
    assert all(item.startswith("10 × Item number") for item in items[:-1])
