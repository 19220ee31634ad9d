"""`make bench`: all rows in one run, as ratios, printed and, if no option makes it smaller, written to docs/benchmarks.md."""

from __future__ import annotations

import argparse
import datetime
import json
import os
import platform
import statistics
import subprocess
import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from benchmarks import endurance, promises
from benchmarks.measure import Figures, run
from benchmarks.support import OURS, PEERS, catalog, save, spread
from integration_tests.destination_messages import invoice
from integration_tests.sandbox.harness import AsanaSandbox, VismaSandbox

ROOT = Path(__file__).resolve().parent.parent
THEIRS = ROOT / ".venv-bench" / "bin" / "python"
PAGE_SIZE = 1000
LATENCY = 0.15
WRITE_LATENCY = 0.1

SDK_PART = 10

Row = tuple[str, list[Figures], int]  # name, a round each, how many records or documents


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=20_000, help="supplier invoices of about 3 KB to read")
    parser.add_argument("--tasks", type=int, default=1_500, help="invoices to write")
    parser.add_argument("--rounds", type=int, default=5, help="rounds; the median counts")
    parser.add_argument(
        "--promises", action=argparse.BooleanOptionalAction, default=True, help="what the connectors promise, too"
    )
    chosen = parser.parse_args()
    whole = chosen == parser.parse_args([])
    with tempfile.TemporaryDirectory() as folder:
        reading = read_rows(Path(folder), chosen.records, chosen.rounds)
        writing = write_rows(Path(folder), chosen.tasks, chosen.rounds)
    findings = promises.measured() if chosen.promises else []
    text = report(reading, writing, findings, chosen)
    print(text)
    keep(text, ROOT / "docs" / "benchmarks.md", whole)


def keep(text: str, page: Path, whole: bool) -> None:
    """Writes the page after a whole run; a quick look, with options of its own, leaves it alone."""
    if whole:
        page.write_text(text, encoding="utf-8")
    else:
        print(f"A quick look: {page.name} stays as it is. Without options, `make bench` writes it.")


def read_rows(folder: Path, records: int, rounds: int) -> list[Row]:
    """Reading one long stream with each reader."""
    with VismaSandbox("--scale", str(records)) as visma:
        visma.settings(latency=LATENCY, rate_limit=10**9, page_caps={"supplierInvoice": PAGE_SIZE})
        config = save(folder / "visma.json", visma.config | {"num_workers": 4})
        eight = save(folder / "visma8.json", visma.config | {"num_workers": 8})
        invoices = catalog(folder)
        schema = save(folder / "schema.json", discovered_schema(config))
        ours = [str(OURS / "source-visma"), "read", "--config"]
        commands: dict[str, tuple[list[str], dict[str, str]]] = {
            "source-visma, 4 workers": ([*ours, config, "--catalog", invoices], {}),
            "source-visma, 8 workers": ([*ours, eight, "--catalog", invoices], {}),
            "stock low-code reader": (
                [
                    str(OURS / "python"),
                    str(PEERS / "stock_lowcode.py"),
                    "read",
                    "--config",
                    config,
                    "--catalog",
                    invoices,
                ],
                {},
            ),
            "dlt rest_api → JSON lines": ([str(THEIRS), str(PEERS / "dlt_rest.py"), config], DLT_QUIET),
            "Singer tap (Meltano SDK)": (
                [str(THEIRS), str(PEERS / "singer_tap.py"), "--config", config],
                {"BENCH_SCHEMA": schema},
            ),
            "floor: requests + orjson": ([str(OURS / "python"), str(PEERS / "floor_read.py"), config], {}),
        }

        def once(name: str) -> Figures:
            visma.clear_log()
            command, environment = commands[name]
            return replace(run(command, environment=environment), calls=len(visma.log()))

        return in_turn(dict.fromkeys(commands, records), once, rounds)


