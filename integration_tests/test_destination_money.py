"""The money trail: what orders show of their invoices, whatever comes first, alone, again, or from another currency.

Expected numbers are worked out by hand from the rules: net line amounts, in the order's currency.
"""

import pytest

from integration_tests.destination_messages import (
    bill,
    catalog,
    credit,
    invoice_id,
    line,
    names,
    order,
    order_id,
    state,
    status,
)

PO, OTHER = "000001", "000002"


def numbers(destination, visma_id=None):
    """Committed, received, invoiced, remaining."""
    fields = destination.task(visma_id or order_id())["fields"]
    return tuple(fields.get(f"Visma {name}") for name in ("committed", "received", "invoiced", "remaining"))


def test_an_order_without_invoices_shows_zero(destination):
    destination.write(order(lines=[line(quantity=10, cost=25, receivedAmt=100)]))
    assert numbers(destination) == (250, 100, 0, 250)


@pytest.mark.parametrize("first", ["orders", "invoices", "mixed"])
def test_invoices_count_whatever_comes_first(destination, first):
    orders, invoices = [order(1), order(2)], [bill(1, names(PO, 100), names(OTHER, 40)), bill(2, names(PO, 175))]
    messages = {
        "orders": orders + invoices,
        "invoices": invoices + orders,
        "mixed": [invoices[0], orders[0], invoices[1], orders[1]],
    }[first]
    run = destination.write(*messages, state("supplier_invoices", 1))
    assert run.state_ids == [1]
    assert numbers(destination) == (250, 0, 275, 0)
    assert numbers(destination, order_id(2)) == (250, 0, 40, 210)
    fields = destination.task(invoice_id(1))["fields"]
    assert fields["Visma purchase orders"] == "000001: 100.00; 000002: 40.00"
    destination.fresh_log()
    destination.write(*messages)
    assert destination.written == []


def test_invoices_alone_change_their_orders(destination):
    destination.write(order(1), order(2), bill(1, names(PO, 100)))
    destination.write(bill(2, names(PO, 30.5)), bill(3, names(OTHER, 10)))
    assert numbers(destination) == (250, 0, 130.5, 119.5)
    assert numbers(destination, order_id(2)) == (250, 0, 10, 240)
    destination.write(bill(2, names(PO, 50)))
    assert numbers(destination) == (250, 0, 150, 100)


def test_a_credit_note_undoes_and_a_moved_invoice_moves_its_amount(destination):
    destination.write(order(1), order(2), bill(1, names(PO, 100)))
    destination.write(credit(9, names(PO, 100)))
    assert numbers(destination) == (250, 0, 0, 250)
    assert destination.task(invoice_id(9, "DebitAdj"))["fields"]["Visma purchase orders"] == "000001: -100.00"
    destination.write(bill(1, names(OTHER, 100)))
    assert numbers(destination) == (250, 0, -100, 350)
    assert numbers(destination, order_id(2)) == (250, 0, 100, 150)
    destination.write(bill(1))
    assert numbers(destination, order_id(2)) == (250, 0, 0, 250)


@pytest.mark.parametrize("status", ["Hold", "Balanced", "Scheduled", "PendingApproval", "Rejected", "Voided"])
def test_what_is_not_booked_is_not_invoiced(destination, status):
    destination.write(
        order(1), bill(1, names(PO, 100), status=status), bill(2, names(PO, 20), documentType="Prepayment")
    )
    assert numbers(destination) == (250, 0, 0, 250)
    assert destination.task(invoice_id(1))["fields"]["Visma purchase orders"] == "000001: 100.00"
    destination.write(bill(1, names(PO, 100), status="Open"))
    assert numbers(destination) == (250, 0, 100, 150)


