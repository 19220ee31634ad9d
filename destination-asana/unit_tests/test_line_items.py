"""Lines: their names, which existing item each of them is, and the fewest moves into their order."""

from decimal import Decimal

import pytest
from destination_asana.documents.line_items import Delivery, LineItem, money, plain, summary
from destination_asana.planning.lines.marks import Tick
from destination_asana.planning.lines.order import moves
from destination_asana.planning.lines.plan import ExistingItem, change_of, line_number, plan_lines
from hypothesis import given
from hypothesis import strategies as st


def line(number, description="Paper", quantity="10", unit_cost="25", amount="250", currency="NOK", delivery=None):
    decimals = [None if text is None else Decimal(text) for text in (quantity, unit_cost, amount)]
    return LineItem.of(
        number=number,
        description=description,
        quantity=decimals[0],
        unit_cost=decimals[1],
        amount=decimals[2],
        currency=currency,
        account=None,
        cost_centers=(),
        delivery=delivery,
    )


def test_the_name_of_a_line():
    assert line(3).name == "3. Paper — 10 × 25.00 = 250.00 NOK"
    assert line(3, quantity="2.50", unit_cost="0.125", amount="0.31").name == "3. Paper — 2.5 × 0.125 = 0.31 NOK"
    assert line(3, unit_cost=None).name == "3. Paper — 250.00 NOK"
    assert line(3, unit_cost=None, amount=None).name == "3. Paper — 10"
    assert line(3, quantity=None, unit_cost=None, amount=None).name == "3. Paper"
    assert line(3, description=None).name.startswith("3. (no description)")
    assert line(3, description="a\n  b").name.startswith("3. a b —")
    assert line(3, amount="-250", currency=None).name == "3. Paper — 10 × 25.00 = -250.00"


@pytest.mark.parametrize("quantity", [None, "0", "0.000000"])
@pytest.mark.parametrize("unit_cost", [None, "0", "0.000000", "25"])
def test_a_line_without_quantity_shows_its_amount_alone(quantity, unit_cost):
    shown = line(3, quantity=quantity, unit_cost=unit_cost)
    assert shown.name == "3. Paper — 250.00 NOK"
    assert summary([shown], 1024) == "Paper"


def test_zeros_that_were_entered_are_shown():
    assert line(3, quantity="0", amount="0").name == "3. Paper — 0 × 25.00 = 0.00 NOK"
    assert line(3, unit_cost="0", amount="0").name == "3. Paper — 10 × 0.00 = 0.00 NOK"
    free = line(3, quantity="0", unit_cost="0", amount="0")
    assert (free.name, summary([free], 1024)) == ("3. Paper — 0.00 NOK", "Paper")


def test_a_line_without_unit_cost_keeps_its_quantity_in_the_summary():
    shown = line(3, unit_cost="0")
    assert (shown.name, summary([shown], 1024)) == ("3. Paper — 250.00 NOK", "10 × Paper")


def test_a_long_description_is_cut_before_the_sums():
    name = line(1, description="x" * 5000).name
    assert len(name) <= 1024
    assert name.endswith("… — 10 × 25.00 = 250.00 NOK")


def test_numbers_as_people_write_them():
    assert (plain(Decimal("1E+3")), plain(Decimal("2.50")), plain(Decimal("100"))) == ("1000", "2.5", "100")
    assert (money(Decimal("1")), money(Decimal("0.1256"))) == ("1.00", "0.1256")


def test_the_summary_is_cut_at_a_whole_item():
    lines = [line(n, description=f"Item {n}") for n in range(1, 200)]
    text = summary(lines, 1024)
    assert len(text) <= 1024
    items = text.split("; ")
    assert items[0] == "10 × Item 1"
    assert items[-1] == f"+{199 - (len(items) - 1)} more"
    assert summary([], 1024) is None


def test_the_leading_number_is_the_identity():
    assert line_number("12. Paper") == 12
    assert line_number("12.Paper") is None
    assert line_number("Call about line 12.") is None
    assert line_number("12.") == 12


def test_an_edited_line_updates_its_own_item():
    existing = [ExistingItem("a", line(1).name), ExistingItem("b", line(2).name)]
    changes = plan_lines([line(1), line(2, description="Toner")], existing)
    assert changes.create == []
    [change] = changes.update
    assert (change.item, change.name, change.completed) == (existing[1], "2. Toner — 10 × 25.00 = 250.00 NOK", None)


