"""What a sync says beforehand: the size of a first load, and how many tasks it assigns to whom."""

import pytest

from integration_tests.destination_messages import catalog, invoice, line, order, status
from integration_tests.destination_support import KARI

OLA = "ola.hansen@nordlys.example"


def estimate(stream, rows):
    told = {"name": stream, "type": "STREAM", "row_estimate": rows}
    return {"type": "TRACE", "trace": {"type": "ESTIMATE", "emitted_at": 1.0, "estimate": told}}


def outlooks(run):
    return [text for text in run.log.splitlines() if "First load:" in text]


def test_a_first_load_says_what_it_will_cost_and_how_to_make_it_smaller(destination):
    messages = [order(n, lines=[line(1), line(2), line(3)]) for n in range(1, 231)]
    [said] = outlooks(destination.write(*messages, dry_run=True))
    assert "200 documents so far, about 200 tasks and 800 calls to Asana" in said
    assert "about 1 minute." in said
    assert "start_date in the source, create_closed off, line_items as description" in said
    [said] = outlooks(destination.write(*messages, dry_run=True, line_items="description"))
    assert "about 200 tasks and 200 calls" in said


def test_what_visma_announces_is_known_at_once(destination):
    messages = [estimate("purchase_orders", 50_000), *(order(n, lines=[line(1)]) for n in range(1, 211))]
    [said] = outlooks(destination.write(*messages, dry_run=True))
    assert "Visma announces 50000 documents, about 50000 tasks and 100000 calls" in said
    assert "about 79 minutes." in said


def test_closed_documents_that_get_no_task_are_not_counted(destination):
    """Three years of history, of which one document in five is open."""
    closed = [invoice(n, status="Closed") for n in range(10_000, 10_800)]
    messages = [estimate("supplier_invoices", 10_000), *closed, *(invoice(n) for n in range(1, 206))]
    [said] = outlooks(destination.write(*messages, dry_run=True, create_closed=False))
    assert "Visma announces 10000 documents, about 2000 tasks and 2000 calls to Asana." in said
    assert "To make it smaller: a later start_date in the source, line_items as description." in said


def test_a_later_sync_says_nothing_of_it(destination):
    destination.write(invoice(1))
    assert outlooks(destination.write(*(invoice(n) for n in range(2, 212)), dry_run=True)) == []


def test_a_load_that_grows_is_said_again(destination):
    run = destination.write(*(invoice(n) for n in range(1, 1101)), dry_run=True)
    assert len(outlooks(run)) == 2


@pytest.mark.parametrize("dry_run", [True, False])
def test_the_summary_counts_assignments_by_person(destination, dry_run):
    """Closed documents are assigned to nobody."""
    mapping = [{"supplier": "Nordic*", "assignee": KARI}, {"supplier": "*", "assignee": OLA}]
    other = {"supplier": {"number": "1", "name": "Other AS"}}
    messages = [invoice(1), invoice(2), invoice(3, **other), invoice(4, status="Closed"), order(1, status="Closed")]
    run = destination.write(*messages, supplier_mapping=mapping, dry_run=dry_run)
    assert "Assigned to people: 3 tasks (Kari Nordmann 2, Ola Hansen 1)" in run.log
    assert not dry_run or destination.tasks == {}


def test_a_changed_mapping_counts_the_tasks_it_reaches(destination):
    destination.write(invoice(1), invoice(2), invoice(3, status="Closed"))
    quiet = [status("supplier_invoices")]
    mapping = [{"supplier": "*", "assignee": KARI}]
    settings = {"configured": catalog("supplier_invoices"), "supplier_mapping": mapping}
    for dry_run in (True, False):
        run = destination.write(*quiet, **settings, dry_run=dry_run)
        assert "Assigned to people: 2 tasks (Kari Nordmann 2)" in run.log
    assert "Assigned to people" not in destination.write(*quiet, **settings).log
