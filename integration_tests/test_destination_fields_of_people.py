"""Fields that people made themselves: copies, fields local to one project, and fields that are hidden."""

import json

import pytest

from integration_tests.destination_fields_support import (
    a_project,
    assert_stopped,
    change_field,
    control_field,
    fields_named,
    local_field,
)
from integration_tests.destination_messages import (
    COMPANY,
    catalog,
    invoice,
    invoice_id,
    order,
    order_id,
    state,
)
from integration_tests.destination_support import KARI
from integration_tests.sandbox.harness import AsanaSandbox

# --- copies ----------------------------------------------------------------------------------------------------------


def copy_of(destination, field, name):
    """As somebody duplicates a field, its description included."""
    original = destination.field(field)
    data = {"name": name, "resource_subtype": original["type"], "description": original["description"]}
    more = {"precision": original["precision"]} if original["type"] == "number" else {}
    return destination.as_person("POST", "/custom_fields", workspace=AsanaSandbox.WORKSPACE, **data, **more)["gid"]


def test_of_two_fields_with_one_mark_the_older_is_used_and_both_are_named(destination):
    destination.write(invoice())
    copy_of(destination, "Visma amount", "Amount copy")
    change_field(destination, "Visma amount", name="Beløp")
    run = destination.write(invoice(amount=4.0))
    assert destination.task(invoice_id())["fields"]["Beløp"] == 4
    [warning] = run.warnings
    assert "“Beløp”" in warning
    assert "“Amount copy”" in warning


def test_of_two_fields_with_the_mark_of_the_visma_id_the_one_that_has_them_is_used(destination):
    destination.write(order("seed"))
    older = destination.field("Visma ID")["gid"]
    copy = copy_of(destination, "Visma ID", "The sync's ID")
    destination.as_person("DELETE", f"/tasks/{destination.task(order_id('seed'))['gid']}")
    path = f"/projects/{AsanaSandbox.PROJECT}/addCustomFieldSetting"
    destination.as_person("POST", path, custom_field=copy)
    fields = {copy: invoice_id(1)}
    destination.as_person("POST", "/tasks", name="Invoice 1", projects=[AsanaSandbox.PROJECT], custom_fields=fields)
    destination.write(invoice(1))
    tasks = destination.asana.state()["tasks"]
    assert [task["fields"].get("The sync's ID") for task in tasks] == [invoice_id(1)]
    assert older != copy


def test_a_copy_that_has_the_mark_alone_is_not_the_visma_id(destination):
    """Somebody has duplicated the field and emptied the description of the first one."""
    destination.write(invoice(1), invoice(2))
    copy_of(destination, "Visma ID", "The sync's ID")
    control_field(destination, "Visma ID", description="")
    destination.write(invoice(1), state("supplier_invoices"))
    assert len(destination.asana.state()["tasks"]) == 2
    assert sorted(destination.tasks) == [invoice_id(1), invoice_id(2)]


def test_visma_ids_in_two_fields_with_the_mark_stop_the_sync(destination):
    destination.write(invoice(1))
    copy = copy_of(destination, "Visma ID", "The sync's ID")
    path = f"/projects/{AsanaSandbox.PROJECT}/addCustomFieldSetting"
    destination.as_person("POST", path, custom_field=copy)
    fields = {copy: invoice_id(2)}
    destination.as_person("POST", "/tasks", name="Invoice 2", projects=[AsanaSandbox.PROJECT], custom_fields=fields)
    destination.fresh_log()
    run = destination.write(invoice(1), invoice(2), state("supplier_invoices"), code=1)
    assert_stopped(run, "“Visma ID”", "“The sync's ID”")
    assert destination.written == []


# --- local to one project --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("first", ["purchase_orders", "supplier_invoices"])
def test_fields_of_one_project_alone_are_never_taken_whatever_comes_first(destination, first):
    elsewhere = a_project(destination)
    local_field(destination, elsewhere)
    local_field(destination, elsewhere, "Visma amount", "number")
    streams = [{"name": "supplier_invoices", "write_as": {"type": "task", "project_gid": elsewhere}}]
    messages = [order(1), invoice(1)] if first == "purchase_orders" else [invoice(1), order(1)]
    for _ in range(2):
        destination.write(*messages, streams=streams)
    assert len(destination.tasks) == 2
    made = [f for f in destination.asana.state()["custom_fields"] if f["is_global_to_workspace"]]
    assert {"Visma ID", "Visma amount"} <= {field["name"] for field in made}


def test_visma_ids_in_a_field_of_one_project_alone_stop_the_sync_before_its_first_write(destination):
    elsewhere = a_project(destination)
    local = local_field(destination, elsewhere)
    fields = {local: invoice_id(1)}
    destination.as_person("POST", "/tasks", name="Invoice 1", projects=[elsewhere], custom_fields=fields)
    streams = [{"name": "supplier_invoices", "write_as": {"type": "task", "project_gid": elsewhere}}]
    run = destination.write(order(1), state("purchase_orders"), invoice(1), code=1, streams=streams)
    assert_stopped(run, "1 tasks", elsewhere, "of that project alone", "field library")
    assert destination.written == []


# --- hidden ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "kind"), [("Visma ID", "text"), ("Visma supplier", "text")])
def test_a_name_that_is_taken_by_a_field_nobody_shows_is_said_before_the_first_document(destination, name, kind):
    data = {"workspace": AsanaSandbox.WORKSPACE, "name": name, "resource_subtype": kind, "privacy_setting": "private"}
    destination.as_person("POST", "/custom_fields", **data)
    run = destination.write(invoice(), state("supplier_invoices"), code=1)
    assert_stopped(run, f"“{name}”", "does not show", "share it")
    assert destination.asana.state()["tasks"] == []
    destination.asana.settings(private_names="told")
    verdict = destination.check().verdict
    assert verdict["status"] == "FAILED"
    assert f"“{name}”" in verdict["message"]


def test_documents_whose_visma_id_field_was_hidden_are_not_made_again(destination):
    destination.write(invoice())
    control_field(destination, "Visma ID", privacy_setting="private", created_by=KARI)
    destination.fresh_log()
    run = destination.write(invoice(), state("supplier_invoices"), code=1)
    assert_stopped(run, "carry this sync's text")
    assert destination.written == []
    assert "carry this sync's text" in destination.check().verdict["message"]


def test_a_visma_id_field_deleted_in_the_midst_of_a_sync_is_not_made_anew(destination):
    destination.write(invoice(1))
    gid = destination.field("Visma ID")["gid"]
    talk = destination.talk(catalog("supplier_invoices"))
    talk.stdin.write(json.dumps(invoice(1, amount=2.0)) + "\n" + json.dumps(state("supplier_invoices", 1)) + "\n")
    talk.stdin.flush()
    while '"STATE"' not in talk.stdout.readline():
        pass
    destination.as_person("DELETE", f"/custom_fields/{gid}")
    talk.stdin.write(json.dumps(invoice(2)) + "\n" + json.dumps(state("supplier_invoices", 2)) + "\n")
    talk.stdin.close()
    output = talk.stdout.read()
    talk.join(240)
    talk.stdout.close()
    assert talk.exitcode == 1
    assert "was deleted or hidden" in output
    assert "Visma ID" not in fields_named(destination)


def test_one_company_alone_decides_nothing_about_another(destination):
    """Two companies share the fields of a workspace: the mark of a field names neither."""
    destination.write(invoice(1), invoice(1, company_id="77"))
    assert {task.split("/")[0] for task in destination.tasks} == {
        f"SupplierInvoiceId:{COMPANY}",
        "SupplierInvoiceId:77",
    }
