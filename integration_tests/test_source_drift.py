"""Lists that change while source-visma reads them, page by page: no other row is lost, and the state tells no more than was read."""

import json
from typing import Any

import pytest

from .sandbox.harness import VismaSandbox
from .source_runs import LISTS, key_of, read

pytest_plugins = ["integration_tests.sandbox.visma.testing"]

PATH = "/v1/supplierInvoice"
STREAM = "supplier_invoices"


def held(visma: VismaSandbox, stream: str = STREAM) -> set[tuple[object, ...]]:
    return {key_of(stream, record) for record in visma.documents(LISTS[stream][0])}


@pytest.mark.parametrize("after", [1, 3])
@pytest.mark.parametrize("workers", [1, 4])
def test_deleted_rows_cost_no_other_row(visma: VismaSandbox, after: int, workers: int) -> None:
    visma.settings(page_caps={"supplierInvoice": 50})
    orders = [{"op": "delete", "entity": "supplierInvoice", "position": position} for position in (0, 1, 2)]
    visma.after_requests(PATH, orders, after=after)
    done = read(visma, STREAM, num_workers=workers)
    assert done.code == 0
    assert held(visma) <= set(done.keys(STREAM))
    assert "(pass 1 of 3)" in done.logs
    if workers == 1:
        # With pages side by side a row can stand on two of them, one read before the rows moved and one after; it then
        # comes twice, with the same key.
        assert len(done.keys(STREAM)) == len(set(done.keys(STREAM)))
    assert done.states(STREAM)[-1]


def test_one_worker_asks_for_no_page_before_the_last_one_came(visma: VismaSandbox) -> None:
    """Page 3 is refused at first, and rows go from the list meanwhile. Were page 4 read before, it had rows of page 3, too."""
    visma.settings(page_caps={"supplierInvoice": 50})
    visma.fault(status=503, path=PATH, query={"pageNumber": "3"})
    visma.after_requests(PATH, [{"op": "delete", "entity": "supplierInvoice", "position": 0}], after=4)
    done = read(visma, STREAM, num_workers=1)
    assert done.code == 0
    asked = [call["query"]["pageNumber"] for call in visma.log(path=PATH)]
    assert asked[:5] == ["1", "2", "3", "3", "4"]
    assert len(done.keys(STREAM)) == len(set(done.keys(STREAM)))


def test_inserted_rows_cost_no_other_row(visma: VismaSandbox) -> None:
    visma.settings(page_caps={"supplierInvoice": 50})
    order = {
        "op": "add",
        "entity": "supplierInvoice",
        "set": {"documentType": "DebitAdj", "referenceNumber": "100000"},
    }
    visma.after_requests(PATH, [order], after=2)
    done = read(visma, STREAM, num_workers=1)
    assert held(visma) == set(done.keys(STREAM))


def test_a_row_gone_and_another_come_is_noticed_by_shared_rows(visma: VismaSandbox) -> None:
    """The total stays the same: only the row that comes twice, on two pages, tells."""
    visma.settings(page_caps={"supplierInvoice": 50})
    first = visma.documents("supplierInvoice")[0]
    like = f"{first['documentType']}/{first['referenceNumber']}"
    orders: list[dict[str, Any]] = [
        {"op": "add", "entity": "supplierInvoice", "like": like, "set": {"referenceNumber": "000001"}},
        {"op": "delete", "entity": "supplierInvoice", "position": -1},
    ]
    visma.after_requests(PATH, orders, after=2)
    done = read(visma, STREAM, num_workers=1)
    assert held(visma) <= set(done.keys(STREAM))


def test_a_list_that_never_rests_is_passed_on_and_leaves_the_state(visma: VismaSandbox) -> None:
    visma.settings(page_caps={"supplierInvoice": 100})
    visma.after_requests(PATH, [{"op": "delete", "entity": "supplierInvoice", "position": 0}], after=1, times=60)
    done = read(visma, STREAM, num_workers=1)
    assert done.code == 0
    assert done.statuses(STREAM)[-1] == "COMPLETE"
    assert held(visma) <= set(done.keys(STREAM))
    assert done.states(STREAM)[-1] == {}
    assert "the state stays where it was" in done.logs.replace("\n", " ")
    again = read(visma, STREAM, state=done.state, num_workers=1)
    assert held(visma) <= set(again.keys(STREAM)) | set(done.keys(STREAM))


def test_a_changed_row_comes_in_its_new_version(visma: VismaSandbox) -> None:
    visma.settings(page_caps={"supplierInvoice": 50})
    orders: list[dict[str, Any]] = [
        {
            "op": "change",
            "entity": "supplierInvoice",
            "key": "Invoice/200400",
            "set": {"description": "Changed on the way"},
        },
        {"op": "delete", "entity": "supplierInvoice", "position": 0},
    ]
    visma.after_requests(PATH, orders, after=8)
    done = read(visma, STREAM, num_workers=1)
    versions = [r for r in done.records(STREAM) if key_of(STREAM, r) == ("Invoice", "200400")]
    assert versions[-1]["description"] == "Changed on the way"


def test_a_list_whose_total_is_wrong_is_still_read_to_its_end(visma: VismaSandbox) -> None:
    """Pages that say there is less, or nothing about it, do not end the list while rows come."""
    rows = [{"internalId": number, "lastModifiedDateTime": "2026-01-01T00:00:00"} for number in range(30)]
    for number in range(1, 4):
        page = rows[(number - 1) * 10 : number * 10]
        visma.fault(status=200, path="/v1/supplier", query={"pageNumber": str(number)}, body=page, times=0)
    visma.fault(status=200, path="/v1/supplier", query={"pageNumber": "4"}, body=json.loads("[]"), times=0)
    done = read(visma, "suppliers")
    assert sorted(done.keys("suppliers")) == [(number,) for number in range(30)]


def test_rows_without_a_stamp_are_passed_on_and_leave_no_state(visma: VismaSandbox) -> None:
    """Without a lookback, any list of several pages takes longer to read than the next sync looks back."""
    for number in (1, 2):
        page = [{"internalId": number * 10 + row, "metadata": {"totalCount": 6}} for row in range(3)]
        visma.fault(status=200, path="/v1/supplier", query={"pageNumber": str(number)}, body=page, times=0)
    done = read(visma, "suppliers", lookback_window_minutes=0)
    assert done.code == 0
    assert len(done.records("suppliers")) == 6
    assert done.states("suppliers")[-1] == {}
