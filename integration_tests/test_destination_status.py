"""Status life cycle: completed, reopened, approvals left alone, and documents that no longer come."""

import json

import pytest

from integration_tests.destination_messages import catalog, invoice, invoice_id, order, order_id, state, status


def test_an_invoice_is_completed_when_closed_and_opened_when_reopened(destination):
    for status_name, completed in (
        ("Open", False),
        ("Closed", True),
        ("Balanced", False),
        ("Voided", True),
        ("Open", False),
    ):
        destination.write(invoice(status=status_name))
        task = destination.task(invoice_id())
        assert task["completed"] is completed
        assert task["fields"]["Visma status"] == status_name
    assert destination.options("Visma status") == ["Open", "Closed", "Balanced", "Voided"]


def test_an_order_is_done_when_closed_or_cancelled_and_shown_as_visma_shows_it(destination):
    """A rejected order goes back to rework: it stays open."""
    for status_name, shown, completed in (
        ("Hold", "Hold", False),
        ("Balanced", "Pending approval", False),
        ("Voided", "Rejected", False),
        ("Open", "Open", False),
        ("Closed", "Closed", True),
        ("Open", "Open", False),
        ("Cancelled", "Cancelled", True),
        ("Voided", "Rejected", False),
    ):
        destination.write(order(status=status_name), section_by_status=True)
        task = destination.task(order_id())
        assert task["completed"] is completed
        assert task["fields"]["Visma status"] == shown
        assert task["memberships"][0]["section"] == shown


@pytest.mark.parametrize(("before", "after", "ticked"), [("Open", "Balanced", True), ("Closed", "Voided", False)])
def test_a_persons_tick_stays_until_visma_closes_or_opens_the_document(destination, before, after, ticked):
    destination.write(invoice(status=before))
    destination.as_person("PUT", f"/tasks/{destination.task(invoice_id())['gid']}", completed=ticked)
    for changes in ({"status": before, "amount": 2.0}, {"status": after}):
        destination.write(invoice(**changes))
        assert destination.task(invoice_id())["completed"] is ticked
    destination.write(invoice(status="Open" if after == "Voided" else "Closed"))
    assert destination.task(invoice_id())["completed"] is (after != "Voided")


TEXTS = {
    "description": "Other words",
    "note": "A note",
    "dueDate": "2026-05-01T00:00:00",
    "promisedOn": "2026-05-02T00:00:00",
}


@pytest.mark.parametrize("ticked", [True, False])
@pytest.mark.parametrize(("make", "visma_id"), [(order, order_id()), (invoice, invoice_id())], ids=["order", "invoice"])
def test_a_persons_tick_or_its_removal_stays_through_amounts_texts_and_lines(destination, make, visma_id, ticked):
    """It follows changes of Visma's status, not the status."""
    status_name = "Open" if ticked else "Closed"
    destination.write(make(status=status_name))
    destination.as_person("PUT", f"/tasks/{destination.task(visma_id)['gid']}", completed=ticked)
    for changes in ({"orderTotal": 7.0, "amount": 7.0}, TEXTS, {"supplier": {"number": "9", "name": "Renamed AS"}}, {}):
        destination.write(make(status=status_name, **changes))
        assert destination.task(visma_id)["completed"] is ticked, changes
    destination.write(make(status="Closed" if ticked else "Open"))
    assert destination.task(visma_id)["completed"] is ticked, "Visma has done now what the person did"


def test_complete_when_closed_off_leaves_completion_to_people(destination):
    destination.write(invoice(status="Closed"), complete_when_closed=False)
    assert not destination.task(invoice_id())["completed"]
    destination.as_person("PUT", f"/tasks/{destination.task(invoice_id())['gid']}", completed=True)
    destination.write(invoice(status="Open"), complete_when_closed=False)
    assert destination.task(invoice_id())["completed"]


def test_an_order_and_invoices_of_the_same_number_are_different_documents(destination):
    customer = invoice(5, "customer_invoices", supplier=None, customer={"name": "Umeå Konferens"})
    destination.write(order("5"), invoice(5), invoice(5, documentType="DebitAdj"), customer)
    assert set(destination.tasks) == {
        order_id("5"),
        invoice_id(5),
        invoice_id(5, "DebitAdj"),
        "CustomerInvoiceId:4100251/Invoice/5",
    }


def test_approval_tasks_are_updated_but_never_decided(destination):
    destination.write(invoice())
    task = destination.task(invoice_id())
    project = destination.asana.PROJECT
    destination.as_person("DELETE", f"/tasks/{task['gid']}")
    values = {destination.field("Visma ID")["gid"]: invoice_id()}
    made = destination.as_person(
        "POST", "/tasks", name=task["name"], projects=[project], resource_subtype="approval", custom_fields=values
    )
    destination.write(invoice(status="Closed", amount=99.0))
    approval = destination.task(invoice_id())
    assert approval["gid"] == made["gid"]
    assert approval["approval_status"] == "pending"
    assert not approval["completed"]
    assert approval["fields"]["Visma amount"] == 99


