"""Cost follows the change: calls and memory in big projects."""

import re
from collections import Counter
from pathlib import Path

import pytest

from integration_tests.destination_messages import COMPANY, invoice, invoice_id, line, order, order_id, state
from integration_tests.destination_support import Destination
from integration_tests.sandbox.harness import AsanaSandbox


@pytest.fixture(scope="module")
def big(tmp_path_factory):
    """A project of 50,000 documents of long ago, in a sandbox that no other test empties."""
    with AsanaSandbox() as server:
        server.reset(requests_per_minute=0, cost_per_minute=0)
        destination = Destination(server, tmp_path_factory.mktemp("big"))
        destination.write(invoice("seed"))
        server.bulk(50_000, sections=2, age=864_000)
        yield destination


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


def bills(numbers, amount, day):
    """An invoice for each order of these numbers, as it is on a day of January."""
    return [
        invoice(
            70_000 + int(number),
            invoiceLines=[{"lineNumber": 1, "poNumber": number, "cost": amount, "costInCurrency": amount}],
            lastModifiedDateTime=f"2026-01-{day:02d}T08:00:00",
        )
        for number in numbers
    ]


def remaining(destination, numbers):
    return {destination.asana.tasks(order_id(number))[0]["fields"]["Visma remaining"] for number in numbers}


# How many calls twenty orders may cost: of one series; all over; where search finds whole words alone.
@pytest.mark.parametrize(
    ("first", "step", "contains", "most"),
    [(701, 1, "parts", 120), (1000, 1111, "parts", 150), (801, 1, "words", 156)],
)
def test_twenty_changed_invoices_of_twenty_orders_in_a_project_of_fifty_thousand(big, first, step, contains, most):
    """Orders whose numbers begin alike are looked up and summed together; each is read and written."""
    numbers = [f"{first + step * place:06d}" for place in range(20)]
    big.asana.settings(search_per_minute=100_000, search_lag=0, search_contains=contains)
    big.write(*map(order, numbers), *bills(numbers, 10, 10), line_items="none")
    calls, writes = calls_of(big, *bills(numbers, 20, 11), state("supplier_invoices"), line_items="none")
    assert remaining(big, numbers) == {230}
    assert len(writes) == 40
    assert calls <= most
    big.asana.settings(search_lag=5, search_contains="parts")


def test_an_order_of_hundreds_of_invoices_among_others_of_its_series(big):
    """One answer of search does not hold all invoices of the series, so each order is asked for by itself."""
    numbers = ["000931", "000932", "000933"]
    big.asana.settings(search_per_minute=100_000, search_lag=0)
    big.write(*map(order, numbers), *bills(numbers, 10, 10), line_items="none")
    shown = {"Visma purchase orders": "000932: 1.25", "Visma currency": "NOK", "Visma status": "Open"}
    big.asana.bulk(120, prefix=f"SupplierInvoiceId:{COMPANY}/Invoice/M", values=shown, age=864_000, spread=1)
    big.write(*bills(numbers, 20, 11), state("supplier_invoices"), line_items="none")
    fields = [big.asana.tasks(order_id(number))[0]["fields"]["Visma invoiced"] for number in numbers]
    assert fields == [20, 170, 20]
    big.asana.settings(search_lag=5)


def test_orders_that_search_does_not_know_yet(big):
    """What was written a moment ago is in the listing of what changed last, whatever search answers for the series."""
    numbers = [f"{n:06d}" for n in range(951, 957)]
    big.asana.settings(search_per_minute=100_000, search_lag=0)
    big.write(*map(order, numbers[:3]), *bills(numbers[:3], 10, 10), line_items="none")
    big.asana.settings(search_lag=3600)
    big.write(*map(order, numbers[3:]), *bills(numbers[3:], 10, 10), line_items="none")
    big.write(*bills(numbers, 20, 11), state("supplier_invoices"), line_items="none")
    assert remaining(big, numbers) == {230}
    big.asana.settings(search_lag=5)


def test_a_first_load_costs_its_creates_and_little_else(destination):
    messages = [order(n, lines=[line(1), line(2)]) for n in range(1, 151)]
    destination.write(order("seed"))
    _, writes = calls_of(destination, *messages)
    assert Counter(map(kind_of, writes)) == {"POST /tasks": 150, "POST /tasks/…/subtasks": 300, "PUT /tasks/…": 1}
    reads = Counter(map(kind_of, destination.requests("GET")))
    assert reads.pop("GET /tasks") <= 150 / 100 + 1
    # The first documents are looked for one by one outside the project, 20 at most.
    assert reads.pop("GET /workspaces/…/tasks/search") <= 21
    # Until it is known where Asana puts new lines. Documents that are under way together all look.
    assert reads.pop("GET /tasks/…/subtasks") <= 24
    assert reads.total() <= 8, reads


def kind_of(request):
    """A request's method and path, without gids."""
    return f"{request['method']} {re.sub(r'[0-9]{6,}', '…', request['path'])}"


def test_an_unchanged_replay_of_a_project_costs_its_listing(destination):
    messages = [invoice(n) for n in range(1, 251)]
    destination.write(*messages)
    calls, writes = calls_of(destination, *messages)
    assert writes == []
    assert calls <= 250 / 100 + 12


def test_memory_grows_little_enough_for_a_hundred_thousand_tasks(destination):
    """400 MB at 100,000 existing tasks, judged by the growth over 20,000 (`make endurance` measures the whole)."""
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
