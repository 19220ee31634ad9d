"""The sandbox Visma's lists: paging, filters, what shows only when asked, records by id, journals, dimensions."""

from __future__ import annotations

import base64
from datetime import datetime

import httpx
import pytest

from integration_tests.sandbox.harness import VismaSandbox
from integration_tests.sandbox.visma import stamps
from integration_tests.sandbox.visma.client import read_pages

pytest_plugins = ["integration_tests.sandbox.visma.testing"]

NIGHT_JOB = "2026-07-29T02:00:11.47"


def test_page_size_is_silently_limited_and_metadata_tells(visma: VismaSandbox, api: httpx.Client) -> None:
    page = api.get("/v1/supplierInvoice", params={"pageNumber": 1, "pageSize": 1000}).json()
    assert len(page) == 200
    assert all(record["metadata"] == {"totalCount": 450, "maxPageSize": 200} for record in page)
    visma.settings(page_caps={"supplierInvoice": 7})
    assert len(api.get("/v1/supplierInvoice", params={"pageSize": 1000}).json()) == 7
    assert len(read_pages(api, "/v1/supplierInvoice", 1000)) == 450


def test_page_past_the_end_is_empty(api: httpx.Client) -> None:
    assert api.get("/v1/supplier", params={"pageNumber": 99, "pageSize": 1000}).json() == []


def test_without_page_parameters_the_list_is_incomplete(api: httpx.Client) -> None:
    assert len(api.get("/v1/supplier").json()) == 50
    assert len(api.get("/v1/supplier", params={"numberToRead": 5, "skipRecords": 60}).json()) == 1


@pytest.mark.parametrize("query", [{"pageNumber": "0"}, {"pageNumber": "x"}, {"pageSize": "-1"}, {"pageSize": "0"}])
def test_page_numbers_that_are_none(api: httpx.Client, query: dict[str, str]) -> None:
    assert api.get("/v1/supplier", params=query).status_code == 400


def test_lists_come_oldest_number_first(api: httpx.Client) -> None:
    numbers = [record["referenceNumber"] for record in read_pages(api, "/v1/supplierInvoice", 1000)]
    assert numbers == sorted(numbers)
    assert len(set(numbers)) < len(numbers), "a number may be shared by two document types"


@pytest.mark.parametrize("path", ["/v1/account", "/v1/branch"])
def test_unpaged_lists_ignore_page_parameters(api: httpx.Client, path: str) -> None:
    whole = api.get(path).json()
    assert api.get(path, params={"pageNumber": 2, "pageSize": 1}).json() == whole


def test_unknown_parameters_change_nothing(api: httpx.Client) -> None:
    assert api.get("/v1/customer", params={"skip": 10, "PageSize": 1}).json() == api.get("/v1/customer").json()


def test_modified_filter_needs_its_condition(api: httpx.Client) -> None:
    params = {"pageSize": "1000", "lastModifiedDateTime": "2026-06-01"}
    assert len(api.get("/v1/supplier", params=params).json()) == 61
    found = api.get("/v1/supplier", params={**params, "lastModifiedDateTimeCondition": ">"}).json()
    assert 0 < len(found) < 61
    assert all(record["lastModifiedDateTime"] >= "2026-06-01" for record in found)
    assert all(record["metadata"]["totalCount"] == len(found) for record in found)


@pytest.mark.parametrize(
    ("condition", "edge", "count"),
    [(">", "inclusive", 13), (">=", "inclusive", 13), (">", "exclusive", 1), (">=", "exclusive", 13)],
)
def test_edge_of_the_modified_filter(
    visma: VismaSandbox, api: httpx.Client, condition: str, edge: str, count: int
) -> None:
    visma.settings(edge=edge)
    params = {"pageSize": "1000", "lastModifiedDateTime": NIGHT_JOB, "lastModifiedDateTimeCondition": condition}
    found = [
        r for r in read_pages(api, "/v1/supplierInvoice", 1000, **params) if r["lastModifiedDateTime"] < "2026-07-29T03"
    ]
    assert len(found) == count


@pytest.mark.parametrize(
    "text", ["2026-09-01", "2026-09-01 10:00:00", "2026-09-01 10:00:00.5", "2026-09-01T10:00:00.123"]
)
def test_documented_date_formats(api: httpx.Client, text: str) -> None:
    params = {"lastModifiedDateTime": text, "lastModifiedDateTimeCondition": ">="}
    assert api.get("/v1/purchaseorder", params=params).status_code == 200


