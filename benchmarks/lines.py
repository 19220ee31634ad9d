"""What reading again costs with lines, and what a first load costs whose lines name accounts without an option."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from benchmarks.support import Finding, Writing
from integration_tests.destination_messages import invoice, line, order
from integration_tests.sandbox.harness import AsanaSandbox

WRITE_LATENCY = 0.1


def rereading(folder: Path) -> Finding:
    """900 orders with two lines each, written, then read twice more; the second time counts."""
    messages = [order(number, lines=[line(1), line(2)]) for number in range(1, 901)]
    with AsanaSandbox() as asana:
        writing = Writing(folder, asana, "purchase_orders", "supplier_invoices")
        first = writing.write(messages)
        writing.write(messages)
        again = writing.write(messages)
        writes = sum(entry["method"] != "GET" for entry in asana.log() if entry["path"].startswith("/tasks"))
    return Finding(
        "destination-asana: 900 unchanged orders with two lines each cost a read per hundred and 12 more at most, and no write",
        f"{again.calls} calls, {writes} writes, {again.wall:.1f} s; the first load {first.calls - 2700} calls more than its 2,700 creates",
        again.calls <= 21 and writes == 0,
    )


def accounts(folder: Path) -> Finding:
    """1,500 invoices whose lines name 75 accounts, twice: without options for them, and with."""
    with AsanaSandbox() as asana:
        writing = Writing(folder, asana)
        writing.write([billed("seed", 0)])
        asana.settings(write_latency=WRITE_LATENCY)
        start = writing.write([billed("another", 0)], line_items="none").wall
        without = writing.write((billed(number, 1 + number % 75) for number in range(1500)), line_items="none").wall
        floor = writing.write(
            (billed(5000 + number, 1 + number % 75) for number in range(1500)), line_items="none"
        ).wall
    ratio = (without - start) / (floor - start)
    return Finding(
        "destination-asana: a first load of 1,500 invoices whose lines name 75 accounts without an option takes at most 1.15 × the same with options",
        f"{without:.1f} s and {floor:.1f} s, start-up {start:.1f} s in both; {ratio:.2f} ×",
        ratio <= 1.15,
    )


def billed(number: int | str, account: int) -> Any:
    """An invoice whose one line names an account."""
    lines = [{"lineNumber": 1, "account": {"number": f"{4000 + account}", "description": f"Purchases {account}"}}]
    return invoice(number, invoiceLines=lines)
