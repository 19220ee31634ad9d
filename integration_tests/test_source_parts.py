"""Requests that cannot succeed: their rows are asked for in smaller parts, down to the row, and nothing else is lost."""

import pytest

from .sandbox.harness import VismaSandbox
from .source_runs import read

pytest_plugins = ["integration_tests.sandbox.visma.testing"]

STREAM, PATH = "supplier_invoices", "/v1/supplierInvoice"
JOURNALS, JOURNAL_PATH = "journal_transactions", "/v2/journaltransaction"


def keys_of(visma: VismaSandbox) -> list[str]:
    return [f"{one['documentType']}/{one['referenceNumber']}" for one in visma.documents("supplierInvoice")]


@pytest.mark.parametrize("rows", [200, 30])
def test_pages_that_take_too_long_are_asked_for_in_smaller_ones(visma: VismaSandbox, rows: int) -> None:
    visma.settings(page_caps={"supplierInvoice": 1000})
    visma.fault(kind="heavy", path=PATH, rows=rows, status=504, times=0)
    done = read(visma, STREAM)
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
    done = read(visma, STREAM)
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


def test_a_body_that_is_cut_at_a_length_is_asked_for_in_parts(visma: VismaSandbox) -> None:
    visma.settings(page_caps={"supplierInvoice": 400})
    visma.fault(kind="cut", path=PATH, query={"pageSize": "1000"}, times=0)
    done = read(visma, STREAM)
    assert (done.code, done.statuses(STREAM)[-1]) == (0, "COMPLETE")
    assert sorted("/".join(key) for key in done.keys(STREAM)) == sorted(keys_of(visma))


def test_after_a_short_outage_pages_are_large_again(visma: VismaSandbox) -> None:
    visma.settings(page_caps={"supplierInvoice": 200})
    visma.fault(path=PATH, status=503, times=12)
    done = read(visma, STREAM)
    assert (done.code, done.statuses(STREAM)[-1]) == (0, "COMPLETE")
    assert sorted("/".join(key) for key in done.keys(STREAM)) == sorted(keys_of(visma))
    assert len(visma.log(path=PATH, status=200)) < 30


def test_a_batch_with_lines_that_cannot_be_read_stays_away_whole(visma: VismaSandbox) -> None:
    visma.settings(page_caps={"journaltransaction": 100})
    visma.fault(kind="poison", path=JOURNAL_PATH, keys=["ModuleGL/000010"], times=0)
    done = read(visma, JOURNALS)
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