@pytest.mark.parametrize(
    "text",
    [
        "2026-09-01T10:00:00Z",
        "2026-09-01T10:00:00+02:00",
        "2026-09-01T10:00:00.1234",
        "2026-09-01T10:00",
        "01.09.2026",
        "2026-13-01",
    ],
)
@pytest.mark.parametrize("path", ["/v1/purchaseorder", "/v2/journaltransaction"])
def test_other_date_formats_are_refused(api: httpx.Client, path: str, text: str) -> None:
    params = {"lastModifiedDateTime": text, "lastModifiedDateTimeCondition": ">="}
    assert api.get(path, params=params).status_code == 400


def test_unknown_condition_is_refused(api: httpx.Client) -> None:
    params = {"lastModifiedDateTime": "2026-09-01", "lastModifiedDateTimeCondition": "gt"}
    assert api.get("/v1/customer", params=params).status_code == 400


def test_other_filters(api: httpx.Client) -> None:
    notes = read_pages(api, "/v1/supplierInvoice", 200, documentType="DebitAdj")
    assert {record["documentType"] for record in notes} == {"DebitAdj"}
    overdue = read_pages(api, "/v1/supplierInvoice", 200, status="Open", dueDate="2026-09-30", dueDateCondition="<")
    assert overdue
    assert all(record["dueDate"] <= "2026-09-30T00:00:00" for record in overdue)
    assert {r["active"] for r in api.get("/v1/account", params={"active": "false"}).json()} == {False}
    assert api.get("/v1/supplierInvoice", params={"status": "Paid"}).status_code == 400
    orders = read_pages(api, "/v1/purchaseorder", 100, greaterThanValue="500280")
    assert min(record["orderNbr"] for record in orders) == "500280"


def test_expansions_show_only_when_asked(api: httpx.Client) -> None:
    plain = read_pages(api, "/v1/supplierInvoice", 200)
    assert not any({"note", "attachments", "approvalDetails"} & set(record) for record in plain)
    noted = read_pages(api, "/v1/supplierInvoice", 200, expandNote="true")
    assert any(record["note"] for record in noted)
    assert "note" not in api.get("/v1/supplier").json()[0]
    assert "glAccounts" in api.get("/v1/supplier", params={"expandAccountInformation": "true"}).json()[0]
    order = api.get("/v1/purchaseorder").json()[0]
    assert "note" in order
    assert not any(name.startswith("custom") for name in (*order, *order["lines"][0]))
    assert "customStr1" in api.get("/v1/purchaseorder", params={"includeCustomFreeFields": "true"}).json()[0]


def test_terms_of_customer_invoices_are_empty_in_the_list(api: httpx.Client) -> None:
    listed = api.get("/v1/customerinvoice").json()[0]
    assert (listed["creditTerms"], listed["paymentMethod"]) == ({}, {})
    assert api.get(f"/v1/customerinvoice/{listed['referenceNumber']}").json()["creditTerms"]["id"]


def test_record_by_id_carries_an_etag_that_is_its_timestamp(visma: VismaSandbox, api: httpx.Client) -> None:
    for path in ("/v1/supplier/50001", "/v1/supplierInvoice/DebitAdj/200004", "/v2/journaltransaction/000001"):
        answer = api.get(path)
        assert answer.headers["ETag"] == f'"{answer.json()["timeStamp"]}"'
    assert "note" in api.get("/v1/supplierInvoice/200001").json()
    before = api.get("/v1/customer/10001").headers["ETag"]
    visma.change("customer", "10001", {"name": "Nytt navn"})
    assert api.get("/v1/customer/10001").headers["ETag"] != before


def test_by_id_paths(api: httpx.Client) -> None:
    assert api.get("/v1/supplierInvoice/200001").json()["documentType"] == "Invoice"
    assert api.get("/v1/supplierInvoice/200004").status_code == 404, "the short path means type Invoice"
    assert api.get("/v1/supplierInvoice/Check/200001").status_code == 400
    assert api.get("/v1/purchaseorder/500001").json()["orderType"] == "RegularOrder"
    assert api.get("/v1/customer/internal/5200").json()["number"] == "10001"
    encoded = base64.urlsafe_b64encode(b"50001").decode().rstrip("=")
    assert api.get(f"/v1/supplier/b64({encoded})").json()["number"] == "50001"
    assert api.get("/v1/supplier/b64(???)").status_code == 404


