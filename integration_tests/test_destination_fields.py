"""Which custom field is which: by its mark, by its name, and when neither tells."""

import json

import pytest

from integration_tests.destination_fields_support import (
    a_project,
    assert_stopped,
    change_field,
    control_field,
    fields_named,
    forget_marks,
)
from integration_tests.destination_messages import (
    account,
    invoice,
    invoice_id,
    order,
    order_id,
    state,
)
from integration_tests.destination_support import KARI, comments
from integration_tests.sandbox.harness import AsanaSandbox

# --- renamed ---------------------------------------------------------------------------------------------------------


def test_a_new_field_says_in_its_description_which_it_is(destination):
    destination.write(order())
    description = destination.field("Visma amount")["description"]
    assert description.endswith("\n[Visma sync: field=Visma amount]")


def test_every_field_renamed_and_translated_is_still_known(destination):
    destination.write(order(1), invoice(1), account("3000", "Sales"))
    names = {"Visma ID": "Dokument-ID", "Visma amount": "Beløp", "Visma status": "Status i Visma"}
    names |= {"Visma GL accounts": "Konti", "Visma due date": "Forfall"}
    for old, new in names.items():
        change_field(destination, old, name=new)
    before = destination.asana.state()
    destination.fresh_log()
    destination.write(order(1), invoice(1), account("3000", "Sales"))
    assert destination.written == []
    destination.write(order(1, orderTotal=99.0, status="Closed"), account("3000", "Sales and more"))
    after = destination.asana.state()
    assert [f["name"] for f in after["custom_fields"]] == [f["name"] for f in before["custom_fields"]]
    assert len(after["tasks"]) == 2
    [task] = destination.asana.tasks(order_id(1), field="Dokument-ID")
    assert (task["fields"]["Beløp"], task["fields"]["Status i Visma"]) == (99, "Closed")
    assert destination.options("Konti") == ["3000 Sales and more"]


def test_what_people_wrote_around_a_mark_stays_and_the_mark_is_found(destination):
    destination.write(order())
    words = "Spør Kari.\n[ VISMA  SYNC:  field = visma AMOUNT ;owner=Kari]\nSist endret i mai."
    control_field(destination, "Visma amount", description=words, name="Beløp")
    destination.write(order(orderTotal=7.0))
    assert destination.task(order_id())["fields"]["Beløp"] == 7
    assert destination.field("Beløp")["description"] == words


def test_names_two_fields_have_swapped_do_not_swap_their_values(destination):
    destination.write(invoice(amount=100.0, balance=40.0, balanceInCurrency=40.0))
    control_field(destination, "Visma amount", name="X")
    control_field(destination, "Visma balance", name="Visma amount")
    control_field(destination, "X", name="Visma balance")
    destination.fresh_log()
    destination.write(invoice(amount=100.0, balance=40.0, balanceInCurrency=40.0))
    assert destination.written == []


def test_a_name_another_of_our_fields_has_now_is_no_place_for_a_new_one(destination):
    destination.write(order())
    change_field(destination, "Visma currency", name="Old")
    destination.as_person("DELETE", f"/custom_fields/{destination.field('Old')['gid']}")
    change_field(destination, "Visma supplier", name="Visma currency")
    run = destination.write(order(2), state("purchase_orders"), code=1)
    assert_stopped(run, "“Visma currency”", "“Visma supplier”", "Rename it")


def test_audit_log_comments_and_dry_run_use_the_name_people_see(destination):
    destination.write(invoice())
    change_field(destination, "Visma amount", name="Beløp")
    run = destination.write(invoice(amount=3.0), dry_run=True)
    assert "Beløp: 1250.00 → 3.00" in run.log
    assert "Visma amount" not in run.log
    path = destination.folder / "audit.jsonl"
    destination.write(invoice(amount=3.0), audit_log_path=str(path), change_comments=True)
    [line] = [json.loads(text) for text in path.read_text().splitlines()]
    assert line["changes"]["Beløp"] == {"before": 1250, "after": 3.0}
    assert "Visma amount" not in line["changes"]
    [comment] = comments(destination.task(invoice_id()))
    assert "Beløp: 1250.00 → 3.00" in comment


# --- fields of an earlier release ------------------------------------------------------------------------------------


