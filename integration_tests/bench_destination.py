"""`python -m integration_tests.bench_destination [part …]`: what destination-asana promises about time, calls and memory.

Parts: `creates` (1,500 new documents, 100 ms per write, 15 in flight: at most 1.3 × 10 s and the start-up), `changes`
(20 changed invoices in a project of 50,000 tasks: at most 100 calls), `memory` (100,000 existing tasks: at most 400 MB).
Prints one line each and ends with status 1 when a promise is not kept. Needs an otherwise idle machine.
"""

import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from integration_tests.destination_messages import invoice
from integration_tests.destination_support import CONNECTOR, Destination
from integration_tests.sandbox.harness import AsanaSandbox


def timed(destination: Destination, *messages: Any) -> tuple[float, int]:
    """Seconds and peak memory (kB) of one run from a cold start."""
    measured = destination.folder / "measured.txt"
    arguments = destination.arguments(*messages)
    with (destination.folder / "in.jsonl").open() as stdin:
        began = time.monotonic()
        command = [sys.executable, "-c", MEASURE, str(measured), str(CONNECTOR), *arguments]
        subprocess.run(command, stdin=stdin, stdout=subprocess.DEVNULL, check=True)
        return time.monotonic() - began, int(measured.read_text())


MEASURE = """
import resource, subprocess, sys
subprocess.run(sys.argv[2:], check=True)
open(sys.argv[1], "w").write(str(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss))
"""


def creates(destination: Destination) -> tuple[str, bool]:
    start, _ = timed(destination, invoice("seed"))
    destination.asana.settings(write_latency=0.1, record_bodies=False)
    began = time.monotonic()
    timed(destination, *(invoice(n) for n in range(1500)))
    seconds = time.monotonic() - began
    floor = 1500 / 15 * 0.1
    assert len(destination.tasks) == 1501
    ratio = (seconds - start) / floor
    return (
        f"1,500 creates at 100 ms: {seconds:.1f} s; start-up {start:.1f} s; {ratio:.2f} × the least possible {floor:.0f} s",
        ratio <= 1.3,
    )


def changes(destination: Destination) -> tuple[str, bool]:
    timed(destination, invoice("seed"))
    destination.asana.bulk(50_000, sections=2, age=864_000)
    destination.asana.clear_log()
    timed(destination, *(invoice(100 * n, amount=float(n)) for n in range(1, 21)))
    calls = len(destination.requests())
    return f"20 changed invoices in a project of 50,000 tasks: {calls} calls", calls <= 100


def memory(destination: Destination) -> tuple[str, bool]:
    timed(destination, invoice("seed"))
    destination.asana.bulk(100_000, sections=4, age=864_000)
    destination.asana.settings(record_bodies=False)
    seconds, peak = timed(destination, *(invoice(n, amount=1.0) for n in range(1, 61)))
    return f"60 changes among 100,000 tasks, all listed: {peak / 1000:.0f} MB, {seconds:.0f} s", peak <= 400_000


def main() -> int:
    parts = {"creates": creates, "changes": changes, "memory": memory}
    kept = True
    with AsanaSandbox() as asana:
        for name in sys.argv[1:] or parts:
            with tempfile.TemporaryDirectory() as folder:
                asana.reset(requests_per_minute=0, cost_per_minute=0)
                told, good = parts[name](Destination(asana, Path(folder)))
                kept &= good
                print(f"{'ok  ' if good else 'MISSED'} {told}", flush=True)
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main())
