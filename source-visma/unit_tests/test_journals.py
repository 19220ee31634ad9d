"""Whole batches out of pages that hold pieces of them."""

from collections.abc import Iterator
from typing import Any

import pytest
from source_visma.components.extractor import Page
from source_visma.components.journals import JournalRetriever
from source_visma.components.slices import slice_of
from source_visma.components.tally import Tally

LINES = JournalRetriever.LINES


@pytest.fixture
def retriever() -> JournalRetriever:
    made = JournalRetriever.__new__(JournalRetriever)
    made._key_fields = ["module", "batchNumber"]
    return made


def piece(number: str, *lines: int | None, debit: float = 0.0, module: str = "ModuleGL") -> dict[str, Any]:
    rows = [{"lineNumber": line, "debitAmount": debit, "creditAmount": 0} for line in lines]
    return {"module": module, "batchNumber": number, "debitTotal": debit, "creditTotal": 0, LINES: rows}


def pages(*contents: list[dict[str, Any]]) -> Iterator[Page]:
    return iter([Page(content) for content in contents])


def whole(retriever: JournalRetriever, *contents: list[dict[str, Any]]) -> list[tuple[str, str, list[int]]]:
    batches = [
        batch for some in retriever.whole(pages(*contents), slice_of(periodId="202601"), Tally()) for batch in some
    ]
    return [(batch["module"], batch["batchNumber"], [line["lineNumber"] for line in batch[LINES]]) for batch in batches]


def test_lines_without_an_amount_that_come_late_belong_to_their_batch(retriever: JournalRetriever) -> None:
    """The totals are met before these lines come, so that only the end of the list says that the batch is whole."""
    done = whole(retriever, [piece("1", 1), piece("2", 1)], [piece("3", 1)], [piece("1", 2), piece("1", 3)])
    assert sorted(done) == [("ModuleGL", "1", [1, 2, 3]), ("ModuleGL", "2", [1]), ("ModuleGL", "3", [1])]


def test_equal_numbers_in_two_modules_are_two_batches(retriever: JournalRetriever) -> None:
    done = whole(retriever, [piece("1", 1)], [piece("1", 1, module="ModuleAP")])
    assert sorted(done) == [("ModuleAP", "1", [1]), ("ModuleGL", "1", [1])]


def test_a_line_that_comes_twice_counts_once_and_lines_without_a_number_all_count(retriever: JournalRetriever) -> None:
    assert whole(retriever, [piece("1", 1, None)], [piece("1", 1, 2, None)]) == [("ModuleGL", "1", [1, 2, None, None])]


def test_memory_is_bounded(retriever: JournalRetriever, monkeypatch: pytest.MonkeyPatch) -> None:
    """When too much waits, half goes out early: what looks whole and is not about to go on, the oldest first."""
    monkeypatch.setattr(JournalRetriever, "HELD_BACK", 4)
    some = [piece("cut", 1), piece("1", 1), piece("2", 1), piece("3", 1), piece("open", 1)]
    some[0]["debitTotal"] = 9.0
    parts = retriever.whole(pages(some, [piece("open", 2)]), slice_of(periodId="202601"), Tally())
    assert [[batch["batchNumber"] for batch in part] for part in parts] == [["1", "2", "3"], [], ["cut", "open"]]
