"""Sums of orders, whatever people type into the fields or do to the sync's text, and whichever fields are left out."""

import pytest

from integration_tests.destination_messages import invoice_id, line, order, order_id, state
from integration_tests.sandbox.harness import AsanaSandbox
from integration_tests.test_destination_money import OTHER, PO, bill, credit, names, numbers

FIELDS = ("Visma committed", "Visma received", "Visma invoiced", "Visma remaining")
# 1000 EUR are 11,500 NOK.
EUROS = {"currency": "EUR", "lineTotal": 1000, "lineTotalInBaseCurrency": 11500}


def euros(**changes):
    return order(1, **{**EUROS, "lines": [line(quantity=40)], **changes})


def typed(destination, visma_id, **values):
    """A person types into fields of a task: `committed` means `Visma committed`."""
    gid = destination.task(visma_id)["gid"]
    task = destination.asana.as_person("GET", f"/tasks/{gid}", query={"opt_fields": "custom_fields.name"})
    gids = {field["name"].removeprefix("Visma "): field["gid"] for field in task["custom_fields"]}
    destination.as_person("PUT", f"/tasks/{gid}", custom_fields={gids[name]: value for name, value in values.items()})


def rewritten(destination, visma_id, change):
    """A person edits the description of a task."""
    task = destination.task(visma_id)
    destination.as_person("PUT", f"/tasks/{task['gid']}", notes=change(task["notes"]))


@pytest.mark.parametrize(
    "left_out", [*((name,) for name in FIELDS), FIELDS[:3], FIELDS, (*FIELDS, "Visma purchase orders")]
)
def test_numbers_do_not_depend_on_the_fields_that_there_are(destination, left_out):
    def shown():
        fields = destination.task(order_id())["fields"]
        assert not {name for name in left_out if fields.get(name) is not None}
        return [fields.get(name) for name in FIELDS if name not in left_out]

    def right(*expected):
        return [value for name, value in zip(FIELDS, expected, strict=True) if name not in left_out]

    config = {"leave_out_fields": list(left_out)}
    destination.write(euros(lines=[line(quantity=40, receivedAmt=50)]), bill(1, names(PO, 2300)), **config)
    assert shown() == right(1000, 50, 200, 800)
    destination.write(bill(2, names(PO, 70, 805), currencyId="EUR"), state("supplier_invoices", 1), **config)
    assert shown() == right(1000, 50, 270, 730)
    changed = euros(lines=[line(quantity=80, receivedAmt=60)], lastModifiedDateTime="2026-02-08T08:00:00")
    destination.write(changed, **config)
    assert shown() == right(2000, 60, 270, 1730)
    destination.write(credit(3, names(PO, 70, 805), currencyId="EUR"), **config)
    assert shown() == right(2000, 60, 200, 1800)
    destination.fresh_log()
    destination.write(changed, bill(1, names(PO, 2300)), **config)
    assert destination.written == []


def test_a_field_that_is_left_out_later_does_not_hold_the_numbers_up(destination):
    """The field stays on the task, with the old value."""
    destination.write(order(1), bill(1, names(PO, 60)))
    config = {"leave_out_fields": ["Visma committed"]}
    destination.write(order(1, lines=[line(quantity=20)], lastModifiedDateTime="2026-02-08T08:00:00"), **config)
    destination.write(bill(2, names(PO, 10)), **config)
    assert numbers(destination)[1:] == (0, 70, 430)


@pytest.mark.parametrize("comes", ["the record", "a newer record", "an invoice"])
@pytest.mark.parametrize(
    "values", [{"invoiced": 999}, {"committed": 5, "received": 3, "invoiced": None, "remaining": 77, "currency": "SEK"}]
)
def test_the_numbers_of_the_sync_come_back(destination, comes, values):
    destination.write(order(1), bill(1, names(PO, 60)))
    typed(destination, order_id(), **values)
    record = {
        "the record": order(1),
        "a newer record": order(1, lastModifiedDateTime="2026-02-08T08:00:00"),
        "an invoice": bill(1, names(PO, 60)),
    }[comes]
    run = destination.write(record, state("purchase_orders", 1))
    assert run.state_ids == [1]
    assert numbers(destination) == (250, 0, 60, 190)


def no_block(notes):
    return notes[: notes.index("Invoices of this order")]