@pytest.mark.parametrize(
    ("changes", "lines", "expected"),
    [
        ({"status": "Hold"}, [line(receivedAmt=0)], (0, 0, 60, 0)),
        ({"status": "Balanced"}, [line()], (0, 0, 60, 0)),
        ({"status": "Voided"}, [line()], (0, 0, 60, 0)),
        ({"status": "Closed"}, [line(receivedAmt=200)], (200, 200, 60, 140)),
        ({"status": "Cancelled"}, [line(receivedAmt=0)], (0, 0, 60, 0)),
        ({}, [line(1, receivedAmt=100, canceled=True), line(2, quantity=1, cost=50)], (150, 100, 60, 90)),
        ({}, [line(1, receivedAmt=0, completed=True), line(2, quantity=1, cost=50)], (50, 0, 60, 0)),
        ({}, [line(amount=None, extCost=240)], (240, 0, 60, 180)),
        ({"orderType": "DropShip"}, [line()], (250, 0, 60, 190)),
        ({"orderType": "Blanket"}, [line()], (None, None, None, None)),
    ],
)
def test_what_an_order_commits_to(destination, changes, lines, expected):
    destination.write(order(1, lines=lines, **changes), bill(1, names(PO, 60)))
    [visma_id] = [each for each in destination.tasks if each.startswith("PurchaseOrderId")]
    assert numbers(destination, visma_id) == expected


def test_an_order_that_changes_keeps_what_was_invoiced(destination):
    destination.write(order(1), bill(1, names(PO, 60)))
    destination.write(order(1, lines=[line(quantity=20)], lastModifiedDateTime="2026-01-08T08:00:00"))
    assert numbers(destination) == (500, 0, 60, 440)


def test_a_number_of_two_orders_counts_for_neither(destination):
    run = destination.write(order(1), bill(1, names(PO, 60)), order(1, orderType="DropShip"))
    other = order_id().replace("RegularOrder", "DropShip")
    assert (numbers(destination), numbers(destination, other)) == ((250, 0, 0, 250), (250, 0, 0, 250))
    assert [text for text in run.warnings if "000001" in text and "drop-ship" in text]
    destination.write(order(1, orderType="Blanket"), order(2), order(2, orderType="Blanket"), bill(2, names(OTHER, 5)))
    assert numbers(destination, order_id(2)) == (250, 0, 5, 245)


def test_companies_have_numbers_of_their_own(destination):
    theirs = {"company_id": "777"}
    destination.write(order(1), order(1, **theirs), bill(1, names(PO, 60)), bill(1, names(PO, 7), **theirs))
    assert numbers(destination) == (250, 0, 60, 190)
    assert numbers(destination, order_id().replace("4100251", "777")) == (250, 0, 7, 243)


def test_an_invoice_in_another_currency_is_converted_by_the_orders_own_totals(destination):
    """The order: 1000 EUR are 11,500 NOK. An invoice in NOK of 2,300 is 200 EUR; one in USD whose cost is 1,150 NOK is 100."""
    euros = order(1, currency="EUR", lineTotal=1000, lineTotalInBaseCurrency=11500, lines=[line(quantity=40)])
    destination.write(euros, bill(1, names(PO, 2300)))
    assert numbers(destination) == (1000, 0, 200, 800)
    destination.write(bill(2, names(PO, 110, 1150), currencyId="USD"))
    assert numbers(destination) == (1000, 0, 300, 700)
    notes = destination.task(order_id())["notes"]
    assert "Invoice 1: 2300.00 NOK, counted as 200.00 EUR" in notes
    destination.write(bill(3, names(PO, 50, 570), currencyId="EUR"))
    assert numbers(destination) == (1000, 0, 350, 650)


