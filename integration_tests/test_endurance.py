"""`make endurance`: its runs at a tiny size, what it calls missed, and the page's section, which is made from its results."""

import json
from pathlib import Path

import pytest

from benchmarks import endurance, enduring, promises, run, support
from benchmarks.support import Finding

from . import warm_programs

LISTED = {
    "what": "60 changed documents among 100,000",
    "figures": {
        "memory": 117.4,
        "seconds": 1029.2,
        "calls": {"GET /b": 2, "GET /a": 1002, "PUT /a": 60, "POST /c": 7, "GET /d": 1, "GET /e": 1},
    },
    "bound": "400 MB; 1,220 calls",
    "kept": True,
    "on": "2026-11-28",
    "machine": "Linux on x86_64, 2 cores, Python 3.11.7",
}
KEPT = {
    "what": "50 syncs in one process",
    "figures": {
        "after": {"5": 80.04, "25": 90.0, "50": 102.56},
        "growth": {"memory": 22.52, "threads": 45, "files": 0},
    },
    "bound": "10 % more memory",
    "kept": False,
    "on": "2026-11-29",
    "machine": "Linux on x86_64, 2 cores, Python 3.11.7",
}
SECTION = """## Endurance

Made by `make endurance` from benchmarks/endurance.json; do not edit. One run each; the sandboxes answer at once and \
share the cores with what is measured. Linux on x86_64, 2 cores, Python 3.11.7.

| run | measured | bound, at most | kept | on |
|---|---|---|---|---|
| 60 changed documents among 100,000 | peak memory 117 MB; 1,029 s; 1,073 calls (GET /a 1,002, PUT /a 60, POST /c 7, GET /b 2, \
others 2) | 400 MB; 1,220 calls | yes | 2026-11-28 |
| 50 syncs in one process | after sync 5 80.0 MB, after sync 25 90.0 MB, after sync 50 102.6 MB; growth 22.5 MB, 45 threads, 0 \
open files | 10 % more memory | **MISSED** | 2026-11-29 |
"""


@pytest.mark.timeout(600)
def test_the_runs_play_at_a_tiny_size(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The connectors are forks that have imported everything. PyAirbyte, whose import takes longer than all of this, is left out."""
    for module in (promises, support):
        monkeypatch.setattr(module, "OURS", warm_programs.folder())
    for name in ("RESULTS", "PAGE"):
        monkeypatch.setattr(endurance, name, tmp_path / name)
    endurance.main(["--scale", "0.0005", "listed", "first_load", "million", "queued", "kept_destination"])
    *lines, last = capsys.readouterr().out.splitlines()
    assert [line.partition(":")[0].split(None, 1) for line in lines[:4]] == [
        ["ok", "destination-asana"],
        ["ok", "destination-asana"],
        ["ok", "source-visma"],
        ["ok", "webhook-listener"],
    ]
    # Ten orders with two lines each.
    assert "POST /tasks 10" in lines[1]
    assert "POST /tasks/{task}/subtasks 20" in lines[1]
    assert "a read of 500 invoices" in lines[2]
    assert "webhook-listener: 5 queued events" in lines[3]
    # Whether two syncs are as large as each other is chance; what is measured of them is not.
    assert "2 syncs of 1 changed orders in one process: after sync 1 " in lines[4]
    assert last == "A try at 0.0005 of the size: PAGE stays as it is."
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("per_sync", "kept"),
    [
        ({}, True),
        ({"memory": 0.1}, True),
        ({"memory": 0.2}, False),
        ({"threads": 1}, False),
        ({"files": 1}, False),
    ],
)
def test_growth_over_fifty_syncs_is_a_miss(per_sync: dict[str, float], kept: bool) -> None:
    """80 MB after the fifth: 84.5 MB after the fiftieth is within 10 %, 89 MB is not, and one thread or file more is a leak."""
    held = [
        {
            name: start + (number - 5) * per_sync.get(name, 0)
            for name, start in {"memory": 80.0, "threads": 3, "files": 12}.items()
        }
        for number in range(1, 51)
    ]
    found = enduring.growth("", held)
    assert found.kept is kept
    assert list(found.figures["after"]) == ["5", "25", "50"]


def test_a_missed_bound_is_printed_as_missed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    missed = enduring.Result("a read", {"memory": 412.6, "seconds": 3.0}, "300 MB", kept=False)
    monkeypatch.setattr(endurance, "RUNS", {"million": lambda folder, scale: missed})
    assert endurance.main(["--scale", "0.5"]) == 1
    assert capsys.readouterr().out.splitlines()[0] == "MISSED a read: peak memory 413 MB; 3 s (bound: 300 MB)"


def test_a_whole_run_makes_the_section_from_its_results_and_those_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    results, page = tmp_path / "endurance.json", tmp_path / "benchmarks.md"
    results.write_text(json.dumps({"kept_source": KEPT, "listed": KEPT}))
    page.write_text("# Benchmarks\n\n## Endurance\n\nas it was\n\n## Promises\n\n| a |\n")
    monkeypatch.setattr(endurance, "RESULTS", results)
    monkeypatch.setattr(endurance, "PAGE", page)
    monkeypatch.setattr(endurance, "measured", lambda names, scale: {"listed": LISTED})
    assert endurance.main(["listed"]) == 0
    assert json.loads(results.read_text()) == {"listed": LISTED, "kept_source": KEPT}
    assert page.read_text() == f"# Benchmarks\n\n{SECTION}\n## Promises\n\n| a |\n"


def test_a_first_section_stands_at_the_end() -> None:
    assert endurance.put("# Benchmarks\n", {"listed": LISTED, "kept_source": KEPT}) == f"# Benchmarks\n\n{SECTION}"
    assert endurance.put("# Benchmarks\n", {}) == "# Benchmarks\n"


def test_the_page_says_what_the_results_say() -> None:
    page = endurance.PAGE.read_text(encoding="utf-8")
    assert endurance.put(page, endurance.known()) == page
    assert (endurance.TITLE in page) is bool(endurance.known())


def test_make_bench_keeps_the_section(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It writes the whole page anew, and this part of it from the results that are kept."""
    results = tmp_path / "endurance.json"
    results.write_text(json.dumps({"listed": LISTED, "kept_source": KEPT}))
    monkeypatch.setattr(run.endurance, "RESULTS", results)
    rows = [("floor", [support.Figures(1, 1, 1, 1, 1)], 15)]
    options = run.argparse.Namespace(records=1000, tasks=15, rounds=1)
    page = run.report(rows, rows, [Finding("x", "1", True)], options)
    assert page.endswith(f"\n\n{SECTION}")
    assert endurance.put(page, {"listed": LISTED, "kept_source": KEPT}) == page


def test_a_new_promise_joins_its_table_although_a_section_follows(monkeypatch: pytest.MonkeyPatch) -> None:
    head = f"{promises.HEAD}\n|---|---|---|---|\n| a | 1 | yes | 2026-01-01 |\n"
    found = Finding("b", "2", False)
    assert promises.put(f"{head}\n{SECTION}", [found]) == f"{head}{found.row()}\n\n{SECTION}"
