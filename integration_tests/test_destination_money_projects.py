"""The money trail between projects: orders in one, the invoices that name them in another, each listed whole or searched.

Expected numbers are worked out by hand: the order is of 250.00 net.
"""

from pathlib import Path

import pytest

from integration_tests import kill_points
from integration_tests.destination_messages import COMPANY, line, order, order_id, state
from integration_tests.sandbox.harness import AsanaSandbox
from integration_tests.test_destination_money import OTHER, PO, bill, credit, names, numbers
from integration_tests.waiting import until

ORDERS, INVOICES = "purchase_orders", "supplier_invoices"
# More than the two pages after which a project counts as big.
MANY = 300


class Apart:
    """The streams' projects: one stream has a project of its own, by an entry of the settings."""

    def __init__(self, destination, moved, kind="task"):
        self.destination = destination
        self.own = destination.as_person("POST", "/projects", name="Apart", workspace=AsanaSandbox.WORKSPACE)["gid"]
        other = INVOICES if moved == ORDERS else ORDERS
        self.gids = {moved: self.own, other: AsanaSandbox.PROJECT}
        self.streams = [{"name": moved, "write_as": {"type": "task", "project_gid": self.own}}]
        if kind == "project":
            self.streams.append({"name": other, "write_as": {"type": "project"}})
        destination.asana.settings(search_per_minute=100_000, search_lag=0)

    def write(self, *messages, **config):
        return self.destination.write(*messages, streams=self.streams, **config)

    def fill(self, stream):
        """Makes a stream's project too big to be listed for a few documents."""
        start = 700_000 if stream == ORDERS else 800_000
        self.destination.asana.bulk(MANY, start=start, age=864_000, project=self.gids[stream])


def big(*streams):
    return pytest.param(streams, id="big: " + (" and ".join(streams) or "none"))


SIZES = [big(), big(ORDERS), big(INVOICES), big(ORDERS, INVOICES)]


@pytest.mark.parametrize("moved", [ORDERS, INVOICES])
@pytest.mark.parametrize("sizes", SIZES)
def test_invoices_alone_change_orders_of_another_project(destination, moved, sizes):
    apart = Apart(destination, moved)
    apart.write(order(1), order(2), bill(1, names(PO, 60)), state(INVOICES))
    for stream in sizes:
        apart.fill(stream)
    run = apart.write(bill(2, names(PO, 10)), state(INVOICES, 2))
    assert run.state_ids == [2]
    assert numbers(destination) == (250, 0, 70, 180)
    apart.write(credit(3, names(PO, 5)))
    assert numbers(destination) == (250, 0, 65, 185)
    apart.write(bill(1, names(OTHER, 60)))
    assert numbers(destination) == (250, 0, 5, 245)
    assert numbers(destination, order_id(2)) == (250, 0, 60, 190)
    apart.write(bill(2, names(PO, 10), status="Voided"))
    assert numbers(destination) == (250, 0, -5, 255)
    destination.fresh_log()
    apart.write(bill(1, names(OTHER, 60)), bill(2, names(PO, 10), status="Voided"), order(1), order(2))
    assert destination.written == []


@pytest.mark.parametrize("moved", [ORDERS, INVOICES])
@pytest.mark.parametrize("sizes", SIZES)
def test_an_order_that_comes_after_its_invoices_in_another_project(destination, moved, sizes):
    apart = Apart(destination, moved)
    apart.write(order("seed"), bill(1, names(PO, 60)), bill(2, names("000007", 1)), state(INVOICES))
    for stream in sizes:
        apart.fill(stream)
    run = apart.write(order(1), state(ORDERS, 2))
    assert run.state_ids == [2]
    assert numbers(destination) == (250, 0, 60, 190)


@pytest.mark.parametrize("sizes", [big(), big(INVOICES)])
def test_invoices_written_as_projects(destination, sizes):
    apart = Apart(destination, ORDERS, kind="project")
    apart.write(order(1), bill(1, names(PO, 60)), state(INVOICES))
    for stream in sizes:
        apart.fill(stream)
    apart.write(bill(2, names(PO, 10)), state(INVOICES, 2))
    assert numbers(destination) == (250, 0, 70, 180)