EDITS = {
    "no description": lambda notes: "",
    "no block": no_block,
    "no last row": lambda notes: "\n".join(row for row in notes.splitlines() if not row.startswith("Total: ")),
    "another rate": lambda notes: notes.replace("= 11500.00", "= 115.00"),
    "no rate": lambda notes: notes.replace("lines 1000.00 = 11500.00 in", "in"),
    "another amount": lambda notes: notes.replace("committed 1000.00", "committed 9000.00"),
}


@pytest.mark.parametrize("edit", EDITS)
def test_an_edited_block_never_makes_a_wrong_number(destination, edit):
    """Invoices in the order's own currency count on. Others are left out, and named, until the order's record comes."""
    destination.write(euros(), bill(1, names(PO, 2300)))
    rewritten(destination, order_id(), EDITS[edit])
    run = destination.write(
        bill(2, names(PO, 30, 345), currencyId="EUR"), bill(3, names(PO, 110, 1150), currencyId="USD")
    )
    assert numbers(destination) == (1000, 0, 30, 970)
    [warning] = [text for text in run.warnings if "not counted" in text]
    assert [invoice_id(number) in warning for number in (1, 2, 3)] == [True, False, True]
    run = destination.write(euros())
    assert numbers(destination) == (1000, 0, 330, 670)
    assert not [text for text in run.warnings if "not counted" in text]
    notes = destination.task(order_id())["notes"]
    for row in ("Invoice 1: 2300.00 NOK, counted as 200.00 EUR", "Invoice 3: 110.00 USD, counted as 100.00 EUR"):
        assert row in notes
    assert "invoiced 330.00, lines 1000.00 = 11500.00 in the company's currency" in notes


def test_edited_rows_of_invoices_come_back_with_the_record(destination):
    destination.write(euros(), bill(1, names(PO, 2300)))
    rewritten(destination, order_id(), lambda notes: notes.replace("2300.00 NOK", "23.00 NOK"))
    destination.write(euros())
    assert "Invoice 1: 2300.00 NOK, counted as 200.00 EUR" in destination.task(order_id())["notes"]
    assert numbers(destination) == (1000, 0, 200, 800)


def test_a_rewritten_description_stays_until_there_are_invoices_to_list(destination):
    destination.write(euros())
    rewritten(destination, order_id(), lambda notes: "Ask Kari")
    destination.write(euros(lines=[line(quantity=80)], lastModifiedDateTime="2026-02-08T08:00:00"))
    assert destination.task(order_id())["notes"] == "Ask Kari"
    assert numbers(destination) == (2000, 0, 0, 2000)
    destination.write(
        bill(1, names(PO, 2300)), euros(lines=[line(quantity=40)], lastModifiedDateTime="2026-02-09T08:00:00")
    )
    assert numbers(destination) == (1000, 0, 200, 800)
    notes = destination.task(order_id())["notes"]
    assert notes.startswith("Ask Kari")
    assert "Invoice 1: 2300.00 NOK, counted as 200.00 EUR" in notes


def test_a_removed_block_and_a_field_left_out_empty_the_remaining_amount(destination):
    config = {"leave_out_fields": ["Visma committed"]}
    destination.write(order(1), bill(1, names(PO, 60)), **config)
    rewritten(destination, order_id(), no_block)
    run = destination.write(bill(2, names(PO, 10)), **config)
    assert numbers(destination) == (None, 0, 70, None)
    assert [text for text in run.warnings if "`Visma remaining` is emptied" in text and order_id() in text]
    destination.write(order(1), **config)
    assert numbers(destination) == (None, 0, 70, 180)


def test_a_removed_block_of_an_invoice_does_not_turn_its_currency_into_the_companys(destination):
    destination.write(euros(), bill(1, names(PO, 110, 1150), currencyId="USD"))
    rewritten(destination, invoice_id(1), lambda notes: notes[: notes.index("Purchase orders of this invoice")])
    run = destination.write(bill(2, names(PO, 2300)))
    assert numbers(destination) == (1000, 0, 200, 800)
    assert [text for text in run.warnings if invoice_id(1) in text and "not counted" in text]
    destination.write(bill(1, names(PO, 110, 1150), currencyId="USD"))
    assert numbers(destination) == (1000, 0, 300, 700)


