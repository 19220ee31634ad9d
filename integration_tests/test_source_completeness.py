"""A list is complete when as many different records came as it announced: whatever its pages leave out or repeat."""

import json
from typing import Any

import pytest

from .sandbox.harness import VismaSandbox
from .source_runs import Run, read, saved

pytest_plugins = ["integration_tests.sandbox.visma.testing"]

STREAM, PATH = "supplier_invoices", "/v1/supplierInvoice"
JOURNALS, JOURNAL_PATH = "journal_transactions", "/v2/journaltransaction"
STAMP = "2026-05-05T10:00:00.123"


def in_hundreds(visma: VismaSandbox, **settings: Any) -> list[str]:
    """Pages of 100 invoices; returns the keys of the 300 that are there."""
    visma.reset(page_caps={"supplierInvoice": 100})
    keys = [f"{one['documentType']}/{one['referenceNumber']}" for one in visma.documents("supplierInvoice")]
    orders: list[dict[str, Any]] = [{"op": "delete", "entity": "supplierInvoice", "key": key} for key in keys[300:]]
    visma.control("POST", "changes", orders)
    visma.settings(**settings)
    visma.clear_log()
    return keys[:300]


def came(done: Run) -> set[str]:
    return {"/".join(map(str, key)) for key in done.keys(STREAM)}


def ended_short(done: Run, stream: str, words: str) -> None:
    """The stream said so, and its state is where it was."""
    assert done.code == 1
    assert done.statuses(stream)[-1] == "INCOMPLETE"
    (failure,) = done.failures(stream)
    assert failure["failure_type"] == "transient_error"
    assert words in failure["message"]
    assert words in "\n".join(log["message"] for log in done.of_type("LOG") if log["level"] == "WARN")


def test_rows_of_equal_stamps_in_another_order_on_each_page(visma: VismaSandbox) -> None:
    keys = in_hundreds(visma)
    orders = [{"op": "change", "entity": "supplierInvoice", "key": key, "stamp": STAMP} for key in keys]
    visma.control("POST", "changes", orders)
    visma.settings(order="by_page")
    done = read(visma, STREAM)
    assert (done.code, done.statuses(STREAM)[-1]) == (0, "COMPLETE")
    assert came(done) == set(keys)
    assert done.states(STREAM)[-1]["lastModifiedDateTime"] == STAMP
    sizes = {entry["query"]["pageSize"] for entry in visma.log(path=PATH)}
    assert len(sizes) > 1  # the same pages again would have brought the same rows


def test_always_page_one(visma: VismaSandbox) -> None:
    keys = in_hundreds(visma, page_number="ignored")
    before = {"lastModifiedDateTime": "2020-01-01T00:00:00.12"}
    done = read(visma, STREAM, state=saved(STREAM, **before))
    ended_short(done, STREAM, "200 of the 300 rows that Visma.net announced did not come")
    assert came(done) == set(keys[:100])
    assert done.states(STREAM)[-1]["lastModifiedDateTime"] == "2020-01-01T00:00:00.12"


@pytest.mark.parametrize(
    "page",
    [{"status": 200, "body": []}, {"status": 204}, {"status": 404, "body": {"message": "No such page."}}],
    ids=["empty", "204", "404"],
)
def test_page_two_of_three_says_nothing(visma: VismaSandbox, page: dict[str, Any]) -> None:
    keys = in_hundreds(visma)
    visma.fault(path=PATH, query={"pageNumber": "2"}, times=0, **page)
    done = read(visma, STREAM)
    assert (done.code, done.statuses(STREAM)[-1]) == (0, "COMPLETE")
    assert came(done) == set(keys)


def test_an_empty_first_page_of_a_list_that_has_more(visma: VismaSandbox) -> None:
    keys = in_hundreds(visma)
    visma.fault(path=PATH, query={"pageNumber": "1"}, status=200, body=[])
    done = read(visma, STREAM)
    assert (done.code, came(done)) == (0, set(keys))
    visma.fault(path=PATH, query={"pageNumber": "1"}, status=200, body=[], times=0)
    done = read(visma, STREAM)
    ended_short(done, STREAM, "Page 1 was empty.")
    assert came(done) == set(keys[50:])
    assert done.states(STREAM)[-1] == {}


