"""When a refusal is final, which streams it concerns, and which fields a stream cannot do without."""

from typing import Any

import pytest

from .sandbox.harness import VismaSandbox
from .source_runs import Run, read, run, saved

pytest_plugins = ["integration_tests.sandbox.visma.testing"]

FIELD = "lastModifiedDateTime"


def warnings(done: Run) -> str:
    return "\n".join(log["message"] for log in done.of_type("LOG") if log["level"] == "WARN")


# --- tokens ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("refusals", [1, 3])
def test_a_token_that_is_taken_only_after_seconds_is_no_refusal(visma: VismaSandbox, refusals: int) -> None:
    visma.settings(token_refusals=refusals)
    done = read(visma, "suppliers", pace=10)
    assert done.code == 0
    assert len(done.records("suppliers")) == 61
    assert visma.stats()["tokens_issued"] == 2
    pauses = [words.rpartition("Trying again in ")[2] for words in done.logs.splitlines() if "Trying again" in words]
    assert pauses == ["2 s.", "4 s.", "8 s."][:refusals]
    assert len(visma.log(path="/v1/supplier", status=401)) == 1 + refusals


def test_the_check_waits_for_a_token_too(visma: VismaSandbox) -> None:
    visma.settings(token_refusals=2)
    assert run("check", config=visma.config, pace=3).connection == ("SUCCEEDED", "")


def test_tokens_that_stop_to_be_taken_are_no_fault_of_the_settings(visma: VismaSandbox) -> None:
    visma.settings(page_caps={"supplier": 20})
    refuse = [{"op": "settings", "set": {"grant": "unauthorized"}}]
    visma.after_requests("/v1/supplier", refuse)
    before = saved("suppliers", lastModifiedDateTime="2000-01-01T00:00:00")
    done = read(visma, "suppliers", num_workers=1, state=before, pace=10)
    assert done.code == 1
    (failure,) = done.failures("suppliers")
    assert failure["failure_type"] == "transient_error"
    assert "It took one before in this sync: try again." in failure["message"]
    assert done.states("suppliers")[-1][FIELD] == "2000-01-01T00:00:00"


def test_credentials_that_stop_to_be_taken_are_no_fault_of_the_settings(visma: VismaSandbox) -> None:
    visma.settings(page_caps={"supplier": 20})
    orders = [{"op": "revoke"}, {"op": "settings", "set": {"grant": "invalid_tenant"}}]
    visma.after_requests("/v1/supplier", orders)
    done = read(visma, "suppliers", num_workers=1, pace=10)
    (failure,) = done.failures("suppliers")
    assert failure["failure_type"] == "transient_error"
    assert "It took the same before in this sync: try again." in failure["message"]


# --- what a company lacks ----------------------------------------------------------------------------------------------

LACKS: list[dict[str, Any]] = [
    {"status": 403, "body": {"message": "Your licence does not include this module."}},
    {"status": 404},
    {"status": 400, "body": {"ExceptionFaultCode": "12027", "ExceptionMessage": "No license for this company."}},
    {"status": 500, "body": {"ExceptionFaultCode": "12027", "ExceptionMessage": "No license for this company."}},
]


@pytest.mark.parametrize("answer", LACKS, ids=["403", "404", "12027", "500 12027"])
def test_a_list_the_company_lacks_is_skipped_beside_others(visma: VismaSandbox, answer: dict[str, Any]) -> None:
    visma.fault(path="/v1/customer", times=0, **answer)
    visma.fault(path="/v1/employee", times=0, **answer)
    before = {"lastModifiedDateTime": "2026-01-01T00:00:00"}
    done = read(visma, "customers", "employees", "suppliers", state=saved("customers", **before), num_workers=1)
    assert done.code == 0
    assert "customers is skipped" in warnings(done)
    assert "employees is skipped" in warnings(done)
    assert len(done.records("suppliers")) == 61
    assert done.states("customers")[-1][FIELD] == before[FIELD]
    assert done.statuses("customers")[-1] == "COMPLETE"


@pytest.mark.parametrize("answer", LACKS, ids=["403", "404", "12027", "500 12027"])
def test_alone_it_fails(visma: VismaSandbox, answer: dict[str, Any]) -> None:
    visma.fault(path="/v1/customer", times=0, **answer)
    done = read(visma, "customers")
    assert done.code == 1
    (failure,) = done.failures("customers")
    assert failure["failure_type"] == "config_error"
    visma.fault(path="/v1/employee", times=0, **answer)
    together = read(visma, "customers", "employees")
    assert together.code == 1
    assert len(together.failures("customers") + together.failures("employees")) == 2


# --- fields ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "stream", "names", "words"),
    [
        ("/v1/supplier", "suppliers", {"internalId": None}, "without internalId, or it is empty"),
        ("/v1/supplier", "suppliers", {"internalId": "internalID"}, "without internalId, but one named internalID"),
        ("/v1/supplierInvoice", "supplier_invoices", {"referenceNumber": None}, "without referenceNumber"),
        ("/v1/supplier", "suppliers", {FIELD: "LastModifiedDateTime"}, f"without {FIELD}, but one named LastModified"),
        (
            "/v2/journaltransaction",
            "journal_transactions",
            {"batchNumber": "BatchNumber"},
            "without batchNumber, but one",
        ),
        (
            "/v1/dimension/SUBACCOUNT",
            "dimension_values",
            {"valueId": "valueID"},
            "without valueId, but one named valueID",
        ),
        (
            "/v1/dimension/SUBACCOUNT",
            "dimension_values",
            {"lastModified": "lastmodified"},
            "without lastModified, but one",
        ),
    ],
)
def test_a_field_the_stream_depends_on_stops_it(
    visma: VismaSandbox, path: str, stream: str, names: dict[str, str | None], words: str
) -> None:
    visma.fault(kind="respell", names=names, path=path, times=0)
    field = "lastModified" if stream == "dimension_values" else FIELD
    before = "2020-01-01T00:00:00"
    done = read(visma, stream, "accounts", state=saved(stream, **{field: before}))
    assert done.code == 1
    (failure,) = done.failures(stream)
    assert words in failure["message"]
    assert done.states(stream)[-1][field] == before
    assert [record for record in done.records(stream) if record.get("dimensionId", "SUBACCOUNT") == "SUBACCOUNT"] == []
    assert done.statuses("accounts")[-1] == "COMPLETE"
