"""What the connectors promise about time, calls and memory, measured: `python -m benchmarks.promises [name …]`.

Prints a line for each promise and ends with status 1 when one is not kept; with `--write` the lines also take their place in
docs/benchmarks.md, where the others stay as they are. Seconds need an otherwise idle machine, calls do not.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks.lines import accounts, rereading
from benchmarks.measure import Figures, run
from benchmarks.orders import first_load_of_orders, orders_scattered, orders_touched, routed_creates
from benchmarks.pace import pace_of_150, pace_of_600, pace_of_1500
from benchmarks.support import LONG_AGO, OURS, PEERS, Finding, Writing, catalog, near_the_least, save, spread
from integration_tests.destination_messages import invoice
from integration_tests.sandbox.harness import AsanaSandbox, VismaSandbox

PAGE = Path(__file__).resolve().parents[1] / "docs" / "benchmarks.md"
HEAD = "| promised | measured | kept | on |"
ASANA_WRITE = 0.1
VISMA_ANSWER = 0.5
RECORDS = 60_000
ROUNDS = 5  # of what is measured in turn; the median counts


# --- source-visma ----------------------------------------------------------------------------------------------------


@contextmanager
def company(folder: Path, records: int, **settings: Any) -> Iterator[str]:
    """A company with so many supplier invoices of about 3 KB; the configuration for it, as an argument."""
    with VismaSandbox("--scale", str(records)) as visma:
        visma.settings(rate_limit=10**9, **{"page_caps": {"supplierInvoice": 1000}, **settings})
        yield save(folder / f"visma-{records}.json", visma.config)


def reading(folder: Path, records: int, **settings: Any) -> Figures:
    """One full read of so many supplier invoices by source-visma."""
    with company(folder, records, **settings) as config:
        return run(readers(folder)["source-visma"](config))


def readers(folder: Path) -> dict[str, Callable[[str], list[str]]]:
    """The commands that read a company's supplier invoices, by the configuration."""
    options = ["--catalog", catalog(folder)]
    stock = [str(OURS / "python"), str(PEERS / "stock_lowcode.py")]
    return {
        "source-visma": lambda config: [str(OURS / "source-visma"), "read", "--config", config, *options],
        "stock": lambda config: [*stock, "read", "--config", config, *options],
        "floor": lambda config: [str(OURS / "python"), str(PEERS / "floor_read.py"), config],
    }


def start_up(folder: Path) -> Finding:
    wall, ours, stock = [], [], []
    with company(folder, 1) as config:
        commands = {name: command(config) for name, command in readers(folder).items()}
        for _ in range(ROUNDS):
            figures = run(commands["source-visma"])
            wall.append(figures.wall)
            ours.append(figures.cpu)
            stock.append(run(commands["stock"]).cpu)
    return Finding(
        "source-visma: one record, from start to end, within 2 s, and with no more CPU than the stock low-code reader",
        f"{spread(wall, '.1f')} s; CPU {spread(ours, '.1f')} s, stock reader {spread(stock, '.1f')} s",
        statistics.median(wall) <= 2 and statistics.median(ours) <= statistics.median(stock),
    )


def pages(folder: Path) -> Finding:
    start = reading(folder, 1).wall
    wall = reading(folder, 10_000, page_caps={"supplierInvoice": 100}, latency=VISMA_ANSWER).wall
    least = 100 / 4 * VISMA_ANSWER
    promised = "source-visma: 100 pages with 4 workers take at most 1.3 × pages ÷ workers × latency and the start-up"
    return near_the_least(promised, wall, start, least)


