"""Keeps one PyAirbyte source and its cache for many reads: kept_source CONFIG PROGRAM DATABASE SYNCS, in the engine's environment.

Each sync reads everything anew. The last line is JSON: what this process held after each sync.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

from benchmarks.measure import held


def main(config: str, program: str, database: str, syncs: int) -> None:
    """Runs the reads, one after the other."""
    os.environ["AIRBYTE_LOGGING_ROOT"] = str(Path(database).parent)
    import airbyte as ab  # noqa: PLC0415 - it takes the folder of its logs as it is imported
    from airbyte.caches import DuckDBCache  # noqa: PLC0415

    settings = json.loads(Path(config).read_text())
    source = ab.get_source(
        "source-visma", config=settings, local_executable=Path(program), streams=["supplier_invoices"]
    )
    cache = DuckDBCache(db_path=database, schema_name="erp")
    after = [held()]
    for _ in range(syncs):
        assert source.read(cache=cache, force_full_refresh=True).processed_records > 0, "each sync reads"
        after.append(held(after[-1]))
    print(json.dumps(after[1:]))


if __name__ == "__main__":
    main(*sys.argv[1:4], int(sys.argv[4]))
