"""One sync of the pair as a platform runs it: the source's messages go to the destination, acknowledged states are kept."""

import io
import json
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

from integration_tests import source_runs
from integration_tests.destination_support import Destination
from integration_tests.soak.settings import DOCUMENTS, Settings
from integration_tests.soak.world import Company
from integration_tests.waiting import until

Message = dict[str, Any]
PACE = 20.0  # the source's pauses pass so much faster
# What an audit of a run needs to know of a stream's keys.
KEYS = {
    "purchase_orders": ("PurchaseOrderId", "orderType", "orderNbr"),
    "supplier_invoices": ("SupplierInvoiceId", "documentType", "referenceNumber"),
    "customer_invoices": ("CustomerInvoiceId", "documentType", "referenceNumber"),
    "customer_credit_notes": ("CustomerInvoiceId", "documentType", "referenceNumber"),
}


@dataclass
class Attempt:
    """What one sync left: the exit codes, what the source wrote, and the states that the destination released."""

    source_code: int
    code: int | None
    text: str
    states: list[Message] = field(default_factory=list)
    log: str = ""

    @property
    def good(self) -> bool:
        return self.source_code == 0 and self.code == 0

    def promised(self) -> dict[str, list[Message]]:
        """The last record of each document, by Visma ID, before the last released state of its stream, and those behind it: a
        document that changed while the sync read may come again."""
        reached = {_stream(state): state["stream"].get("stream_state") for state in self.states}
        waiting: dict[str, dict[str, list[Message]]] = {}
        promised: dict[str, list[Message]] = {}
        for line in io.StringIO(self.text):
            message = json.loads(line)
            if message["type"] == "RECORD" and message["record"]["stream"] in KEYS:
                record = message["record"]
                prefix, kind, number = KEYS[record["stream"]]
                data = record["data"]
                visma_id = f"{prefix}:{data['company_id']}/{data[kind]}/{data[number]}"
                waiting.setdefault(record["stream"], {})[visma_id] = [data]
                promised.get(visma_id, []).append(data)
            elif message["type"] == "STATE":
                stream = _stream(message["state"])
                if stream in reached and _count(message["state"]) <= _released(self.states, stream):
                    promised |= waiting.pop(stream, {})
        return promised


class Pair:
    """Source and destination of one company, with the state between them."""

    def __init__(
        self, company: Company, destination: Destination, settings: Settings, config: dict[str, Any], folder: Path
    ) -> None:
        self.company = company
        self.destination = destination
        self.settings = settings
        self.config = config
        self.folder = folder
        self.state: dict[str, Message] = {}
        self.attempts = 0
        self.last = ""

    def sync(self, dice: Random | None = None, *, everything: bool = False) -> Attempt:
        """Reads what changed (or everything) and writes it; with a dice, it may be killed on the way."""
        full = self.settings.full or everything
        source = self._read(full)
        numbered = _numbered(source.output)
        return self.write(numbered, source.code, kill=dice.randint(1, 160) if dice and dice.random() < 0.5 else 0)

    def write(self, text: str, source_code: int = 0, kill: int = 0) -> Attempt:
        """Gives these messages to the destination; kills it after so many requests, unless 0."""
        self.attempts += 1
        (self.folder / f"{self.company.company_id}-{self.attempts}.jsonl").write_text(text)
        catalog = self._catalog(self.settings.full)
        before = self.destination.asana.stats()["last_number"]
        process = self.destination.start(text, configured=catalog, **self.config)
        if kill:
            until(lambda: self.destination.asana.stats()["last_number"] >= before + kill or not process.is_alive())
            process.kill()
            process.join(30)
        else:
            self.destination.finish(process, timeout=280)
        until(self.destination.asana.at_rest)
        output = Path(f"{process.stem}.out").read_text()
        messages = [json.loads(line) for line in io.StringIO(output) if line.endswith("\n")]
        states = [message["state"] for message in messages if message["type"] == "STATE"]
        for state in states:
            kept = {name: state[name] for name in ("type", "stream") if name in state}
            self.state[_stream(state)] = kept
        log = "\n".join(f"{m['log']['level']} {m['log']['message']}" for m in messages if m["type"] == "LOG")
        return Attempt(source_code, process.exitcode, text, states, log)

    def _read(self, full: bool) -> source_runs.Run:
        visma = self.company.visma
        config = {**visma.config, "company_id": self.company.company_id, **self.settings.source}
        files: dict[str, Any] = {"config": config, "catalog": self._catalog(full)}
        if self.state and not full:
            files["state"] = list(self.state.values())
        return source_runs.run("read", 280, pace=PACE, **files)

    def _catalog(self, full: bool) -> dict[str, Any]:
        streams = []
        for name in self.settings.streams:
            whole = full or name == "project_budgets"
            mode = "overwrite" if self.settings.full and name in DOCUMENTS else "append_dedup"
            modes = ["full_refresh"] if name == "project_budgets" else ["full_refresh", "incremental"]
            stream = {"name": name, "json_schema": {}, "supported_sync_modes": modes}
            sync_mode = "full_refresh" if whole else "incremental"
            streams.append({"stream": stream, "sync_mode": sync_mode, "destination_sync_mode": mode})
        return {"streams": streams}


def _stream(state: Message) -> str:
    name: str = state["stream"]["stream_descriptor"]["name"]
    return name


def _numbered(output: str) -> str:
    """The source's messages with a number on each state, as a platform sends them."""
    messages = [json.loads(line) for line in io.StringIO(output)]
    for number, message in enumerate((each for each in messages if each["type"] == "STATE"), 1):
        message["state"]["id"] = number
    return "\n".join(json.dumps(message, ensure_ascii=False) for message in messages)


def _count(state: Message) -> int:
    number: int = state["id"]
    return number


def _released(states: list[Message], stream: str) -> int:
    """The number of the stream's last released state."""
    return max((_count(state) for state in states if _stream(state) == stream), default=0)
