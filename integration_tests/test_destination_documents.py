"""Documents become tasks, once each, and stay what Visma says."""

import pytest

from integration_tests.destination_messages import (
    catalog,
    invoice,
    invoice_id,
    line,
    order,
    order_id,
    record,
    segments,
    state,
    status,
)
from integration_tests.destination_support import comments, lines_of


def test_first_sync_creates_one_task_per_document(destination):
    coded = line(
        account={"number": "6800", "description": "Office"}, sub=segments(("330", "Marketing"), ("10", "Bergen"))
    )
    run = destination.write(order(1, lines=[coded, line(2, "Toner", 2, 500)]), invoice(), state("purchase_orders"))
    assert run.state_ids == [1]
    task = destination.task(order_id())
    assert task["name"] == "PO 000001 · Nordic Office AS"
    assert task["due_on"] == "2026-02-03"
    assert task["fields"] == {
        "Visma ID": order_id(),
        "Visma document type": "Purchase order",
        "Visma supplier": "Nordic Office AS",
        "Visma amount": 250,
        "Visma currency": "NOK",
        "Visma due date": "2026-02-03",
        "Visma document date": "2026-01-07",
        "Visma status": "Open",
        "Visma line items": "10 × Paper A4; 2 × Toner",
        "Visma GL accounts": ["6800 Office"],
        "Visma cost centers": ["10 Bergen", "330 Marketing"],
        "Visma committed": 1250,
        "Visma received": 0,
        "Visma invoiced": 0,
        "Visma remaining": 1250,
    }
    assert lines_of(task) == ["1. Paper A4 — 10 × 25.00 = 250.00 NOK", "2. Toner — 2 × 500.00 = 1000.00 NOK"]
    assert destination.task(invoice_id())["name"] == "Invoice 200001 · Nordic Office AS"
    assert destination.task(invoice_id())["fields"]["Visma balance"] == 1250


def test_everything_is_in_the_create_call(destination):
    """So that no state between create and update exists, and an assigned task notifies once."""
    destination.write(
        invoice(1), invoice(2, status="Closed"), supplier_mapping=[{"supplier": "*", "assignee": "Kari Nordmann"}]
    )
    creates = [entry["body"]["data"] for entry in destination.requests("POST") if entry["path"] == "/tasks"]
    always = frozenset({"name", "projects", "due_on", "html_notes", "custom_fields"})
    assert {frozenset(data) for data in creates} == {always | {"assignee"}, always | {"completed"}}
    values = [value for data in creates for value in data["custom_fields"].values()]
    assert invoice_id(1) in values
    assert invoice_id(2) in values
    assert not destination.requests("PUT")


def test_custom_fields_have_the_types_of_the_contract_and_make_no_noise(destination):
    coded = line(account={"number": "6800"}, sub=segments(("330", "Marketing")))
    destination.write(order(lines=[coded]))
    fields = {field["name"]: field for field in destination.asana.state()["custom_fields"]}
    assert {name: field["type"] for name, field in fields.items() if name.startswith("Visma")} == {
        "Visma ID": "text",
        "Visma document type": "enum",
        "Visma supplier": "text",
        "Visma amount": "number",
        "Visma balance": "number",
        "Visma currency": "text",
        "Visma due date": "date",
        "Visma document date": "date",
        "Visma status": "enum",
        "Visma line items": "text",
        "Visma GL accounts": "multi_enum",
        "Visma cost centers": "multi_enum",
        "Visma committed": "number",
        "Visma received": "number",
        "Visma invoiced": "number",
        "Visma remaining": "number",
    }
    assert fields["Visma amount"]["precision"] == 2
    assert fields["Visma balance"]["precision"] == 2
    made = [field for name, field in fields.items() if name.startswith("Visma")]
    assert not any(field["has_notifications_enabled"] for field in made)
    project = destination.asana.state(destination.asana.PROJECT)["projects"][0]
    assert {field["name"] for field in made} <= set(project["custom_fields"])


