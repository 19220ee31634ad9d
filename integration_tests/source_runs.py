"""Runs the console script `source-visma` as a process and takes its messages apart, for the tests named test_source_*."""

import io
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from . import warm_processes
from .sandbox.harness import VismaSandbox

COMMAND = Path(sys.executable).with_name("source-visma")

# The list behind each stream, as the sandbox names it, and its key after company_id.
LISTS = {
    "suppliers": ("supplier", ["internalId"]),
    "customers": ("customer", ["internalId"]),
    "purchase_orders": ("purchaseorder", ["orderType", "orderNbr"]),
    "supplier_invoices": ("supplierInvoice", ["documentType", "referenceNumber"]),
    "customer_invoices": ("customerinvoice", ["documentType", "referenceNumber"]),
    "customer_credit_notes": ("customerCreditNote", ["documentType", "referenceNumber"]),
    "customer_debit_notes": ("customerDebitNote", ["documentType", "referenceNumber"]),
    "customer_overdue_charges": ("customerOverdueCharge", ["documentType", "referenceNumber"]),
    "accounts": ("account", ["accountID"]),
    "subaccounts": ("subaccount", ["subaccountId"]),
    "employees": ("employee", ["employeeId"]),
    "journal_transactions": ("journaltransaction", ["module", "batchNumber"]),
    "projects": ("project", ["internalID"]),
    "purchase_receipts": ("PurchaseReceipt", ["receiptType", "receiptNbr"]),
    "supplier_payments": ("supplierPayment", ["type", "refNbr"]),
    "branches": ("branch", ["branchId"]),
}
# Without a cursor, so that they are read in full; their keys.
FULL = {
    "dimensions": ["id"],
    "project_budgets": ["projectID", "projectTaskID", "accountGroupID", "inventoryNumber", "type"],
}
STREAMS = [*LISTS, *FULL, "dimension_values"]


@dataclass(frozen=True)
class Run:
    """What one process did: exit code, output as it came, and how long it took."""

    code: int
    output: str
    errors: str
    seconds: float

    @cached_property
    def messages(self) -> list[dict[str, Any]]:
        """Every line of standard output; each must be a message."""
        return [json.loads(line) for line in io.StringIO(self.output)]  # other line ends may stand in texts

    def of_type(self, kind: str) -> list[dict[str, Any]]:
        """The bodies of the messages of one type."""
        body = "connectionStatus" if kind == "CONNECTION_STATUS" else kind.lower()
        return [message[body] for message in self.messages if message["type"] == kind]

    def records(self, stream: str) -> list[dict[str, Any]]:
        """Data of a stream's records, in order."""
        return [record["data"] for record in self.of_type("RECORD") if record["stream"] == stream]

    def keys(self, stream: str) -> list[tuple[Any, ...]]:
        """Keys of a stream's records, in order."""
        return [key_of(stream, record) for record in self.records(stream)]

    def states(self, stream: str) -> list[dict[str, Any]]:
        """Every state of a stream, in order."""
        states = [state["stream"] for state in self.of_type("STATE")]
        return [state["stream_state"] for state in states if state["stream_descriptor"]["name"] == stream]

    @property
    def state(self) -> list[dict[str, Any]]:
        """What the next read is given: the last state of each stream."""
        last = {message["stream"]["stream_descriptor"]["name"]: message for message in self.of_type("STATE")}
        return list(last.values())

    def statuses(self, stream: str) -> list[str]:
        """The stream's statuses, in order."""
        traces = [trace["stream_status"] for trace in self.of_type("TRACE") if trace["type"] == "STREAM_STATUS"]
        return [trace["status"] for trace in traces if trace["stream_descriptor"]["name"] == stream]

    def failures(self, stream: str) -> list[dict[str, Any]]:
        """The errors that were reported for a stream."""
        errors = [trace["error"] for trace in self.of_type("TRACE") if trace["type"] == "ERROR"]
        return [error for error in errors if (error.get("stream_descriptor") or {}).get("name") == stream]

    @property
    def logs(self) -> str:
        """All log messages, one a line."""
        return "\n".join(log["message"] for log in self.of_type("LOG"))

    @property
    def connection(self) -> tuple[str, str]:
        """Status and message of a check."""
        (status,) = self.of_type("CONNECTION_STATUS")
        return status["status"], status.get("message", "")


