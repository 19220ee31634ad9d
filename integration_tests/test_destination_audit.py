"""The audit log, and the dry run that tells what it would say."""

import json

from integration_tests.destination_messages import account, invoice, invoice_id, line, order, order_id, record, state
from integration_tests.destination_support import KARI


def lines_in(path):
    return [json.loads(text) for text in path.read_text().splitlines()]


# --- audit log -------------------------------------------------------------------------------------------------------


def test_the_audit_log_tells_every_action_with_before_and_after(destination):
    path = destination.folder / "audit.jsonl"

    def write(*messages):
        mapping = [{"supplier": "*", "assignee": KARI}]
        destination.write(*messages, audit_log_path=str(path), supplier_mapping=mapping, on_record_error="quarantine")
        lines = lines_in(path)
        path.write_text("")
        return lines

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


def test_the_audit_log_tells_what_the_description_said(destination):
    path = destination.folder / "audit.jsonl"
    streams = [{"name": "purchase_orders", "write_as": {"type": "project"}}]
    for reference in ("1", "2"):
        messages = invoice(paymentRefNo=reference), order(supplierRef=reference)
        dry = destination.write(*messages, streams=streams, dry_run=True).log
        destination.write(*messages, streams=streams, audit_log_path=str(path))
    lines = [line["changes"]["description"] for line in lines_in(path)[2:]]
    assert len(lines) == 2
    for change in lines:
        assert " reference: 1" in change["before"]
        assert change["after"] == change["before"].replace(" reference: 1", " reference: 2")
    assert dry.count("Supplier reference: 1") == 2, "of the register task and of the project"
    assert "Payment reference: 1" in dry


def test_the_audit_log_tells_of_a_task_whose_lines_failed(destination):
    path = destination.folder / "audit.jsonl"
    destination.asana.fault(action="error", status=400, message="Too many", path=r"^/tasks/\d+/subtasks", times=None)
    destination.write(order(), audit_log_path=str(path), on_record_error="quarantine")
    assert [each["action"] for each in lines_in(path)] == ["created", "quarantined"]
    assert lines_in(path)[0]["asana_gid"] == destination.task(order_id())["gid"]


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
        account("2", "Two", active=False),
        account("3", "Three"),
        state("purchase_orders"),
        dry_run=True,
        audit_log_path=str(audit),
    )
    assert destination.written == []
    assert destination.asana.state() == before
    assert run.states == []
    assert f"{order_id(1)} (PO 000001) would be updated" in run.log
    assert "Visma amount: 250.00 → 300.00" in run.log
    assert f"{order_id(2)} (PO 000002) would be created: name: PO 000002 · " in run.log
    assert f"Dry run, {order_id(1)}, line would be created: 3. Paper A4" in run.log
    assert f"Dry run, {order_id(1)}, line would be completed: 2. Paper A4" in run.log
    assert "None" not in run.log
    assert "the option “1 One” would be renamed to “1 Renamed”" in run.log
    assert "the option “2 Two” would be disabled" in run.log
    assert "the option “3 Three” would be created" in run.log
    assert not audit.exists()


def test_a_dry_run_of_an_empty_project(destination):
    destination.fresh_log()
    run = destination.write(
        order(1),
        invoice(status="Closed"),
        account("1", "One"),
        account("2", "Two", active=False),
        state("purchase_orders"),
        dry_run=True,
        section_by_status=True,
    )
    assert destination.written == []
    assert run.states == []
    assert run.log.count("would be created") >= 3
    assert "accounts: 1 created, 1 unchanged." in run.log


def test_a_dry_run_tells_the_same_documents_as_the_real_run_writes(destination):
    messages = [order(1), order(2, status="Closed"), invoice(1), invoice(2, documentType="DebitAdj")]
    destination.write(messages[0], messages[2])
    messages[0] = order(1, orderTotal=1.0)
    dry = destination.write(*messages, dry_run=True)
    real = destination.write(*messages)
    counts = [next(text for text in run.log.splitlines() if "supplier_invoices:" in text) for run in (dry, real)]
    assert counts[0] == counts[1]


def test_a_dry_run_tells_an_assignment_once_and_only_where_it_would_happen(destination):
    destination.write(invoice(1), invoice(2), invoice(3))
    bot_leaves = destination.task(invoice_id(2))["gid"]
    for assignee in (KARI, None):
        destination.as_person("PUT", f"/tasks/{bot_leaves}", assignee=assignee)
    destination.fresh_log()
    mapping = [{"supplier": "Nordic*", "assignee": KARI}]
    run = destination.write(invoice(1), invoice(2), supplier_mapping=mapping, dry_run=True)
    lines = [text for text in run.log.splitlines() if "assignee:" in text]
    assert len(lines) == 2, run.log
    assert lines[0].endswith("assignee: (empty) → Kari Nordmann")
    assert invoice_id(1) in lines[0]
    assert invoice_id(3) in lines[1], "which the sync reaches without its record"
    assert "supplier_invoices: 1 updated, 1 unchanged." in run.log
    assert destination.written == []


def test_a_dry_run_rejects_without_writing(destination):
    destination.fresh_log()
    path = destination.folder / "quarantine.jsonl"
    run = destination.write(
        order(1, orderTotal="x"), dry_run=True, on_record_error="quarantine", quarantine_path=str(path)
    )
    assert destination.written == []
    assert "orderTotal" in run.log
    assert not path.exists()


def test_ignored_streams_are_counted(destination):
    run = destination.write(record("employees", {"employeeId": 1}), record("journal_transactions", {"x": 1}))
    assert "employees: 1 ignored." in run.log
    assert destination.written == []
