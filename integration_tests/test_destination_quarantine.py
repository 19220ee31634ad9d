"""When something is wrong with a record: quarantine, its task for people, replay."""

import json

import pytest

from integration_tests.destination_messages import (
    account,
    catalog,
    line,
    order,
    order_id,
    state,
    status,
)

ORDERS = catalog("purchase_orders")


def lines_in(path):
    return [json.loads(text) for text in path.read_text().splitlines()]


@pytest.fixture
def quarantine(destination):
    """Writes with on_record_error = quarantine into a file of its own."""

    class Quarantine:
        path = destination.folder / "data" / "quarantine.jsonl"

        def write(self, *messages, **more):
            more.setdefault("quarantine_path", str(self.path))
            return destination.write(*messages, on_record_error="quarantine", **more)

        @property
        def lines(self):
            return lines_in(self.path)

    return Quarantine()


# --- fail ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("broken", "words"),
    [
        (order(2, orderNbr=None), ["orderNbr", "missing"]),
        (order(2, orderTotal="a lot"), [order_id(2), "orderTotal", "a lot"]),
        (order(2, promisedOn="soon"), [order_id(2), "promisedOn", "soon"]),
        (order(2, lines=[{"lineNbr": "x"}]), [order_id(2), "lines[0].lineNbr"]),
    ],
    ids=["key", "amount", "date", "line"],
)
def test_fail_stops_the_sync_and_names_document_and_field(destination, broken, words):
    run = destination.write(order(1), state("purchase_orders", 1), broken, state("purchase_orders", 2), code=1)
    assert run.error["failure_type"] == "config_error"
    for word in [*words, "on_record_error"]:
        assert word in run.error["message"]
    assert 2 not in run.state_ids


def test_fail_names_what_asana_said(destination):
    destination.refuse_tasks("name: Too rude", "custom_fields.*000002")
    run = destination.write(order(1), order(2), state("purchase_orders"), code=1)
    for word in (order_id(2), "name: Too rude", "400"):
        assert word in run.error["message"]
    assert run.states == []


# --- quarantine ------------------------------------------------------------------------------------------------------


def test_quarantine_goes_on_and_counts(destination, quarantine):
    run = quarantine.write(
        order(1), order(2, orderTotal="x"), order(3, orderNbr=None), order(4), state("purchase_orders")
    )
    assert set(destination.tasks) == {order_id(1), order_id(4)}
    assert run.states[0]["destinationStats"] == {"recordCount": 2.0, "rejectedRecordCount": 2.0}
    assert "2 created, 2 quarantined" in run.log
    assert [text for text in run.warnings if order_id(2) in text and "orderTotal" in text]


def test_the_file_holds_airbyte_records_with_the_reason_beside(quarantine):
    broken = order(2, orderTotal="x")
    broken["record"]["namespace"] = None
    quarantine.write(broken, order(1))
    [kept] = quarantine.lines
    assert set(kept) == {"type", "record", "reason"}
    assert kept["type"] == "RECORD"
    assert kept["record"] == broken["record"]
    assert "orderTotal" in kept["reason"]


def test_people_see_a_rejected_record_in_needs_attention(destination, quarantine):
    quarantine.write(order(2, orderTotal="x"), order(3, orderNbr=None))
    told = {task["name"]: task for task in destination.attention}
    assert len(told) == 2
    task = told["Could not be synced: PO 000002"]
    assert f"Document: {order_id(2)}" in task["notes"]
    assert "Reason: orderTotal: should be a number" in task["notes"]
    assert not task["completed"]
    assert all("Visma ID" not in each["fields"] for each in told.values())
    quarantine.write(order(2, orderTotal="x"), order(3, orderNbr=None))
    assert len(destination.attention) == 2, "one per document, however often it fails"


def test_a_changed_reason_updates_the_same_task(destination, quarantine):
    quarantine.write(order(2, orderTotal="x"))
    quarantine.write(order(2, promisedOn="never"))
    [task] = destination.attention
    assert "promisedOn" in task["notes"]


def test_the_sync_that_succeeds_closes_it(destination, quarantine):
    quarantine.write(order(2, orderTotal="x"))
    quarantine.write(order(2))
    [task] = destination.attention
    assert task["completed"]
    assert not destination.task(order_id(2))["completed"]


