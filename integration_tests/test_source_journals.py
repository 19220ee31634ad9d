"""Journal transactions: paged by line, asked for by period or date; one whole record per batch comes out."""

import pytest

from .sandbox.harness import VismaSandbox
from .source_runs import Run, key_of, read

pytest_plugins = ["integration_tests.sandbox.visma.testing"]

STREAM = "journal_transactions"
PATH = "/v2/journaltransaction"
LINES = "journalTransactionLines"


def whole(visma: VismaSandbox) -> dict[tuple[object, ...], list[int]]:
    """Line numbers of every batch the company holds."""
    batches = visma.documents("journaltransaction")
    return {key_of(STREAM, batch): [line["lineNumber"] for line in batch[LINES]] for batch in batches}


def lines(done: Run) -> dict[tuple[object, ...], list[int]]:
    """Line numbers of every batch that came; each must have come once."""
    assert len(done.keys(STREAM)) == len(set(done.keys(STREAM)))
    return {key_of(STREAM, batch): [line["lineNumber"] for line in batch[LINES]] for batch in done.records(STREAM)}


@pytest.mark.parametrize("cap", [3, 17, 1000, 5000])
def test_batches_are_whole_however_the_pages_fall(visma: VismaSandbox, cap: int) -> None:
    visma.settings(page_caps={"journaltransaction": cap})
    done = read(visma, STREAM, num_workers=8)
    assert done.code == 0
    assert lines(done) == whole(visma)


def test_incremental_read_brings_whole_batches(visma: VismaSandbox) -> None:
    state = read(visma, STREAM).state
    visma.settings(page_caps={"journaltransaction": 2})
    changed = [key for key, numbers in whole(visma).items() if len(numbers) > 4][:3]
    for key in changed:
        visma.change("journaltransaction", "/".join(map(str, key)), {"description": "Corrected"})
    visma.clear_log()
    done = read(visma, STREAM, state=state)
    assert set(changed) <= set(lines(done))
    assert len(lines(done)) < 10
    assert {key: numbers for key, numbers in whole(visma).items() if key in lines(done)} == lines(done)
    for entry in visma.log(path=PATH):
        assert "lastModifiedDateTimeCondition" not in entry["query"]


def test_lines_the_filter_cut_off_are_read_again_by_period(visma: VismaSandbox) -> None:
    state = read(visma, STREAM).state
    key = next(key for key, numbers in whole(visma).items() if len(numbers) > 4)
    record = visma.change("journaltransaction", "/".join(map(str, key)), {"description": "Corrected"})
    piece = record | {LINES: record[LINES][1:3], "metadata": {"totalCount": 2, "maxPageSize": 1000}}
    visma.clear_log()
    visma.fault(status=200, path=PATH, body=[piece])
    done = read(visma, STREAM, state=state)
    assert lines(done)[key] == whole(visma)[key]
    queries = [entry["query"] for entry in visma.log(path=PATH)]
    assert queries[1]["periodId"] == record["financialPeriod"]
    assert queries[1]["module"] == record["module"].removeprefix("Module")


def test_a_broken_first_read_goes_on_where_it_was(visma: VismaSandbox) -> None:
    visma.settings(page_caps={"journaltransaction": 100})
    visma.fault(status=404, path=PATH, query={"periodId": "202601"}, times=0)
    broken = read(visma, STREAM)
    assert broken.code == 1
    assert "initial_load" in broken.states(STREAM)[-1]
    visma.control("DELETE", "faults")
    visma.clear_log()
    key = next(
        key
        for key, batch in zip(whole(visma), visma.documents("journaltransaction"), strict=True)
        if batch["financialPeriod"] == "202609"
    )
    visma.change("journaltransaction", "/".join(map(str, key)), {"description": "Corrected meanwhile"})
    rest = read(visma, STREAM, state=broken.state)
    assert rest.code == 0
    assert set(lines(broken)) | set(lines(rest)) == set(whole(visma))
    assert len(lines(rest)) < len(whole(visma)) - 50
    assert "202609" not in {entry["query"].get("periodId") for entry in visma.log(path=PATH)}
    corrected = [batch for batch in rest.records(STREAM) if key_of(STREAM, batch) == key]
    assert corrected[-1]["description"] == "Corrected meanwhile"
    assert set(rest.states(STREAM)[-1]) == {"lastModifiedDateTime", "company_id", "api_url"}


@pytest.mark.parametrize("period", ["", "202699", "196001"])
def test_a_batch_in_a_period_no_calendar_has_is_read_too(visma: VismaSandbox, period: str) -> None:
    visma.settings(page_caps={"journaltransaction": 100})
    batch = visma.documents("journaltransaction")[100]
    key, stamp = "/".join(map(str, key_of(STREAM, batch))), batch["lastModifiedDateTime"]
    visma.change("journaltransaction", key, {"financialPeriod": period}, stamp=stamp)
    done = read(visma, STREAM)
    assert done.code == 0
    assert lines(done) == whole(visma)


def test_periods_that_the_calendar_does_not_have_may_be_refused(visma: VismaSandbox) -> None:
    visma.settings(page_caps={"journaltransaction": 100})
    for period in ("202613", "202713", "202701"):
        visma.fault(status=400, path=PATH, query={"periodId": period}, body={"message": "No such period."}, times=0)
    done = read(visma, STREAM)
    assert done.code == 0
    assert lines(done) == whole(visma)
    assert "No such period." in done.logs


def test_a_period_refused_by_mistake_costs_no_batch(visma: VismaSandbox) -> None:
    visma.settings(page_caps={"journaltransaction": 100})
    visma.fault(status=400, path=PATH, query={"periodId": "202601"}, times=0)
    done = read(visma, STREAM)
    assert done.code == 0
    assert lines(done) == whole(visma)


def test_batches_posted_during_the_first_read_are_not_missed(visma: VismaSandbox) -> None:
    visma.settings(page_caps={"journaltransaction": 100})
    newest = visma.documents("journaltransaction")[-1]
    order = {"op": "add", "entity": "journaltransaction", "set": {"financialPeriod": newest["financialPeriod"]}}
    visma.after_requests(PATH, [order], after=20)
    done = read(visma, STREAM, num_workers=1)
    assert lines(done) == whole(visma)


def test_deletions_during_the_first_read_cost_no_other_batch(visma: VismaSandbox) -> None:
    visma.settings(page_caps={"journaltransaction": 20})
    before = set(whole(visma))
    visma.after_requests(PATH, [{"op": "delete", "entity": "journaltransaction", "position": 0}], after=3, times=5)
    done = read(visma, STREAM, num_workers=2)
    assert set(whole(visma)) <= set(done.keys(STREAM)) <= before
