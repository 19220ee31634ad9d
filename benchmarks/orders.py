"""What the money trail and routing promise in calls."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from benchmarks.measure import Figures
from benchmarks.support import LONG_AGO, Finding, Writing
from integration_tests.destination_messages import invoice, order
from integration_tests.sandbox.harness import AsanaSandbox

STREAMS = ("purchase_orders", "supplier_invoices")


def bill(number: int, order_number: str, amount: float, day: int) -> Any:
    """An invoice of one line that names an order, as it is on a day of January."""
    line = {
        "lineNumber": 1,
        "poNumber": order_number,
        "cost": amount,
        "costInCurrency": amount,
        "project": {"internalId": 3101, "id": "P1001", "description": "Website"},
    }
    return invoice(number, invoiceLines=[line], lastModifiedDateTime=f"2026-01-{day:02d}T08:00:00")


def orders_touched(folder: Path) -> Finding:
    figures, _ = touched(folder, [str(number) for number in range(500701, 500721)])
    return Finding(
        "destination-asana: 20 changed invoices of 20 orders of one series in a project of 50,000 tasks, lines left out, take at most 120 calls",
        f"{figures.calls} calls, {figures.wall:.1f} s",
        figures.calls <= 120,
    )


def orders_scattered(folder: Path) -> Finding:
    figures, refused = touched(folder, [str(500000 + 1111 * number) for number in range(1, 21)])
    return Finding(
        "destination-asana: the same with orders whose numbers have nothing in common take at most 150 calls, and those that search refuses (60 a minute)",
        f"{figures.calls - refused} calls, {refused} refused, {figures.wall:.1f} s",
        figures.calls - refused <= 150,
    )


def touched(folder: Path, numbers: list[str]) -> tuple[Figures, int]:
    """A sync of one changed invoice for each order, in a project of 50,000 tasks, and how many calls were refused."""
    with AsanaSandbox() as asana:
        writing = Writing(folder, asana, *STREAMS)
        asana.settings(search_lag=0)
        first = [*map(order, numbers), *(bill(70_000 + n, each, 10, 10) for n, each in enumerate(numbers))]
        writing.write(first, line_items="none")
        asana.bulk(50_000, sections=2, age=LONG_AGO)
        changed = [bill(70_000 + n, each, 20, 11) for n, each in enumerate(numbers)]
        figures = writing.write(changed, line_items="none")
        return figures, asana.stats()["by_status"].get("429", 0)


def first_load_of_orders(folder: Path) -> Finding:
    """500 orders with a line each, then three invoices for each."""
    orders = [str(500000 + number) for number in range(500)]
    invoices = [bill(number, orders[number // 3], 10, 10) for number in range(1500)]
    with AsanaSandbox() as asana:
        writing = Writing(folder, asana, *STREAMS)
        writing.write([order(orders[0]), invoice("seed")])
        figures = writing.write([*map(order, orders[1:]), *invoices], line_items="none")
    least = 499 + 1500 + 2 * 500
    return Finding(
        "destination-asana: a first load of 1,500 invoices over 500 orders takes one write per document, a look and a write per order touched, and 100 calls more at most",
        f"{figures.calls} calls, {figures.calls - least} more than these; {figures.wall:.1f} s",
        figures.calls <= least + 100,
    )


def routed_creates(folder: Path) -> Finding:
    """The same new invoices with and without a route; what a routed project needs once is apart."""
    with AsanaSandbox() as asana:
        writing = Writing(folder, asana, *STREAMS)
        writing.write([bill(1, "500001", 10, 10)])
        made = {"name": "P1001 Website", "workspace": asana.WORKSPACE, "team": "1200000000000200"}
        asana.as_person("POST", "/projects", data=made)
        plain = [
            writing.write((bill(start + n, "500001", 10, 10) for n in range(count)), line_items="none").calls
            for start, count in ((1000, 100), (2000, 300))
        ]
        routed = [
            writing.write(
                (bill(start + n, "500001", 10, 10) for n in range(count)), line_items="none", route_by_project_name=True
            ).calls
            for start, count in ((3000, 100), (4000, 300))
        ]
    more = (routed[1] - routed[0]) - (plain[1] - plain[0])
    return Finding(
        "destination-asana: routing adds no call to a create",
        f"200 more new invoices: {plain[1] - plain[0]} calls, routed {routed[1] - routed[0]}; once per sync {routed[0] - plain[0]} more",
        more <= 2,
    )
