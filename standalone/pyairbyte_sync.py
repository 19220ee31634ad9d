"""One sync of the pair with PyAirbyte. Usage: pyairbyte_sync.py FOLDER [DIRECTORY OF THE CONNECTORS' PROGRAMS]

FOLDER holds source.json and destination.json, the configurations; the state is kept there in state.duckdb.
"""

import json
import os
import shutil
import sys
from pathlib import Path

os.environ["AIRBYTE_OFFLINE_MODE"] = "1"  # no look-up in the connector registry, and no telemetry
os.environ["DO_NOT_TRACK"] = "1"
import airbyte as ab
from airbyte.caches import DuckDBCache

STREAMS = ["accounts", "dimension_values", "purchase_orders", "supplier_invoices", "customer_invoices"]
STREAMS += ["customer_credit_notes", "customer_debit_notes", "customer_overdue_charges"]
STREAMS += ["projects", "project_budgets"]

os.umask(0o077)  # what a run leaves is for its owner alone
folder = Path(sys.argv[1])
programs = sys.argv[2] if len(sys.argv) > 2 else None


def connector(name: str) -> dict:
    config = json.loads((folder / f"{name.partition('-')[0]}.json").read_text("utf-8-sig"))
    return {"config": config, "local_executable": Path(shutil.which(name, path=programs) or name)}


source = ab.get_source("source-visma", **connector("source-visma"), streams=STREAMS)
destination = ab.get_destination("destination-asana", **connector("destination-asana"))
state = DuckDBCache(db_path=folder / "state.duckdb", schema_name="sync")
result = destination.write(source, cache=False, state_cache=state)
print(f"{result.processed_records} records read")
