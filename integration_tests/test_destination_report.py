"""The report of a sync: a CSV file that a spreadsheet opens, one line per document."""

import csv
import os
import stat

import pyexcel
import pytest

from integration_tests.destination_messages import COMPANY, invoice, invoice_id, order, order_id, record, state
from integration_tests.destination_support import KARI
from integration_tests.waiting import until

HEADER = ["Visma ID", "action", "task address", "differences", "reason"]


@pytest.fixture
def path(destination):
    return destination.folder / "out" / "report.csv"


def rows(path):
    """The lines as a spreadsheet reads them, by Visma ID."""
    assert path.read_bytes().startswith(b"\xef\xbb\xbf"), "Excel tells UTF-8 by the byte order mark"
    with open(path, encoding="utf-8-sig", newline="") as file:
        header, *found = csv.reader(file, strict=True)
    assert header == HEADER
    assert all(len(row) == len(HEADER) for row in found)
    assert len({row[0] for row in found}) == len(found), "one line per document"
    return {row[0]: row for row in found}


def actions(path):
    return {visma_id: row[1] for visma_id, row in rows(path).items()}


def test_each_document_has_a_line_with_action_address_and_differences(destination, path):
    destination.write(invoice(1, supplier={"number": "1", "name": "Blåbær & Sønner, “Øst” ÆÅ"}), report_path=str(path))
    gid = destination.task(invoice_id(1))["gid"]
    line = rows(path)[invoice_id(1)]
    assert line[:3] == [invoice_id(1), "created", f"https://app.asana.com/0/0/{gid}"]
    assert "name: Invoice 1 · Blåbær & Sønner, “Øst” ÆÅ" in line[3]
    assert "Visma amount: 1250.00" in line[3]
    destination.write(invoice(1, amount=-12.0), invoice(2), report_path=str(path))
    assert actions(path) == {invoice_id(1): "updated", invoice_id(2): "created"}
    assert "Visma amount: 1250.00 → -12.00" in rows(path)[invoice_id(1)][3]
    destination.write(invoice(1, amount=-12.0), invoice(2, status="Closed"), report_path=str(path))
    assert actions(path) == {invoice_id(1): "unchanged", invoice_id(2): "updated"}, "each sync writes it anew"
    assert rows(path)[invoice_id(1)][2].endswith(destination.task(invoice_id(1))["gid"])
    assert "completed: no → yes" in rows(path)[invoice_id(2)][3]


def test_an_assignee_is_named_and_what_was_left_out_has_its_reason(destination, path):
    mapping = [{"supplier": "Nordic*", "assignee": KARI}]
    destination.write(invoice(1), report_path=str(path), supplier_mapping=mapping)
    assert "assignee: Kari Nordmann" in rows(path)[invoice_id(1)][3]
    older = invoice(1, lastModifiedDateTime="2025-01-01T00:00:00", amount=3.0)
    destination.write(older, report_path=str(path))
    assert actions(path) == {invoice_id(1): "unchanged"}
    assert "older than the version in Asana" in rows(path)[invoice_id(1)][4]


def test_the_first_action_of_a_document_stays(destination, path):
    destination.write(invoice(1), invoice(1, amount=9.0), report_path=str(path))
    assert actions(path) == {invoice_id(1): "created"}
    destination.write(invoice(1, amount=9.0), invoice(1, amount=8.0), report_path=str(path))
    assert actions(path) == {invoice_id(1): "updated"}, "nothing was done to it before"


def test_an_order_that_only_its_invoice_changes_is_updated(destination, path):
    destination.write(order(1), report_path=str(path))
    line = {"poNumber": "000001", "poLineNr": 1, "costInCurrency": 100.0, "cost": 100.0}
    destination.write(order(1), invoice(7, invoiceLines=[line]), report_path=str(path))
    assert actions(path) == {order_id(1): "updated", invoice_id(7): "created"}
    words = rows(path)[order_id(1)][3]
    assert "Visma invoiced: 0.00 → 100.00" in words
    assert "Invoice 7: 100.00 NOK" in words
    assert " · check " not in words, "that number is for the sync"


@pytest.mark.parametrize("dry_run", [False, True])
def test_a_rejected_document_has_its_reason(destination, path, dry_run):
    broken = invoice(2, amount="much")
    nameless = record("supplier_invoices", {"company_id": COMPANY, "amount": 1.0})
    settings = {"on_record_error": "quarantine", "report_path": str(path), "dry_run": dry_run}
    destination.write(invoice(1), broken, nameless, **settings)
    assert actions(path) == {invoice_id(1): "created", invoice_id(2): "quarantined", "": "quarantined"}
    assert "amount" in rows(path)[invoice_id(2)][4]
    shown = {f"https://app.asana.com/0/0/{task['gid']}" for task in destination.attention}
    assert {rows(path)[each][2] for each in (invoice_id(2), "")} == ({""} if dry_run else shown)


def test_a_dry_run_has_the_same_words(destination, path):
    destination.write(invoice(1), invoice(2))
    messages = invoice(1), invoice(2, amount=5.0), invoice(3)
    destination.write(*messages, dry_run=True, report_path=str(path))
    dry = rows(path)
    assert {key: row[1] for key, row in dry.items()} == {
        invoice_id(1): "unchanged",
        invoice_id(2): "updated",
        invoice_id(3): "created",
    }
    assert dry[invoice_id(3)][2] == "", "it has no task yet"
    destination.write(*messages, report_path=str(path))
    assert actions(path) == {key: row[1] for key, row in dry.items()}
    assert rows(path)[invoice_id(2)][3] == dry[invoice_id(2)][3]


