"""source-visma with another destination: PyAirbyte reads all streams into DuckDB, with types, then only what changed."""

import json
import os
import subprocess
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from . import warm_programs
from .sandbox.harness import VismaSandbox
from .source_runs import LISTS, STREAMS, key_of

pytest_plugins = ["integration_tests.sandbox.visma.testing"]

PYTHON = Path(__file__).resolve().parents[1] / ".venv-engine" / "bin" / "python"
PAGE = Path(__file__).resolve().parents[1] / "docs" / "warehouse.md"
SCRIPT = Path(__file__).with_name("pyairbyte_duckdb.py")


def sync(visma: VismaSandbox, folder: Path, *streams: str) -> dict[str, Any]:
    done = subprocess.run(
        [
            PYTHON,
            SCRIPT,
            json.dumps(visma.config),
            warm_programs.folder() / "source-visma",
            folder / "visma.duckdb",
            PAGE,
            *streams,
        ],
        capture_output=True,
        text=True,
        cwd=folder,
        env=os.environ | {"AIRBYTE_OFFLINE_MODE": "1", "DO_NOT_TRACK": "1", "AIRBYTE_LOGGING_ROOT": str(folder)},
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    outcome: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return outcome


def rows_by_key(stream: str, table: dict[str, Any]) -> dict[tuple[Any, ...], dict[str, Any]]:
    fields = [field.lower() for field in LISTS[stream][1]]
    return {tuple(row[field] for field in fields): row for row in table["rows"]}


@pytest.mark.timeout(900)  # two starts of the engine
@pytest.mark.skipif(not PYTHON.exists(), reason="the engine's environment is not there: make setup")
def test_all_streams_into_duckdb_and_then_what_changed(visma: VismaSandbox, tmp_path: Path) -> None:
    first = sync(visma, tmp_path)
    assert set(first["tables"]) == set(STREAMS)
    compare(visma, first["tables"])
    visma.change("supplierInvoice", "Invoice/200010", {"description": "Changed", "balance": 12.34})
    visma.add("customer", {"name": "Nye Møbler AS"})
    second = sync(
        visma, tmp_path, "supplier_invoices", "customers", "dimensions", "dimension_values", "project_budgets"
    )
    budgets = second["tables"]["project_budgets"]["rows"]
    assert (
        len(budgets) == 36
    )  # twelve projects with three account groups each, one of them with two rows for two groups
    # What changed, the lookback's, and what is read in full: the dimensions, and all budgets.
    assert second["records"] - len(budgets) < 60
    compare(visma, second["tables"])
    compare_queries(visma, second)


def compare_queries(visma: VismaSandbox, outcome: dict[str, Any]) -> None:
    """The queries of docs/warehouse.md say what the company holds, counted here in another way."""
    _, invoiced, movements = outcome["answers"]
    documents = visma.documents("supplierInvoice")
    assert len(outcome["lines"]) == sum(len(document["invoiceLines"]) for document in documents)
    sign = {"DebitAdj": -1}
    total = sum(
        sign.get(document["documentType"], 1) * Decimal(str(line["costInCurrency"]))
        for document in documents
        for line in document["invoiceLines"]
    )
    assert sum(Decimal(row[8]) for row in outcome["lines"]) == total
    orders: dict[str, Decimal] = {}
    drafts = {"Hold", "Balanced", "Scheduled", "PendingApproval", "Rejected", "Voided"}
    for document in documents:
        if document["documentType"] == "Prepayment" or document["status"] in drafts:
            continue
        for line in document["invoiceLines"]:
            if line.get("poNumber"):
                amount = sign.get(document["documentType"], 1) * Decimal(str(line["cost"]))
                orders[line["poNumber"]] = orders.get(line["poNumber"], Decimal()) + amount
    assert orders
    assert {number: Decimal(amount) for _, number, amount, _ in invoiced} == orders
    accounts: dict[tuple[str, str], Decimal] = {}
    for batch in visma.documents("journaltransaction"):
        for line in batch["journalTransactionLines"]:
            if batch["status"] == "Posted":
                key = (batch["financialPeriod"], line["accountNumber"])
                change = Decimal(str(line["debitAmount"])) - Decimal(str(line["creditAmount"]))
                accounts[key] = accounts.get(key, Decimal()) + change
    assert accounts
    assert {(period, account): Decimal(amount) for _, period, account, amount in movements} == accounts


def compare(visma: VismaSandbox, tables: dict[str, Any]) -> None:
    """The rows are what the company holds, in columns of the right types."""
    for stream, (entity, _) in LISTS.items():
        if stream not in tables:
            continue
        types, rows = tables[stream]["types"], rows_by_key(stream, tables[stream])
        held = {key_of(stream, record): record for record in visma.documents(entity)}
        assert set(rows) == set(held)
        assert len(rows) == len(tables[stream]["rows"])
        assert types["lastmodifieddatetime"] == "TIMESTAMP"
        for key, record in held.items():
            stamp = datetime.fromisoformat(record["lastModifiedDateTime"])
            assert datetime.fromisoformat(rows[key]["lastmodifieddatetime"]) == stamp
            assert rows[key]["company_id"] == visma.config["company_id"]
    invoices = tables["supplier_invoices"]
    assert invoices["types"]["balance"].startswith("DECIMAL")
    assert invoices["types"]["duedate"] == "TIMESTAMP"
    assert invoices["types"]["invoicelines"] == invoices["types"]["supplier"] == "JSON"
    assert invoices["types"]["hold"] == "BOOLEAN"
    by_key = rows_by_key("supplier_invoices", invoices)
    for record in visma.documents("supplierInvoice"):
        row = by_key[key_of("supplier_invoices", record)]
        assert float(row["balance"]) == pytest.approx(record["balance"])
        assert len(json.loads(row["invoicelines"])) == len(record["invoiceLines"])
        assert json.loads(row["supplier"]) == record["supplier"]
    values = tables["dimension_values"]["rows"]
    assert len({(row["dimensionid"], row["segmentid"], row["valueid"]) for row in values}) == len(values) > 0
    assert {row["id"] for row in tables["dimensions"]["rows"]} >= {row["dimensionid"] for row in values}