def test_fields_without_a_mark_are_found_by_name_and_marked_once(destination):
    destination.write(invoice())
    forget_marks(destination)
    destination.fresh_log()
    destination.write(invoice())
    marked = [path for path in destination.written if path.startswith("PUT /custom_fields/")]
    assert len(marked) == len(fields_named(destination))
    assert destination.written == marked
    destination.fresh_log()
    change_field(destination, "Visma amount", name="Amount")
    destination.write(invoice())
    assert destination.written == []


def test_a_field_whose_description_is_locked_is_used_without_a_mark_and_without_a_word(destination):
    destination.write(invoice())
    forget_marks(destination)
    control_field(destination, "Visma supplier", locked_by=KARI)
    run = destination.write(invoice(amount=2.0), state("supplier_invoices"))
    assert run.warnings == []
    assert run.state_ids == [1]
    assert destination.task(invoice_id())["fields"]["Visma amount"] == 2


@pytest.mark.parametrize("name", ["Bilags-ID", "Ref"])
def test_a_renamed_field_without_a_mark_is_told_by_the_visma_ids_in_it(destination, name):
    destination.write(invoice(1), order(1))
    forget_marks(destination)
    change_field(destination, "Visma ID", name=name)
    destination.write(invoice(1, amount=8.0), order(1), state("supplier_invoices"))
    assert len(destination.asana.state()["tasks"]) == 2
    [task] = destination.asana.tasks(invoice_id(1), field=name)
    assert task["fields"]["Visma amount"] == 8
    assert "Visma ID" not in fields_named(destination)
    assert destination.field(name)["description"].endswith("[Visma sync: field=Visma ID]")


def forget_words(destination):
    """As if somebody had emptied the descriptions of all fields."""
    for field in destination.asana.state()["custom_fields"]:
        if field["name"].startswith("Visma "):
            destination.asana.control("PATCH", f"custom_fields/{field['gid']}", {"description": ""})


def exchange(destination, one, other):
    """Two fields change their names."""
    control_field(destination, one, name="X")
    control_field(destination, other, name=one)
    control_field(destination, "X", name=other)


@pytest.mark.parametrize("other", ["Visma supplier", "Visma currency"])
def test_names_exchanged_before_there_were_marks_make_no_second_task(destination, other):
    """The words of the first release tell which field is which."""
    destination.write(invoice(1), invoice(2))
    forget_marks(destination)
    exchange(destination, "Visma ID", other)
    destination.write(invoice(1, amount=8.0), state("supplier_invoices"))
    tasks = destination.asana.tasks(field=other)
    assert sorted(task["fields"][other] for task in tasks) == [invoice_id(1), invoice_id(2)]
    assert len(destination.asana.state()["tasks"]) == 2


@pytest.mark.parametrize("other", ["Visma supplier", "Visma currency"])
def test_exchanged_names_of_fields_without_any_words_stop_the_sync(destination, other):
    destination.write(invoice(1), invoice(2))
    forget_words(destination)
    exchange(destination, "Visma ID", other)
    destination.fresh_log()
    run = destination.write(invoice(1), state("supplier_invoices"), code=1)
    assert_stopped(run, "“Visma ID”", f"“{other}”", "Give the fields back their first names")
    assert destination.written == []
    assert "“Visma ID”" in destination.check().verdict["message"]


@pytest.mark.parametrize("forget", [forget_marks, forget_words])
def test_a_field_that_took_the_name_of_a_renamed_one_is_not_the_visma_id(destination, forget):
    destination.write(invoice(1), invoice(2))
    forget(destination)
    change_field(destination, "Visma ID", name="Bilag")
    data = {"name": "Visma ID", "resource_subtype": "text", "workspace": AsanaSandbox.WORKSPACE}
    destination.as_person("POST", "/custom_fields", **data)
    for _ in range(2):
        destination.write(invoice(1), state("supplier_invoices"))
    assert len(destination.asana.state()["tasks"]) == 2
    assert destination.field("Bilag")["description"].endswith("[Visma sync: field=Visma ID]")
    assert destination.field("Visma ID")["description"] in (None, "")


def test_a_renamed_field_of_the_first_release_is_known_in_a_new_project_too(destination):
    """No task of the new project tells which field it is."""
    destination.write(invoice(1), invoice(2))
    forget_marks(destination)
    change_field(destination, "Visma ID", name="Bilag")
    destination.write(invoice(1), state("supplier_invoices"), project_gid=a_project(destination))
    assert len(destination.asana.state()["tasks"]) == 2


