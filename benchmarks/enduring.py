"""What `make endurance` runs: each function plays one long run at a scale (1 is the whole size) and says what it took."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks import promises
from benchmarks.measure import peak_of
from benchmarks.support import LONG_AGO, OURS, Writing, catalog, save
from integration_tests.destination_messages import Message, invoice, line, order, state
from integration_tests.listener_process import Listener
from integration_tests.sandbox.harness import AsanaSandbox

ROOT = Path(__file__).resolve().parents[1]
ENGINE = ROOT / ".venv-engine" / "bin" / "python"
SYNCS = 50
# The sandbox refuses the listing of a project behind so many tasks, as Asana does behind "tens of thousands". The sync then lists
# the project by its sections, from the start.
REFUSED = 40_000
# How long the listener waits before it asks again. The first answer comes so many seconds later at most.
BUSY_SECONDS = 1


@dataclass(frozen=True)
class Result:
    """One long run: what it was, what was measured, and whether its bound is kept."""

    what: str
    figures: dict[str, Any]
    bound: str
    kept: bool


def sized(whole: int, scale: float, least: int = 1) -> int:
    """A size at a scale."""
    return max(least, round(whole * scale))


# --- one connector, once ---------------------------------------------------------------------------------------------


def listed(folder: Path, scale: float) -> Result:
    """A few changed documents in a project with very many, all of which the sync lists."""
    tasks, changed = sized(100_000, scale), sized(60, scale)
    with AsanaSandbox() as asana:
        writing = Writing(folder, asana)
        asana.bulk(tasks, sections=4, age=LONG_AGO)
        figures = writing.write(invoice(number, amount=1.0) for number in range(1, changed + 1))
        calls = asana.stats()["by_route"]
    most = (tasks + (REFUSED if tasks > REFUSED else 0)) // 100 + 2 * changed + 100
    return Result(
        f"destination-asana: {changed:,} changed documents among {tasks:,} in Asana, all listed",
        {"memory": figures.memory, "seconds": figures.wall, "calls": calls},
        f"400 MB; a call per hundred tasks, and for each hundred before Asana refuses to list a whole project; two per change, 100 "
        f"more: {most:,} calls",
        figures.memory <= 400 and sum(calls.values()) <= most,
    )


def first_load(folder: Path, scale: float) -> Result:
    """A first load of orders with two lines each, which become subtasks."""
    count = sized(20_000, scale)
    with AsanaSandbox() as asana:
        writing = Writing(folder, asana, "purchase_orders", "supplier_invoices")
        figures = writing.write(loaded(count))
        calls = asana.stats()["by_route"]
    most = 3 * count * 101 // 100 + 100
    return Result(
        f"destination-asana: a first load of {count:,} orders with two lines each, as subtasks",
        {"memory": figures.memory, "seconds": figures.wall, "per_second": [count / figures.wall, "orders"]}
        | {"calls": calls},
        f"400 MB; the {3 * count:,} creates, 1 % and 100 more: {most:,} calls",
        figures.memory <= 400 and sum(calls.values()) <= most,
    )


def loaded(count: int) -> Iterator[Message]:
    """So many orders, then a STATE."""
    for number in range(1, count + 1):
        yield order(number, lines=[line(1), line(2)])
    yield state("purchase_orders")


def million(folder: Path, scale: float) -> Result:
    """One full read of a very long stream."""
    records = sized(1_000_000, scale)
    figures = promises.reading(folder, records)
    return Result(
        f"source-visma: a read of {records:,} invoices of about 3 KB",
        {"memory": figures.memory, "seconds": figures.wall, "per_second": [records / figures.wall, "records"]},
        "300 MB",
        figures.memory <= 300,
    )


# --- the listener ----------------------------------------------------------------------------------------------------


def queued(folder: Path, scale: float) -> Result:
    """People complete documents while Asana refuses the listener's look-ups, so that all deliveries wait; then it answers."""
    count = sized(10_000, scale)
    with AsanaSandbox() as asana:
        asana.settings(requests_per_minute=0, cost_per_minute=0, webhook_localhost=True)
        asana.bulk(count, age=3600)
        with Listener(folder, asana, watch_seconds=30) as listener:
            listener.start()
            wait_for(lambda: asana.control("GET", "webhooks")["webhooks"])
            asana.fault(
                action="throttle", method="GET", path="^/(tasks|stories)/", times=None, retry_after=BUSY_SECONDS
            )
            for task in asana.tasks():
                asana.as_person("PUT", f"/tasks/{task['gid']}", data={"completed": True})
            wait_for(lambda: accepted(asana) >= count)
            waiting = listener.metric("deliveries_waiting")
            asana.control("DELETE", "faults")
            began = time.monotonic()
            wait_for(lambda: listener.metric("deliveries_waiting") == 0)
            seconds = time.monotonic() - began
            assert listener.process is not None
            memory = peak_of(listener.process.pid)
            acts = len(listener.told())
    return Result(
        f"webhook-listener: {count:,} queued events, from Asana's first answer to the empty queue",
        {"memory": memory, "seconds": seconds, "per_second": [count / seconds, "events"], "deliveries": waiting},
        "150 MB; each act in the log once",
        memory <= 150 and acts == count,
    )