@pytest.mark.parametrize("nothing", ["null", "no_content", "not_found", "bad_request"])
def test_the_announced_number_decides_whatever_a_page_past_the_end_says(visma: VismaSandbox, nothing: str) -> None:
    """A row is deleted after page 1: page 3 has nothing any more, which is no error and no end without all rows."""
    visma.reset(page_caps={"supplierInvoice": 225}, nothing=nothing)
    visma.after_requests(PATH, [{"op": "delete", "entity": "supplierInvoice", "position": 0}] * 226)
    done = read(visma, STREAM, "suppliers", num_workers=1, state=saved("suppliers", lastModifiedDateTime="2099-01-01"))
    assert done.code == 0
    held = {f"{one['documentType']}/{one['referenceNumber']}" for one in visma.documents("supplierInvoice")}
    assert len(held) == 224
    assert held <= came(done)
    assert [done.statuses(stream)[-1] for stream in (STREAM, "suppliers")] == ["COMPLETE", "COMPLETE"]


def test_a_journal_page_that_is_empty_costs_no_batch(visma: VismaSandbox) -> None:
    visma.settings(page_caps={"journaltransaction": 100})
    visma.fault(path=JOURNAL_PATH, query={"pageNumber": "2"}, status=200, body=[], times=0)
    done = read(visma, JOURNALS)
    assert (done.code, done.statuses(JOURNALS)[-1]) == (0, "COMPLETE")
    held = {(one["module"], one["batchNumber"]): one for one in visma.documents("journaltransaction")}
    last = {(one["module"], one["batchNumber"]): one for one in done.records(JOURNALS)}
    lines = "journalTransactionLines"
    assert {key: len(one[lines]) for key, one in last.items()} == {key: len(one[lines]) for key, one in held.items()}


def test_journal_lines_that_never_come_end_the_stream_short(visma: VismaSandbox) -> None:
    visma.settings(page_caps={"journaltransaction": 100}, page_number="ignored")
    done = read(visma, JOURNALS)
    ended_short(done, JOURNALS, "rows that Visma.net announced did not come")
    held = {(one["module"], one["batchNumber"]): one for one in visma.documents("journaltransaction")}
    lines = "journalTransactionLines"
    for batch in done.records(JOURNALS):
        assert len(batch[lines]) == len(held[batch["module"], batch["batchNumber"]][lines])


def test_an_unpaged_list_counts_too(visma: VismaSandbox) -> None:
    rows = [{"accountID": n, "lastModifiedDateTime": STAMP, "metadata": {"totalCount": 5}} for n in (1, 2, 3, 3)]
    visma.fault(path="/v1/account", status=200, body=json.loads(json.dumps(rows)), times=0)
    done = read(visma, "accounts")
    ended_short(done, "accounts", "2 of the 5 rows that Visma.net announced did not come")
    assert {key for (key,) in done.keys("accounts")} == {1, 2, 3}


def test_a_record_that_comes_twice_in_one_answer_does_not_hold_the_state(visma: VismaSandbox) -> None:
    """Branches carry no number of rows, and their list has no pages between which one could move."""
    one = {"branchId": 1, "number": "1", "lastModifiedDateTime": "2026-03-01T10:00:00.12"}
    two = {"branchId": 2, "number": "2", "lastModifiedDateTime": "2026-03-02T10:00:00.12"}
    visma.fault(path="/v1/branch", status=200, body=[one, one, two], times=0)
    done = read(visma, "branches")
    assert done.code == 0
    assert set(done.keys("branches")) == {(1,), (2,)}
    assert done.states("branches")[-1]["lastModifiedDateTime"] == "2026-03-02T10:00:00.12"
    assert len(visma.log(path="/v1/branch")) == 1


def test_a_long_list_says_beforehand_how_many_rows_it_has(visma: VismaSandbox) -> None:
    """The destination says by it how long a first load takes. A list of one page says nothing."""
    in_hundreds(visma)
    done = read(visma, STREAM, "accounts")
    [estimate] = [trace["estimate"] for trace in done.of_type("TRACE") if trace["type"] == "ESTIMATE"]
    assert (estimate["name"], estimate["type"], estimate["row_estimate"]) == (STREAM, "STREAM", 300)
    ours = [m for m in done.messages if m.get("record", {}).get("stream") == STREAM or "estimate" in m.get("trace", {})]
    assert ours[0]["type"] == "TRACE"
