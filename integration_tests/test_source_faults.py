"""source-visma when the service does not do what it should: nothing is lost, waits are kept, errors say what to do."""

import json
import os
import subprocess
from pathlib import Path

import pytest

from . import warm_programs
from .sandbox.harness import VismaSandbox
from .source_runs import COMMAND, STREAMS, catalog, read, run, saved
from .waiting import until

pytest_plugins = ["integration_tests.sandbox.visma.testing"]

INVOICES = "/v1/supplierInvoice"
SECRET = "sandbox-visma-secret"


# The list behind each stream, its page limit in these tests, and how many records it has.
PAGED = {
    "supplier_invoices": (INVOICES, {"supplierInvoice": 100}, 450),
    "purchase_orders": ("/v1/purchaseorder", {"purchaseorder": 100}, 300),
    "customer_invoices": ("/v1/customerinvoice", {"customerinvoice": 100}, 133),
    "suppliers": ("/v1/supplier", {"supplier": 30}, 61),
    "customers": ("/v1/customer", {"customer": 10}, 25),
}


@pytest.mark.parametrize("page", ["1", "2"])
def test_answers_that_are_not_whole_are_asked_for_again(visma: VismaSandbox, page: str) -> None:
    kinds = ["truncate", "cut", "empty", "html", "drop"]
    for kind, (path, caps, _) in zip(kinds, PAGED.values(), strict=True):
        visma.settings(page_caps=caps)
        # The invoices' and orders' paths begin as other paths do: the page is asked for with a size.
        visma.fault(kind=kind, path=path, query={"pageNumber": page, "pageSize": "1000"})
    done = read(visma, *PAGED, pace=10)
    assert done.code == 0
    for stream, (path, _, records) in PAGED.items():
        assert len(set(done.keys(stream))) == len(done.keys(stream)) == records
        asked = [e for e in visma.log(path=path) if e["path"] == path and e["query"]["pageNumber"] == page]
        assert len(asked) == 2, stream
    assert done.logs.count("Trying again in 2 s") == len(PAGED)


def test_json_that_is_no_list_of_records_is_asked_for_again(visma: VismaSandbox) -> None:
    visma.fault(status=200, path="/v1/employee", body={"message": "maintenance"})
    visma.fault(status=200, path="/v1/subaccount", body=["supplier"])
    visma.fault(kind="html", path="/v1/account")
    done = read(visma, "employees", "subaccounts", "accounts", pace=10)
    assert done.code == 0
    assert [len(done.records(stream)) for stream in ("employees", "subaccounts", "accounts")] == [26, 54, 132]
    assert done.logs.count("Trying again in 2 s") == 3


@pytest.mark.parametrize("status", [503, 529, 599])
def test_server_errors_are_retried_with_growing_pauses(visma: VismaSandbox, status: int) -> None:
    """A list without pages has no smaller request. Gateways use further numbers than HTTP itself."""
    visma.fault(status=status, path="/v1/account", times=3, body={"message": "Service unavailable"})
    done = read(visma, "accounts", pace=10)
    assert done.code == 0
    assert len(done.records("accounts")) == 132
    pauses = [line for line in done.logs.splitlines() if line.startswith("accounts: ")]
    assert [line.rsplit("Trying again in ", 1)[1] for line in pauses] == ["2 s.", "4 s.", "8 s."]
    assert all(f"{status} Service unavailable" in line for line in pauses)


def test_refusals_are_not_repeated_and_say_what_to_do(visma: VismaSandbox) -> None:
    refused = {"customers": ("/v1/customer", 400), "employees": ("/v1/employee", 415), "accounts": ("/v1/account", 410)}
    said = {"message": "VismaId: 9f1c. Error: This is how it is."}
    for path, status in refused.values():
        visma.fault(status=status, path=path, times=0, body=said)
    saved_stamp = {"lastModifiedDateTime": "2026-01-01T00:00:00.12"}
    state = [part for stream in refused for part in saved(stream, **saved_stamp)]
    done = read(visma, *refused, "suppliers", state=state)
    assert done.code == 1
    for stream, (path, status) in refused.items():
        (failure,) = done.failures(stream)
        assert failure["failure_type"] == "config_error"
        assert failure["message"].startswith(f"{stream}: ")
        assert f"{status} VismaId: 9f1c. Error: This is how it is." in failure["message"]
        assert len(visma.log(path=path)) == 1
        assert done.statuses(stream)[-1] == "INCOMPLETE"
        assert done.states(stream)[-1].items() >= saved_stamp.items()
    assert done.statuses("suppliers")[-1] == "COMPLETE"
    assert len(done.records("suppliers")) == 61
    assert done.states("suppliers")[-1]["lastModifiedDateTime"]


def test_a_page_that_never_comes_leaves_the_state_where_it_was(visma: VismaSandbox) -> None:
    visma.fault(status=403, path=INVOICES, query={"pageNumber": "2"}, times=0)
    done = read(visma, "supplier_invoices")
    assert done.code == 1
    assert done.states("supplier_invoices")[-1] == {}
    assert done.statuses("supplier_invoices")[-1] == "INCOMPLETE"


