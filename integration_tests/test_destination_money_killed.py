"""The money trail through kills, lost answers, late search and big projects: no STATE ahead of an order's numbers."""

import json
from pathlib import Path

import pytest

from integration_tests import kill_points
from integration_tests.destination_messages import bill, catalog, names, order, order_id, state
from integration_tests.test_destination_money import numbers
from integration_tests.waiting import until

ORDERS = 4


def moved(place):
    """Invoices of a company; with each `place` every one of them names the next order."""
    return [
        bill(
            n, names(f"{1 + (n + place) % ORDERS:06d}", 10.0 * n), lastModifiedDateTime=f"2026-01-10T08:00:{place:02d}"
        )
        for n in range(1, 7)
    ]


# Worked out by hand: invoice n is of 10 n; at place 0 it names order 1 + n % 4.
EXPECTED = {0: {1: 40, 2: 60, 3: 80, 4: 30}, 1: {1: 30, 2: 40, 3: 60, 4: 80}}


def shown(destination):
    return {n: numbers(destination, order_id(n))[2] for n in range(1, ORDERS + 1)}


def load(place):
    return [*(order(n) for n in range(1, ORDERS + 1)), *moved(place), state("supplier_invoices", place + 1)]


@pytest.mark.parametrize("requests", kill_points.some(range(1, 60, 4)))
def test_killed_after_any_number_of_requests_while_invoices_move(destination, requests):
    """The first load is whole. Then the invoices alone come again, all moved to the next order, and the sync is killed."""
    destination.write(*load(0))
    assert shown(destination) == EXPECTED[0]
    destination.fresh_log()
    destination.asana.settings(record_bodies=False)
    destination.asana.fault(action="delay", seconds=3600, path=".*", skip=requests, times=None)
    process = destination.start(*moved(1), state("supplier_invoices", 2))
    until(lambda: len(destination.asana.log()) > requests or not process.is_alive())
    process.kill()
    process.join(240)
    destination.asana.control("DELETE", "faults")
    released = '"id":2' in Path(f"{process.stem}.out").read_text().replace(" ", "")
    if released:
        assert shown(destination) == EXPECTED[1]
    destination.write(*moved(1), state("supplier_invoices", 2))
    assert shown(destination) == EXPECTED[1]
    destination.asana.clear_log()
    destination.write(*moved(1), state("supplier_invoices", 2))
    assert destination.written == []


def test_lost_answers_change_nothing(destination):
    destination.asana.fault(action="lost_answer", path="/tasks", times=None, chance=0.2, seed=7)
    run = destination.write(*load(0))
    destination.asana.control("DELETE", "faults")
    assert run.state_ids == [1]
    assert shown(destination) == EXPECTED[0]


def test_numbers_are_right_when_a_state_leaves(destination):
    """The input stays open: what has left by then is what a platform would save."""
    process = destination.talk(catalog("purchase_orders", "supplier_invoices"))
    for message in load(0):
        process.stdin.write(json.dumps(message) + "\n")
    process.stdin.flush()
    line = ""
    while '"STATE"' not in line:
        line = process.stdout.readline()
    assert shown(destination) == EXPECTED[0]
    process.stdin.close()
    process.join(240)
    process.stdout.close()


def test_invoices_of_orders_that_come_later_while_search_knows_nothing(destination):
    """In a project too big to list: search is an hour late, and invoices of the last minutes count all the same."""
    destination.write(order("seed"), bill("seed"))
    destination.asana.bulk(300, age=86_400, prefix="SupplierInvoiceId:4100251/Invoice/9")
    destination.asana.settings(search_lag=3600.0, search_per_minute=1000)
    destination.write(bill(1, names("000001", 100)))
    destination.write(order(1))
    assert numbers(destination) == (250, 0, 100, 150)
    destination.write(bill(2, names("000001", 30)))
    assert numbers(destination) == (250, 0, 130, 120)