@pytest.mark.parametrize("stream", [ORDERS, INVOICES])
def test_documents_that_were_in_the_other_project_before_the_settings_named_one(destination, stream):
    """Old tasks stay where they are; new ones go to the stream's own project."""
    destination.write(order(1), bill(1, names(PO, 60)), state(INVOICES))
    apart = Apart(destination, stream)
    apart.write(bill(2, names(PO, 10)), state(INVOICES, 2))
    assert numbers(destination) == (250, 0, 70, 180)
    apart.write(order(1, lines=[line(quantity=20)], lastModifiedDateTime="2026-02-08T08:00:00"))
    assert numbers(destination) == (500, 0, 70, 430)


def test_streams_of_two_companies_with_prefixes_and_projects_of_their_own(destination):
    """Both companies have an order 000001."""
    gids = [
        destination.as_person("POST", "/projects", name=name, workspace=AsanaSandbox.WORKSPACE)["gid"]
        for name in ("A orders", "A invoices", "B orders", "B invoices")
    ]
    kinds = ("a_purchase_orders", "a_supplier_invoices", "b_purchase_orders", "b_supplier_invoices")
    streams = [
        {"name": name, "write_as": {"type": "task", "project_gid": gid}} for name, gid in zip(kinds, gids, strict=True)
    ]

    def of(name, message, company):
        message["record"]["stream"] = name
        message["record"]["data"]["company_id"] = company
        return message

    def write(*messages):
        destination.write(*messages, streams=streams)

    ours = of(kinds[0], order(1), COMPANY), of(kinds[1], bill(1, names(PO, 60)), COMPANY)
    theirs = of(kinds[2], order(1), "777"), of(kinds[3], bill(1, names(PO, 7)), "777")
    write(*ours, *theirs)
    write(of(kinds[1], bill(2, names(PO, 10)), COMPANY))
    write(of(kinds[3], bill(2, names(PO, 1)), "777"))
    assert numbers(destination) == (250, 0, 70, 180)
    assert numbers(destination, order_id().replace(COMPANY, "777")) == (250, 0, 8, 242)


@pytest.mark.parametrize("sizes", [big(), big(ORDERS, INVOICES)])
def test_two_companies_with_the_same_numbers(destination, sizes):
    apart = Apart(destination, INVOICES)
    theirs = {"company_id": "777"}
    apart.write(order(1), order(1, **theirs), bill(1, names(PO, 60)), bill(1, names(PO, 7), **theirs))
    for stream in sizes:
        apart.fill(stream)
    apart.write(bill(2, names(PO, 10)), bill(2, names(PO, 1), **theirs))
    assert numbers(destination) == (250, 0, 70, 180)
    assert numbers(destination, order_id().replace(COMPANY, "777")) == (250, 0, 8, 242)


@pytest.mark.parametrize("moved", [ORDERS, INVOICES])
def test_search_that_is_an_hour_behind(destination, moved):
    """What was written a moment ago is in neither project's answers of search, but in what each lists of late."""
    apart = Apart(destination, moved)
    apart.write(order("seed"), bill("seed"))
    apart.fill(ORDERS)
    apart.fill(INVOICES)
    destination.asana.settings(search_lag=3600)
    apart.write(order(1), bill(1, names(PO, 60)), state(INVOICES))
    apart.write(bill(2, names(PO, 10)), state(INVOICES, 2))
    assert numbers(destination) == (250, 0, 70, 180)
    apart.write(bill(1, names(OTHER, 60)), order(2), state(INVOICES, 3))
    assert numbers(destination) == (250, 0, 10, 240)
    assert numbers(destination, order_id(2)) == (250, 0, 60, 190)


@pytest.mark.parametrize("spread", [1, 0], ids=["one a second", "all at once"])
@pytest.mark.parametrize("sizes", [big(INVOICES), big(ORDERS, INVOICES)])
def test_more_invoices_of_an_order_than_one_answer_of_search_holds(destination, spread, sizes):
    apart = Apart(destination, INVOICES)
    apart.write(
        order(1, lines=[line(quantity=1, cost=1000)]), order(2), bill(1, names(PO, 60)), bill(2, names(OTHER, 1))
    )
    shown = {"Visma purchase orders": "000001: 1.25", "Visma currency": "NOK", "Visma status": "Open"}
    more = {"prefix": f"SupplierInvoiceId:{COMPANY}/Invoice/M", "values": shown, "project": apart.own}
    destination.asana.bulk(240, age=864_000, spread=spread, **more)
    for stream in sizes:
        apart.fill(stream)
    apart.write(bill(3, names(PO, 10)), bill(4, names(OTHER, 2)), state(INVOICES, 2))
    assert numbers(destination) == (1000, 0, 370, 630)
    assert numbers(destination, order_id(2)) == (250, 0, 3, 247)


