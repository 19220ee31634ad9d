"""Data activation: objects with operations, records with mapped fields, rejected records counted."""

import json

import jsonschema
import pytest

from integration_tests.destination_messages import (
    COMPANY,
    bill,
    invoice,
    invoice_id,
    line,
    names,
    order,
    order_id,
    record,
    state,
)
from integration_tests.destination_support import KARI, lines_of

ORDER_KEY = ["company_id", "orderType", "orderNbr"]
INVOICE_KEY = ["company_id", "documentType", "referenceNumber"]
STREAM = "warehouse_documents"


def mapped(object_name, mode, stream=STREAM, key=None):
    """A configured stream as a platform writes it after its fields were mapped to an object."""
    configured = {
        "stream": {
            "name": stream,
            "json_schema": {"type": "object", "properties": {}},
            "supported_sync_modes": ["full_refresh", "incremental"],
        },
        "sync_mode": "full_refresh",
        "destination_sync_mode": mode,
        "destination_object_name": object_name,
    }
    return configured | ({"primary_key": [[part] for part in key]} if key else {})


def activate(destination, mode, *rows, object_name="purchase_order", key=ORDER_KEY, **config):
    configured = {"streams": [mapped(object_name, mode, key=None if mode == "append" else key)]}
    messages = [record(STREAM, row) for row in rows]
    return destination.write(*messages, state(STREAM), configured=configured, **config)


def flat(number=1, **fields):
    return {"company_id": COMPANY, "orderType": "RegularOrder", "orderNbr": f"{number:06d}", **fields}


FULL = {
    "status": "Open",
    "supplierName": "Nordic Office AS",
    "supplierNumber": "50012",
    "orderTotal": 250.0,
    "currency": "NOK",
    "date": "2026-01-07",
    "promisedOn": "2026-02-03",
}


def counts(run):
    return run.states[0]["destinationStats"]


# --- discover --------------------------------------------------------------------------------------------------------


@pytest.fixture
def operations(destination):
    run = destination.command("discover", "--config", destination.file("config", destination.config()))
    assert run.code == 0, run.output
    [message] = run.of("DESTINATION_CATALOG")
    return {(each["object_name"], each["sync_mode"]): each for each in message["destination_catalog"]["operations"]}


def test_discover_names_every_object_with_every_operation(operations):
    objects = ("purchase_order", "supplier_invoice", "customer_invoice")
    modes = ("append_dedup", "append", "update", "soft_delete")
    assert set(operations) == {(name, mode) for name in objects for mode in modes}
    for (name, _), operation in operations.items():
        key = ORDER_KEY if name == "purchase_order" else INVOICE_KEY
        assert operation["matching_keys"] == [key]
        schema = operation["json_schema"]
        jsonschema.Draft7Validator.check_schema(schema)
        assert schema["required"] == key
        assert schema["additionalProperties"] is False
        assert set(key) <= set(schema["properties"])
    assert set(operations["purchase_order", "soft_delete"]["json_schema"]["properties"]) == set(ORDER_KEY)


def test_discover_tells_wrong_settings(destination):
    run = destination.command("discover", "--config", destination.file("config", {"workspace_gid": "1"}))
    assert run.code == 1
    assert "credentials" in run.error["message"]


@pytest.mark.parametrize("name", ["purchase_order", "supplier_invoice", "customer_invoice"])
def test_every_declared_field_reaches_the_task(destination, operations, name):
    """What the schema offers is written: nothing that can be mapped is lost without a word."""
    schema = operations[name, "append_dedup"]["json_schema"]
    key = schema["required"]
    fields = [field for field in schema["properties"] if field not in key]
    bare = [dict(zip(key, (COMPANY, "Invoice", f"{number:06d}"), strict=True)) for number in range(len(fields))]
    rows = [{**row, field: sample(schema["properties"][field])} for row, field in zip(bare, fields, strict=True)]
    for row in rows:
        jsonschema.validate(row, schema)
    activate(destination, "append_dedup", *bare, object_name=name, key=key)
    before = destination.tasks
    activate(destination, "append_dedup", *rows, object_name=name, key=key)
    changed = {visma_id for visma_id, task in destination.tasks.items() if task != before[visma_id]}
    assert {
        field for row, field in zip(bare, fields, strict=True) if not any(row[key[2]] in c for c in changed)
    } == set()


def sample(schema):
    """A value of a declared field."""
    kind = schema["type"][-1]
    if kind == "string":
        return "2026-05-05" if schema.get("format") == "date" else "Some words"
    return {
        "number": 1000.5,
        "object": {"number": "777", "name": "Seven AS"},
        "array": [line(), {"lineNumber": 2, "description": "Paper", "quantity": 1}],
    }[kind]


