"""Reads a source's streams with PyAirbyte into a DuckDB file; run by test_source_engine.py with the interpreter that has it.

Arguments: configuration as JSON, the source's executable, the DuckDB file. Prints how many records were read, then each
table with its column types and its rows.
"""

import json
import sys

import airbyte as ab
import duckdb
from airbyte.caches import DuckDBCache


def main(config: str, executable: str, database: str) -> None:
    """Reads, and prints the outcome as one JSON object on the last line."""
    source = ab.get_source("source-visma", config=json.loads(config), local_executable=executable, streams="*")
    cache = DuckDBCache(db_path=database)
    records = source.read(cache=cache).processed_records
    cache.close()
    tables = {}
    with duckdb.connect(database) as connection:
        for name in source.get_selected_streams():
            types = {column: kind for column, kind, *_ in connection.execute(f"describe main.{name}").fetchall()}
            rows = connection.execute(f"select * from main.{name}").fetchall()
            tables[name] = {"types": types, "rows": [dict(zip(types, row, strict=True)) for row in rows]}
    print(json.dumps({"records": records, "tables": tables}, default=str))


if __name__ == "__main__":
    main(*sys.argv[1:])
