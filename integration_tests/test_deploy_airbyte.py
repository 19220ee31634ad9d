"""deploy/airbyte: the script registers the pair by name, twice the same, and the Terraform files say the same as it."""

from __future__ import annotations

import json
import os
import socketserver
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import hcl2
import pytest

from integration_tests.airbyte_api_server import WORKSPACE, Airbyte

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "deploy" / "airbyte"
VALUES = {
    "VISMA_CLIENT_ID": "isv_visma",
    "VISMA_CLIENT_SECRET": "s3cret-of-visma",
    "VISMA_TENANT_ID": "5f0e7a52-6a0b-4c3e-9a53-1d2f7c9b4e10",
    "VISMA_COMPANY_ID": "4100251",
    "ASANA_TOKEN": "s3cret-of-asana",
    "ASANA_WORKSPACE_GID": "1200000000000001",
    "ASANA_PROJECT_GID": "1200000000000100",
}
STREAMS = {
    "accounts",
    "dimension_values",
    "purchase_orders",
    "supplier_invoices",
    "customer_invoices",
    "customer_credit_notes",
    "customer_debit_notes",
    "customer_overdue_charges",
    "projects",
    "project_budgets",
}


@pytest.fixture
def airbyte() -> Iterator[Airbyte]:
    server = Airbyte()
    yield server
    server.stop()


def register(
    airbyte: Airbyte, *options: str | Path, plan: Path = FOLDER / "connection.json", **environment: str
) -> subprocess.CompletedProcess[str]:
    access = {
        "AIRBYTE_URL": airbyte.url,
        "AIRBYTE_CLIENT_ID": "application",
        "AIRBYTE_CLIENT_SECRET": "s3cret-of-airbyte",
        "AIRBYTE_WORKSPACE_ID": WORKSPACE,
    }
    done = subprocess.run(
        [sys.executable, FOLDER / "register.py", plan, "--configs", FOLDER / "config", *options],
        env={"PATH": os.environ["PATH"]} | access | VALUES | environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=240,
    )
    assert "s3cret" not in done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    return done


def changed(tmp_path: Path, change: dict[str, dict[str, Any]]) -> Path:
    plan = json.loads((FOLDER / "connection.json").read_text())
    for part, values in change.items():
        plan[part] |= values
    (tmp_path / "plan.json").write_text(json.dumps(plan))
    return tmp_path / "plan.json"


def test_the_pair_is_registered_once(airbyte: Airbyte, tmp_path: Path) -> None:
    foretold = register(airbyte, "--dry-run")
    assert foretold.returncode == 0, foretold.stderr
    assert airbyte.writes == []
    first = register(airbyte)
    assert first.returncode == 0, first.stderr
    assert [line.removeprefix("would be ") for line in foretold.stdout.splitlines()] == first.stdout.splitlines()
    assert len(airbyte.writes) == 5
    (source,) = airbyte.held["sources"].values()
    assert source["configuration"] == {
        "client_id": "isv_visma",
        "client_secret": "**********",
        "tenant_id": "5f0e7a52-6a0b-4c3e-9a53-1d2f7c9b4e10",
        "company_id": "4100251",
    }
    (connection,) = airbyte.held["connections"].values()
    assert connection["schedule"] == {"scheduleType": "cron", "cronExpression": "0 0 6 * * ?"}
    assert {stream["name"] for stream in connection["configurations"]["streams"]} == STREAMS
    before = json.dumps(airbyte.held, sort_keys=True)
    again = register(airbyte)
    assert again.returncode == 0, again.stderr
    assert "unchanged: connection Visma to Asana" in again.stdout
    assert json.dumps(airbyte.held, sort_keys=True) == before
    # A new release, and another time of the day.
    airbyte.token_requests = 3
    plan = changed(
        tmp_path, {"source": {"docker_image_tag": "0.3.0"}, "connection": {"cron_expression": "0 30 5 * * ?"}}
    )
    later = register(airbyte, plan=plan)
    assert later.returncode == 0, later.stderr
    (definition,) = airbyte.held["definitions/sources"].values()
    assert definition["dockerImageTag"] == "0.3.0"
    (connection,) = airbyte.held["connections"].values()
    assert connection["schedule"]["cronExpression"] == "0 30 5 * * ?"
    assert {kind: len(items) for kind, items in airbyte.held.items()} == dict.fromkeys(airbyte.held, 1)


def test_a_run_that_was_refused_in_the_middle_is_repeated(airbyte: Airbyte, tmp_path: Path) -> None:
    done = register(airbyte, plan=changed(tmp_path, {"connection": {"streams": {"accounts": "incremental"}}}))
    assert done.returncode == 1
    assert "422 to POST /connections" in done.stderr
    assert register(airbyte).returncode == 0
    assert {kind: len(items) for kind, items in airbyte.held.items()} == dict.fromkeys(airbyte.held, 1)


def test_connectors_of_others_stay_as_they_are(airbyte: Airbyte) -> None:
    """Airbyte may list a connector of its own by that name, and more sources than one page holds."""
    own = {"id": "1", "name": "Visma Net ERP", "dockerRepository": "airbyte/source-visma", "dockerImageTag": "9.9.9"}
    airbyte.held["definitions/sources"]["1"] = dict(own)
    for number in range(130):
        airbyte.held["sources"][str(number)] = {
            "name": f"source {number}",
            "sourceId": str(number),
            "definitionId": "1",
        }
    assert register(airbyte).returncode == 0
    assert register(airbyte).returncode == 0
    assert airbyte.held["definitions/sources"]["1"] == own
    assert len(airbyte.held["sources"]) == 131