# --- operations ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("mode", ["append_dedup", "append"])
def test_upsert_of_flat_records_makes_the_same_task_as_the_classic_way(destination, mode):
    run = activate(destination, mode, flat(1, **FULL, lines=[line()]))
    assert counts(run) == {"recordCount": 1.0}
    activated = destination.task(order_id())
    destination.write(order(2))
    classic = destination.task(order_id(2))
    assert {**activated["fields"], "Visma ID": ""} == {**classic["fields"], "Visma ID": ""}
    assert (activated["due_on"], lines_of(activated)) == (classic["due_on"], lines_of(classic))
    assert activated["name"] == "PO 000001 · Nordic Office AS"
    destination.fresh_log()
    activate(destination, mode, flat(1, **FULL, lines=[line()]))
    assert destination.written == []


def test_the_classic_way_and_activation_know_each_others_documents(destination):
    destination.write(order(1))
    activate(destination, "append_dedup", flat(1, orderTotal=99.0), object_name="purchase_order")
    assert len(destination.tasks) == 1
    assert destination.task(order_id())["fields"]["Visma amount"] == 99


def test_nested_objects_are_taken_as_visma_sends_them(destination):
    activate(destination, "append_dedup", flat(1, supplier={"number": "7", "name": "Seven AS"}, supplierNumber="8"))
    task = destination.task(order_id())
    assert task["fields"]["Visma supplier"] == "Seven AS"
    assert "Seven AS (8)" in task["notes"]


def test_what_is_not_mapped_stays(destination):
    destination.write(order(1, lines=[line(), line(2, "Toner", 2, 500)]))
    before = destination.task(order_id())
    activate(destination, "append_dedup", flat(1, status="Hold"))
    after = destination.task(order_id())
    assert after["fields"] == {**before["fields"], "Visma status": "Hold"}
    for unchanged in ("name", "due_on", "notes", "completed", "subtasks"):
        assert after[unchanged] == before[unchanged]


def test_a_mapped_null_empties(destination):
    activate(destination, "append_dedup", flat(1, **FULL))
    activate(destination, "append_dedup", flat(1, promisedOn=None, orderTotal=None))
    task = destination.task(order_id())
    assert task["due_on"] is None
    assert not {"Visma due date", "Visma amount"} & set(task["fields"])
    assert task["fields"]["Visma supplier"] == "Nordic Office AS"


def test_a_closed_status_completes_and_an_open_one_reopens(destination):
    activate(destination, "append_dedup", flat(1, **FULL))
    activate(destination, "update", flat(1, status="Closed"))
    assert destination.task(order_id())["completed"]
    activate(destination, "update", flat(1, status="Open"))
    assert not destination.task(order_id())["completed"]


def test_update_changes_existing_documents_and_rejects_others(destination):
    destination.write(order(1))
    notes = destination.task(order_id())["notes"]
    rows = flat(1, orderTotal=300.0, supplierName="Other AS"), flat(2, orderTotal=1.0), flat(3)
    run = activate(destination, "update", *rows)
    assert counts(run) == {"recordCount": 1.0, "rejectedRecordCount": 2.0}
    assert set(destination.tasks) == {order_id(1)}
    task = destination.task(order_id())
    assert (task["fields"]["Visma amount"], task["name"]) == (300, "PO 000001 · Other AS")
    assert task["notes"] == notes
    assert any(order_id(2) in text for text in run.warnings)
    assert len(destination.attention) == 2


def test_an_update_finds_a_document_written_in_the_same_sync(destination):
    configured = {
        "streams": [
            mapped("purchase_order", "append_dedup", "one", ORDER_KEY),
            mapped("purchase_order", "update", "two", ORDER_KEY),
        ]
    }
    rows = record("one", flat(1, **FULL)), record("two", flat(1, orderTotal=9.0))
    destination.write(*rows, configured=configured)
    assert destination.task(order_id())["fields"]["Visma amount"] == 9


def test_soft_delete_marks_and_never_deletes(destination):
    destination.write(order(1), order(2), invoice())
    run = activate(destination, "soft_delete", flat(1), flat(7))
    assert counts(run) == {"recordCount": 2.0}
    task = destination.task(order_id(1))
    assert task["completed"]
    assert task["fields"]["Visma status"] == "Gone from Visma"
    assert task["fields"]["Visma amount"] == 250
    assert not destination.task(order_id(2))["completed"]
    assert len(destination.tasks) == 3
    destination.fresh_log()
    activate(destination, "soft_delete", flat(1), flat(7))
    assert destination.written == []
    activate(destination, "append_dedup", flat(1, **FULL))
    assert not destination.task(order_id(1))["completed"]