def run(
    command: str,
    timeout: float = 240,
    *,
    environment: Mapping[str, str] | None = None,
    pace: float = 1.0,
    rate: float = 1.0,
    **files: Any,
) -> Run:
    """Runs a command; ``config``, ``catalog`` and ``state`` are written to files for it, bytes as they are. With an
    ``environment`` of its own the process starts from nothing, else as a fork of one that has imported the connector; its
    pauses pass at this ``pace`` then, and its clock runs at this ``rate``."""
    with tempfile.TemporaryDirectory() as folder:
        arguments = [command]
        for name, content in files.items():
            path = Path(folder) / f"{name}.json"
            path.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
            arguments += [f"--{name}", str(path)]
        started = time.monotonic()
        if environment is not None:
            return _from_nothing(arguments, timeout, environment)
        output, errors = Path(folder) / "output", Path(folder) / "errors"
        process = warm_processes.start(COMMAND, arguments, os.devnull, str(output), str(errors), pace, rate)
        process.join(timeout)
        if process.exitcode is None:
            process.kill()
            raise subprocess.TimeoutExpired(
                [str(COMMAND), *arguments], timeout, output.read_bytes(), errors.read_bytes()
            )
        return Run(process.exitcode, output.read_text(), errors.read_text(), time.monotonic() - started)


def _from_nothing(arguments: list[str], timeout: float, environment: Mapping[str, str]) -> Run:
    started = time.monotonic()
    done = subprocess.run(
        [str(COMMAND), *arguments], capture_output=True, timeout=timeout, check=False, env={**os.environ, **environment}
    )
    return Run(done.returncode, done.stdout.decode(), done.stderr.decode(), time.monotonic() - started)


def discover(config: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """The catalog's streams by name."""
    (catalog,) = run("discover", config=config).of_type("CATALOG")
    return {stream["name"]: stream for stream in catalog["streams"]}


def catalog(streams: Iterable[str], mode: str = "incremental") -> dict[str, Any]:
    """A configured catalog. Streams without a cursor are read in full."""
    return {
        "streams": [
            {
                "stream": {
                    "name": name,
                    "json_schema": {},
                    "supported_sync_modes": ["full_refresh"] + (["incremental"] if name not in FULL else []),
                },
                "sync_mode": mode if name not in FULL else "full_refresh",
                "destination_sync_mode": "append",
            }
            for name in streams
        ]
    }


def read(
    source: VismaSandbox | Mapping[str, Any], *streams: str, state: list[Any] | None = None, **options: Any
) -> Run:
    """Reads streams, all by default. ``mode``, ``timeout``, ``pace`` and ``rate`` are options; the rest of them goes into the
    config.

    At a ``pace`` of 10 the connector's pauses take a tenth of their time. That is for tests in which the sandbox does not
    look at its own clock: it would find the connector impatient.
    """
    config = dict(source.config if isinstance(source, VismaSandbox) else source)
    mode, timeout = options.pop("mode", "incremental"), options.pop("timeout", 240)
    pace, rate = options.pop("pace", 1.0), options.pop("rate", 1.0)
    files = {"config": config | options, "catalog": catalog(streams or STREAMS, mode)}
    return run("read", timeout, pace=pace, rate=rate, **files, **({"state": state} if state else {}))


def saved(stream: str, **values: Any) -> list[dict[str, Any]]:
    """A state file for one stream."""
    return [{"type": "STREAM", "stream": {"stream_descriptor": {"name": stream}, "stream_state": values}}]


def key_of(stream: str, record: Mapping[str, Any]) -> tuple[Any, ...]:
    """The record's key after company_id."""
    fields = {**FULL, "dimension_values": ["dimensionId", "segmentId", "valueId"]}
    return tuple(record[name] for name in (LISTS[stream][1] if stream in LISTS else fields[stream]))
