"""kill −9 after random numbers of requests, then the same again: one task per document, no state ahead of its records, one same board."""

import json
import random
from pathlib import Path

import pytest

from integration_tests import kill_points
from integration_tests.destination_messages import account, invoice, line, order, order_id, segments, state
from integration_tests.destination_support import Destination, lines_of
from integration_tests.waiting import until

DOCUMENTS = 8
CONFIG = {"section_by_status": True, "on_record_error": "quarantine", "change_comments": True}


def load(version):
    """A whole load of a company; each version changes every document."""
    codes = segments(("330", "Marketing"), ("10", "Bergen"))
    messages = [account("3000", f"Sales {version}"), account("6800", "Office")]
    for n in range(1, DOCUMENTS + 1):
        lines = [
            line(k, f"Item {k} v{version}", account={"number": "6800"}, sub=codes)
            for k in range(1, 3 + (n + version) % 3)
        ]
        messages.append(
            order(n, orderTotal=100.0 * version + n, status=("Open", "Closed")[(n + version) % 2], lines=lines)
        )
        messages.append(state("purchase_orders", n))
        messages.append(invoice(n, amount=float(version)))
    return [*messages, invoice(99, amount="broken"), state("supplier_invoices", 100)]


def board(destination):
    tasks = destination.tasks
    return {
        visma_id: (task["name"], task["fields"], task["completed"], task["memberships"][0]["section"], lines_of(task))
        for visma_id, task in tasks.items()
    }


def released(process):
    """The ids of the states a killed process had put out."""
    text = Path(f"{process.stem}.out").read_text()
    messages = [json.loads(part) for part in text.splitlines(keepends=True) if part.endswith("\n")]
    return [message["state"]["id"] for message in messages if message["type"] == "STATE"]


@pytest.fixture(scope="module")
def undisturbed(destination_server, tmp_path_factory):
    destination_server.reset(requests_per_minute=0, cost_per_minute=0)
    destination = Destination(destination_server, tmp_path_factory.mktemp("undisturbed"))
    destination.write(*load(1), **CONFIG)
    first = board(destination)
    destination.write(*load(2), **CONFIG)
    return {1: first, 2: board(destination)}


@pytest.mark.parametrize("seed", kill_points.some(range(3), 1))
def test_killed_again_and_again_in_a_first_load_and_in_an_update(destination, undisturbed, seed):
    """Each round starts on the wreck the last one left. Writes take long enough to be hit in their midst."""
    dice = random.Random(seed)
    destination.asana.settings(write_latency=0.01, record_bodies=False)
    for version in (1, 2):
        for _ in range(6):
            done = released(destination.killed(*load(version), requests=dice.randint(10, 110), **CONFIG))
            assert done == sorted(done)
            assert set(destination.tasks) >= {order_id(n) for n in done if n != 100}
        destination.write(*load(version), **CONFIG)
        assert board(destination) == undisturbed[version]
        assert len(destination.attention) == 1
        subtasks = [
            item["name"] for task in destination.tasks.values() for item in task["subtasks"] if not item["completed"]
        ]
        assert len(subtasks) == sum(len(lines) for *_, lines in undisturbed[version].values())
        destination.asana.clear_log()
        destination.write(*load(version), **CONFIG)
        assert destination.written == []


@pytest.mark.parametrize("requests", kill_points.some([*range(1, 30, 3), *range(30, 80, 7)], 6))
def test_killed_after_any_number_of_requests(destination, undisturbed, requests):
    """The service stops answering after so many requests, and then the process is killed."""
    destination.asana.settings(record_bodies=False)
    destination.asana.fault(action="delay", seconds=3600, path=".*", skip=requests, times=None)
    process = destination.start(*load(1), **CONFIG)
    until(lambda: len(destination.asana.log()) > requests or not process.is_alive())
    process.kill()
    process.join(240)
    destination.asana.control("DELETE", "faults")
    destination.write(*load(1), **CONFIG)
    assert board(destination) == undisturbed[1]
    destination.asana.clear_log()
    destination.write(*load(1), **CONFIG)
    assert destination.written == []


def test_killed_in_a_big_project_while_search_knows_nothing_yet(destination):
    """Little changes in a big project: documents are searched, and what search does not know yet must still be seen."""
    destination.write(invoice("seed"))
    destination.asana.bulk(300, age=86_400, prefix="SupplierInvoiceId:4100251/Invoice/9")
    destination.asana.settings(search_lag=3600.0, search_per_minute=1000, write_latency=0.02, record_bodies=False)
    dice = random.Random(5)
    messages = [*(invoice(n) for n in range(1, 16)), *(invoice(f"9{n}", amount=5.0) for n in range(1, 6))]
    for _ in range(6):
        destination.killed(*messages, requests=dice.randint(2, 40))
    destination.write(*messages)
    assert len(destination.tasks) == 301 + 15
    destination.asana.clear_log()
    destination.write(*messages)
    assert destination.written == []
    searched = [entry for entry in destination.requests("GET") if entry["path"].endswith("/search")]
    assert len(destination.requests("GET")) < 40
    assert searched
