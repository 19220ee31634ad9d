"""Cost follows the change: calls and memory in big projects."""

from pathlib import Path

import pytest

from integration_tests.destination_messages import invoice, invoice_id, line, order, order_id, state
from integration_tests.destination_support import Destination


@pytest.fixture(scope="module")
def big(destination_server, tmp_path_factory):
    """A project of 50,000 documents of long ago."""
    destination_server.reset(requests_per_minute=0, cost_per_minute=0)
    destination = Destination(destination_server, tmp_path_factory.mktemp("big"))
    destination.write(invoice("seed"))
    destination_server.bulk(50_000, sections=2, age=864_000)
    return destination


def calls_of(destination, *messages, **config):
    destination.asana.clear_log()
    destination.write(*messages, **config)
    requests = destination.requests()
    return len(requests), [entry for entry in requests if entry["method"] != "GET"]


def test_twenty_changed_invoices_in_a_project_of_fifty_thousand(big):
    changed = [invoice(100 * n, amount=float(n)) for n in range(1, 21)]
    calls, writes = calls_of(big, *changed, state("supplier_invoices"))
    assert calls <= 100
    assert len(writes) <= 25, "twenty updates, and what the fields need"
    assert big.asana.tasks(invoice_id(2000))[0]["fields"]["Visma amount"] == 20
    calls, writes = calls_of(big, *changed, state("supplier_invoices"))
    assert calls <= 100
    assert writes == []


def test_twenty_new_invoices_in_a_project_of_fifty_thousand(big):
    calls, writes = calls_of(big, *(invoice(90_000 + n) for n in range(20)))
    assert calls <= 100
    assert len(writes) == 20
    assert len(big.asana.tasks(invoice_id(90_007))) == 1


def test_twenty_changed_invoices_of_twenty_orders_in_a_project_of_fifty_thousand(big):
    """Each order is looked up, summed by one search and written."""
    pairs = [f"{n:06d}" for n in range(701, 721)]

    def bills(amount, stamp):
        return [
            invoice(
                70_000 + n,
                invoiceLines=[{"lineNumber": 1, "poNumber": number, "cost": amount, "costInCurrency": amount}],
                lastModifiedDateTime=stamp,
            )
            for n, number in enumerate(pairs)
        ]

    big.asana.settings(search_per_minute=100_000)
    big.write(*(order(number) for number in pairs), *bills(10, "2026-01-10T08:00:00"), line_items="none")
    calls, writes = calls_of(big, *bills(20, "2026-01-11T08:00:00"), state("supplier_invoices"), line_items="none")
    assert {big.asana.tasks(order_id(number))[0]["fields"]["Visma remaining"] for number in pairs} == {230}
    assert len(writes) == 40
    assert calls <= 150


def test_a_first_load_costs_its_creates_and_little_else(destination):
    messages = [order(n, lines=[line(1), line(2)]) for n in range(1, 151)]
    destination.write(order("seed"))
    calls, writes = calls_of(destination, *messages)
    creates = 150 + 2 * 150
    assert len(writes) == creates
    # The first documents are looked for one by one outside the project, 20 at most.
    assert calls <= creates + 150 / 100 + 40


def test_an_unchanged_replay_of_a_project_costs_its_listing(destination):
    messages = [invoice(n) for n in range(1, 251)]
    destination.write(*messages)
    calls, writes = calls_of(destination, *messages)
    assert writes == []
    assert calls <= 250 / 100 + 12


def test_memory_grows_little_enough_for_a_hundred_thousand_tasks(destination):
    """400 MB at 100,000 existing tasks, judged by the growth over 20,000 (benchmarks/promises.py measures the whole)."""
    destination.asana.settings(record_bodies=False)
    messages = [invoice(n, amount=1.0) for n in range(1, 61)]
    small = _peak_of(destination, messages)
    destination.asana.bulk(20_000, start=61, age=864_000)
    large = _peak_of(destination, messages)
    assert len([entry for entry in destination.requests("GET") if entry["path"] == "/tasks"]) >= 200
    assert small + 5 * (large - small) < 400_000


def _peak_of(destination, messages):
    """The most memory (kB) a run has used."""
    process = destination.start(*messages)
    peak = 0
    while process.is_alive():
        peak = max(peak, _peak_kilobytes(process.pid))
        process.join(0.1)
    assert destination.finish(process).code == 0
    assert peak > 0
    return peak


def _peak_kilobytes(pid):
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0
    return int(next((text.split()[1] for text in status.splitlines() if text.startswith("VmHWM")), 0))