def test_replay_writes_nothing(destination):
    coded = line(account={"number": "6800", "description": "Office"}, sub=segments(("330", "Marketing")))
    messages = [
        order(1, lines=[coded, line(2)], note="<b>Bold</b> & more\n\n\n  æøå"),
        invoice(1, amount=0.1 + 0.2, status="Closed"),
        invoice(2, documentType="DebitAdj", dueDate=None, status=None, supplier=None),
        state("purchase_orders"),
    ]
    destination.write(*messages)
    before = destination.tasks
    destination.fresh_log()
    run = destination.write(*messages)
    assert destination.written == []
    assert destination.tasks == before
    assert run.state_ids == [1]
    assert "supplier_invoices: 2 unchanged." in run.log


def test_one_changed_field_is_one_put_with_that_field_alone(destination):
    destination.write(order(1), order(2))
    destination.fresh_log()
    destination.write(order(1, orderTotal=300.0), order(2))
    assert len(destination.written) == 1
    [put] = destination.requests("PUT")
    assert list(put["body"]["data"]) == ["custom_fields"]
    assert list(put["body"]["data"]["custom_fields"].values()) == [300.0]
    assert destination.task(order_id())["fields"]["Visma amount"] == 300


def test_emptied_values_are_cleared(destination):
    destination.write(invoice())
    destination.write(invoice(dueDate=None, balance=None, balanceInCurrency=None, currencyId=None))
    task = destination.task(invoice_id())
    assert task["due_on"] is None
    assert not {"Visma due date", "Visma balance", "Visma currency"} & set(task["fields"])


def test_several_records_of_one_document_in_one_sync_end_with_the_last(destination):
    run = destination.write(
        *(order(1, orderTotal=float(total)) for total in range(100, 112)),
        order(2),
        order(1, status="Closed"),
        state("purchase_orders"),
    )
    task = destination.task(order_id())
    assert task["fields"]["Visma amount"] == 250
    assert task["completed"]
    assert len(destination.tasks) == 2
    assert run.states[0]["destinationStats"]["recordCount"] == 14


def test_a_key_that_changes_case_is_the_same_document(destination):
    destination.write(order("ab-1"))
    run = destination.write(order("AB-1", orderTotal=300.0), order("Ab-1", orderTotal=300.0))
    assert list(destination.tasks) == [order_id("ab-1")]
    assert destination.task(order_id("ab-1"))["fields"]["Visma amount"] == 300
    assert "created" not in run.log


def test_nulls_everywhere_but_in_the_key(destination):
    key = {"company_id", "orderType", "orderNbr", "documentType", "referenceNumber"}
    messages = [order(), invoice()]
    for message in messages:
        data = message["record"]["data"]
        message["record"]["data"] = {name: value if name in key else None for name, value in data.items()}
    destination.write(*messages)
    assert destination.task(order_id())["name"] == "PO 000001"
    nothing = dict.fromkeys(("Visma committed", "Visma received", "Visma invoiced", "Visma remaining"), 0)
    assert destination.task(order_id())["fields"] == {
        "Visma ID": order_id(),
        "Visma document type": "Purchase order",
        **nothing,
    }
    assert destination.task(invoice_id())["name"] == "Invoice 200001"
    destination.fresh_log()
    destination.write(*messages)
    assert destination.written == []


def test_only_the_key_is_needed(destination):
    destination.write(
        record("purchase_orders", {"company_id": "4100251", "orderType": "RegularOrder", "orderNbr": "7"})
    )
    assert destination.task(order_id("7"))["name"] == "PO 7"


NASTY = "<script>alert('æøå')</script> & \"日本\" 🧾 \\1 ]]> %s {x} \x07\u200b"


