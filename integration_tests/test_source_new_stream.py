"""A newcomer adds a stream by the README of source-visma: one block and one schema, nothing else."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from .sandbox.harness import VismaSandbox
from .source_runs import catalog

pytest_plugins = ["integration_tests.sandbox.visma.testing"]

ROOT = Path(__file__).resolve().parents[1] / "source-visma"


def without_branches(text: str, block: str) -> str:
    """The manifest before somebody added its last stream, whose block the README shows."""
    assert text.count(block) == 1
    text = text.replace(block, "")
    schemas, last, _ = text.rpartition("\n  branches:\n")
    assert last
    return schemas + "\n"


def test_branches(visma: VismaSandbox, tmp_path: Path) -> None:
    block, schema = re.findall(r"```yaml\n(.*?)```", (ROOT / "README.md").read_text("utf-8"), re.DOTALL)
    shutil.copytree(ROOT / "source_visma", tmp_path / "source_visma")
    manifest = tmp_path / "source_visma" / "manifest.yaml"
    text = without_branches(manifest.read_text("utf-8"), block)
    manifest.write_text(text.replace("\nspec:\n", f"\n{block}\nspec:\n") + schema, "utf-8")
    for name, content in {"config": visma.config, "catalog": catalog(["branches"])}.items():
        (tmp_path / f"{name}.json").write_text(json.dumps(content), "utf-8")
    done = subprocess.run(
        [sys.executable, "-c", "from source_visma.run import run; run()", "read"]
        + [part for name in ("config", "catalog") for part in (f"--{name}", str(tmp_path / f"{name}.json"))],
        capture_output=True,
        text=True,
        check=True,
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(tmp_path)},
    )
    records = [m["record"]["data"] for m in map(json.loads, done.stdout.splitlines()) if m["type"] == "RECORD"]
    assert {record["number"] for record in records} == {branch["number"] for branch in visma.documents("branch")}
    assert records
