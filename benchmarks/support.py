"""What the benchmarks share: where the programs are, a finding, a destination that writes into a sandbox."""

from __future__ import annotations

import datetime
import json
import statistics
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.measure import Figures, run
from integration_tests.destination_messages import invoice
from integration_tests.sandbox.harness import AsanaSandbox

PEERS = Path(__file__).resolve().parent / "peers"
OURS = PEERS.parents[1] / ".venv" / "bin"
LONG_AGO = 864_000


@dataclass(frozen=True)
class Finding:
    """One promise, in words, and what was measured."""

    promised: str
    measured: str
    kept: bool

    def row(self) -> str:
        """A row of the page's table, with the day on which it was measured."""
        kept = "yes" if self.kept else "**no**"
        return f"| {self.promised} | {self.measured} | {kept} | {datetime.date.today().isoformat()} |"


def near_the_least(promised: str, wall: float, start: float, least: float) -> Finding:
    """Whether a run of `wall` seconds, without its start-up, takes at most 1.3 × the least possible."""
    measured = f"{wall:.1f} s; start-up {start:.1f} s; {(wall - start) / least:.2f} × {least:g} s"
    return Finding(promised, measured, wall - start <= 1.3 * least)


def spread(values: list[float], form: str) -> str:
    """The median of several measurements, with the smallest and the largest."""
    least, middle, most = (format(value, form) for value in (min(values), statistics.median(values), max(values)))
    return f"{middle} ({least}–{most})"


class Writing:
    """destination-asana and a sandbox Asana that holds one document already, so that the fields are there."""

    def __init__(self, folder: Path, asana: AsanaSandbox, *streams: str) -> None:
        self._folder = folder
        self._streams = streams
        self.asana = asana
        asana.settings(requests_per_minute=0, cost_per_minute=0, record_bodies=False)
        self.start = self.write([invoice("seed")])

    def write(self, messages: Iterable[Any], **settings: Any) -> Figures:
        """One run over these messages; the calls are those of this run."""
        lines = self._folder / "in.jsonl"
        with lines.open("w") as file:  # one at a time: what this process holds counts as the memory of those it starts
            file.writelines(json.dumps(message) + "\n" for message in messages)
        config = save(self._folder / "asana.json", {**self.asana.config, **settings})
        self.asana.clear_log()
        figures = run(
            [
                str(OURS / "destination-asana"),
                "write",
                "--config",
                config,
                "--catalog",
                catalog(self._folder, *self._streams),
            ],
            stdin=lines,
        )
        return Figures(figures.wall, figures.cpu, figures.memory, self.asana.stats()["total"], figures.lines)


KEYS = {
    "supplier_invoices": [["company_id"], ["documentType"], ["referenceNumber"]],
    "purchase_orders": [["company_id"], ["orderType"], ["orderNbr"]],
}


def catalog(folder: Path, *streams: str) -> str:
    """A configured catalog with these streams, else with supplier invoices alone, incremental; the path of its file."""
    configured = [
        {
            "stream": {"name": name, "json_schema": {}, "supported_sync_modes": ["full_refresh", "incremental"]},
            "sync_mode": "incremental",
            "destination_sync_mode": "append_dedup",
            "cursor_field": ["lastModifiedDateTime"],
            "primary_key": KEYS[name],
        }
        for name in streams or ("supplier_invoices",)
    ]
    return save(folder / "catalog.json", {"streams": configured})


def save(path: Path, content: Any) -> str:
    """Writes a JSON file; its path as an argument."""
    path.write_text(json.dumps(content), encoding="utf-8")
    return str(path)
