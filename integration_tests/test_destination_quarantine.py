"""When something is wrong with a record: quarantine, its task for people, replay; audit log; dry run."""

import json

import pytest

from integration_tests.destination_messages import (
    account,
    catalog,
    invoice,
    invoice_id,
    line,
    order,
    order_id,
    record,
    state,
    status,
)
from integration_tests.destination_support import KARI

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
    destination.asana.fault(
        action="error",
        status=400,
        message="name: Too rude",
        path=r"^/tasks\?",
        body="custom_fields.*000002",
        times=None,
    )
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


def test_replay_from_the_file_works_twice(destination, quarantine):
    destination.asana.fault(
        action="error",
        status=400,
        message="name: Too rude",
        path=r"^/tasks\?",
        body="custom_fields.*00000[23]",
        times=2,
    )
    quarantine.write(order(1), order(2), order(3))
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


def test_a_replay_that_fails_again_does_not_feed_the_file(destination, quarantine):
    quarantine.write(order(2, orderTotal="x"))
    for _ in range(2):
        replay = quarantine.path.read_text().splitlines()
        quarantine.write(*replay, configured=ORDERS)
    assert len(quarantine.lines) == 1
    assert len(destination.attention) == 1


def test_halves_of_surrogate_pairs_survive_quarantine_and_replay(destination, quarantine):
    """Some sources let them through; they are no text Asana could take, and no reason to stop."""
    broken = order(2, orderTotal="x", note="half \ud83d pair", odd="\udc00")
    run = quarantine.write(broken, order(3, note="half \ud83d pair"), state("purchase_orders"))
    assert run.state_ids == [1]
    assert "half  pair" in destination.task(order_id(3))["notes"]
    assert quarantine.lines[0]["record"] == broken["record"]
    quarantine.write(*quarantine.path.read_text().splitlines(), configured=ORDERS)
    assert len(quarantine.lines) == 1


def test_without_a_file_the_record_is_in_the_task(destination, quarantine):
    quarantine.write(order(2, orderTotal="x", note="findable"), quarantine_path=None)
    assert "findable" in destination.attention[0]["notes"]


def test_a_value_asana_refuses_goes_to_quarantine_too(destination, quarantine):
    destination.asana.fault(
        action="error",
        status=400,
        message="name: Too rude",
        path=r"^/tasks\?",
        body="custom_fields.*000002",
        times=None,
    )
    run = quarantine.write(order(1), order(2), state("purchase_orders"))
    assert run.state_ids == [1]
    assert "Too rude" in quarantine.lines[0]["reason"]
    assert [name["name"] for name in destination.attention] == ["Could not be synced: PO 000002"]


def test_accounts_can_be_rejected_as_well(destination, quarantine):
    run = quarantine.write(account("1", "One"), account("2", "Two", accountCD=None), state("accounts"))
    assert destination.options() == ["1 One"]
    assert run.states[0]["destinationStats"] == {"recordCount": 1.0, "rejectedRecordCount": 1.0}


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


# --- audit log -------------------------------------------------------------------------------------------------------


def test_the_audit_log_tells_every_action_with_before_and_after(destination, quarantine):
    path = destination.folder / "audit.jsonl"

    def write(*messages):
        quarantine.write(*messages, audit_log_path=str(path), supplier_mapping=[{"supplier": "*", "assignee": KARI}])
        told = lines_in(path)
        path.write_text("")
        return told

    [created] = write(invoice())
    gid = destination.task(invoice_id())["gid"]
    assert (created["action"], created["visma_id"], created["asana_gid"]) == ("created", invoice_id(), gid)
    assert created["changes"]["Visma amount"] == {"before": None, "after": 1250.0}
    assert created["time"].endswith("Z")
    assert write(invoice()) == []
    [updated] = write(invoice(amount=9.5))
    assert updated["action"] == "updated"
    assert updated["changes"] == {"Visma amount": {"before": 1250, "after": 9.5}}
    assert [each["action"] for each in write(invoice(amount=9.5, status="Closed"))] == ["completed"]
    assert [each["action"] for each in write(invoice(amount=9.5))] == ["reopened"]
    [quarantined] = write(invoice(amount="x"))
    assert quarantined["action"] == "quarantined"
    assert "amount" in quarantined["reason"]


def test_the_audit_log_tells_lines(destination):
    path = destination.folder / "audit.jsonl"
    destination.write(order(lines=[line(1), line(2)]), audit_log_path=str(path))
    destination.write(order(lines=[line(1, "Toner")]), audit_log_path=str(path))
    changes = lines_in(path)[-1]["changes"]
    assert changes["line 1"]["before"].startswith("1. Paper A4")
    assert changes["line 1"]["after"].startswith("1. Toner")
    assert changes["line 2"]["after"] is None


def test_a_half_written_line_does_not_spoil_the_next(destination):
    path = destination.folder / "audit.jsonl"
    path.write_text('{"time": "2026-01-0')
    destination.write(invoice(), audit_log_path=str(path))
    assert json.loads(path.read_text().splitlines()[1])["action"] == "created"


# --- dry run ---------------------------------------------------------------------------------------------------------


def test_a_dry_run_tells_writes_nothing_and_releases_no_state(destination):
    destination.write(order(1, lines=[line(1), line(2)]), account("1", "One"), account("2", "Two"))
    before, audit = destination.asana.state(), destination.folder / "audit.jsonl"
    destination.fresh_log()
    run = destination.write(
        order(1, orderTotal=300.0, lines=[line(1, "Toner"), line(3)]),
        order(2),
        account("1", "Renamed"),
        account("3", "Three"),
        state("purchase_orders"),
        dry_run=True,
        audit_log_path=str(audit),
    )
    assert destination.written == []
    assert destination.asana.state() == before
    assert run.states == []
    assert f"{order_id(1)} (PO 000001) would be updated" in run.log
    assert "Visma amount: 250 → 300.0" in run.log.replace("250.0", "250")
    assert f"{order_id(2)} (PO 000002) would be created" in run.log
    assert "3. Paper A4" in run.log
    assert "1 One" in run.log
    assert "3 Three" in run.log
    assert not audit.exists() or audit.read_text() == ""


def test_a_dry_run_of_an_empty_project(destination):
    destination.fresh_log()
    run = destination.write(
        order(1),
        invoice(status="Closed"),
        account("1", "One"),
        state("purchase_orders"),
        dry_run=True,
        section_by_status=True,
    )
    assert destination.written == []
    assert run.states == []
    assert run.log.count("would be created") >= 3


def test_a_dry_run_tells_the_same_documents_as_the_real_run_writes(destination):
    messages = [order(1), order(2, status="Closed"), invoice(1), invoice(2, documentType="CreditAdj")]
    destination.write(messages[0], messages[2])
    messages[0] = order(1, orderTotal=1.0)
    dry = destination.write(*messages, dry_run=True)
    real = destination.write(*messages)
    counts = [next(text for text in run.log.splitlines() if "supplier_invoices:" in text) for run in (dry, real)]
    assert counts[0] == counts[1]


def test_a_dry_run_rejects_without_writing(destination, quarantine):
    destination.fresh_log()
    run = quarantine.write(order(1, orderTotal="x"), dry_run=True)
    assert destination.written == []
    assert "orderTotal" in run.log
    assert not quarantine.path.exists() or quarantine.lines == []


def test_ignored_streams_are_counted(destination):
    run = destination.write(record("employees", {"employeeId": 1}), record("journal_transactions", {"x": 1}))
    assert "employees: 1 ignored." in run.log
    assert destination.written == []
