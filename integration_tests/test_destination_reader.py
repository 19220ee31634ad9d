"""Airbyte's public source for Asana, pointed at the sandbox, reads back what destination-asana wrote."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from integration_tests.destination_messages import account, invoice, invoice_id, line, order, order_id, segments

ROOT = Path(__file__).parents[1]
# Its own requirements are met by the connectors' environment: the same release of the CDK.
READER = (
    "airbyte-source-asana==1.7.2 "
    "--hash=sha256:7286bdb7d6aa9dcbac55fc51ec2ba59331816b20f7328a35aa7df696c523f507 "
    "--hash=sha256:e0ec45fb8dd6815221cfada8ce12472874651550219d264cb6cd10b11dcbf24f\n"
)


@pytest.fixture(scope="session")
def package():
    """The folder it is installed in; skips when it cannot be had."""
    folder = ROOT / ".cache/airbyte-source-asana-1.7.2"
    if not (folder / "source_asana").is_dir():
        command = [
            ROOT / ".venv/bin/uv",
            "pip",
            "install",
            "-q",
            "--python",
            sys.executable,
            "--no-deps",
            "--require-hashes",
        ]
        wanted = folder.parent / "airbyte-source-asana.txt"
        wanted.parent.mkdir(exist_ok=True)
        wanted.write_text(READER)
        done = subprocess.run([*command, "--target", folder, "-r", wanted], capture_output=True, text=True, check=False)
        if done.returncode:
            pytest.skip(f"airbyte-source-asana cannot be installed: {done.stderr.strip()[-300:]}")
    return folder


@pytest.fixture
def read(package, destination, tmp_path):
    """Reads one stream; gives its records."""
    shutil.copytree(package / "source_asana", tmp_path / "reader/source_asana")
    manifest = tmp_path / "reader/source_asana/manifest.yaml"
    text = manifest.read_text("utf-8")
    assert "https://app.asana.com/api/1.0/" in text
    manifest.write_text(text.replace("https://app.asana.com/api/1.0/", f"{destination.asana.api_url}/"), "utf-8")
    token = {"option_title": "PAT Credentials", "personal_access_token": destination.asana.TOKEN}
    config = destination.file("reader", {"credentials": token, "num_workers": 4})

    def read(*names):
        destination.fresh_log()
        streams = [
            {
                "stream": {"name": name, "json_schema": {}, "supported_sync_modes": ["full_refresh"]},
                "sync_mode": "full_refresh",
                "destination_sync_mode": "append",
            }
            for name in names
        ]
        program = [sys.executable, "-c", "from source_asana.run import run; run()"]
        command = [*program, "read", "--config", config, "--catalog", destination.file("streams", {"streams": streams})]
        environment = {**os.environ, "PYTHONPATH": str(tmp_path / "reader")}
        done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=200, check=False)
        assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
        # The same token, but not our requests.
        destination.asana.clear_log()
        found = {name: [] for name in names}
        for message in map(json.loads, done.stdout.splitlines()):
            if message["type"] == "RECORD":
                found[message["record"]["stream"]].append(message["record"]["data"])
        return found

    return read


def test_the_public_reader_reads_back_what_was_written(destination, read):
    coded = line(account={"number": "6800", "description": "Office"}, sub=segments(("330", "Marketing")))
    destination.write(
        order(1, lines=[coded, line(2)]),
        invoice(1, amount=99.5, status="Closed"),
        invoice(2, documentType="DebitAdj", amount=10.0),
        account("3000", "Sales"),
    )
    found = read("tasks", "custom_fields", "sections")
    documents = {}
    for task in found["tasks"]:
        values = {field["name"]: field["display_value"] for field in task["custom_fields"]}
        if values.get("Visma ID"):
            documents[values["Visma ID"]] = (task, values)
    assert set(documents) == {order_id(1), invoice_id(1), invoice_id(2, "DebitAdj")}
    task, values = documents[order_id(1)]
    assert task["name"] == "PO 000001 · Nordic Office AS"
    assert task["due_on"] == "2026-02-03"
    assert values["Visma amount"] == "250.00"
    assert values["Visma status"] == "Open"
    assert values["Visma GL accounts"] == "6800 Office"
    assert values["Visma cost centers"] == "330 Marketing"
    task, values = documents[invoice_id(1)]
    assert task["completed"] is True
    assert values["Visma amount"] == "99.50"
    assert documents[invoice_id(2, "DebitAdj")][1]["Visma amount"] == "-10.00"
    assert destination.field("Visma ID")["gid"] in {field["gid"] for field in found["custom_fields"]}
    assert [section["name"] for section in found["sections"]] == ["Untitled section"]
