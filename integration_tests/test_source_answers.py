"""Answers in odd forms: what the service means by them, and what people are told."""

import pytest

from .sandbox.harness import VismaSandbox
from .source_runs import read, saved

pytest_plugins = ["integration_tests.sandbox.visma.testing"]

NO_LICENCE = {
    "ExceptionType": "IPPException",
    "ExceptionMessage": "No license for this company.",
    "ExceptionFaultCode": "12027",
}
NO_COMPANY = {
    "ExceptionType": "IPPException",
    "ExceptionMessage": "The company\r\nis missing.",
    "ExceptionFaultCode": "12002",
}


@pytest.mark.parametrize(
    ("characters", "text"),
    [("control", "\ufffdVinterkampanje"), ("surrogate", "\ufffdVinterkampanje"), ("latin1", "\ufffdVinterkampanje")],
)
def test_characters_that_json_does_not_allow(visma: VismaSandbox, characters: str, text: str) -> None:
    key = "/".join(str(visma.documents("supplierInvoice")[0][name]) for name in ("documentType", "referenceNumber"))
    visma.change("supplierInvoice", key, {"supplierReference": "Vinterkampanje"})
    visma.settings(page_caps={"supplierInvoice": 1000})
    visma.fault(kind="impure", path="/v1/supplierInvoice", characters=characters, field="supplierReference", times=0)
    done = read(visma, "supplier_invoices", pace=10)
    assert (done.code, done.statuses("supplier_invoices")[-1]) == (0, "COMPLETE")
    assert len(done.records("supplier_invoices")) == 450
    assert text in [record.get("supplierReference") for record in done.records("supplier_invoices")]
    assert done.states("supplier_invoices")[-1]["lastModifiedDateTime"]
    warnings = [log["message"] for log in done.of_type("LOG") if log["level"] == "WARN"]
    assert len([words for words in warnings if "read with U+FFFD" in words]) == 1
    assert len(visma.log(path="/v1/supplierInvoice")) == 2


def test_a_byte_order_mark_and_a_character_that_came_broken_once(visma: VismaSandbox) -> None:
    visma.fault(kind="impure", path="/v1/supplier", characters="bom", times=0)
    visma.fault(kind="impure", path="/v1/customer", characters="latin1", field="name")
    done = read(visma, "suppliers", "customers", pace=10)
    assert (done.code, len(done.records("suppliers")), len(done.records("customers"))) == (0, 61, 25)
    assert not any("\ufffd" in str(record) for record in done.records("customers"))


def test_words_with_status_200_mean_what_they_mean_with_their_usual_one(visma: VismaSandbox) -> None:
    visma.fault(status=200, path="/v1/supplier", body=NO_LICENCE, times=0)
    visma.fault(status=200, path="/v1/customer", body=NO_COMPANY, times=0)
    done = read(visma, "customers", "employees")
    alone = read(visma, "suppliers")
    (licence,), (company,) = alone.failures("suppliers"), done.failures("customers")
    assert (licence["failure_type"], company["failure_type"]) == ("config_error", "config_error")
    assert "no such company for this application" in licence["message"]
    assert "12027: No license for this company." in licence["message"]
    assert "Check company_id" in company["message"]
    assert "12002: The company is missing." in company["message"]
    assert "\n" not in company["message"] + licence["message"]
    assert len(visma.log(path="/v1/supplier")) == 1
    assert done.statuses("employees")[-1] == "COMPLETE"


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"error": "invalid_client"}, "does not know this client ID"),
        (NO_LICENCE, "12027: No license for this company."),
    ],
)
def test_the_token_endpoint_alike(visma: VismaSandbox, body: dict[str, str], words: str) -> None:
    visma.fault(status=200, method="POST", path="/connect/token", body=body, times=0)
    done = read(visma, "suppliers")
    (failure,) = done.failures("suppliers")
    assert failure["failure_type"] == "config_error"
    assert words in failure["message"]
    assert len(visma.log(path="/connect/token")) == 1


@pytest.mark.parametrize("answer", [{"status": 404}, {"status": 204}, {"status": 400, "body": {"message": "No"}}])
def test_one_dimension_that_is_not_there_costs_none_of_the_others(visma: VismaSandbox, answer: dict[str, int]) -> None:
    before = {"lastModified": "2020-01-01T00:00:00.12"}
    whole = read(visma, "dimensions", "dimension_values")
    visma.fault(path="/v1/dimension/INVENTORY", times=0, **answer)
    done = read(visma, "dimensions", "dimension_values", state=saved("dimension_values", **before))
    assert done.code == 0
    assert set(whole.keys("dimensions")) - set(done.keys("dimensions")) == {("INVENTORY",)}
    assert set(done.keys("dimension_values")) == {
        key for key in whole.keys("dimension_values") if key[0] != "INVENTORY"
    }
    assert done.states("dimension_values")[-1]["lastModified"] == "2020-01-01T00:00:00.12"
    warnings = [log["message"] for log in done.of_type("LOG") if log["level"] == "WARN"]
    assert len([words for words in warnings if "the dimension INVENTORY is left out" in words]) == 2


def test_a_dimension_that_is_not_answered_costs_none_of_the_others(visma: VismaSandbox) -> None:
    visma.fault(status=403, path="/v1/dimension/", times=0)
    done = read(visma, "dimensions")
    assert (done.code, done.failures("dimensions")[0]["failure_type"]) == (1, "config_error")


def test_retry_after_as_a_date_is_kept(visma: VismaSandbox) -> None:
    visma.settings(retry_after="date", page_caps={"supplierInvoice": 10}, latency=0.05)
    visma.fault(status=429, path="/v1/supplierInvoice", retry_after=3, skip=2, body={"message": "Quota exceeded."})
    visma.fault(status=429, method="POST", path="/connect/token", retry_after=2, body={"error": "slow_down"})
    done = read(visma, "supplier_invoices", num_workers=4)
    assert (done.code, len(set(done.keys("supplier_invoices")))) == (0, 450)
    (refused,) = visma.log(path="/v1/supplierInvoice", status=429)
    # At most what the three other workers had sent before they knew: a call that was under way, and the one behind it.
    early = [e for e in visma.log(path="/v1/supplierInvoice") if refused["at"] < e["at"] < refused["at"] + 3]
    assert len(early) <= 6
    assert len(visma.log(path="/v1/supplierInvoice")) > 40
    first, second = visma.log(path="/connect/token")
    assert second["at"] >= first["at"] + 2


def test_too_many_calls_at_once_are_fewer_calls_not_slower_ones(visma: VismaSandbox) -> None:
    visma.settings(concurrent_calls=2, latency=0.05, page_caps={"supplierInvoice": 10})
    done = read(visma, "supplier_invoices", num_workers=8)
    assert (done.code, len(set(done.keys("supplier_invoices")))) == (0, 450)
    assert 1 <= len(visma.log(status=429)) <= 12
    assert "No call goes out for" not in done.logs