def test_invoices_and_credit_notes_by_their_objects(destination):
    row = {"company_id": COMPANY, "documentType": "DebitAdj", "referenceNumber": "200124", "amount": 80, "balance": 5}
    activate(destination, "append_dedup", row, object_name="supplier_invoice", key=INVOICE_KEY)
    task = destination.task(invoice_id(200124, "DebitAdj"))
    assert (task["name"], task["fields"]["Visma amount"]) == ("Credit note 200124", -80)
    row = {"company_id": COMPANY, "documentType": "Invoice", "referenceNumber": "9", "customerName": "Kunde AS"}
    activate(destination, "append_dedup", row, object_name="customer_invoice", key=INVOICE_KEY)
    assert destination.task(f"CustomerInvoiceId:{COMPANY}/Invoice/9")["name"] == "Sales invoice 9 · Kunde AS"


# --- records and streams that do not fit -----------------------------------------------------------------------------


def test_rejected_records_are_counted_and_kept(destination):
    path = destination.folder / "quarantine.jsonl"
    broken = flat(2, orderTotal="much"), {"company_id": COMPANY, "orderType": "RegularOrder"}, None
    run = activate(destination, "append_dedup", flat(1, **FULL), *broken, quarantine_path=str(path))
    assert counts(run) == {"recordCount": 1.0, "rejectedRecordCount": 3.0}
    kept = [json.loads(text) for text in path.read_text().splitlines()]
    assert len(kept) == 3
    assert any("orderTotal" in each["reason"] for each in kept)


def test_unknown_objects_and_wrong_keys_stop_before_the_first_write(destination):
    for configured, expected in (
        (mapped("invoice", "append_dedup"), "supplier_invoice"),
        (mapped("purchase_order", "append_dedup", key=["orderNbr"]), "company_id, orderType, orderNbr"),
    ):
        run = destination.write(record(STREAM, flat()), configured={"streams": [configured]}, code=1)
        assert expected in run.error["message"]
        assert run.error["failure_type"] == "config_error"
    assert destination.written == []


def test_settings_of_the_stream_hold_for_its_object(destination):
    as_projects = [{"name": "purchase_orders", "write_as": {"type": "project"}}]
    run = activate(
        destination,
        "append_dedup",
        flat(1, **FULL, lines=[line()]),
        streams=as_projects,
        supplier_mapping=[{"supplier": "50012", "assignee": KARI}],
    )
    [project] = [each for each in destination.asana.state()["projects"] if "PO 000001" in each["name"]]
    register = destination.task(order_id())
    assert register["assignee"] == KARI
    assert project["gid"] in register["notes"]
    assert counts(run) == {"recordCount": 1.0}
    activate(destination, "update", flat(1, promisedOn="2026-05-05"), streams=as_projects)
    [project] = [each for each in destination.asana.state()["projects"] if "PO 000001" in each["name"]]
    assert project["due_on"] == "2026-05-05"
    assert len(destination.asana.state(project["gid"])["tasks"]) == 1
    ignored = [{"name": "purchase_orders", "write_as": {"type": "ignore"}}]
    configured = {"streams": [mapped("purchase_order", "update")]}
    run = destination.write(record(STREAM, flat()), configured=configured, streams=ignored, code=1)
    assert "purchase_order" in run.error["message"]


# --- money -----------------------------------------------------------------------------------------------------------


def of_invoice(destination, mode, **fields):
    row = {"company_id": COMPANY, "documentType": "Invoice", "referenceNumber": "1", **fields}
    return activate(destination, mode, row, object_name="supplier_invoice", key=INVOICE_KEY)


@pytest.mark.parametrize("mode", ["append_dedup", "update"])
def test_a_status_alone_changes_what_is_invoiced(destination, mode):
    destination.write(order(1), bill(1, names("000001", 60)))
    for status, invoiced, remaining in (("Voided", 0, 250), ("Open", 60, 190), ("Hold", 0, 250)):
        run = of_invoice(destination, mode, status=status)
        fields = destination.task(order_id())["fields"]
        assert (fields["Visma invoiced"], fields["Visma remaining"]) == (invoiced, remaining)
        assert run.state_ids == [1]


def test_lines_alone_are_in_the_currency_and_of_the_status_of_the_task(destination):
    """The order is in EUR. Its invoice moves to it from 50 to 70 EUR, and counts once it is booked."""
    euros = order(1, currency="EUR", lineTotal=1000, lineTotalInBaseCurrency=11500)
    destination.write(euros, bill(1, names("000001", 50, 575), currencyId="EUR", status="Hold"))
    of_invoice(destination, "update", invoiceLines=[{"lineNumber": 1, **names("000001", 70, 805)}])
    assert destination.task(order_id())["fields"]["Visma invoiced"] == 0
    of_invoice(destination, "update", status="Open")
    assert destination.task(order_id())["fields"]["Visma invoiced"] == 70
    of_invoice(destination, "update", invoiceLines=[{"lineNumber": 1, **names("000001", 40, 460)}])
    assert destination.task(order_id())["fields"]["Visma invoiced"] == 40
