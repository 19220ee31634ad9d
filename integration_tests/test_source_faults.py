"""source-visma when the service does not do what it should: nothing is lost, waits are kept, errors say what to do."""

import json
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from .sandbox.harness import VismaSandbox
from .source_runs import STREAMS, read, run, saved

pytest_plugins = ["integration_tests.sandbox.visma.testing"]

INVOICES = "/v1/supplierInvoice"
SECRET = "sandbox-visma-secret"


@pytest.mark.parametrize("kind", ["truncate", "cut", "empty", "html", "drop"])
@pytest.mark.parametrize("page", ["1", "2"])
def test_an_answer_that_is_not_whole_is_asked_for_again(visma: VismaSandbox, kind: str, page: str) -> None:
    visma.fault(kind=kind, path=INVOICES, query={"pageNumber": page})
    done = read(visma, "supplier_invoices")
    assert done.code == 0
    assert len(set(done.keys("supplier_invoices"))) == len(done.keys("supplier_invoices")) == 450
    assert len([e for e in visma.log(path=INVOICES) if e["query"]["pageNumber"] == page]) == 2
    assert "Trying again in 2 s" in done.logs


@pytest.mark.parametrize("body", [b'{"message": "maintenance"}', b'["supplier"]', b"null"])
def test_json_that_is_no_list_of_records_is_asked_for_again(visma: VismaSandbox, body: bytes) -> None:
    visma.fault(status=200, path="/v1/supplier", body=json.loads(body) if body != b"null" else None)
    done = read(visma, "suppliers")
    assert done.code == 0
    assert len(done.records("suppliers")) == 61


def test_server_errors_are_retried_with_growing_pauses(visma: VismaSandbox) -> None:
    visma.fault(status=503, path="/v1/customer", times=3, body={"message": "Service unavailable"})
    done = read(visma, "customers")
    assert done.code == 0
    assert len(done.records("customers")) == 25
    pauses = [line for line in done.logs.splitlines() if line.startswith("customers: ")]
    assert [line.rsplit("Trying again in ", 1)[1] for line in pauses] == ["2 s.", "4 s.", "8 s."]
    assert all("503 Service unavailable" in line for line in pauses)


@pytest.mark.parametrize("status", [400, 403, 404])
def test_refusals_are_not_repeated_and_say_what_to_do(visma: VismaSandbox, status: int) -> None:
    said = {"message": "VismaId: 9f1c. Error: This is how it is."}
    visma.fault(status=status, path="/v1/customer", times=0, body=said)
    state = saved("customers", lastModifiedDateTime="2026-01-01T00:00:00.12")
    done = read(visma, "customers", "suppliers", state=state)
    assert done.code == 1
    (failure,) = done.failures("customers")
    assert failure["failure_type"] == "config_error"
    assert failure["message"].startswith("customers: ")
    assert "Error: This is how it is." in failure["message"]
    assert len(visma.log(path="/v1/customer")) == 1
    assert done.statuses("customers")[-1] == "INCOMPLETE"
    assert done.states("customers")[-1] == {"lastModifiedDateTime": "2026-01-01T00:00:00.12"}
    assert done.statuses("suppliers")[-1] == "COMPLETE"
    assert len(done.records("suppliers")) == 61
    assert done.states("suppliers")[-1]["lastModifiedDateTime"]


def test_a_page_that_never_comes_leaves_the_state_where_it_was(visma: VismaSandbox) -> None:
    visma.fault(status=404, path=INVOICES, query={"pageNumber": "2"}, times=0)
    done = read(visma, "supplier_invoices")
    assert done.code == 1
    assert done.states("supplier_invoices")[-1] == {}
    assert done.statuses("supplier_invoices")[-1] == "INCOMPLETE"


@pytest.mark.parametrize("calls", [INVOICES, "/v1/"])
def test_retry_after_is_kept_by_all_workers(visma: VismaSandbox, calls: str) -> None:
    visma.fault(status=429, path=calls, retry_after=3, skip=2, body={"message": "API calls quota exceeded."})
    done = read(visma)
    assert done.code == 0
    (refused,) = visma.log(status=429)
    told = refused["at"] + refused["seconds"]
    early = [e for e in visma.log(path="/v") if told + 0.02 < e["at"] < refused["at"] + 3]
    assert early == []  # what was in flight already may still arrive
    assert "API calls quota exceeded." in done.logs
    assert "No call goes out for 3 s." in done.logs
    assert all(done.statuses(stream)[-1] == "COMPLETE" for stream in STREAMS)


def test_the_call_budget_is_not_overdrawn(visma: VismaSandbox) -> None:
    visma.settings(rate_limit=12, rate_window=4.0)
    done = read(visma, "supplier_invoices", "purchase_orders", "suppliers", "customers", "accounts", num_workers=2)
    assert done.code == 0
    visma.settings(page_caps={"supplierInvoice": 10})
    done = read(visma, "supplier_invoices", num_workers=4)
    assert len(set(done.keys("supplier_invoices"))) == 450
    assert len(visma.log(status=429)) <= 4  # what the second process could not know yet: one per worker
    assert "call budget" in done.logs


def test_tokens_are_renewed_before_they_die(visma: VismaSandbox) -> None:
    visma.settings(token_lifetime=2, latency=0.1, page_caps={"supplierInvoice": 10})
    done = read(visma, "supplier_invoices", num_workers=2)
    assert done.code == 0
    assert len(set(done.keys("supplier_invoices"))) == 450
    assert visma.log(status=401) == []
    assert 2 <= visma.stats()["tokens_issued"] <= 6


def test_one_new_token_when_one_is_revoked(visma: VismaSandbox) -> None:
    visma.settings(latency=0.2, page_caps={"supplierInvoice": 10})
    with ThreadPoolExecutor() as pool:
        reading = pool.submit(read, visma, "supplier_invoices", num_workers=4)
        while len(visma.log(path=INVOICES)) < 9:
            time.sleep(0.05)
        visma.revoke_tokens()
        done = reading.result()
    assert done.code == 0
    assert len(set(done.keys("supplier_invoices"))) == len(done.keys("supplier_invoices")) == 450
    assert visma.stats()["tokens_issued"] == 2
    assert 1 <= len(visma.log(status=401)) <= 4


def test_no_secret_in_any_output(visma: VismaSandbox) -> None:
    visma.settings(token_lifetime=2)
    visma.fault(status=503, path=INVOICES, body={"message": f"echo {SECRET}"})
    visma.fault(kind="drop", path="/v1/supplier")
    outputs = [read(visma, "supplier_invoices", "suppliers"), run("check", config=visma.config)]
    wrong = visma.config | {"client_secret": "another-secret-of-somebody"}
    outputs += [run("check", config=wrong), read(wrong, "suppliers")]
    for done in outputs:
        for secret in (SECRET, "another-secret-of-somebody", "Bearer "):
            assert secret not in done.output + done.errors
