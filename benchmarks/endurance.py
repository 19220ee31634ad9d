"""Long runs at their whole size, with memory, calls and time: `make endurance`, or `python -m benchmarks.endurance [name …]`.

Prints a line for each run and ends with status 1 when a bound is missed. At the whole size the results are kept in
benchmarks/endurance.json, and the section Endurance of docs/benchmarks.md is made from that file; `--scale 0.001` is a try that
is only printed. Seconds need an otherwise idle machine; memory and calls do not.
"""

from __future__ import annotations

import argparse
import datetime
import json
import os
import platform
import sys
import tempfile
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from benchmarks.enduring import RUNS

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "benchmarks" / "endurance.json"
PAGE = ROOT / "docs" / "benchmarks.md"
TITLE = "## Endurance"

Entry = dict[str, Any]  # a Result, with the day and the machine


def measured(names: Iterable[str], scale: float) -> dict[str, Entry]:
    """Plays these runs, one after the other, and prints each."""
    machine = f"{platform.system()} on {platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    entries = {}
    for name in names:
        with tempfile.TemporaryDirectory() as folder:
            result = RUNS[name](Path(folder), scale)
        entry = asdict(result) | {"on": datetime.date.today().isoformat(), "machine": machine}
        print(f"{verdict(entry):6} {entry['what']}: {words(entry['figures'])} (bound: {entry['bound']})", flush=True)
        entries[name] = entry
    return entries


def verdict(entry: Entry) -> str:
    """Whether the bound is kept, in a word."""
    return "ok" if entry["kept"] else "MISSED"


def words(figures: dict[str, Any]) -> str:
    """The figures of a run, as the page says them."""
    said = []
    if "memory" in figures:
        said.append(f"peak memory {figures['memory']:.0f} MB")
    if "seconds" in figures:
        said.append(f"{figures['seconds']:,.0f} s")
    if "per_second" in figures:
        number, what = figures["per_second"]
        said.append(f"{number:,.0f} {what} per second")
    if "deliveries" in figures:
        said.append(f"{figures['deliveries']:,.0f} deliveries")
    if "calls" in figures:
        said.append(f"{sum(figures['calls'].values()):,} calls ({by_kind(figures['calls'])})")
    if "after" in figures:
        said.append(", ".join(f"after sync {mark} {memory:.1f} MB" for mark, memory in figures["after"].items()))
    if "growth" in figures:
        more = figures["growth"]
        said.append(f"growth {more['memory']:.1f} MB, {more['threads']:.0f} threads, {more['files']:.0f} open files")
    return "; ".join(said)


def by_kind(calls: dict[str, int]) -> str:
    """The kinds of calls, the most frequent first; those that are rare, in one word."""
    shown = sorted(calls.items(), key=lambda pair: (-pair[1], pair[0]))[:4]
    rest = sum(calls.values()) - sum(count for _, count in shown)
    others = [f"others {rest:,}"] if rest else []
    return ", ".join([*(f"{route} {count:,}" for route, count in shown), *others])


def known(path: Path | None = None) -> dict[str, Entry]:
    """The results that are kept, in the order of the runs."""
    path = path or RESULTS
    kept = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    return {name: kept[name] for name in RUNS if name in kept}


def section(entries: dict[str, Entry]) -> list[str]:
    """The page's section, when there is anything to say."""
    if not entries:
        return []
    machines = "; ".join(sorted({entry["machine"] for entry in entries.values()}))
    rows = (
        f"| {entry['what']} | {words(entry['figures'])} | {entry['bound']} | "
        f"{'yes' if entry['kept'] else '**MISSED**'} | {entry['on']} |"
        for entry in entries.values()
    )
    return [
        TITLE,
        "",
        "Made by `make endurance` from benchmarks/endurance.json; do not edit. One run each; the sandboxes answer at once and "
        f"share the cores with what is measured. {machines}.",
        "",
        "| run | measured | bound, at most | kept | on |",
        "|---|---|---|---|---|",
        *rows,
        "",
    ]


def put(page: str, entries: dict[str, Entry]) -> str:
    """The page with this section in place of its own; a new one stands at the end."""
    lines = page.rstrip("\n").split("\n")
    begin = lines.index(TITLE) if TITLE in lines else len(lines)
    end = next((n for n in range(begin + 1, len(lines)) if lines[n].startswith("## ")), len(lines))
    before, after = "\n".join(lines[:begin]).rstrip("\n"), "\n".join(lines[end:])
    parts = (before, "\n".join(section(entries)).rstrip("\n"), after)
    return "\n\n".join(part for part in parts if part) + "\n"


def keep(entries: dict[str, Entry], results: Path, page: Path) -> None:
    """Keeps the results beside those of other runs, and makes the page's section from all of them."""
    together = known(results) | entries
    together = {name: together[name] for name in RUNS if name in together}
    results.write_text(json.dumps(together, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    page.write_text(put(page.read_text(encoding="utf-8"), together), encoding="utf-8")


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="name", help=f"which runs: {', '.join(RUNS)}")
    parser.add_argument("--scale", type=float, default=1.0, help="a part of the whole size, such as 0.001 for a try")
    chosen = parser.parse_args(arguments)
    if unknown := set(chosen.names) - set(RUNS):
        parser.error(f"no such run: {', '.join(sorted(unknown))}; there are {', '.join(RUNS)}")
    entries: dict[str, Entry] = {}
    for name in chosen.names or RUNS:
        entries |= measured([name], chosen.scale)
        if chosen.scale == 1:
            keep(entries, RESULTS, PAGE)  # after each, because a run takes long
    if chosen.scale != 1:
        print(f"A try at {chosen.scale:g} of the size: {PAGE.name} stays as it is.")
    return int(not all(entry["kept"] for entry in entries.values()))


if __name__ == "__main__":
    sys.exit(main())