def test_stamps_have_no_zone_no_trailing_zeros_and_database_steps(visma: VismaSandbox) -> None:
    texts = [
        r["lastModifiedDateTime"]
        for name in ("supplier", "purchaseorder", "supplierInvoice")
        for r in visma.documents(name)
    ]
    assert all(stamps.parse(text) and not text.endswith(("Z", "0.", ".")) for text in texts)
    assert not any("." in text and text.endswith("0") for text in texts)
    milliseconds = {stamps.parse(text).microsecond // 1000 for text in texts}  # type: ignore[union-attr]
    assert {thousandth % 10 for thousandth in milliseconds} == {0, 3, 7}
    assert stamps.render(datetime(2026, 1, 1, 12, 0, 0, 999_900)) == "2026-01-01T12:00:01"
    assert stamps.render(datetime(2026, 1, 1, 12, 0, 0, 341_000)) == "2026-01-01T12:00:00.34"


def test_journals_need_a_period_or_a_date(api: httpx.Client) -> None:
    assert api.get("/v2/journaltransaction", params={"pageSize": 10}).status_code == 400
    assert api.get("/v2/journaltransaction", params={"periodId": "092025"}).status_code == 400
    assert api.get("/v1/journaltransaction").status_code == 404
    found = read_pages(api, "/v2/journaltransaction", 1000, periodId="202509")
    assert {record["financialPeriod"] for record in found} == {"202509"}


def test_journals_are_paged_by_line_and_batches_split(visma: VismaSandbox, api: httpx.Client) -> None:
    pieces = read_pages(api, "/v2/journaltransaction", 7, periodId="202509")
    whole = {
        (record["module"], record["batchNumber"]): record["journalTransactionLines"]
        for record in visma.documents("journaltransaction")
        if record["financialPeriod"] == "202509"
    }
    lines = sum(map(len, whole.values()))
    assert {piece["metadata"]["totalCount"] for piece in pieces} == {lines}
    merged: dict[tuple[str, str], list[object]] = {}
    for piece in pieces:
        merged.setdefault((piece["module"], piece["batchNumber"]), []).extend(piece["journalTransactionLines"])
    for batch, got in merged.items():
        assert [{k: v for k, v in line.items() if k != "attachments"} for line in whole[batch]] == got
    assert merged.keys() == whole.keys()
    assert len(pieces) > len(merged), "no batch came in pieces"


def test_journals_by_date_have_no_condition(visma: VismaSandbox, api: httpx.Client) -> None:
    since = "2026-08-01"
    expected = [r for r in visma.documents("journaltransaction") if r["lastModifiedDateTime"] >= since]
    condition = {"lastModifiedDateTimeCondition": "<"}
    for extra in ({}, condition):
        found = read_pages(api, "/v2/journaltransaction", 1000, lastModifiedDateTime=since, **extra)
        assert {(r["module"], r["batchNumber"]) for r in found} == {(r["module"], r["batchNumber"]) for r in expected}


def test_journal_modules_lose_their_prefix_in_the_filter(api: httpx.Client) -> None:
    found = read_pages(api, "/v2/journaltransaction", 1000, lastModifiedDateTime="2000-01-01", module="FA")
    assert {record["module"] for record in found} == {"ModuleFA"}
    params = {"periodId": "202509", "module": "ModuleFA"}
    assert api.get("/v2/journaltransaction", params=params).status_code == 400


def test_dimensions_are_bare_strings_and_nested_by_id(visma: VismaSandbox, api: httpx.Client) -> None:
    names = api.get("/v1/dimension").json()
    assert "SUBACCOUNT" in names
    assert all(isinstance(name, str) for name in names)
    dimension = api.get("/v1/dimension/SUBACCOUNT").json()
    centre = dimension["segments"][0]["segmentValues"][0]
    assert (centre["valueId"], centre["description"]) == ("100", "Ledelse")
    assert "lastModified" in centre
    bare = api.get("/v1/dimension/SUBACCOUNT", params={"expandSegmentsValues": "false"}).json()
    assert "segmentValues" not in bare["segments"][0]
    value = base64.b64encode(b"100").decode()
    assert api.get(f"/v1/dimension/SUBACCOUNT/1/{value}").json() == centre
    assert api.get(f"/v1/dimension/SUBACCOUNT/1/publicid/{centre['publicId']}").json() == centre
    assert api.get("/v1/dimension/SUBACCOUNT/1").headers["ETag"]
    assert api.get("/v1/dimension/NOTHING").status_code == 404
    order = {"op": "change", "entity": "segmentvalue", "key": "SUBACCOUNT/1/100", "set": {"description": "Styre"}}
    visma.control("POST", "changes", [order])
    changed = api.get("/v1/dimension/SUBACCOUNT").json()["segments"][0]["segmentValues"][0]
    assert changed["description"] == "Styre"
    assert changed["lastModified"] > centre["lastModified"]