def accepted(asana: AsanaSandbox) -> int:
    """How many completions the listener has accepted."""
    taken = [each["events"] for each in asana.control("GET", "webhooks")["deliveries"] if each["status"] == 200]
    return sum((event.get("change") or {}).get("field") == "completed" for events in taken for event in events)


def wait_for(look: Callable[[], Any]) -> None:
    """Looks seldom, so that the looks cost what is measured little; gives up after two hours."""
    end = time.monotonic() + 7200
    while not look():
        if time.monotonic() > end:
            raise RuntimeError("the listener has not come to an end within two hours")
        time.sleep(0.25)


# --- many syncs in one process ---------------------------------------------------------------------------------------


def kept_destination(folder: Path, scale: float) -> Result:
    """A program that uses destination-asana as a library and keeps it."""
    syncs, documents = sized(SYNCS, scale, 2), sized(100, min(1, 10 * scale))
    with AsanaSandbox() as asana:
        asana.settings(requests_per_minute=0, cost_per_minute=0, record_bodies=False)
        arguments = [save(folder / "asana.json", asana.config), catalog(folder, "purchase_orders")]
        held = kept([OURS / "python", "-m", "benchmarks.kept_destination", *arguments, syncs, documents])
    return growth(f"destination-asana as a library: {syncs} syncs of {documents} changed orders in one process", held)


def kept_source(folder: Path, scale: float) -> Result:
    """A program that uses PyAirbyte, which keeps the source and its cache."""
    syncs, records = sized(SYNCS, scale, 2), sized(1_000, min(1, 10 * scale))
    with promises.company(folder, records) as config:
        program = OURS / "source-visma"
        held = kept([ENGINE, "-m", "benchmarks.kept_source", config, program, folder / "kept.duckdb", syncs])
    return growth(f"source-visma in PyAirbyte: {syncs} reads of {records:,} invoices in one process", held)


def kept(command: list[Any]) -> list[dict[str, float]]:
    """What the program held after each of its syncs: its last line."""
    quiet = {"AIRBYTE_OFFLINE_MODE": "1", "DO_NOT_TRACK": "1"}
    done = subprocess.run(
        [str(word) for word in command], capture_output=True, text=True, cwd=ROOT, env=os.environ | quiet, check=False
    )
    with contextlib.suppress(IndexError, ValueError):
        if done.returncode == 0:
            held: list[dict[str, float]] = json.loads(done.stdout.splitlines()[-1])
            return held
    raise RuntimeError(f"{command[2]} failed: {done.stderr[-2000:]} {done.stdout[-500:]}")


def growth(what: str, held: list[dict[str, float]]) -> Result:
    """Compares the end with the first tenth, when everything has been loaded once, and with the half."""
    count = len(held)
    marks = sorted({max(1, count // 10), max(1, count // 2), count})
    first, last = held[marks[0] - 1], held[-1]
    more = {name: last[name] - first[name] for name in first}
    return Result(
        what,
        {"after": {str(mark): held[mark - 1]["memory"] for mark in marks}, "growth": more},
        f"after sync {count} 10 % more memory than after sync {marks[0]}; no more threads, no more open files",
        more["memory"] <= first["memory"] / 10 and more["threads"] <= 0 and more["files"] <= 0,
    )


RUNS: dict[str, Callable[[Path, float], Result]] = {
    each.__name__: each for each in (listed, first_load, million, queued, kept_destination, kept_source)
}
