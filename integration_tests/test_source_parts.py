"""Requests that cannot succeed: their rows are asked for in smaller parts, down to the row, and nothing else is lost."""

import json

import pytest

from .sandbox.harness import VismaSandbox
from .source_runs import read, saved

pytest_plugins = ["integration_tests.sandbox.visma.testing"]

STREAM, PATH = "supplier_invoices", "/v1/supplierInvoice"
JOURNALS, JOURNAL_PATH = "journal_transactions", "/v2/journaltransaction"


def keys_of(visma: VismaSandbox) -> list[str]:
    return [f"{one['documentType']}/{one['referenceNumber']}" for one in visma.documents("supplierInvoice")]


@pytest.mark.parametrize("rows", [200, 30])
def test_pages_that_take_too_long_are_asked_for_in_smaller_ones(visma: VismaSandbox, rows: int) -> None:
    visma.settings(page_caps={"supplierInvoice": 1000})
    visma.fault(kind="heavy", path=PATH, rows=rows, status=504, times=0)
    done = read(visma, STREAM, pace=10)
    assert (done.code, done.statuses(STREAM)[-1]) == (0, "COMPLETE")
    assert sorted("/".join(key) for key in done.keys(STREAM)) == sorted(keys_of(visma))
    assert done.states(STREAM)[-1]["lastModifiedDateTime"]
    assert len(visma.log(path=PATH, status=504)) < 10  # what works once is kept for the rest
    slow = [(entry["query"]["pageNumber"], entry["query"]["pageSize"]) for entry in visma.log(path=PATH, status=504)]
    assert len(slow) == len(set(slow))  # a request that took too long is not repeated as it was


def test_rows_that_cannot_be_read_are_named_and_all_others_come(visma: VismaSandbox) -> None:
    keys = keys_of(visma)
    poisoned = [keys[0], keys[123], keys[124], keys[-1]]
    visma.settings(page_caps={"supplierInvoice": 100})
    visma.fault(kind="poison", path=PATH, keys=poisoned, body={"message": "VismaId: 5.\r\nObject\nreference"}, times=0)
    done = read(visma, STREAM, pace=10)
    assert (done.code, done.statuses(STREAM)[-1], done.states(STREAM)[-1]) == (1, "INCOMPLETE", {})
    assert sorted("/".join(key) for key in done.keys(STREAM)) == sorted(set(keys) - set(poisoned))
    (failure,) = done.failures(STREAM)
    assert failure["failure_type"] == "transient_error"
    for words in (
        "4 of 450 rows cannot be read",
        f"row 1 of the list (before {keys[1]})",
        f"rows 124 to 125 of the list (after {keys[122]}, before {keys[125]})",
        f"row 450 of the list (after {keys[-2]})",
        "500 VismaId: 5. Object reference",
    ):
        assert words in failure["message"]
    failing = [str(sorted(entry["query"].items())) for entry in visma.log(path=PATH, status=500)]
    assert max(map(failing.count, failing)) <= 2  # Visma: the same failing request at most twice in five minutes


@pytest.mark.parametrize("keys", [["Invoice/200057"], ["Invoice/200057", "Invoice/200058"]])
def test_changed_rows_of_which_none_can_be_read_are_no_empty_list(visma: VismaSandbox, keys: list[str]) -> None:
    """No page comes, so that nothing tells how many rows there are."""
    stamps = [visma.change("supplierInvoice", key, {"description": "new"})["lastModifiedDateTime"] for key in keys]
    visma.fault(kind="poison", path=PATH, keys=keys, times=0)
    done = read(visma, STREAM, state=saved(STREAM, lastModifiedDateTime=stamps[0]), lookback_window_minutes=0, pace=10)
    assert (done.code, done.statuses(STREAM)[-1]) == (1, "INCOMPLETE")
    assert done.states(STREAM)[-1]["lastModifiedDateTime"] == stamps[0]
    rows = "1 rows cannot be read: row 1 of" if len(keys) == 1 else "2 rows cannot be read: rows 1 to 2 of"
    assert f"{rows} the list" in done.failures(STREAM)[0]["message"]