@pytest.mark.parametrize("name", ["=HYPERLINK(0)", "+1+1", "-2+3", "@SUM(A1)", "\t=1"])
def test_no_cell_runs_as_a_formula(destination, path, name):
    """People name the fields, and a field's name stands first in its row of differences."""
    destination.write(invoice(1))
    destination.as_person("PUT", f"/custom_fields/{destination.field('Visma amount')['gid']}", name=name)
    destination.write(invoice(1, amount=5.0), report_path=str(path))
    [line] = rows(path).values()
    assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in line)
    assert name.strip() in line[3]


@pytest.mark.parametrize("name", ["A;=cmd|' /C calc'!A0;", "B;@SUM(1);-2+3;", "C;＝1"])
def test_no_part_between_semicolons_runs_as_a_formula(destination, path, name):
    """A Norwegian Excel that opens the file by a double click separates the cells at semicolons."""
    destination.write(invoice(1, supplier={"number": "1", "name": name}), report_path=str(path))
    text = path.read_text(encoding="utf-8-sig")
    cells = [cell for row in csv.reader(text.splitlines(), delimiter=";") for cell in row]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "＝"))]
    destination.write(invoice(1, amount=-12.0, note="1;-12.00;4"), report_path=str(path))
    assert "Visma amount: 1250.00 → -12.00" in rows(path)[invoice_id(1)][3]
    assert "Note: 1;-12.00;4" in rows(path)[invoice_id(1)][3]


def test_a_spreadsheet_library_reads_it_whole(destination, path):
    """One that gives numbers and dates their types as Excel and LibreOffice do, and could run what looks like a formula."""
    name = 'Blåbær & Sønner; "Øst", 日本 – ÆÅ'
    destination.write(invoice(1, supplier={"number": "1", "name": name}), report_path=str(path))
    gid = destination.task(invoice_id(1))["gid"]
    destination.as_person("PUT", f"/custom_fields/{destination.field('Visma amount')['gid']}", name="=1+1")
    messages = [
        invoice(1, supplier={"number": "1", "name": name}, amount=-1234567.5, note="-2+3\n=A1"),
        invoice(2, supplier={"number": "2", "name": "@SUM(A1) AS"}),
    ]
    destination.write(*messages, report_path=str(path))
    header, *found = pyexcel.get_array(file_name=str(path), encoding="utf-8-sig")
    table = [header, *sorted(found)]
    assert header == HEADER
    assert [row[:3] for row in table[1:]] == [
        [invoice_id(1), "updated", f"https://app.asana.com/0/0/{gid}"],
        [invoice_id(2), "created", f"https://app.asana.com/0/0/{destination.task(invoice_id(2))['gid']}"],
    ]
    assert "'=1+1: 1250.00 → -1234567.50" in table[1][3]
    assert "name: Invoice 2 · @SUM(A1) AS" in table[2][3]
    assert "Note: -2+3; =A1" in table[1][3]
    cells = [cell for row in table for cell in row]
    assert {type(cell) for cell in cells} == {str}
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\ufeff"))]
    destination.write(invoice(3, supplier={"number": "1", "name": name}), report_path=str(path))
    assert f"name: Invoice 3 · {name}" in pyexcel.get_array(file_name=str(path), encoding="utf-8-sig")[1][3]


def test_a_text_of_several_lines_stays_on_one(destination, path):
    destination.write(invoice(1))
    destination.write(invoice(1, note='First\r\nSecond, "quoted"\n=third'), report_path=str(path))
    assert len(path.read_bytes().splitlines()) == 2
    assert 'Second, "quoted"' in rows(path)[invoice_id(1)][3]


def test_only_its_owner_may_read_it(destination, path):
    path.parent.mkdir()
    path.write_text("an older report")
    path.chmod(0o644)
    destination.write(invoice(1), report_path=str(path))
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert actions(path) == {invoice_id(1): "created"}


@pytest.mark.parametrize("dry_run", [False, True])
def test_a_path_that_cannot_be_written_ends_the_sync_before_its_first_write(destination, dry_run):
    folder = destination.folder / "taken"
    folder.mkdir()
    run = destination.write(invoice(1), state("supplier_invoices"), code=1, report_path=str(folder), dry_run=dry_run)
    assert f"report_path: cannot write to {folder}" in run.error["message"]
    assert run.error["failure_type"] == "config_error"
    assert destination.written == []
    assert run.states == []


def test_a_full_disk_ends_the_report_and_not_the_sync(destination):
    run = destination.write(invoice(1), state("supplier_invoices"), report_path="/dev/full")
    assert [text for text in run.warnings if text.startswith("report_path: the report ends here")]
    assert len(run.states) == 1
    assert list(destination.tasks) == [invoice_id(1)]


def test_a_kill_leaves_whole_lines(destination, path):
    destination.asana.settings(write_latency=0.02)
    messages = [invoice(n) for n in range(1, 60)]
    process = destination.start(*messages, report_path=str(path))
    until(lambda: not process.is_alive() or (path.exists() and len(path.read_bytes().splitlines()) > 5))
    process.kill()
    process.join(240)
    assert path.read_bytes().endswith(b"\r\n")
    assert {row[1] for row in rows(path).values()} == {"created"}
    assert set(rows(path)) <= set(destination.tasks)


def test_the_documents_of_a_failed_sync_are_listed_all_the_same(destination, path):
    destination.write(invoice(1))
    run = destination.write(invoice(1), invoice(2), invoice(3, amount="x"), code=1, report_path=str(path))
    assert "amount" in run.error["message"]
    assert actions(path) == {invoice_id(1): "unchanged", invoice_id(2): "created"}
    assert os.access(path, os.R_OK)
