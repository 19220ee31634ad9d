"""A task as last read, kept small; when two values are one; days of the calendar."""

import pytest
from destination_asana.planning import shifted
from destination_asana.planning.equality import same
from destination_asana.planning.snapshot import Snapshot

TASK = Snapshot(
    "9",
    "PurchaseOrderId:1/RegularOrder/7",
    name="PO 7 · Å",
    completed=True,
    created_at="2026-01-07T08:00:00.000Z",
    due_on="2026-02-03",
    assignee="5",
    resource_subtype="approval",
    num_subtasks=3,
    digest="0123abcd",
    section="Open",
    supplier_number="50012",
    project_url="https://app.asana.com/0/7",
    elsewhere=True,
    values={"1": "Open", "2": 250.5, "3": ["8", "9"], "4": None},
    start_on="2026-01-01",
    version="2026-01-07T08:00:00",
    blocks={"Invoices of this order": ["Invoice 1", "Invoice 2"]},
    project_id="P1001",
    projects=["100", "200"],
    project_description="",
    external="visma lines=3f2a91c0d4",
    external_gid="x",
)


@pytest.mark.parametrize("task", [TASK, Snapshot("9", "ProjectId:1/2")])
def test_a_task_comes_back_as_it_was_put_away(task: Snapshot) -> None:
    packed = task.packed()
    assert type(packed) is bytes
    assert Snapshot.unpacked(packed) == task


@pytest.mark.parametrize(
    ("before", "after", "one"),
    [
        (0.125, 0.13, True),
        (-0.125, -0.13, True),
        (0.005, 0.01, True),
        (0.0049, 0.01, False),
        (1.0049999, 1.01, True),  # noise of floats
        (250, 250.0, True),
        (250, "250", False),
        ("Open", "open", False),
        (("a", "b"), ("b", "a"), False),
        (None, "x", False),
        ("x", None, False),
        ("", (), True),
    ],
)
def test_numbers_are_one_to_the_cent_and_texts_to_the_letter(before: object, after: object, one: bool) -> None:
    assert same(before, after) is one  # type: ignore[arg-type]
    assert same(after, before) is one  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("day", "days", "then"),
    [("2026-02-28", 1, "2026-03-01"), ("2026-01-01", -1, "2025-12-31"), ("2028-02-28", 2, "2028-03-01")],
)
def test_days_later_and_earlier(day: str, days: int, then: str) -> None:
    assert shifted(day, days) == then