def test_two_of_one_name_are_not_guessed_between(airbyte: Airbyte) -> None:
    for key in "12":
        airbyte.held["sources"][key] = {"name": "Visma Net ERP", "sourceId": key, "definitionId": "other"}
    done = register(airbyte)
    assert done.returncode == 2
    assert "Airbyte has 2 sources named 'Visma Net ERP'. Rename all but one" in done.stderr


@pytest.mark.parametrize(
    ("environment", "status", "text"),
    [
        ({"AIRBYTE_CLIENT_SECRET": "s3cret-of-yesterday"}, 1, "401 to POST /applications/token"),
        ({"AIRBYTE_URL": "http://airbyte.example.com/api/public/v1"}, 2, "is not https"),
        ({"AIRBYTE_URL": "localhost:8000/api/public/v1"}, 2, "is not a web address"),
        ({"AIRBYTE_URL": "https://airbyte.example.com:PORT/api/public/v1"}, 2, "is not a web address"),
        ({"AIRBYTE_URL": "https://[airbyte/api/public/v1"}, 2, "is not a web address"),
        ({"AIRBYTE_URL": "https://air byte.example.com/api/public/v1"}, 2, "is not a web address"),
        ({"AIRBYTE_URL": "http://127.0.0.1:9/api/public/v1"}, 1, "No answer to POST /applications/token"),
        ({"AIRBYTE_WORKSPACE_ID": ""}, 2, "Set AIRBYTE_WORKSPACE_ID"),
        ({"VISMA_CLIENT_SECRET": ""}, 2, "refers to ${VISMA_CLIENT_SECRET}"),
    ],
)
def test_what_is_wrong_is_named(airbyte: Airbyte, environment: dict[str, str], status: int, text: str) -> None:
    done = register(airbyte, **environment)
    assert (done.returncode, text in done.stderr) == (status, True), done.stderr
    assert airbyte.writes == []


def test_a_redirect_takes_no_token_along(airbyte: Airbyte) -> None:
    other = Airbyte()
    airbyte.redirect = other.url.removesuffix("/api/public/v1")
    try:
        done = register(airbyte)
    finally:
        other.stop()
    assert done.returncode == 1
    assert "302 to GET" in done.stderr
    assert other.authorizations == []


def test_a_refusal_that_repeats_the_configuration_shows_no_secret(airbyte: Airbyte) -> None:
    airbyte.repeats = True
    done = register(airbyte)
    assert done.returncode == 1
    assert "'client_secret': '****'" in done.stderr


@pytest.mark.parametrize(
    ("answer", "text"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{", "No answer to POST /applications/token"),
        (b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 99\r\n\r\nhttpd", "502 to POST /applications/token: httpd"),
        (b"SSH-2.0-Server\r\n", "No answer to POST /applications/token"),
        (b"", "No answer to POST /applications/token"),
        (b"HTTP/1.1 400 Bad\r\n\r\n" + rb'{"clientSecret": "s3cret \"of\" \u00e5"}', '"clientSecret": "****"'),
    ],
)
def test_a_proxy_that_breaks_off_is_named(airbyte: Airbyte, answer: bytes, text: str) -> None:
    class Proxy(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            while self.rfile.readline().strip():
                pass
            self.wfile.write(answer)

    with socketserver.TCPServer(("127.0.0.1", 0), Proxy) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        url = f"http://127.0.0.1:{server.server_address[1]}"
        done = register(airbyte, AIRBYTE_URL=url, AIRBYTE_CLIENT_SECRET='s3cret "of" å')
        server.shutdown()
    assert (done.returncode, text in done.stderr) == (1, True), done.stderr


def test_files_that_an_editor_saved_with_a_mark_are_read(airbyte: Airbyte, tmp_path: Path) -> None:
    plan = tmp_path / "connection.json"
    plan.write_text((FOLDER / "connection.json").read_text(), encoding="utf-8-sig")
    assert register(airbyte, "--dry-run", plan=plan).returncode == 0


@pytest.mark.parametrize("text", ["[]", '{"source": "Visma"}'])
def test_a_plan_of_another_form_is_named(airbyte: Airbyte, tmp_path: Path, text: str) -> None:
    (tmp_path / "plan.json").write_text(text)
    done = register(airbyte, plan=tmp_path / "plan.json")
    assert done.returncode == 2
    assert "has another form than expected" in done.stderr


def test_terraform_registers_the_same() -> None:
    with (FOLDER / "terraform" / "main.tf").open() as file:
        content: dict[str, Any] = hcl2.load(file)
    plan = json.loads((FOLDER / "connection.json").read_text())
    streams = {key: value.strip('"') for key, value in content["locals"][0]["streams"].items()}
    assert streams == plan["connection"]["streams"]
    assert streams.keys() == STREAMS
    kinds = {kind.strip('"') for resource in content["resource"] for kind in resource}
    assert kinds == {
        "airbyte_source_definition",
        "airbyte_destination_definition",
        "airbyte_source",
        "airbyte_destination",
        "airbyte_connection",
    }
    with (FOLDER / "terraform" / "variables.tf").open() as file:
        variables = {name.strip('"') for entry in hcl2.load(file)["variable"] for name in entry}
    text = (FOLDER / "terraform" / "main.tf").read_text() + (FOLDER / "terraform" / "versions.tf").read_text()
    assert {name for name in variables if f"var.{name}" in text} == variables
