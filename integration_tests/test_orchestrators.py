"""The examples in deploy/orchestrators are imported, and what they make is looked at, with the libraries they are for.

These need hundreds of packages, so they have an environment of their own: `make test-orchestrators`."""

from __future__ import annotations

import ast
import json
import os
import subprocess
from pathlib import Path

import pytest
import yaml

from releasing.version import current

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "deploy" / "orchestrators"
PYTHON = ROOT / ".venv-orchestrators" / "bin" / "python"


def output_of(program: str, home: Path) -> dict[str, object]:
    """What the program prints at its end, as JSON, run beside the examples."""
    done = subprocess.run(
        [PYTHON, "-c", program],
        cwd=FOLDER,
        env=os.environ
        | {
            "HOME": str(home),
            "AIRFLOW_HOME": str(home),
            "PREFECT_HOME": str(home),
            "DO_NOT_TRACK": "1",
            "PYTHONDONTWRITEBYTECODE": "1",
        },
        capture_output=True,
        text=True,
        check=False,
        timeout=240,
    )
    assert done.returncode == 0, done.stderr
    answer: dict[str, object] = json.loads(done.stdout.splitlines()[-1])
    return answer


@pytest.mark.orchestrators
def test_airflow_starts_the_connection_in_airbyte(tmp_path: Path) -> None:
    assert output_of(
        "import json, airflow_airbyte as m; t = m.dag.get_task('sync');"
        "print(json.dumps([t.airbyte_conn_id, t.asynchronous, t.timeout, m.dag.max_active_runs]))",
        tmp_path,
    ) == ["airbyte", False, 43200, 1]


@pytest.mark.orchestrators
def test_airflow_runs_the_container(tmp_path: Path) -> None:
    assert output_of(
        "import json, airflow_docker as m; t = m.dag.get_task('sync');"
        "print(json.dumps([t.image, t.user, sorted(x['Target'] for x in t.mounts), t.skip_on_exit_code, t.environment['ASANA_TOKEN'],"
        " 'environment' in t.template_fields]))",
        tmp_path,
    ) == [
        f"registry.example.com/data/sync:{current()}",
        "1000:1000",
        ["/config", "/data"],
        [75],
        "{{ var.value.asana_token }}",
        True,
    ]


def test_airflow_fills_in_the_variables() -> None:
    """Airflow renders only some of an operator's arguments. The container would get the others with their braces."""
    rendered = {"image", "command", "environment", "env_file", "container_name", "mounts", "connection_id"}
    for path in FOLDER.glob("airflow_*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.keyword) and "{{" in ast.unparse(node.value).replace("{{{{", "{{"):
                assert node.arg in rendered, f"{path.name}: {node.arg}"


@pytest.mark.orchestrators
def test_dagster_defines_the_workspace(tmp_path: Path) -> None:
    assert output_of(
        "import json, dagster_assets as m; print(json.dumps([type(m.airbyte).__name__, m.airbyte.rest_api_base_url, type(m.definitions).__name__]))",
        tmp_path,
    ) == ["AirbyteWorkspace", "https://airbyte.example.com/api/public/v1", "LazyDefinitions"]


@pytest.mark.orchestrators
def test_prefect_has_a_flow(tmp_path: Path) -> None:
    assert output_of(
        "import json, prefect_flow as m; f = m.visma_to_asana; print(json.dumps([f.name, f.retries, m.COMMAND.split()[-1]]))",
        tmp_path,
    ) == ["visma-to-asana", 2, f"registry.example.com/data/sync:{current()}"]


def test_the_kestra_flow_names_its_tasks() -> None:
    flow = yaml.safe_load((FOLDER / "kestra.yaml").read_text())
    assert {"id", "namespace", "tasks", "triggers", "concurrency"} == flow.keys()
    assert [task["type"] for task in flow["tasks"]] == ["io.kestra.plugin.airbyte.connections.Sync"]
