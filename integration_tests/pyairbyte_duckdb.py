"""Reads a source's streams with PyAirbyte into a DuckDB file; run by test_source_engine.py with the interpreter that has it.

Arguments: configuration as JSON, the source's executable, the DuckDB file, the page with queries, the streams (all by default).
Prints how many records were read, then each table with its column types and its rows, and the rows that each query of the
page brings.
"""

import json
import re
import sys
from pathlib import Path

import airbyte as ab
import duckdb
from airbyte.caches import DuckDBCache


def main(config: str, executable: str, database: str, page: str, *chosen: str) -> None:
    """Reads, and prints the outcome as one JSON object on the last line."""
    source = ab.get_source(
        "source-visma", config=json.loads(config), local_executable=executable, streams=list(chosen) or "*"
    )
    cache = DuckDBCache(db_path=database, schema_name="erp")
    records = source.read(cache=cache).processed_records
    cache.close()
    tables = {}
    with duckdb.connect(database) as connection:
        for name in source.get_selected_streams():
            types = {column: kind for column, kind, *_ in connection.execute(f"describe erp.{name}").fetchall()}
            rows = connection.execute(f"select * from erp.{name}").fetchall()
            tables[name] = {"types": types, "rows": [dict(zip(types, row, strict=True)) for row in rows]}
        queries = re.findall(r"```sql\n(.*?)```", Path(page).read_text(), re.DOTALL)
        answers = [connection.execute(query).fetchall() for query in queries]
        lines = connection.execute("select * from erp.supplier_invoice_lines").fetchall()
    print(json.dumps({"records": records, "tables": tables, "answers": answers, "lines": lines}, default=str))


if __name__ == "__main__":
    main(*sys.argv[1:])