def throughput(folder: Path) -> Finding:
    """Both readers in turn, so that a slow minute of the machine hits both; the share is taken round by round. The start-up is the
    median of all rounds: a single one differs by more than many records take."""
    whole: dict[str, list[float]] = {"source-visma": [], "floor": []}
    start: dict[str, list[float]] = {"source-visma": [], "floor": []}
    with company(folder, 1) as one, company(folder, RECORDS) as many:
        for _ in range(ROUNDS):
            for name, seconds in whole.items():
                command = readers(folder)[name]
                start[name].append(run(command(one)).cpu)
                seconds.append(run(command(many)).cpu)
    rates = {
        name: [(RECORDS - 1) / (cpu - statistics.median(start[name])) for cpu in all_of_it]
        for name, all_of_it in whole.items()
    }
    ours, floor = rates.values()
    shares = [100 * mine / its for mine, its in zip(ours, floor, strict=True)]
    return Finding(
        "source-visma: per CPU second, start-up left out, at least 75 % of the invoices of 3 KB that the floor, which parses "
        "and prints, reads",
        f"{spread(shares, '.0f')} %: {spread(ours, ',.0f')} per CPU second, the floor {spread(floor, ',.0f')}",
        statistics.median(shares) >= 75,
    )


# --- destination-asana -----------------------------------------------------------------------------------------------


def creates(folder: Path) -> Finding:
    with AsanaSandbox() as asana:
        writing = Writing(folder, asana)
        start = writing.write([invoice("seed")]).wall
        asana.settings(write_latency=ASANA_WRITE)
        wall = writing.write(invoice(number) for number in range(1500)).wall
    least = 1500 / 15 * ASANA_WRITE
    promised = "destination-asana: 1,500 new documents, 100 ms a write, take at most 1.3 × documents ÷ 15 × latency and the start-up"
    return near_the_least(promised, wall, start, least)


def changes(folder: Path) -> Finding:
    with AsanaSandbox() as asana:
        writing = Writing(folder, asana)
        asana.bulk(50_000, sections=2, age=LONG_AGO)
        calls = writing.write(invoice(100 * number, amount=float(number)) for number in range(1, 21)).calls
    return Finding(
        "destination-asana: 20 changed invoices in a project of 50,000 tasks take at most 100 calls",
        f"{calls} calls",
        calls <= 100,
    )


# --- all of them -----------------------------------------------------------------------------------------------------

PROMISES: dict[str, Callable[[Path], Finding]] = {
    each.__name__: each
    for each in (
        *(start_up, pages, throughput, creates, changes),
        *(orders_touched, orders_scattered, first_load_of_orders, routed_creates),
        *(rereading, accounts, pace_of_150, pace_of_600, pace_of_1500),
    )
}


def measured(names: Iterable[str] = PROMISES) -> list[Finding]:
    """Measures the promises of these names, one after the other, and prints each."""
    findings = []
    for name in names:
        with tempfile.TemporaryDirectory() as folder:
            finding = PROMISES[name](Path(folder))
        print(f"{'ok    ' if finding.kept else 'MISSED'} {finding.promised}: {finding.measured}", flush=True)
        findings.append(finding)
    return findings


def table(findings: list[Finding]) -> list[str]:
    """A Markdown table."""
    return [HEAD, "|---|---|---|---|", *(each.row() for each in findings)]


def put(page: str, findings: list[Finding]) -> str:
    """The page with these findings in place of what it says of the same promises; new ones stand behind the others of the table."""
    lines = page.rstrip("\n").split("\n")
    if HEAD not in lines:
        raise SystemExit("docs/benchmarks.md has no table of promises to put these into: run `make bench`")
    for finding in findings:
        begins = f"| {finding.promised} |"
        place = next((n for n, line in enumerate(lines) if line.startswith(begins)), None)
        if place is None:
            end = lines.index(HEAD)
            while end < len(lines) and lines[end].startswith("|"):
                end += 1
            lines.insert(end, finding.row())
        else:
            lines[place] = finding.row()
    return "\n".join(lines) + "\n"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", metavar="name", help=f"which promises: {', '.join(PROMISES)}")
    parser.add_argument("--write", action="store_true", help="put them into docs/benchmarks.md")
    chosen = parser.parse_args()
    findings = measured(chosen.names or PROMISES)
    if chosen.write:
        PAGE.write_text(put(PAGE.read_text(encoding="utf-8"), findings), encoding="utf-8")
    return int(not all(finding.kept for finding in findings))


if __name__ == "__main__":
    sys.exit(main())