def test_special_characters_arrive_as_they_are(destination):
    lines = [line(1, f"{NASTY} 1. 2. 3.")]
    destination.write(order("Ø/12 &?#", supplier={"name": NASTY, "number": "<5>"}, lines=lines, note=NASTY))
    [task] = destination.tasks.values()
    shown = NASTY.replace("\x07", "")
    assert task["fields"]["Visma ID"] == order_id("Ø/12 &?#")
    assert task["fields"]["Visma supplier"] == shown
    assert task["name"] == f"PO Ø/12 &?# · {shown}"
    assert shown in task["notes"]
    assert lines_of(task)[0].startswith(f"1. {shown} 1. 2. 3. —")
    destination.fresh_log()
    destination.write(order("Ø/12 &?#", supplier={"name": NASTY, "number": "<5>"}, lines=lines, note=NASTY))
    assert destination.written == []


def test_extra_columns_do_no_harm(destination):
    extra = {"newField": {"deep": [1, {"x": None}]}, "_ab_source_file_url": "x", "orderTotal2": "?"}
    destination.write(order(**extra), {**order(2), "extra": 1})
    assert set(destination.tasks) == {order_id(1), order_id(2)}


def test_texts_longer_than_asana_takes_are_cut(destination):
    lines = [line(n, "L" * 2000) for n in range(1, 30)]
    destination.write(order(supplier={"name": "N" * 3000}, note="n" * 100_000, lines=lines))
    task = destination.task(order_id())
    assert len(task["fields"]["Visma supplier"]) == 1024
    assert len(task["fields"]["Visma line items"]) <= 1024
    assert len(task["name"]) <= 1024
    assert all(len(name) <= 1024 for name in lines_of(task))


@pytest.mark.parametrize("mode", ["append", "append_dedup", "overwrite", "overwrite_dedup"])
def test_every_sync_mode_upserts(destination, mode):
    destination.write(order(1), order(2), status("purchase_orders"), configured=catalog("purchase_orders", mode=mode))
    destination.write(
        order(1, orderTotal=1.0), status("purchase_orders"), configured=catalog("purchase_orders", mode=mode)
    )
    assert destination.task(order_id(1))["fields"]["Visma amount"] == 1
    assert destination.task(order_id(2))["fields"]["Visma status"] == "Open"
    assert not destination.task(order_id(2))["completed"]


# --- comments --------------------------------------------------------------------------------------------------------


def test_change_comments_say_in_words_what_changed(destination):
    destination.write(invoice(), change_comments=True)
    assert comments(destination.task(invoice_id())) == []
    destination.write(invoice(amount=1300.0, status="Closed", dueDate=None), change_comments=True)
    [text] = comments(destination.task(invoice_id()))
    assert "Visma amount: 1250.00 → 1300.00" in text
    assert "Visma status: Open → Closed" in text
    assert "Visma due date: 2026-01-24 → (empty)" in text
    destination.write(invoice(amount=1300.0, status="Closed", dueDate=None), change_comments=True)
    assert len(comments(destination.task(invoice_id()))) == 1


def test_change_comments_tell_of_lines_and_words_too(destination):
    plain = {"change_comments": True, "line_items": "none"}
    destination.write(order(1), order(2), **plain)
    destination.write(order(1, lines=[line(text="Toner")]), order(2, note="Ring before delivery"), **plain)
    assert comments(destination.task(order_id(1))) == [
        "Changed in Visma.net\nVisma line items: 10 × Paper A4 → 10 × Toner"
    ]
    assert comments(destination.task(order_id(2))) == ["Changed in Visma.net\n(empty) → Note: Ring before delivery"]
    destination.write(order(1, lines=[line()]), change_comments=True)
    destination.write(order(1, lines=[line(cost=30)]), change_comments=True)
    text = comments(destination.task(order_id(1)))[-1]
    assert "Line 1: 1. Paper A4 — 10 × 25.00 = 250.00 NOK → 1. Paper A4 — 10 × 30.00 = 300.00 NOK" in text
    assert "Visma line items" not in text


