"""The sandbox Visma as a process: options, sizes, start and stop."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from integration_tests import plain_http
from integration_tests.sandbox.harness import SandboxError, VismaSandbox, start
from integration_tests.sandbox.visma.client import connect
from integration_tests.waiting import until

pytest_plugins = ["integration_tests.sandbox.visma.testing"]


def test_every_start_brings_the_same_company(visma: VismaSandbox) -> None:
    with start("visma") as second:
        for entity in ("supplier", "purchaseorder", "supplierInvoice", "journaltransaction"):
            assert second.documents(entity) == visma.documents(entity)


def test_empty_company() -> None:
    with start("visma", "--empty") as empty, connect(empty) as api:
        for path in ("/v1/supplier", "/v1/supplierInvoice", "/v1/account", "/v1/dimension"):
            assert api.get(path).json() == []
        assert api.get("/v2/journaltransaction", params={"lastModifiedDateTime": "2000-01-01"}).json() == []


def test_a_million_invoices_are_made_when_asked_for() -> None:
    options = ("--scale", "1000000", "--set", 'page_caps={"supplierInvoice": 1000}')
    with start("visma", *options) as big, connect(big) as api:
        last = api.get("/v1/supplierInvoice", params={"pageNumber": 1000, "pageSize": 1000})
        records = last.json()
        assert len(records) == 1000
        assert records[-1]["metadata"]["totalCount"] == 1_000_000
        assert 2_500 < len(last.content) / 1000 < 3_500
        stamp = records[-3]["lastModifiedDateTime"]
        params = {"lastModifiedDateTime": stamp, "lastModifiedDateTimeCondition": ">="}
        assert len(api.get("/v1/supplierInvoice", params=params).json()) == 3
        big.settings(edge="exclusive")
        params["lastModifiedDateTimeCondition"] = ">"
        assert len(api.get("/v1/supplierInvoice", params=params).json()) == 2
        params["lastModifiedDateTimeCondition"] = "<="
        assert api.get("/v1/supplierInvoice", params=params).json()[0]["metadata"]["totalCount"] == 999_998
        number = records[0]["referenceNumber"]
        assert api.get(f"/v1/supplierInvoice/Invoice/{number}").json()["referenceNumber"] == number


def test_settings_given_at_the_start_survive_a_reset() -> None:
    with start("visma", "--set", "token_lifetime=60", "--set", "company_mode=forbidden") as server:
        server.reset(rate_limit=5)
        settings = server.settings()
    assert (settings["token_lifetime"], settings["company_mode"], settings["rate_limit"]) == (60, "forbidden", 5)


def test_a_sandbox_that_cannot_start_says_why(visma: VismaSandbox) -> None:
    with pytest.raises(SandboxError, match="unknown setting 'token_lifetim'"):
        start("visma", "--set", "token_lifetim=60")
    port = visma.url.rpartition(":")[2]
    with pytest.raises(SandboxError, match="Address already in use"):
        start("visma", "--port", port)


def test_a_stopped_sandbox_is_gone() -> None:
    with start("visma", "--empty") as server:
        assert server.control("GET", "health") == {"status": "ok"}
    with pytest.raises(httpx.ConnectError):
        plain_http.get(server.url)


@pytest.mark.parametrize("name", ["visma", "asana"])
def test_a_sandbox_ends_with_the_process_that_started_it(name: str) -> None:
    script = "import sys, time; from integration_tests.sandbox import harness; sandbox = harness.start(sys.argv[1])\n"
    script += "print(sandbox.url, flush=True); time.sleep(600)"
    command = [sys.executable, "-c", script, name]
    with subprocess.Popen(command, cwd=Path(__file__).parents[1], stdout=subprocess.PIPE, text=True) as starter:
        assert starter.stdout is not None
        url = starter.stdout.readline().strip()
        assert answers(url)
        starter.kill()
    until(lambda: not answers(url))


def answers(url: str) -> bool:
    try:
        return plain_http.get(f"{url}/_control/settings").is_success
    except httpx.TransportError:
        return False