def test_a_project_where_search_is_not_available(destination):
    apart = Apart(destination, INVOICES)
    apart.write(order(1), bill(1, names(PO, 60)))
    apart.fill(INVOICES)
    destination.asana.fault(
        action="error", status=402, message="Search is only available to premium users.", path="/search", times=None
    )
    apart.write(bill(2, names(PO, 10)))
    assert numbers(destination) == (250, 0, 70, 180)


def test_a_dry_run_writes_nothing_into_either_project(destination):
    apart = Apart(destination, INVOICES)
    apart.write(order(1), bill(1, names(PO, 60)))
    destination.fresh_log()
    run = apart.write(bill(2, names(PO, 10)), dry_run=True)
    assert destination.written == []
    assert "Dry run, PurchaseOrderId:4100251/RegularOrder/000001 (PO 000001) would be updated" in run.log
    assert "Visma invoiced: 60" in run.log


def test_orders_alone_change_nothing_in_the_project_of_the_invoices(destination):
    """That project is only read: its fields come with its own stream."""
    apart = Apart(destination, INVOICES)
    destination.fresh_log()
    apart.write(order(1), state(ORDERS))
    assert [path for path in destination.written if apart.own in path] == []


@pytest.mark.parametrize("requests", kill_points.some(range(1, 60, 4), 6))
def test_killed_after_any_number_of_requests_while_invoices_move(destination, requests):
    """Both projects are searched. The invoices alone come again, the first moved to the other order."""
    apart = Apart(destination, INVOICES)
    apart.write(order(1), order(2), bill(1, names(PO, 60)), bill(2, names(PO, 10)), state(INVOICES))
    if requests % 8 == 1:
        apart.fill(INVOICES)
    moved = [bill(1, names(OTHER, 60)), bill(2, names(PO, 15)), bill(3, names(OTHER, 5)), state(INVOICES, 2)]
    process = killed(apart, requests, *moved)
    right = ((250, 0, 15, 235), (250, 0, 65, 185))
    if '"id":2' in Path(f"{process.stem}.out").read_text().replace(" ", ""):
        assert (numbers(destination), numbers(destination, order_id(2))) == right
    run = apart.write(*moved)
    assert run.state_ids == [2]
    assert (numbers(destination), numbers(destination, order_id(2))) == right
    destination.fresh_log()
    apart.write(*moved)
    assert destination.written == []


def killed(apart, requests, *messages):
    """A sync that ends after so many requests. Gives its process."""
    destination = apart.destination
    destination.fresh_log()
    destination.asana.fault(action="delay", seconds=3600, path=".*", skip=requests, times=None)
    process = destination.start(*messages, streams=apart.streams)
    until(lambda: len(destination.asana.log()) > requests or not process.is_alive())
    process.kill()
    process.join(240)
    destination.asana.control("DELETE", "faults")
    until(destination.asana.at_rest)
    return process


@pytest.mark.parametrize("sizes", [big(), big(ORDERS, INVOICES)])
def test_lost_answers(destination, sizes):
    apart = Apart(destination, INVOICES)
    apart.write(order(1), order(2), bill(1, names(PO, 60)))
    for stream in sizes:
        apart.fill(stream)
    destination.asana.fault(action="lost_answer", path="/tasks", times=None, chance=0.2, seed=11)
    run = apart.write(bill(1, names(OTHER, 60)), bill(2, names(PO, 10)), bill(3, names(PO, 2)), state(INVOICES, 2))
    destination.asana.control("DELETE", "faults")
    assert run.state_ids == [2]
    assert numbers(destination) == (250, 0, 12, 238)
    assert numbers(destination, order_id(2)) == (250, 0, 60, 190)
