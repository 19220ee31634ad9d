"""What the connectors promise about time, calls and memory, measured: `python -m benchmarks.promises [name …]`.

Prints a line for each promise and ends with status 1 when one is not kept. Needs an otherwise idle machine.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.measure import Figures, run
from integration_tests.destination_messages import invoice
from integration_tests.sandbox.harness import AsanaSandbox, VismaSandbox

PEERS = Path(__file__).resolve().parent / "peers"
OURS = PEERS.parents[1] / ".venv" / "bin"
ASANA_WRITE = 0.1
VISMA_ANSWER = 0.5
LONG_AGO = 864_000


@dataclass(frozen=True)
class Finding:
    """One promise, in words, and what was measured."""

    promised: str
    measured: str
    kept: bool


def near_the_least(promised: str, wall: float, start: float, least: float) -> Finding:
    """Whether a run of `wall` seconds, without its start-up, takes at most 1.3 × the least possible."""
    measured = f"{wall:.1f} s; start-up {start:.1f} s; {(wall - start) / least:.2f} × {least:g} s"
    return Finding(promised, measured, wall - start <= 1.3 * least)


# --- source-visma ----------------------------------------------------------------------------------------------------


def reading(folder: Path, records: int, *command: str, **settings: Any) -> Figures:
    """One full read of so many supplier invoices of about 3 KB, by source-visma or by another command that takes its
    configuration."""
    with VismaSandbox("--scale", str(records)) as visma:
        visma.settings(rate_limit=10**9, **{"page_caps": {"supplierInvoice": 1000}, **settings})
        config = save(folder / "visma.json", visma.config)
        ours = [str(OURS / "source-visma"), "read", "--config", config, "--catalog", catalog(folder)]
        return run([*command, config] if command else ours)


def start_up(folder: Path) -> Finding:
    wall = min(reading(folder, 1).wall for _ in range(3))
    return Finding("source-visma: one record, from start to end, within 2 s", f"{wall:.1f} s", wall <= 2)


def pages(folder: Path) -> Finding:
    start = reading(folder, 1).wall
    wall = reading(folder, 10_000, page_caps={"supplierInvoice": 100}, latency=VISMA_ANSWER).wall
    least = 100 / 4 * VISMA_ANSWER
    promised = "source-visma: 100 pages with 4 workers take at most 1.3 × pages ÷ workers × latency and the start-up"
    return near_the_least(promised, wall, start, least)


def throughput(folder: Path) -> Finding:
    rate = records_per_cpu_second(folder)
    floor = records_per_cpu_second(folder, str(OURS / "python"), str(PEERS / "floor_read.py"))
    return Finding(
        "source-visma: 10,000 invoices of 3 KB per CPU second, start-up left out",
        f"{rate:,.0f} per CPU second, where the floor, which parses and prints, does {floor:,.0f}",
        rate >= 10_000,
    )


def records_per_cpu_second(folder: Path, *command: str) -> float:
    """The best of three, since what else the machine does only adds to them."""
    start, whole = (min(reading(folder, n, *command).cpu for _ in range(3)) for n in (1, 30_000))
    return 29_999 / (whole - start)


def million(folder: Path) -> Finding:
    figures = reading(folder, 1_000_000)
    return Finding(
        "source-visma: a million invoices in at most 300 MB",
        f"{figures.memory:.0f} MB, {figures.wall:.0f} s",
        figures.memory <= 300,
    )


# --- destination-asana -----------------------------------------------------------------------------------------------


class Writing:
    """destination-asana and a sandbox Asana that holds one document already, so that the fields are there."""

    def __init__(self, folder: Path, asana: AsanaSandbox) -> None:
        self._folder = folder
        self.asana = asana
        asana.settings(requests_per_minute=0, cost_per_minute=0, record_bodies=False)
        self.start = self.write([invoice("seed")])

    def write(self, messages: Iterable[Any]) -> Figures:
        """One run over these messages; the calls are those of this run."""
        lines = self._folder / "in.jsonl"
        lines.write_text("".join(json.dumps(message) + "\n" for message in messages))
        config = save(self._folder / "asana.json", self.asana.config)
        self.asana.clear_log()
        figures = run(
            [str(OURS / "destination-asana"), "write", "--config", config, "--catalog", catalog(self._folder)],
            stdin=lines,
        )
        return Figures(figures.wall, figures.cpu, figures.memory, self.asana.stats()["total"], figures.lines)


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


def memory(folder: Path) -> Finding:
    with AsanaSandbox() as asana:
        writing = Writing(folder, asana)
        asana.bulk(100_000, sections=4, age=LONG_AGO)
        figures = writing.write(invoice(number, amount=1.0) for number in range(1, 61))
    return Finding(
        "destination-asana: 60 changed documents among 100,000 tasks, all listed, in at most 400 MB",
        f"{figures.memory:.0f} MB, {figures.wall:.0f} s",
        figures.memory <= 400,
    )


# --- all of them -----------------------------------------------------------------------------------------------------

PROMISES: dict[str, Callable[[Path], Finding]] = {
    each.__name__: each for each in (start_up, pages, throughput, million, creates, changes, memory)
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
    rows = (f"| {each.promised} | {each.measured} | {'yes' if each.kept else '**no**'} |" for each in findings)
    return ["| promised | measured | kept |", "|---|---|---|", *rows]


def catalog(folder: Path) -> str:
    """A configured catalog with supplier invoices alone, incremental; the path of its file."""
    described = {
        "name": "supplier_invoices",
        "json_schema": {},
        "supported_sync_modes": ["full_refresh", "incremental"],
    }
    configured = {
        "stream": described,
        "sync_mode": "incremental",
        "destination_sync_mode": "append_dedup",
        "cursor_field": ["lastModifiedDateTime"],
        "primary_key": [["company_id"], ["documentType"], ["referenceNumber"]],
    }
    return save(folder / "catalog.json", {"streams": [configured]})


def save(path: Path, content: Any) -> str:
    """Writes a JSON file; its path as an argument."""
    path.write_text(json.dumps(content), encoding="utf-8")
    return str(path)


if __name__ == "__main__":
    sys.exit(not all(finding.kept for finding in measured(sys.argv[1:] or PROMISES)))
