"""Both connectors on machines whose locale is not UTF-8: the protocol's lines are UTF-8 all the same."""

import json
import os
import subprocess

import pytest

from integration_tests.destination_messages import invoice, order, order_id, state
from integration_tests.destination_support import CONNECTOR
from integration_tests.sandbox.harness import VismaSandbox
from integration_tests.source_runs import catalog, run

pytest_plugins = ["integration_tests.sandbox.visma.testing"]

# Python reads C as UTF-8 unless it is told not to; PYTHONIOENCODING stands for a locale with that character set.
ASCII = {"LC_ALL": "C", "LANG": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
LOCALES = [ASCII, {**ASCII, "PYTHONIOENCODING": "cp1252:strict"}]
NAME = "Ærlig Møbel & Sønner — 家具 €"


@pytest.mark.parametrize("locale", LOCALES, ids=["ascii", "cp1252"])
def test_the_source_reads_and_writes_utf_8(visma: VismaSandbox, locale: dict[str, str]) -> None:
    visma.change("supplier", "50003", {"name": NAME})
    config = json.dumps(visma.config | {"title": NAME}, ensure_ascii=False).encode()
    done = run("read", config=config, catalog=catalog(["suppliers"]), environment=locale)
    assert done.code == 0
    assert NAME in [record["name"] for record in done.records("suppliers")]
    assert done.states("suppliers")


def test_the_source_checks_settings_in_utf_8(visma: VismaSandbox) -> None:
    config = json.dumps(visma.config | {"client_secret": "hemmelighæt"}, ensure_ascii=False).encode()
    assert "does not know this client ID" in run("check", config=config, environment=ASCII).connection[1]


@pytest.mark.parametrize("locale", LOCALES, ids=["ascii", "cp1252"])
def test_the_destination_reads_and_writes_utf_8(destination, locale: dict[str, str]) -> None:
    messages = [order(1, supplier={"number": "50003", "name": NAME}), state("purchase_orders"), invoice()]
    lines = "".join(json.dumps(message, ensure_ascii=False) + "\n" for message in messages)
    arguments = destination.arguments(*messages, supplier_mapping=[{"supplier": NAME, "assignee": "ingen på jobb"}])
    done = subprocess.run(
        [CONNECTOR, *arguments],
        input=lines.encode(),
        env={**os.environ, **locale},
        capture_output=True,
        timeout=240,
        check=False,
    )
    output = [json.loads(text) for text in done.stdout.decode("utf-8").splitlines()]
    assert done.returncode == 0
    assert done.stderr == b""
    assert destination.tasks[order_id(1)]["name"] == f"PO 000001 · {NAME}"
    [answer] = [message["state"] for message in output if message["type"] == "STATE"]
    assert answer["fromTheFuture"] == {"kept": [1, None, "æ"]}
    assert any("ingen på jobb" in message["log"]["message"] for message in output if message["type"] == "LOG")
