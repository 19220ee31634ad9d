"""What a test can do to the sandbox Visma: faults, latency, changes, changes between pages."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from integration_tests.sandbox.harness import SandboxError, VismaSandbox
from integration_tests.sandbox.visma.client import connect, read_pages, request_token
from integration_tests.waiting import until

pytest_plugins = ["integration_tests.sandbox.visma.testing"]


def test_status_fault_hits_only_what_it_is_meant_for(visma: VismaSandbox, api: httpx.Client) -> None:
    visma.fault(path="/v1/supplier", query={"pageNumber": "2"}, skip=1, times=2, status=503, body={"message": "busy"})
    codes = [api.get("/v1/supplier", params={"pageNumber": 2, "pageSize": 5}).status_code for _ in range(5)]
    assert codes == [200, 503, 503, 200, 200]
    assert api.get("/v1/supplier", params={"pageNumber": 1}).status_code == 200
    assert [entry["fault"] for entry in visma.log(status=503)] == ["status", "status"]


def test_ordered_429_names_its_wait_and_early_calls_are_counted(visma: VismaSandbox, api: httpx.Client) -> None:
    visma.fault(status=429, retry_after=30)
    refused = api.get("/v1/customer")
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "30")
    assert refused.headers["X-RateLimit-Policy"] == "4-fixed-window"
    assert api.get("/v1/customer").status_code == 200
    assert visma.stats()["calls_before_retry_after"] == 1


def test_bodies_that_are_no_json(visma: VismaSandbox, api: httpx.Client) -> None:
    whole = api.get("/v1/account").content
    visma.fault(kind="truncate")
    assert whole.startswith(api.get("/v1/account").content[:-1])
    visma.fault(kind="empty")
    assert api.get("/v1/account").content == b""
    visma.fault(kind="html")
    page = api.get("/v1/account")
    assert (page.status_code, page.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert api.get("/v1/account").content == whole


def test_connections_that_break(visma: VismaSandbox, api: httpx.Client) -> None:
    before = list(visma.errors)  # of other tests, whose clients may have gone without a word
    visma.fault(kind="drop")
    with pytest.raises(httpx.RemoteProtocolError):
        api.get("/v1/account")
    visma.fault(kind="cut")
    with pytest.raises(httpx.RemoteProtocolError):
        api.get("/v1/account")
    visma.fault(kind="hang", seconds=30)
    with pytest.raises(httpx.ReadTimeout):
        api.get("/v1/account", timeout=0.2)
    assert api.get("/v1/account").status_code == 200
    assert list(visma.errors) == before


def test_faults_reach_the_token_endpoint(visma: VismaSandbox) -> None:
    visma.fault(path="/connect/token", kind="html")
    assert "html" in request_token(visma).text
    assert request_token(visma).status_code == 200


def test_a_late_answer_comes_to_a_request_with_a_body_too(visma: VismaSandbox) -> None:
    visma.fault(path="/connect/token", kind="hang", seconds=0.1)
    assert request_token(visma).status_code == 200
    assert visma.log(path="/connect/token")[-1]["seconds"] >= 0.1


def test_latency_and_concurrency_are_measured(visma: VismaSandbox, api: httpx.Client) -> None:
    visma.settings(latency=0.2, latencies={"/v1/account": 0.0})
    visma.fault(path="/v1/employee", kind="hang", times=0)
    with ThreadPoolExecutor(4) as pool:
        answers = [pool.submit(api.get, f"/v1/employee/{number}") for number in (101, 102, 103, 104)]
        until(lambda: visma.stats()["in_flight_peak"] == 4)
        visma.control("DELETE", "faults")
        assert {answer.result().status_code for answer in answers} == {200}
    assert visma.log(path="/v1/employee")[0]["seconds"] >= 0.2


def test_change_moves_stamp_and_version(visma: VismaSandbox, api: httpx.Client) -> None:
    before = visma.document("supplierInvoice", "Invoice/200001")
    after = visma.change(
        "supplierInvoice", "Invoice/200001", {"status": "Closed", "supplier": {"name": "Ny"}}, unset=["dueDate"]
    )
    assert after["lastModifiedDateTime"] > before["lastModifiedDateTime"]
    assert after["timeStamp"] != before["timeStamp"]
    assert after["supplier"] == {**before["supplier"], "name": "Ny"}
    assert "dueDate" not in after
    params = {"lastModifiedDateTime": after["lastModifiedDateTime"], "lastModifiedDateTimeCondition": ">="}
    found = api.get("/v1/supplierInvoice", params=params).json()
    assert [record["referenceNumber"] for record in found] == ["200001"]
    assert found[0]["status"] == "Closed"


def test_stamps_can_be_anything(visma: VismaSandbox, api: httpx.Client) -> None:
    ahead = (datetime.now() + timedelta(days=400)).strftime("%Y-%m-%dT%H:%M:%S")
    visma.change("supplier", "50001", stamp=ahead)
    visma.change("supplier", "50002", stamp="2026-10-01T10:00:00.1234567")
    visma.change("supplier", "50003", stamp="yesterday")
    params = {"lastModifiedDateTime": "2026-10-01T10:00:00.123", "lastModifiedDateTimeCondition": ">="}
    found = {r["number"]: r["lastModifiedDateTime"] for r in api.get("/v1/supplier", params=params).json()}
    assert found == {"50001": ahead, "50002": "2026-10-01T10:00:00.1234567", "50003": "yesterday"}


def test_add_takes_the_next_number_and_delete_leaves_no_trace(visma: VismaSandbox, api: httpx.Client) -> None:
    added = visma.add("purchaseorder", {"status": "Open"}, like="RegularOrder/500003")
    number = added["orderNbr"]
    assert int(number) > 500003
    assert api.get(f"/v1/purchaseorder/{number}").json()["status"] == "Open"
    visma.delete("purchaseorder", f"RegularOrder/{number}")
    assert api.get(f"/v1/purchaseorder/{number}").status_code == 404
    supplier = visma.add("supplier", {"name": "Ny & <ung> AS"})
    assert supplier["internalId"] not in {r["internalId"] for r in visma.documents("supplier")[:-1]}


def test_rows_deleted_between_pages_cost_another_row(visma: VismaSandbox, api: httpx.Client) -> None:
    visma.after_requests("/v1/supplier", [{"op": "delete", "entity": "supplier", "position": 0}], after=2)
    numbers = [record["number"] for record in read_pages(api, "/v1/supplier", 10)]
    assert len(numbers) == 60
    assert "50021" not in numbers, "the first row of page 3 moved to page 2, which was read already"


def test_rows_inserted_between_pages_come_twice(visma: VismaSandbox, api: httpx.Client) -> None:
    order = {"op": "add", "entity": "supplier", "set": {"number": "10000", "name": "Eldst"}}
    visma.after_requests("/v1/supplier", [order], after=2)
    numbers = [record["number"] for record in read_pages(api, "/v1/supplier", 10)]
    assert "10000" not in numbers
    assert numbers.count("50020") == 2


def test_tokens_and_settings_may_change_between_pages(visma: VismaSandbox, api: httpx.Client) -> None:
    orders: list[dict[str, Any]] = [{"op": "settings", "set": {"page_caps": {"supplier": 3}}}, {"op": "revoke"}]
    visma.after_requests("/v1/supplier", orders)
    assert len(api.get("/v1/supplier").json()) == 50
    assert api.get("/v1/supplier").status_code == 401
    with connect(visma) as again:
        assert len(again.get("/v1/supplier").json()) == 3


def test_reset_restores_everything(visma: VismaSandbox) -> None:
    before = visma.documents("supplierInvoice")
    visma.delete("supplierInvoice", "Invoice/200001")
    visma.settings(latency=5.0)
    visma.fault(kind="drop")
    visma.reset()
    assert visma.documents("supplierInvoice") == before
    assert visma.control("GET", "settings")["latency"] == 0
    assert visma.control("GET", "faults") == []


def test_the_companys_clock_may_be_in_another_zone(visma: VismaSandbox) -> None:
    visma.control("POST", "clock", {"utc_offset_minutes": -300})
    behind = visma.change("supplier", "50001")["lastModifiedDateTime"]
    assert datetime.fromisoformat(behind) < datetime.now(UTC).replace(tzinfo=None) - timedelta(hours=4)


def test_paths_of_faults_are_whole(visma: VismaSandbox, api: httpx.Client) -> None:
    visma.fault(path="/v1/supplier", times=0)
    assert api.get("/v1/supplierInvoice").status_code == 200
    assert api.get("/v1/supplier").status_code == 500
    assert api.get("/v1/supplier/50001").status_code == 500
    assert [entry["path"] for entry in visma.log(path="/v1/supplier")] == ["/v1/supplier", "/v1/supplier/50001"]


def test_a_change_of_key_moves_the_record(visma: VismaSandbox) -> None:
    visma.change("supplierInvoice", "Invoice/200001", {"documentType": "DebitAdj"})
    assert visma.document("supplierInvoice", "DebitAdj/200001")
    with pytest.raises(SandboxError, match="no such record"):
        visma.document("supplierInvoice", "Invoice/200001")