def test_orders_that_shared_a_number_count_again_once_one_is_left(destination):
    destination.write(order(1), order(1, orderType="DropShip"), bill(1, names(PO, 60)))
    assert numbers(destination) == (250, 0, 0, 250)
    gid = destination.task(order_id().replace("RegularOrder", "DropShip"))["gid"]
    destination.as_person("DELETE", f"/tasks/{gid}")
    destination.write(order(1))
    assert numbers(destination) == (250, 0, 60, 190)


def test_a_number_with_a_comma_is_one_error_and_loses_nothing(destination):
    """The record is refused, named with its field and value, and comes again."""
    bad = order(2, lines=[line(orderQty="3,5")])
    run = destination.write(order(1), bad, bill(1, names(PO, 60)), state("purchase_orders", 1), code=1)
    assert "lines[0].orderQty: should be a number with a decimal point, but is “3,5”" in run.error["message"]
    assert run.state_ids == []
    run = destination.write(order(1), order(2), bill(1, names(PO, 60)), state("purchase_orders", 1))
    assert run.state_ids == [1]
    assert numbers(destination) == (250, 0, 60, 190)


def moved_away(destination, *ids):
    """People move tasks out of the register, to a project of theirs."""
    theirs = destination.as_person("POST", "/projects", name="Done in 2025", workspace=AsanaSandbox.WORKSPACE)["gid"]
    for visma_id in ids:
        gid = destination.task(visma_id)["gid"]
        destination.as_person("POST", f"/tasks/{gid}/addProject", project=theirs)
        destination.as_person("POST", f"/tasks/{gid}/removeProject", project=AsanaSandbox.PROJECT)


@pytest.mark.parametrize(
    ("moved", "lag"),
    [
        ([invoice_id(1)], 0),
        ([invoice_id(2, "DebitAdj"), invoice_id(3, "CreditAdj")], 600),
        ([order_id(), invoice_id(1)], 600),
    ],
    ids=["an invoice", "a credit note and an adjustment", "the order and an invoice"],
)
def test_what_people_have_moved_to_another_project_counts_on(destination, moved, lag):
    """100 − 30 + 7.25 had been invoiced; another invoice, now of 50, comes alone two hours later."""
    destination.asana.settings(search_lag=lag)
    before = [bill(1, names(PO, 100)), credit(2, names(PO, 30)), bill(3, names(PO, 7.25), documentType="CreditAdj")]
    destination.write(order(1), *before, bill(4, names(PO, 20)))
    moved_away(destination, *moved)
    destination.asana.settings(clock_offset=7200.0)
    destination.write(bill(4, names(PO, 50)), state("supplier_invoices", 1))
    assert numbers(destination) == (250, 0, 127.25, 122.75)
    destination.fresh_log()
    destination.write(bill(4, names(PO, 50)), order(1), *before)
    assert destination.written == []


def test_the_task_of_an_invoice_that_people_have_deleted_no_longer_counts(destination):
    """Its record brings it back; an order lists it until the order is added up again."""
    destination.asana.settings(search_lag=600)
    destination.write(order(1), bill(1, names(PO, 100)), bill(4, names(PO, 20)))
    destination.as_person("DELETE", f"/tasks/{destination.task(invoice_id(1))['gid']}")
    destination.write(bill(4, names(PO, 50)))
    assert numbers(destination) == (250, 0, 50, 200)
    destination.write(bill(1, names(PO, 100)))
    assert numbers(destination) == (250, 0, 150, 100)


def test_an_invoice_whose_task_people_deleted_leaves_the_order_that_it_no_longer_names(destination):
    """The order's task lists it still, and that is its only trace."""
    destination.write(order(1), order(2), order(3), bill(1, names(PO, 60)), bill(2, names(PO, 30)))
    assert numbers(destination) == (250, 0, 90, 160)
    destination.as_person("DELETE", f"/tasks/{destination.task(invoice_id(1))['gid']}")
    moved = bill(1, names(OTHER, 60), lastModifiedDateTime="2026-02-08T08:00:00")
    run = destination.write(moved, state("supplier_invoices", 1))
    assert run.state_ids == [1]
    assert numbers(destination) == (250, 0, 30, 220)
    assert numbers(destination, order_id(2)) == (250, 0, 60, 190)
    destination.fresh_log()
    destination.write(moved, order(1), order(2), order(3))
    assert destination.written == []