def test_one_task_for_a_document_however_often_it_is_closed(destination, quarantine):
    broken = order(2, orderTotal="x")
    quarantine.write(broken)
    destination.as_person("PUT", f"/tasks/{destination.attention[0]['gid']}", completed=True)
    quarantine.write(broken)
    [task] = destination.attention
    assert not task["completed"], "it is still not in Asana"
    quarantine.write(order(2))
    quarantine.write(broken)
    [task] = destination.attention
    assert not task["completed"]


def test_a_task_people_moved_to_a_section_of_theirs_is_known_there(destination, quarantine):
    quarantine.write(order(2, orderTotal="x"))
    [task] = destination.attention
    project = destination.asana.PROJECT
    mine = destination.as_person("POST", f"/projects/{project}/sections", name="I am on it")
    destination.as_person("POST", f"/sections/{mine['gid']}/addTask", task=task["gid"])
    # By now search knows it.
    destination.asana.settings(clock_offset=60)
    quarantine.write(order(2, promisedOn="never"))
    [task] = destination.asana.state(project)["tasks"]
    assert "promisedOn" in task["notes"]
    quarantine.write(order(2))
    closed = {each["name"]: each["completed"] for each in destination.asana.state(project)["tasks"]}
    assert closed == {"Could not be synced: PO 000002": True, "PO 000002 · Nordic Office AS": False}


def test_replay_from_the_file_works_twice(destination, quarantine):
    destination.refuse_tasks("name: Too rude", "custom_fields.*00000[23]")
    quarantine.write(order(1), order(2), order(3))
    destination.asana.control("DELETE", "faults")
    assert set(destination.tasks) == {order_id(1)}
    replay = quarantine.path.read_text().splitlines()
    assert len(replay) == 2
    quarantine.write(*replay, configured=ORDERS)
    assert set(destination.tasks) == {order_id(1), order_id(2), order_id(3)}
    assert all(task["completed"] for task in destination.attention)
    destination.fresh_log()
    quarantine.write(*replay, configured=ORDERS)
    assert destination.written == []
    assert len(quarantine.lines) == 2


def test_a_replay_that_fails_again_fails_and_does_not_feed_the_file(destination, quarantine):
    quarantine.write(order(2, orderTotal="x"))
    for _ in range(2):
        replay = quarantine.path.read_text().splitlines()
        run = quarantine.write(*replay, configured=ORDERS, code=1)
        assert run.error["message"].startswith("The replay wrote nothing: its record was rejected again")
        assert "orderTotal" in run.output
    assert len(quarantine.lines) == 1
    assert len(destination.attention) == 1


def test_a_replay_of_which_a_part_is_written_is_good(destination, quarantine):
    quarantine.write(order(2, orderTotal="x"), order(3, promisedOn="soon"), order(4, orderTotal="y"))
    assert len(quarantine.lines) == 3
    vain = [json.dumps(message) for message in quarantine.lines]
    assert "all 3 records" in quarantine.write(*vain, configured=ORDERS, code=1).error["message"]
    mended = [json.dumps({**order(4), "reason": "it was wrong"})]
    quarantine.write(*vain[:2], *mended, configured=ORDERS)
    assert set(destination.tasks) == {order_id(4)}


def test_halves_of_surrogate_pairs_survive_quarantine_and_replay(destination, quarantine):
    """Some sources let them through; they are no text Asana could take, and no reason to stop."""
    broken = order(2, orderTotal="x", note="half \ud83d pair", odd="\udc00")
    run = quarantine.write(broken, order(3, note="half \ud83d pair"), state("purchase_orders"))
    assert run.state_ids == [1]
    assert "half  pair" in destination.task(order_id(3))["notes"]
    assert quarantine.lines[0]["record"] == broken["record"]
    quarantine.write(*quarantine.path.read_text().splitlines(), configured=ORDERS, code=1)
    assert len(quarantine.lines) == 1


@pytest.mark.parametrize("path", [True, False], ids=["file", "no file"])
def test_a_wrong_value_that_is_no_text_asana_takes_is_rejected_like_others(destination, quarantine, path):
    config = {} if path else {"quarantine_path": None}
    broken = order(2, orderTotal="7\ud83d\x00 or \udc008")
    run = quarantine.write(broken, order(3), state("purchase_orders"), **config)
    assert run.state_ids == [1]
    assert "orderTotal: should be a number, but is “7 or 8”" in destination.attention[0]["notes"]
    assert list(destination.tasks) == [order_id(3)]


