"""Several versions of one document: the later by Visma's own stamp wins, whatever the order of arrival."""

import pytest

from integration_tests.destination_messages import catalog, line, order, order_id, state
from integration_tests.destination_support import lines_of
from integration_tests.waiting import until

QUARANTINE = {"on_record_error": "quarantine"}


def version(number, hour, **changes):
    return order(number, lastModifiedDateTime=f"2026-01-07T{hour:02d}:00:00.5", **changes)


def fields(destination, number=1):
    return destination.task(order_id(number))["fields"]


def refuse(destination, words="Rude"):
    destination.asana.fault(
        action="error", status=400, message="name: Too rude", path=r"^/tasks(\?|/\d+\?)", body=words, times=None
    )


@pytest.mark.parametrize("known", [True, False], ids=["a task before", "no task before"])
@pytest.mark.parametrize("third", [{"orderTotal": 300.0}, {}], ids=["changed again", "as it was at first"])
def test_a_rejected_version_is_spent_when_a_later_one_got_through(destination, tmp_path, known, third):
    path = tmp_path / "quarantine.jsonl"
    settings = {**QUARANTINE, "quarantine_path": str(path)}
    if known:
        destination.write(version(1, 8), **settings)
    refuse(destination)
    destination.write(version(1, 9, supplier={"name": "Rude AS"}, orderTotal=200.0), **settings)
    destination.asana.control("DELETE", "faults")
    assert len(destination.attention) == 1
    destination.write(version(1, 10, **third), **settings)
    before = destination.task(order_id())
    destination.fresh_log()
    replay = path.read_text().splitlines()
    run = destination.write(*replay, state("purchase_orders"), configured=catalog("purchase_orders"), **settings)
    assert destination.written == []
    assert destination.task(order_id()) == before
    assert run.states[0]["destinationStats"] == {"recordCount": 1.0}
    assert "1 superseded" in run.log
    assert f"{order_id()} (2026-01-07T09:00:00.5; Asana has 2026-01-07T10:00:00.5)" in run.log
    assert [task["completed"] for task in destination.attention] == [True]


@pytest.mark.parametrize("on_record_error", ["fail", "quarantine"])
def test_a_spent_line_that_is_still_broken_is_no_error(destination, on_record_error):
    destination.write(version(1, 8, orderTotal="a lot"), **QUARANTINE)
    destination.write(version(1, 9), **QUARANTINE)
    destination.fresh_log()
    broken = version(1, 8, orderTotal="a lot")
    run = destination.write(broken, state("purchase_orders"), on_record_error=on_record_error)
    assert (run.state_ids, destination.written) == ([1], [])
    assert "1 superseded" in run.log


def test_of_two_versions_in_one_sync_the_newer_wins_in_either_order(destination):
    run = destination.write(
        version(1, 10, status="Closed", orderTotal=3.0),
        version(1, 9, orderTotal=2.0),
        version(2, 9, orderTotal=2.0),
        version(2, 10, status="Closed", orderTotal=3.0),
    )
    for number in (1, 2):
        task = destination.task(order_id(number))
        assert (task["completed"], task["fields"]["Visma amount"]) == (True, 3)
    assert "1 superseded" in run.log
    assert order_id(1) in run.log.partition("Older versions")[2]


def test_an_older_version_in_a_later_sync_changes_nothing(destination):
    """Even where the newer one changed fields or lines only, which the description does not show."""
    destination.write(version(1, 8), version(2, 8))
    destination.write(version(1, 10, status="Closed"), version(2, 10, lines=[line(1, cost=26)], orderTotal=250.0))
    before = destination.tasks
    destination.fresh_log()
    run = destination.write(version(1, 9), version(2, 9), version(1, 8))
    assert destination.written == []
    assert destination.tasks == before
    assert lines_of(destination.task(order_id(2))) == ["1. Paper A4 — 10 × 26.00 = 260.00 NOK"]
    assert "3 superseded" in run.log


def test_where_a_person_edited_the_description_one_sync_still_knows_the_order(destination):
    destination.write(version(1, 8))
    destination.as_person("PUT", f"/tasks/{destination.task(order_id())['gid']}", notes="My own words")
    destination.write(version(1, 10, orderTotal=3.0), version(1, 9, orderTotal=2.0))
    assert fields(destination)["Visma amount"] == 3
    assert destination.task(order_id())["notes"] == "My own words"


@pytest.mark.parametrize("stamp", [None, "2026-01-07T08:00:00.1"], ids=["without stamps", "equal stamps"])
def test_without_a_stamp_that_tells_the_later_arrival_wins(destination, stamp):
    for amount in (1.0, 2.0, 1.5):
        destination.write(order(1, lastModifiedDateTime=stamp, orderTotal=amount))
        assert fields(destination)["Visma amount"] == amount


def test_a_stamp_alone_writes_nothing(destination):
    destination.write(version(1, 8))
    destination.fresh_log()
    destination.write(version(1, 9))
    assert destination.written == []


def test_what_only_says_another_version_is_not_told_as_a_changed_description(destination, tmp_path):
    path = tmp_path / "audit.jsonl"
    destination.write(version(1, 8))
    destination.write(version(1, 9, status="Closed"), audit_log_path=str(path), change_comments=True)
    assert "description" not in path.read_text()
    assert "2026-01-07T09:00:00.5" in destination.task(order_id())["notes"]


def test_killed_or_answers_lost_the_later_version_stands(destination):
    destination.write(version(1, 8))
    for action in ("lost_answer", "drop", "cut"):
        destination.asana.fault(action=action, method="PUT", path=r"^/tasks/\d+", times=1)
    destination.write(version(1, 10, orderTotal=3.0), version(1, 9, orderTotal=2.0))
    assert fields(destination)["Visma amount"] == 3
    destination.asana.fault(action="delay", seconds=3600, method="PUT", path=r"^/tasks/\d+", times=None)
    destination.asana.clear_log()
    process = destination.start(version(1, 12, orderTotal=5.0), version(1, 11, orderTotal=4.0))
    until(lambda: destination.requests("PUT") or not process.is_alive())
    process.kill()
    process.join(240)
    destination.asana.control("DELETE", "faults")
    destination.write(version(1, 11, orderTotal=4.0), version(1, 12, orderTotal=5.0), version(1, 11, orderTotal=4.0))
    assert fields(destination)["Visma amount"] == 5