@pytest.mark.parametrize("calls", [INVOICES, "/v1/"])
def test_retry_after_is_kept_by_all_workers(visma: VismaSandbox, calls: str) -> None:
    visma.settings(latency=0.05)
    visma.fault(status=429, path=calls, retry_after=3, skip=2, body={"message": "API calls quota exceeded."})
    done = read(visma, num_workers=4)
    assert done.code == 0
    (refused,) = visma.log(status=429)
    # At most what the three other workers had sent before they knew: a call that was under way, and the one behind it when
    # its answer was read before the refusal was.
    early = [e for e in visma.log() if e["path"].startswith("/v") and refused["at"] < e["at"] < refused["at"] + 3]
    assert len(early) <= 6
    assert len(visma.log(path="/v1")) > 40
    assert "API calls quota exceeded." in done.logs
    assert "No call goes out for 3 s." in done.logs
    assert all(done.statuses(stream)[-1] == "COMPLETE" for stream in STREAMS)


def test_the_call_budget_is_not_overdrawn(visma: VismaSandbox) -> None:
    visma.settings(rate_limit=12, rate_window=4.0)
    done = read(visma, "supplier_invoices", "purchase_orders", "suppliers", "customers", "accounts", num_workers=2)
    assert done.code == 0
    visma.settings(page_caps={"supplierInvoice": 20})  # 23 pages: more than a window has calls for
    done = read(visma, "supplier_invoices", num_workers=4)
    assert len(set(done.keys("supplier_invoices"))) == 450
    assert len(visma.log(status=429)) <= 4  # what the second process could not know yet: one per worker


def test_the_last_calls_of_a_budget_are_spread_and_it_is_said(visma: VismaSandbox) -> None:
    """21 pages of suppliers, and 22 calls."""
    visma.settings(rate_limit=22, page_caps={"supplier": 3})
    done = read(visma, "suppliers", num_workers=1, pace=1000)
    assert (done.code, len(done.records("suppliers"))) == (0, 61)
    assert visma.log(status=429) == []
    words, *_ = [line for line in done.logs.splitlines() if "call budget" in line]
    assert words.startswith("Visma.net's call budget has 2 calls left for 3")
    assert words.endswith(" They are spread over that time; then the next budget begins.")


def test_tokens_are_renewed_before_they_die(visma: VismaSandbox) -> None:
    """By a clock of the connector that runs 200 times as fast as the service's, each token lives for 1.6 seconds."""
    visma.settings(token_lifetime=400, latency=0.1, page_caps={"supplierInvoice": 10})
    done = read(visma, "supplier_invoices", num_workers=2, rate=200)
    assert done.code == 0
    assert len(set(done.keys("supplier_invoices"))) == 450
    assert visma.log(status=401) == []
    assert 2 <= visma.stats()["tokens_issued"] <= 3 + done.seconds


def test_one_new_token_when_one_is_revoked(visma: VismaSandbox) -> None:
    visma.settings(latency=0.2, page_caps={"supplierInvoice": 10})
    visma.after_requests(INVOICES, [{"op": "revoke"}], after=9)
    done = read(visma, "supplier_invoices", num_workers=4)
    assert done.code == 0
    assert len(set(done.keys("supplier_invoices"))) == len(done.keys("supplier_invoices")) == 450
    assert visma.stats()["tokens_issued"] == 2
    assert 1 <= len(visma.log(status=401)) <= 4


def test_a_refusal_of_the_credentials_is_asked_for_once(visma: VismaSandbox) -> None:
    done = read(visma, client_secret="not-the-one")
    assert done.code == 1
    assert len(visma.log()) == 1
    for stream in STREAMS:
        (failure,) = done.failures(stream)
        assert failure["failure_type"] == "config_error"
        assert "does not know this client ID and client secret" in failure["message"]


def test_a_secret_that_is_repeated_as_it_was_sent_is_masked(visma: VismaSandbox) -> None:
    secret, sent = "odd+secret/of=somebody", "odd%2Bsecret%2Fof%3Dsomebody"
    visma.fault(status=400, method="POST", path="/connect/token", body=f"cannot read client_secret={sent}", times=0)
    for done in (
        run("check", config=visma.config | {"client_secret": secret}),
        read(visma, "suppliers", client_secret=secret),
    ):
        assert "cannot read client_secret=****" in done.output
        assert sent not in done.output + done.errors


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


def test_a_killed_check_leaves_no_secret_on_the_disk(visma: VismaSandbox, tmp_path: Path) -> None:
    """Nor has anybody asked for a copy of the settings while it runs."""
    visma.fault(path="/connect/token", times=0, kind="hang")
    (tmp_path / "config.json").write_text(json.dumps(visma.config))
    private = tmp_path / "tmp"
    private.mkdir()
    program = warm_programs.folder() / "source-visma"
    command = [program, "check", "--config", tmp_path / "config.json"]
    with subprocess.Popen(command, env={**os.environ, "TMPDIR": str(private)}, stdout=subprocess.PIPE) as process:
        until(lambda: visma.log(path="/connect/token"))
        process.kill()
        assert process.stdout is not None
        process.stdout.read()  # until nothing of it is left
    assert [path for path in private.rglob("*") if path.is_file()] == []


def test_a_read_whose_reader_has_gone_ends_at_once(visma: VismaSandbox, tmp_path: Path) -> None:
    """`read | write` must not last as long as Visma has the source wait when the destination has died."""
    visma.reset(page_caps={"supplierInvoice": 20})
    visma.fault(path="/v1/supplierInvoice", status=429, retry_after=300, skip=1, times=2)
    for name, content in (("config", visma.config), ("catalog", catalog(["accounts", "supplier_invoices"]))):
        (tmp_path / f"{name}.json").write_text(json.dumps(content))
    command = [COMMAND, "read", "--config", tmp_path / "config.json", "--catalog", tmp_path / "catalog.json"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        until(lambda: visma.log(status=429))
        process.stdout.close()
        assert process.wait(240) == 1
        assert process.stderr.read() == b""