@pytest.mark.parametrize("number", [float("nan"), float("-inf")])
def test_a_number_that_is_none_is_rejected_by_a_replay_too(destination, quarantine, number):
    """Some sources write such numbers, although JSON has none."""
    quarantine.write(order(2, orderTotal=number), order(3))
    assert list(destination.tasks) == [order_id(3)]
    quarantine.write(*quarantine.path.read_text().splitlines(), configured=ORDERS, code=1)
    assert (list(destination.tasks), len(quarantine.lines)) == ([order_id(3)], 1)


def test_without_a_file_the_record_is_in_the_task(destination, quarantine):
    quarantine.write(order(2, orderTotal="x", note="findable"), quarantine_path=None)
    assert "findable" in destination.attention[0]["notes"]


def test_a_value_asana_refuses_goes_to_quarantine_too(destination, quarantine):
    destination.refuse_tasks("name: Too rude", "custom_fields.*000002")
    run = quarantine.write(order(1), order(2), state("purchase_orders"))
    assert run.state_ids == [1]
    assert "Too rude" in quarantine.lines[0]["reason"]
    assert [name["name"] for name in destination.attention] == ["Could not be synced: PO 000002"]


def test_accounts_can_be_rejected_as_well(destination, quarantine):
    run = quarantine.write(account("1", "One"), account("2", "Two", accountCD=None), state("accounts"))
    assert destination.options() == ["1 One"]
    assert run.states[0]["destinationStats"] == {"recordCount": 1.0, "rejectedRecordCount": 1.0}


def test_an_option_asana_refuses_is_the_fault_of_its_record_alone(destination, quarantine):
    refusal = {"action": "error", "status": 400, "message": "name: Too rude", "body": "Rude", "times": None}
    refusal["path"] = r"^/custom_fields/\d+/enum_options"
    quarantine.write(account("1", "One"))
    destination.asana.fault(**refusal)
    rude = {"number": "9", "description": "Rude"}
    messages = [
        account("1", "One"),
        account("2", "Rude"),
        account("3", "Three"),
        order(1),
        order(2, lines=[line(account=rude)]),
    ]
    states = [state("accounts", 1), state("purchase_orders", 2)]
    run = quarantine.write(*messages, *states)
    assert destination.options() == ["1 One", "3 Three"]
    assert set(destination.tasks) == {order_id(1)}
    assert [each["destinationStats"] for each in run.states] == [
        {"recordCount": 2.0, "rejectedRecordCount": 1.0},
        {"recordCount": 1.0, "rejectedRecordCount": 1.0},
    ]
    assert sorted(each["reason"].split(":")[0] for each in quarantine.lines) == ["Visma GL accounts"] * 2
    destination.asana.control("DELETE", "faults")
    quarantine.write(*messages, *states)
    assert [task["completed"] for task in destination.attention] == [True, True]
    destination.asana.fault(**refusal)
    stopped = destination.write(account("4", "Rude"), states[0], code=1)
    assert "“4 Rude”" in stopped.error["message"]
    assert stopped.states == []


def test_faults_of_the_service_are_not_faults_of_a_record(destination, quarantine):
    destination.asana.fault(
        action="error", status=403, message="You shall not write", method="POST", path=r"^/tasks\?", times=None
    )
    run = quarantine.write(order(1), state("purchase_orders"), code=1)
    assert "You shall not write" in run.error["message"]
    assert not quarantine.path.exists() or quarantine.lines == []


def test_a_path_that_cannot_be_written_stops_before_the_first_write(destination):
    for setting in ("quarantine_path", "audit_log_path"):
        run = destination.write(order(), code=1, **{setting: "/proc/nowhere/x.jsonl"})
        assert run.error["message"].startswith(setting)
        assert run.error["failure_type"] == "config_error"
    assert destination.written == []


def test_with_mark_missing_a_quarantined_document_is_not_gone(destination, quarantine):
    overwrite = catalog("purchase_orders", mode="overwrite")
    quarantine.write(order(1), order(2), order(3))
    run = quarantine.write(
        order(1), order(2, orderTotal="x"), status("purchase_orders"), configured=overwrite, mark_missing=True
    )
    assert destination.task(order_id(2))["fields"]["Visma status"] == "Open", run.log
    assert destination.task(order_id(3))["fields"]["Visma status"] == "Gone from Visma"
    quarantine.write(
        order(1), order(4, orderNbr=None), status("purchase_orders"), configured=overwrite, mark_missing=True
    )
    assert destination.task(order_id(2))["fields"]["Visma status"] == "Open", "a record without identity could be any"