def test_of_two_fields_of_the_first_release_the_one_of_the_name_is_the_current_one(destination):
    """It went by names: after a renaming it made a new field and left the values in the old one."""
    destination.write(invoice(1))
    forget_marks(destination)
    words = destination.field("Visma amount")["description"]
    change_field(destination, "Visma amount", name="Beløp")
    data = {"resource_subtype": "number", "precision": 2, "workspace": AsanaSandbox.WORKSPACE}
    destination.as_person("POST", "/custom_fields", name="Visma amount", description=words, **data)
    destination.write(invoice(1, amount=8.0))
    fields = destination.task(invoice_id(1))["fields"]
    assert (fields["Visma amount"], fields["Beløp"]) == (8, 1250)


def test_a_check_and_a_dry_run_mark_nothing(destination):
    destination.write(invoice())
    forget_marks(destination)
    destination.fresh_log()
    assert destination.check().verdict == {"status": "SUCCEEDED"}
    destination.write(invoice(), dry_run=True)
    assert destination.written == []


# --- gone ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("first", [[], [account("3000", "Sales")], [invoice(9, amount="broken")]])
def test_a_deleted_visma_id_field_stops_the_sync_before_its_first_write(destination, first):
    destination.write(invoice(1), order(1))
    destination.as_person("DELETE", f"/custom_fields/{destination.field('Visma ID')['gid']}")
    destination.fresh_log()
    messages = [*first, invoice(1), order(1), state("supplier_invoices")]
    run = destination.write(*messages, code=1, on_record_error="quarantine")
    assert_stopped(run, "2 tasks", "carry this sync's text", "“Visma ID”", "Bring the field back")
    assert destination.written == []
    verdict = destination.check().verdict
    assert verdict["status"] == "FAILED"
    assert "carry this sync's text" in verdict["message"]


def test_a_visma_id_field_deleted_while_one_project_of_two_is_empty(destination):
    """The project that has documents is not the one whose stream comes first."""
    elsewhere = a_project(destination)
    streams = [{"name": "purchase_orders", "write_as": {"type": "task", "project_gid": elsewhere}}]
    destination.write(invoice(1))
    destination.as_person("DELETE", f"/custom_fields/{destination.field('Visma ID')['gid']}")
    destination.fresh_log()
    run = destination.write(order(1), state("purchase_orders"), invoice(1), code=1, streams=streams)
    assert_stopped(run, "1 tasks")
    assert destination.written == []


def test_tasks_of_people_and_of_rejected_records_are_no_documents(destination):
    destination.as_person("POST", "/tasks", name="PO 000001", projects=[AsanaSandbox.PROJECT], notes="From Visma.net?")
    destination.write(invoice(1, amount="broken"), on_record_error="quarantine")
    destination.as_person("DELETE", f"/custom_fields/{destination.field('Visma ID')['gid']}")
    destination.write(invoice(2))
    assert destination.task(invoice_id(2))["fields"]["Visma amount"] == 1250


def test_a_deleted_field_other_than_the_visma_id_is_made_and_filled_again(destination):
    destination.write(invoice())
    destination.as_person("DELETE", f"/custom_fields/{destination.field('Visma amount')['gid']}")
    destination.write(invoice())
    assert destination.task(invoice_id())["fields"]["Visma amount"] == 1250


# --- converted -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("field", "kind", "name"), [("Visma ID", "enum", "Visma ID"), ("Visma amount", "text", "Beløp")]
)
def test_a_field_turned_into_another_type_stops_the_sync_before_its_first_write(destination, field, kind, name):
    destination.write(invoice())
    control_field(destination, field, convert_to=kind, name=name)
    destination.fresh_log()
    run = destination.write(invoice(amount=5.0), state("supplier_invoices"), code=1)
    assert_stopped(run, f"“{name}”", f"of type {kind}", "Turn it back")
    assert destination.written == []
    assert f"“{name}”" in destination.check().verdict["message"]


def test_visma_ids_in_a_field_without_mark_and_of_another_type_stop_the_sync(destination):
    destination.write(invoice())
    forget_marks(destination)
    control_field(destination, "Visma ID", convert_to="enum", name="Dokument")
    destination.fresh_log()
    run = destination.write(invoice(), state("supplier_invoices"), code=1)
    assert_stopped(run, "“Dokument”", "of type enum")
    assert destination.written == []