def test_a_row_that_cannot_be_read_is_missed_where_nothing_announces_it(visma: VismaSandbox) -> None:
    keys = keys_of(visma)
    visma.settings(page_caps={"supplierInvoice": 100}, metadata=False)
    visma.fault(kind="poison", path=PATH, keys=[keys[123]], times=0)
    done = read(visma, STREAM, pace=10)
    assert (done.code, done.statuses(STREAM)[-1], done.states(STREAM)[-1]) == (1, "INCOMPLETE", {})
    assert sorted("/".join(key) for key in done.keys(STREAM)) == sorted(set(keys) - {keys[123]})
    assert "1 rows cannot be read: row 124 of the list (after" in done.failures(STREAM)[0]["message"]


def test_errors_behind_the_last_page_are_not_asked_for_without_end(visma: VismaSandbox) -> None:
    """Nothing announces where the list ends. So it may go on behind the errors, and the stream is not complete."""
    visma.settings(page_caps={"supplier": 25}, metadata=False, nothing="error")
    done = read(visma, "suppliers", pace=10)
    assert (done.code, done.statuses("suppliers")[-1], done.states("suppliers")[-1]) == (1, "INCOMPLETE", {})
    assert len(set(done.keys("suppliers"))) == 61
    assert "cannot be read: rows 76 to 100 of the list (after" in done.failures("suppliers")[0]["message"]


def test_a_number_too_large_for_any_is_one_row_that_cannot_be_read(visma: VismaSandbox) -> None:
    huge = "[" + json.dumps({"internalId": 1, "lastModifiedDateTime": "2026-03-01T10:00:00", "limit": "huge"}) + "]"
    for size in ("1000", "500"):
        visma.fault(path="/v1/customer", query={"pageSize": size}, status=200, body=huge.replace('"huge"', "1e999"))
    done = read(visma, "customers", pace=10)
    assert done.code == 0
    assert "it ends or breaks at a number that is none" in done.logs
    assert len(set(done.keys("customers"))) == len(visma.documents("customer"))


def test_a_body_that_is_cut_at_a_length_is_asked_for_in_parts(visma: VismaSandbox) -> None:
    visma.settings(page_caps={"supplierInvoice": 400})
    visma.fault(kind="cut", path=PATH, query={"pageSize": "1000"}, times=0)
    done = read(visma, STREAM, pace=10)
    assert (done.code, done.statuses(STREAM)[-1]) == (0, "COMPLETE")
    assert sorted("/".join(key) for key in done.keys(STREAM)) == sorted(keys_of(visma))


def test_after_a_short_outage_pages_are_large_again(visma: VismaSandbox) -> None:
    visma.settings(page_caps={"supplierInvoice": 200})
    visma.fault(path=PATH, status=503, times=12)
    done = read(visma, STREAM, pace=10)
    assert (done.code, done.statuses(STREAM)[-1]) == (0, "COMPLETE")
    assert sorted("/".join(key) for key in done.keys(STREAM)) == sorted(keys_of(visma))
    assert len(visma.log(path=PATH, status=200)) < 30


def test_a_batch_with_lines_that_cannot_be_read_stays_away_whole(visma: VismaSandbox) -> None:
    visma.settings(page_caps={"journaltransaction": 100})
    visma.fault(kind="poison", path=JOURNAL_PATH, keys=["ModuleGL/000010"], times=0)
    done = read(visma, JOURNALS, pace=10)
    assert (done.code, done.statuses(JOURNALS)[-1]) == (1, "INCOMPLETE")
    held = {(one["module"], one["batchNumber"]): one for one in visma.documents("journaltransaction")}
    lines = "journalTransactionLines"
    for batch in done.records(JOURNALS):
        assert len(batch[lines]) == len(held[batch["module"], batch["batchNumber"]][lines])
    assert ("ModuleGL", "000010") not in done.keys(JOURNALS)
    assert len(set(done.keys(JOURNALS))) >= len(held) - 3
    assert "cannot be read: rows " in done.failures(JOURNALS)[0]["message"]
    # Periods that came whole are not read again.
    assert len(done.states(JOURNALS)[-1]["initial_load"]["lines"]) > 10