def write_rows(folder: Path, tasks: int, rounds: int) -> list[Row]:
    """Writing many new documents, and writing them again unchanged. The loop writes a part of them, because it takes as long per
    document whatever their number, and minutes for all."""
    sdk, part = "loop over the official SDK", max(1, tasks // SDK_PART)
    files = {count: invoices_file(folder, count) for count in (tasks, part)}
    with AsanaSandbox() as asana:
        config = save(folder / "asana.json", asana.config)
        ours = [str(OURS / "destination-asana"), "write", "--config", config, "--catalog", catalog(folder)]
        commands = {
            "destination-asana, first load": ours,
            "destination-asana, the same again": ours,
            sdk: [str(THEIRS), str(PEERS / "asana_sdk_loop.py"), config],
            "floor: requests, 15 in flight": [str(OURS / "python"), str(PEERS / "floor_write.py"), config],
        }

        counts = dict.fromkeys(commands, tasks) | {sdk: part}

        def once(name: str) -> Figures:
            if not name.endswith("again"):
                asana.reset()
                asana.settings(requests_per_minute=10**9, write_latency=WRITE_LATENCY)
            asana.clear_log()
            return replace(run(commands[name], stdin=files[counts[name]]), calls=asana.stats()["total"])

        return in_turn(counts, once, rounds)


def invoices_file(folder: Path, count: int) -> Path:
    """So many invoices, as a source would print them."""
    path = folder / f"invoices-{count}.jsonl"
    path.write_text("".join(json.dumps(invoice(number)) + "\n" for number in range(count)), encoding="utf-8")
    return path


def in_turn(counts: dict[str, int], once: Callable[[str], Figures], rounds: int) -> list[Row]:
    """Runs all rows in turn, round after round, so that a slow minute of the machine hits all of them."""
    seen: dict[str, list[Figures]] = {name: [] for name in counts}
    for number in range(rounds):
        for name, each in seen.items():
            figures = once(name)
            each.append(figures)
            print(f"round {number + 1}: {name}: {figures.wall:.1f} s, {figures.cpu:.1f} s CPU", flush=True)
    return [(name, each, counts[name]) for name, each in seen.items()]


def median(rounds: list[Figures], name: str) -> float:
    """The median of one of the figures."""
    return float(statistics.median(getattr(each, name) for each in rounds))


def report(reading: list[Row], writing: list[Row], findings: list[promises.Finding], chosen: argparse.Namespace) -> str:
    """The page docs/benchmarks.md."""
    printed = ", ".join(f"{name} {median(rounds, 'lines'):,.0f}" for name, rounds, _ in reading)
    pages = -(-chosen.records // PAGE_SIZE)
    best = pages / 4 * LATENCY
    return "\n".join(
        (
            "# Benchmarks",
            "",
            "Made by `make bench`; do not edit. All rows come from one run on one machine, taken in turn; each figure is the "
            f"median of {chosen.rounds}, with the smallest and the largest. Trust the ratios, not the seconds: the sandboxes share "
            "the machine's cores with what is measured.",
            "",
            f"{datetime.date.today().isoformat()}, {platform.system()} on {platform.machine()}, {os.cpu_count()} cores, "
            f"Python {platform.python_version()}.",
            "",
            "## Reading",
            "",
            f"{chosen.records:,} supplier invoices of about 3 KB in pages of {PAGE_SIZE:,}; Visma answers after "
            f"{LATENCY * 1000:.0f} ms. Pages ÷ workers × latency is {best:.1f} s for four workers. Each reader prints (dlt: "
            "writes) what it reads.",
            "",
            *table(reading),
            "",
            f"Lines printed, log lines included: {printed}. Where Visma's page limit is below the size asked for (200 by default "
            "in the sandbox, lifted here), the stock reader takes the first short page for the last and ends, as complete.",
            "",
            "## Writing",
            "",
            f"{chosen.tasks:,} new invoices without lines; Asana takes {WRITE_LATENCY * 1000:.0f} ms for each write and at most "
            f"15 at once, so {chosen.tasks / 15 * WRITE_LATENCY:.1f} s is the least. The loop and the floor set a name and one "
            f"field; destination-asana sets eleven fields, the due date and the description, and survives being killed. The loop writes "
            f"every {SDK_PART}th of them; its ratios are per document.",
            "",
            *table(writing),
            "",
            *promised(findings),
            *endurance.section(endurance.known()),
        )
    )


def promised(findings: list[promises.Finding]) -> list[str]:
    """The section on promises, when they were measured."""
    if not findings:
        return []
    about = (
        "Measured in the same run, after the tables; a row that was measured again by itself (`python -m benchmarks.promises "
        "--write`) has its own day. Invoices as above. Figures with a range are the median of five with the smallest and the largest."
    )
    return ["## Promises", "", about, "", *promises.table(findings), ""]


def table(rows: list[Row]) -> list[str]:
    """A Markdown table; ratios are to the last row, the floor, for as many documents."""
    _, floor, floor_count = rows[-1]
    lines = [
        "| | wall, s | ÷ floor | CPU, s | ÷ floor | memory, MB | ÷ floor | calls |",
        "|---|---:|---:|---:|---:|---:|---:|---:|",
    ]
    for name, rounds, count in rows:
        cells = [name if count == floor_count else f"{name}, {count:,} documents"]
        for figure, form in (("wall", ".1f"), ("cpu", ".1f"), ("memory", ".0f")):
            share = 1.0 if figure == "memory" else count / floor_count
            cells.append(spread([getattr(each, figure) for each in rounds], form))
            cells.append(f"{median(rounds, figure) / share / median(floor, figure):.2f}")
        lines.append(f"| {' | '.join(cells)} | {median(rounds, 'calls'):.0f} |")
    return lines


def discovered_schema(config: str) -> dict[str, Any]:
    command = [str(OURS / "source-visma"), "discover", "--config", config]
    for line in subprocess.run(command, capture_output=True, check=True, text=True).stdout.splitlines():
        message = json.loads(line)
        if message["type"] == "CATALOG":
            streams = {stream["name"]: stream for stream in message["catalog"]["streams"]}
            schema: dict[str, Any] = streams["supplier_invoices"]["json_schema"]
            return schema
    raise RuntimeError("source-visma discover gave no catalog")


DLT_QUIET = {"RUNTIME__DLTHUB_TELEMETRY": "false", "RUNTIME__LOG_LEVEL": "ERROR"}

if __name__ == "__main__":
    main()
