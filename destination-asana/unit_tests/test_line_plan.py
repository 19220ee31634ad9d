"""Which item shows which line, and what a new item remembers."""

import pytest
from destination_asana.documents.line_items import Delivery, LineItem
from destination_asana.planning.lines.marks import Mark, Tick
from destination_asana.planning.lines.plan import (
    ExistingItem,
    ItemChange,
    LineChanges,
    change_of,
    first_mark,
    plan_lines,
)


def line(number, delivery=None):
    return LineItem(number, "Oak chair", None, "Oak chair", None, (), delivery)


def item(gid, number=1, **more):
    return ExistingItem(gid, f"{number}. Oak chair", **more)


def test_what_a_new_item_remembers():
    assert first_mark(line(3)) == (3, Tick.NONE, None)
    assert first_mark(line(3, Delivery("2026-05-04", False, ""))) == (3, Tick.NONE, "2026-05-04")
    assert first_mark(line(3, Delivery("2026-05-04", True, ""))) == (3, Tick.COMPLETED, "2026-05-04")


def surplus(*existing):
    """Which of several items for line 1 is not the line's."""
    changes = plan_lines([line(1)], existing)
    assert changes.create == []
    [used] = changes.order
    [left] = [each for each in existing if each is not used]
    return left.gid


def test_of_two_items_for_one_line_the_one_in_use_stays():
    assert surplus(item("a", tick=Tick.REMOVED), item("b", completed=True)) == "a"
    assert surplus(item("a", completed=True, tick=Tick.REMOVED), item("b")) == "a"
    assert surplus(item("a", completed=True), item("b")) == "a"
    assert surplus(item("a", marked=False), item("b")) == "a"


def test_line_0_has_its_item_and_new_lines_their_place():
    zero, second = item("a", 0), item("b", 2)
    changes = plan_lines([line(0), line(1), line(2)], [second, zero])
    assert changes.update == []
    assert changes.create == [line(1)]
    assert changes.order == [zero, line(1), second]


def test_a_change_says_which_line_it_is_for():
    renamed = ExistingItem("a", "1. Chair")
    for each in (line(1), line(1, Delivery(None, False, ""))):
        change = change_of(renamed, each)
        assert (change.line, change.name) == (each, "1. Oak chair")
    assert change_of(renamed, None).line is None


def test_a_due_date_on_the_day_of_the_start_is_left():
    before = item("a", due="2026-05-04", set_due_on="2026-05-04", start_on="2026-05-02")
    assert not change_of(before, line(1, Delivery("2026-05-02", False, ""))).sets_due_on
    assert change_of(before, line(1, Delivery("2026-05-03", False, ""))).sets_due_on


def test_a_removed_line_that_a_person_opened_and_visma_brings_back_done():
    """A line that was away was not done, so being done is Visma's news, and the person's choice ends."""
    opened = item("a", tick=Tick.REMOVED, completed=False)
    assert change_of(opened, None).empty
    back = change_of(opened, line(1, Delivery(None, True, "")))
    assert (back.completed, back.mark.tick) == (True, Tick.COMPLETED)
    still_open = change_of(opened, line(1, Delivery(None, False, "")))
    assert (still_open.completed, still_open.mark.tick) == (None, Tick.NONE)


@pytest.mark.parametrize(
    ("values", "only_name", "empty"),
    [
        ({}, True, True),
        ({"name": "1. Chair"}, True, False),
        ({"completed": False}, False, False),
        ({"name": "1. Chair", "completed": True}, False, False),
        ({"sets_due_on": True}, False, False),
        ({"mark": Mark(1, Tick.DONE)}, False, False),
    ],
)
def test_what_of_an_item_differs(values, only_name, empty):
    change = ItemChange(item("a"), line(1), **{"mark": Mark(1), **values})
    assert (change.only_name, change.empty) == (only_name, empty)


def test_changes_of_lines_are_empty_if_nothing_is_made_or_written():
    change = ItemChange(item("a"), line(1), Mark(1), name="1. Chair")
    assert LineChanges(order=[line(1)]).empty
    assert not LineChanges(create=[line(1)]).empty
    assert not LineChanges(update=[change]).empty
    assert not LineChanges(create=[line(2)], update=[change]).empty