def test_a_removed_line_is_completed_once():
    existing = [ExistingItem("a", line(1).name), ExistingItem("b", line(2).name)]
    [change] = plan_lines([line(1)], existing).update
    assert (change.item, change.completed, change.mark.tick) == (existing[1], True, Tick.REMOVED)
    existing[1].completed = True
    assert plan_lines([line(1)], existing).empty


def test_of_two_items_for_one_line_the_open_one_goes_on():
    spare, kept = ExistingItem("a", line(1).name, completed=True), ExistingItem("b", line(1).name)
    changes = plan_lines([line(1)], [spare, kept])
    assert changes.order == [kept]
    assert changes.empty


def test_what_a_person_ticked_off_stays_at_its_line_where_two_lines_have_one_number():
    paper, toner = line(1), line(1, description="Toner")
    done, todo = ExistingItem("a", paper.name, completed=True), ExistingItem("b", toner.name)
    changes = plan_lines([paper, toner], [done, todo])
    assert changes.order == [done, todo]
    assert changes.empty


def test_items_of_people_are_never_touched():
    mine = ExistingItem("a", "Call the supplier")
    changes = plan_lines([line(1)], [mine])
    assert changes.create == [line(1)]
    assert changes.update == []
    assert mine not in changes.order


def _apply(current, steps):
    """What Asana does with setParent/addProject and insert_after, or at the front."""
    order = list(current)
    for gid, behind in steps:
        order.remove(gid)
        order.insert(0 if behind is None else order.index(behind) + 1, gid)
    return order


orders = st.lists(st.sampled_from("abcdefghij"), unique=True, max_size=10).flatmap(
    lambda current: st.tuples(
        st.just(current), st.permutations(current).flatmap(lambda p: st.integers(0, len(p)).map(lambda n: p[:n]))
    )
)


@given(orders)
def test_moves_reach_the_wanted_order(pair):
    current, wanted = pair
    after = _apply(current, moves(current, wanted))
    assert [gid for gid in after if gid in set(wanted)] == list(wanted)


@given(orders)
def test_moves_are_as_few_as_can_be(pair):
    current, wanted = pair
    places = [current.index(gid) for gid in wanted]
    longest = 0
    best = []
    for index, place in enumerate(places):
        best.append(1 + max((best[i] for i in range(index) if places[i] < place), default=0))
        longest = max(longest, best[-1])
    assert len(moves(current, wanted)) == len(wanted) - longest


line_sets = st.lists(
    st.tuples(st.one_of(st.none(), st.integers(0, 30)), st.sampled_from(["Paper", "Toner", "1. Trap", ""])), max_size=12
).map(lambda pairs: LineItem.numbered([line(number, description=text or None) for number, text in pairs]))


def _bring_up(existing, changes, counter):
    for change in changes.update:
        change.item.name = change.name or change.item.name
        change.item.completed = change.item.completed if change.completed is None else change.completed
    return existing + [ExistingItem(f"new{next(counter)}", made.name) for made in changes.create]


@given(line_sets, line_sets)
def test_after_any_edit_every_line_has_one_item_and_a_replay_changes_nothing(before, after):
    counter = iter(range(1000))
    existing = _bring_up([], plan_lines(before, []), counter)
    existing = _bring_up(existing, plan_lines(after, existing), counter)
    assert sorted(item.name for item in existing if not item.completed) == sorted(item.name for item in after)
    assert plan_lines(after, existing).empty


def test_negative_and_huge_numbers_are_identities_too():
    assert line_number("-3. Paper") == -3
    assert line_number("12345678901234567890. Paper") == 12345678901234567890
    assert line_number("−3 of them") is None
    changes = plan_lines([line(-3)], [ExistingItem("a", line(-3).name)])
    assert changes.empty
    assert len(line(10**40, description="x" * 5000).name) <= 1024


def test_a_line_that_is_back_is_reopened_only_where_the_sync_had_completed_it():
    ours = ExistingItem("a", line(1).name, completed=True, tick=Tick.REMOVED)
    theirs = ExistingItem("b", line(2).name, completed=True)
    [change] = plan_lines([line(1), line(2)], [ours, theirs]).update
    assert (change.item, change.completed, change.mark.tick) == (ours, False, Tick.NONE)
    opened_again = ExistingItem("c", line(3).name, tick=Tick.REMOVED)
    assert plan_lines([], [opened_again]).empty


# --- lines of orders ---------------------------------------------------------------------------------------------------


def item(name="1. Paper — 10 × 25.00 = 250.00 NOK", **more):
    return ExistingItem("a", name, **more)