# --- documents that no longer come -----------------------------------------------------------------------------------

OVERWRITE = catalog("purchase_orders", mode="overwrite")


def _gone(destination):
    return [
        visma_id
        for visma_id, task in destination.tasks.items()
        if task["fields"]["Visma status"] == "Gone from Visma" and task["completed"]
    ]


def test_mark_missing_marks_what_no_longer_comes(destination):
    destination.write(order(1), order(2), invoice(1), order(3, company_id="999"), mark_missing=True)
    destination.write(order(1), status("purchase_orders"), configured=OVERWRITE, mark_missing=True)
    assert _gone(destination) == [order_id(2)], "neither other streams nor other companies"
    destination.fresh_log()
    destination.write(order(1), status("purchase_orders"), configured=OVERWRITE, mark_missing=True)
    assert destination.written == []
    destination.write(order(1), order(2), status("purchase_orders"), configured=OVERWRITE, mark_missing=True)
    assert _gone(destination) == []
    assert not destination.task(order_id(2))["completed"]


def test_what_another_stream_of_the_same_kind_brought_is_not_missing(destination):
    names = ["north_purchase_orders", "south_purchase_orders"]
    messages = [order(number) for number in (1, 2)]
    for message, name in zip(messages, names, strict=True):
        message["record"]["stream"] = name
    settings = {
        "mark_missing": True,
        "configured": catalog(*names, mode="overwrite"),
        "streams": [{"name": name, "write_as": {"type": "task"}} for name in names],
    }
    for _ in range(2):
        destination.write(*messages, *map(status, names), **settings)
    assert set(destination.tasks) == {order_id(1), order_id(2)}
    assert _gone(destination) == []


def test_what_comes_back_is_open_again_also_where_closing_is_left_to_people(destination):
    settings = {"mark_missing": True, "complete_when_closed": False, "configured": OVERWRITE}
    for present in ([order(1), order(2)], [order(1)], [order(1), order(2)]):
        destination.write(*present, status("purchase_orders"), **settings)
        assert destination.task(order_id(2))["completed"] is (len(present) == 1)


def test_by_status_a_document_that_no_longer_comes_changes_its_section_and_comes_back(destination):
    settings = {"mark_missing": True, "section_by_status": True, "configured": OVERWRITE}
    path = destination.folder / "audit.jsonl"

    def section():
        return destination.task(order_id(2))["memberships"][0]["section"]

    destination.write(order(1), order(2), status("purchase_orders"), **settings)
    destination.write(order(1), status("purchase_orders"), audit_log_path=str(path), **settings)
    assert section() == "Gone from Visma"
    [told] = [json.loads(text) for text in path.read_text().splitlines()]
    assert told["changes"]["section"] == {"before": "Open", "after": "Gone from Visma"}
    destination.fresh_log()
    destination.write(order(1), status("purchase_orders"), **settings)
    assert destination.written == []
    destination.write(order(1), order(2), status("purchase_orders"), **settings)
    assert section() == "Open"


@pytest.mark.parametrize(
    ("messages", "config", "configured"),
    [
        ([order(1)], {"mark_missing": True}, OVERWRITE),
        ([order(1), status("purchase_orders", "INCOMPLETE")], {"mark_missing": True}, OVERWRITE),
        ([order(1), status("supplier_invoices")], {"mark_missing": True}, OVERWRITE),
        ([status("purchase_orders")], {"mark_missing": True}, OVERWRITE),
        ([order(1), status("purchase_orders")], {}, OVERWRITE),
        ([order(1), status("purchase_orders")], {"mark_missing": True}, catalog("purchase_orders")),
    ],
    ids=["no COMPLETE", "INCOMPLETE", "another stream's COMPLETE", "no records", "setting off", "append_dedup"],
)
def test_nothing_is_marked_missing_without_every_condition(destination, messages, config, configured):
    destination.write(order(1), order(2))
    destination.write(*messages, configured=configured, **config)
    assert _gone(destination) == []


def test_clear_data_and_generation_ids_change_nothing(destination):
    destination.write(order(1), order(2))
    before = destination.tasks
    cleared = json.loads(json.dumps(OVERWRITE))
    for generation, minimum in ((None, None), (1, 1), (2, 2), (7, 0)):
        cleared["streams"][0].update(generation_id=generation, minimum_generation_id=minimum, sync_id=generation)
        run = destination.write(status("purchase_orders"), state("purchase_orders"), configured=cleared)
        assert run.state_ids == [1]
    assert destination.tasks == before
