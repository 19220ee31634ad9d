"""The money trail of a regular order and a drop-ship order that share a number, as one of them comes, goes and comes back.

Expected numbers are worked out by hand: each order is of 250.00 net, the invoice that names their number of 60.00.
"""

from pathlib import Path

import pytest

from integration_tests import kill_points
from integration_tests.destination_messages import catalog, order, order_id, state, status
from integration_tests.test_destination_money import PO, bill, names, numbers
from integration_tests.waiting import until

TWIN = order_id().replace("RegularOrder", "DropShip")
NONE, ALL = (250, 0, 0, 250), (250, 0, 60, 190)


def regular(day=7, **changes):
    return order(1, lastModifiedDateTime=f"2026-02-{day:02d}T08:00:00", **changes)


def twin(day=7, **changes):
    return regular(day, orderType="DropShip", **changes)


def both(destination):
    return numbers(destination), numbers(destination, TWIN)


def whole(destination, *orders, **config):
    """A sync that brings all orders that Visma still has."""
    configured = catalog("purchase_orders", mode="overwrite")
    return destination.write(*orders, status("purchase_orders"), configured=configured, mark_missing=True, **config)


@pytest.fixture(params=["listed", "searched"])
def place(request, destination):
    """A project that is listed whole, or too big for that in a sync of a few documents."""
    destination.asana.settings(search_per_minute=100_000, search_lag=0)
    destination.write(order("seed"), bill("seed"))
    if request.param == "searched":
        destination.asana.bulk(300, start=700_000, age=864_000)
    return destination


def test_an_order_gone_from_visma_makes_no_number_ambiguous(place):
    place.write(regular(), twin(), bill(1, names(PO, 60)))
    assert both(place) == (NONE, NONE)
    whole(place, regular(8))
    assert place.task(TWIN)["fields"]["Visma status"] == "Gone from Visma"
    assert both(place) == (ALL, NONE)
    run = place.write(bill(2, names(PO, 10)), state("supplier_invoices", 1))
    assert both(place) == ((250, 0, 70, 180), NONE)
    assert [text for text in run.warnings if "drop-ship" in text] == []
    place.fresh_log()
    place.write(bill(2, names(PO, 10)), regular(8))
    assert place.written == []
    run = place.write(twin(9), state("purchase_orders", 1))
    assert run.state_ids == [1]
    assert both(place) == (NONE, NONE)
    assert [text for text in run.warnings if "drop-ship" in text]
    whole(place, twin(10))
    assert both(place) == (NONE, (250, 0, 70, 180))


def test_the_order_that_is_gone_says_in_the_same_sync_what_is_left_of_it(place):
    """Its task said that several orders have the number; that is over with this sync, not with the next."""
    place.write(regular(), twin(), bill(1, names(PO, 60)))
    assert "Several orders have this number" in place.task(TWIN)["html_notes"]
    whole(place, regular(8))
    notes = place.task(TWIN)["html_notes"]
    assert "Several orders have this number" not in notes
    assert "Invoice 200001" not in notes
    place.fresh_log()
    place.write(bill(1, names(PO, 60)))
    whole(place, regular(8))
    assert place.written == []


@pytest.mark.parametrize("both_gone", [True, False])
def test_the_last_of_an_order_number_shows_its_invoices_in_the_same_sync(place, both_gone):
    """All orders of a number are gone, together or one after the other: invoices count as if none were."""
    place.write(regular(), twin(), bill(1, names(PO, 60)))
    if not both_gone:
        whole(place, twin(8))
        assert both(place) == (NONE, ALL)
    whole(place, order("seed"))
    place.fresh_log()
    place.write(bill(1, names(PO, 60)))
    whole(place, order("seed"))
    assert place.written == []


def test_an_order_alone_with_its_number_keeps_its_invoices_when_it_goes(place):
    place.write(regular(), bill(1, names(PO, 60)))
    whole(place, order("seed"))
    assert numbers(place) == ALL
    place.write(bill(2, names(PO, 10)))
    assert numbers(place) == (250, 0, 70, 180)


def test_an_order_that_is_refused_takes_nothing_from_its_twin(place):
    """Asana refuses the new order, so its number still belongs to the other one alone."""
    place.write(regular(), bill(1, names(PO, 60)))
    place.asana.fault(
        action="error",
        status=400,
        message="name: Not valid",
        method="POST",
        path="^/tasks",
        body="custom_fields",
        times=None,
    )
    quarantine = str(place.folder / "quarantine.jsonl")
    place.write(twin(), state("purchase_orders", 1), on_record_error="quarantine", quarantine_path=quarantine)
    place.asana.control("DELETE", "faults")
    assert numbers(place) == ALL


def killed(destination, requests, *messages, **options):
    destination.fresh_log()
    destination.asana.fault(action="delay", seconds=3600, path=".*", skip=requests, times=None)
    process = destination.start(*messages, **options)
    until(lambda: len(destination.asana.log()) > requests or not process.is_alive())
    process.kill()
    process.join(240)
    destination.asana.control("DELETE", "faults")
    until(destination.asana.at_rest)
    return '"id":2' in Path(f"{process.stem}.out").read_text().replace(" ", "")


@pytest.mark.parametrize("requests", kill_points.some(range(3, 30, 4), 3))
def test_killed_while_a_twin_comes(destination, requests):
    destination.write(regular(), bill(1, names(PO, 60)))
    messages = [twin(), state("purchase_orders", 2)]
    if killed(destination, requests, *messages):
        assert both(destination) == (NONE, NONE)
    destination.write(*messages)
    assert both(destination) == (NONE, NONE)


@pytest.mark.parametrize("requests", kill_points.some(range(3, 30, 4), 3))
def test_killed_while_a_twin_goes(destination, requests):
    destination.write(regular(), twin(), bill(1, names(PO, 60)))
    configured = catalog("purchase_orders", mode="overwrite")
    messages = [regular(8), status("purchase_orders"), state("purchase_orders", 2)]
    killed(destination, requests, *messages, configured=configured, mark_missing=True)
    whole(destination, regular(8))
    assert both(destination) == (ALL, NONE)