@pytest.mark.parametrize(
    ("before", "delivery", "completed", "tick"),
    [
        ({}, (None, False), None, Tick.NONE),
        ({}, (None, True), True, Tick.COMPLETED),
        ({"completed": True}, (None, True), None, Tick.DONE),
        ({"completed": True}, (None, False), None, Tick.NONE),
        ({"completed": True, "tick": Tick.COMPLETED}, (None, False), False, Tick.NONE),
        ({"completed": True, "tick": Tick.COMPLETED, "by_person": True}, (None, False), None, Tick.NONE),
        ({"completed": True, "tick": Tick.DONE}, (None, False), None, Tick.NONE),
        ({"tick": Tick.COMPLETED}, (None, True), None, Tick.COMPLETED),
        ({"tick": Tick.DONE}, (None, True), None, Tick.DONE),
        ({"tick": Tick.COMPLETED}, (None, False), None, Tick.NONE),
        ({"completed": True, "tick": Tick.REMOVED}, (None, True), None, Tick.COMPLETED),
        ({"completed": True, "tick": Tick.REMOVED}, (None, False), False, Tick.NONE),
        ({"tick": Tick.REMOVED}, (None, True), True, Tick.COMPLETED),
    ],
)
def test_the_tick_of_an_orders_line(before, delivery, completed, tick):
    change = change_of(item(**before), line(1, delivery=Delivery(*delivery, "")))
    assert (change.completed, change.mark.tick) == (completed, tick)


@pytest.mark.parametrize("tick", list(Tick))
@pytest.mark.parametrize("completed", [False, True])
def test_an_approval_is_decided_by_people(completed, tick):
    approval = item(approval=True, completed=completed, tick=tick)
    for wanted in (
        None,
        line(1),
        line(1, delivery=Delivery(None, True, "")),
        line(1, delivery=Delivery(None, False, "")),
    ):
        change = change_of(approval, wanted)
        assert (change.completed, change.mark.tick) == (None, tick)


@pytest.mark.parametrize(
    ("before", "promised", "written", "remembered"),
    [
        ({}, "2026-05-04", True, "2026-05-04"),
        ({}, None, False, None),
        ({"due": "2026-05-04", "set_due_on": "2026-05-04"}, "2026-05-11", True, "2026-05-11"),
        ({"due": "2026-05-04", "set_due_on": "2026-05-04"}, None, True, None),
        ({"due": "2026-05-04"}, "2026-05-11", False, None),
        ({"due": "2026-05-07", "set_due_on": "2026-05-04"}, "2026-05-11", False, "2026-05-04"),
        ({"due": None, "set_due_on": "2026-05-04"}, "2026-05-11", False, "2026-05-04"),
        ({"due": "2026-05-04T09:00:00.000Z", "set_due_on": "2026-05-04"}, "2026-05-11", False, "2026-05-04"),
        (
            {"due": "2026-05-04", "set_due_on": "2026-05-04", "start_on": "2026-05-02"},
            "2026-05-01",
            False,
            "2026-05-04",
        ),
        ({"due": "2026-05-04", "set_due_on": "2026-05-04", "start_on": "2026-05-02"}, None, False, "2026-05-04"),
        ({"due": "2026-05-04", "set_due_on": "2026-05-04", "start_on": "2026-05-02"}, "2026-05-03", True, "2026-05-03"),
    ],
)
def test_the_due_date_of_an_orders_line(before, promised, written, remembered):
    change = change_of(item(**before), line(1, delivery=Delivery(promised, False, "")))
    assert (change.sets_due_on, change.mark.due_on) == (written, remembered)


def test_a_change_without_its_date_keeps_the_rest():
    before = item(due="2026-05-04", set_due_on="2026-05-04")
    change = change_of(before, line(1, description="Ink", delivery=Delivery("2026-05-11", True, "")))
    kept = change.without_date()
    assert (change.sets_due_on, change.due_on) == (True, "2026-05-11")
    assert (kept.sets_due_on, kept.due_on) == (False, "2026-05-04")
    assert (kept.item, kept.line, kept.name, kept.completed) == (before, change.line, change.name, True)
    assert kept.mark == (1, Tick.COMPLETED, "2026-05-04")
    date_alone = change_of(before, line(1, delivery=Delivery("2026-05-11", False, "")))
    assert not date_alone.empty
    assert not date_alone.only_name
    assert date_alone.without_date().empty


def test_a_long_name_keeps_its_ending():
    name = line(1, description="x" * 2000, delivery=Delivery(None, False, " · 3 of 4 received")).name
    assert name.endswith("… — 10 × 25.00 = 250.00 NOK · 3 of 4 received")
    assert len(name) <= 1024