def test_without_change_comments_nobody_is_told(destination):
    destination.write(invoice())
    destination.write(invoice(amount=1300.0))
    assert comments(destination.task(invoice_id())) == []


# --- what was there before -------------------------------------------------------------------------------------------


def test_duplicates_made_by_others_are_named_and_the_older_is_updated(destination):
    destination.write(invoice())
    task = destination.task(invoice_id())
    values = {destination.field("Visma ID")["gid"]: invoice_id()}
    copy = destination.as_person(
        "POST", "/tasks", name="Copy", projects=[destination.asana.PROJECT], custom_fields=values
    )
    run = destination.write(invoice(amount=99.0))
    by_gid = {each["gid"]: each for each in destination.asana.tasks(invoice_id())}
    assert set(by_gid) == {task["gid"], copy["gid"]}
    assert by_gid[task["gid"]]["fields"]["Visma amount"] == 99
    assert by_gid[copy["gid"]]["name"] == "Copy"
    [warning] = [text for text in run.warnings if "Two tasks carry" in text]
    assert invoice_id() in warning
    assert task["gid"] in warning
    assert copy["gid"] in warning


def test_a_task_a_person_moved_to_another_project_is_found_and_brought_back(destination):
    destination.write(invoice(1), invoice(2))
    destination.as_person(
        "POST", "/projects", name="Elsewhere", workspace=destination.asana.WORKSPACE, team="1200000000000200"
    )
    [other] = [p for p in destination.asana.state()["projects"] if p["name"] == "Elsewhere"]
    gid = destination.task(invoice_id(1))["gid"]
    destination.as_person("POST", f"/tasks/{gid}/addProject", project=other["gid"])
    destination.as_person("POST", f"/tasks/{gid}/removeProject", project=destination.asana.PROJECT)
    destination.asana.control("POST", "search/refresh")
    destination.write(invoice(1, amount=99.0), invoice(2))
    assert destination.task(invoice_id(1))["gid"] == gid
    assert destination.task(invoice_id(1))["fields"]["Visma amount"] == 99


def test_a_field_of_another_type_stops_the_sync_before_the_first_write(destination):
    destination.as_person(
        "POST", "/custom_fields", name="Visma amount", workspace=destination.asana.WORKSPACE, resource_subtype="text"
    )
    run = destination.write(order(), state("purchase_orders"), code=1)
    assert "“Visma amount” of type text" in run.error["message"]
    assert run.states == []
    assert destination.written == []


def test_existing_fields_of_the_workspace_are_used(destination):
    for name in ("Visma ID", "Visma supplier"):
        destination.as_person(
            "POST", "/custom_fields", name=name, workspace=destination.asana.WORKSPACE, resource_subtype="text"
        )
    destination.write(order())
    assert destination.task(order_id())["fields"]["Visma supplier"] == "Nordic Office AS"
    assert len([f for f in destination.asana.state()["custom_fields"] if f["name"] == "Visma ID"]) == 1


def test_two_projects_by_stream(destination):
    destination.as_person(
        "POST", "/projects", name="Orders", workspace=destination.asana.WORKSPACE, team="1200000000000200"
    )
    [other] = [p for p in destination.asana.state()["projects"] if p["name"] == "Orders"]
    destination.as_person("POST", "/memberships", parent=other["gid"], member="1200000000000010", access_level="editor")
    entry = {"name": "purchase_orders", "write_as": {"type": "task", "project_gid": other["gid"]}}
    destination.write(order(), invoice(), streams=[entry])
    assert [m["project"] for m in destination.task(order_id())["memberships"]] == [other["gid"]]
    assert [m["project"] for m in destination.task(invoice_id())["memberships"]] == [destination.asana.PROJECT]
    destination.fresh_log()
    destination.write(order(), invoice(), streams=[entry])
    assert destination.written == []