def test_many_orders_on_one_invoice(destination):
    """80 orders need more than the 1,024 characters of the field; all of them count, and go on doing so."""
    orders = [order(n, lines=[line(quantity=1, cost=10)]) for n in range(1, 81)]
    lines = [names(f"{n:06d}", 4) for n in range(1, 81)]
    destination.write(*orders, bill(1, *lines))
    text = destination.task(invoice_id(1))["fields"]["Visma purchase orders"]
    assert len(text) <= 1024
    assert text.startswith("000001: 4.00; 000002: 4.00; ")
    assert {numbers(destination, order_id(n)) for n in range(1, 81)} == {(10, 0, 4, 6)}
    destination.write(bill(2, names("000080", 1)))
    assert numbers(destination, order_id(80)) == (10, 0, 5, 5)
    gid = destination.task(invoice_id(1))["gid"]
    destination.as_person("PUT", f"/tasks/{gid}", notes="Mine alone")
    destination.write(bill(1, *lines))
    notes = destination.task(invoice_id(1))["notes"]
    assert notes.startswith("Mine alone")
    assert "000080: 4.00" in notes


def test_a_dry_run_shows_the_orders_changes(destination):
    destination.write(order(1))
    destination.fresh_log()
    run = destination.write(bill(1, names(PO, 60)), dry_run=True)
    assert destination.written == []
    assert "Dry run, PurchaseOrderId:4100251/RegularOrder/000001 (PO 000001) would be updated" in run.log
    assert "Visma invoiced: 0" in run.log


def test_a_dry_run_changes_an_order_that_it_would_create_by_its_invoice_alone(destination):
    destination.write(order(1))
    comes = [order(2), state("purchase_orders", 1), bill(1, names(OTHER, 60)), state("supplier_invoices", 2)]
    run = destination.write(*comes, dry_run=True)
    [changed] = [text for text in run.log.splitlines() if "(PO 000002) would be updated" in text]
    assert "would be updated: Visma invoiced: 0.00 → 60.00; Visma remaining: 250.00 → 190.00; Invoices" in changed


def test_documents_gone_from_visma_no_longer_count(destination):
    both = [bill(1, names(PO, 60)), bill(2, names(PO, 10))]
    destination.write(order(1), *both)
    configured = catalog("supplier_invoices", mode="overwrite")
    destination.write(both[1], status("supplier_invoices"), configured=configured, mark_missing=True)
    assert numbers(destination) == (250, 0, 10, 240)


def test_a_deleted_task_that_search_still_finds_is_not_marked_in_every_sync(destination):
    """Nor do its orders change with every sync: without it when an invoice comes, with it when it is missing."""
    both = [bill(1, names(PO, 60)), bill(2, names(PO, 10))]
    destination.write(order(1), *both)
    destination.asana.bulk(320, prefix="SupplierInvoiceId:999/Invoice/", name="Old {number}", age=864_000.0)
    destination.asana.settings(search_lag=3600.0, clock_offset=7200.0)
    destination.as_person("DELETE", f"/tasks/{destination.task(invoice_id(1))['gid']}")
    configured = catalog("supplier_invoices", mode="overwrite")

    def again():
        destination.fresh_log()
        destination.write(both[1], status("supplier_invoices"), configured=configured, mark_missing=True)
        return destination.written

    again()
    assert again() == []
    assert numbers(destination) == (250, 0, 10, 240)


def test_an_order_whose_invoice_leaves_it_meanwhile_keeps_its_new_description(destination):
    """Two workers write the order's task: one its record, the other its numbers. Neither undoes what the other has written."""
    places = range(1, 9)
    destination.write(*map(order, places), *(bill(n, names(f"{n:06d}", 60)) for n in places), line_items="description")
    later = {"lastModifiedDateTime": "2026-02-01T08:00:00"}
    changed = [order(n, lines=[line(text="Cardboard", cost=30)], **later) for n in places]
    left = [bill(n, **later) for n in places]
    # The answer says what was true when the request came.
    destination.asana.fault(action="delay", seconds=0.3, method="GET", path=r"^/tasks/\d+\?.*html_notes", times=None)
    run = destination.write(
        *(each for pair in zip(left, changed, strict=True) for each in pair),
        state("supplier_invoices", 1),
        line_items="description",
    )
    assert run.state_ids == [1]
    for n in places:
        assert "1. Cardboard — 10 × 30.00 = 300.00 NOK" in destination.task(order_id(n))["notes"]
        assert numbers(destination, order_id(n)) == (300, 0, 0, 300)
