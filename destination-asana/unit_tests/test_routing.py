"""Which Asana projects a document stands in."""

from __future__ import annotations

import pytest
from destination_asana.documents.subject import Subject
from destination_asana.planning.routing.memory import block_of, is_up_to_date, remembered_in
from destination_asana.planning.routing.routes import (
    Membership,
    Moves,
    ProjectRoute,
    Remembered,
    fits,
    is_of_project,
    moves,
    names_project,
    wanted_by,
)
from hypothesis import given
from hypothesis import strategies as st

SUBJECT = Subject(
    projects=(("P1001", "Website"), ("P 2001", None)),
    cost_centers=(("100", "Sales"), ("3000", "Bergen")),
    branches=(("1", "Main office"),),
    suppliers=(("50001", "Nordic Steel AS"),),
)


@pytest.mark.parametrize(
    ("value", "code", "name", "matches"),
    [
        ("p1001", "P1001", None, True),
        ("P10*", "P1001", None, True),
        ("P100?", "P1001", None, True),
        ("P100?", "P100", None, False),
        ("website", "P1001", "Website", True),
        ("*steel*", "50001", "Nordic Steel AS", True),
        ("P1001", "P1001-x", None, False),
        ("[P]1001", "P1001", None, False),
        ("P.001", "P1001", None, False),
        ("P1001", "P1001   ", None, True),
        ("*", None, None, False),
        # One character, though “ß” is “ss” where case does not count.
        ("gro?handel*", "50002", "Großhandel Nord", True),
        ("GROSSHANDEL*", "50002", "Großhandel Nord", True),
        # The same letter as one sign and as two.
        ("Br\u00f8drene B\u00e5t*", "50003", "Br\u00f8drene Ba\u030at AS", True),
    ],
)
def test_values_and_patterns(value: str, code: str | None, name: str | None, matches: bool) -> None:
    assert fits(value, code, name) is matches


@pytest.mark.parametrize(
    ("name", "matches"),
    [
        ("P1001", True),
        ("P1001 Website", True),
        ("p1001: the website", True),
        ("[P1001] Website", True),
        ("P1001\u00a0Website", True),
        ("P1001-x", False),
        ("P10012 Website", False),
        ("Website P1001", False),
        ("[P1001", False),
        ("P1001:x", False),
    ],
)
def test_names_of_asana_projects(name: str, matches: bool) -> None:
    assert names_project(name, "P1001") is matches


def test_the_register_comes_first_then_the_entries_then_the_names() -> None:
    routes = [
        ProjectRoute("supplier", "Nordic*", "S", "Steel"),
        ProjectRoute("cost_center", "bergen", "C"),
        ProjectRoute("branch", "2", "B"),
        ProjectRoute("project", "P1001", "S", "Other section"),
    ]
    wanted = wanted_by(SUBJECT, routes, {"N": "P 2001 Shop", "O": "P1001-x", "C": "P1001"}, "R")
    assert wanted.memberships == (Membership("R"), Membership("S", "Steel"), Membership("C"), Membership("N"))


def test_twenty_at_most() -> None:
    wanted = wanted_by(SUBJECT, [ProjectRoute("branch", "1", f"G{n}") for n in range(21)], {}, "R")
    assert len(wanted.memberships) == 20
    assert wanted.left_out == ("G19", "G20")


def planned(projects: str, present: str, last: str, put: str) -> tuple[str, str, Remembered]:
    wanted = wanted_by(SUBJECT, [ProjectRoute("branch", "1", gid) for gid in projects], {}, "R")
    found = moves(wanted, set(present), Remembered(frozenset(last), frozenset(put)), "R")
    return "".join(each.project_gid for each in found.join), "".join(found.leave), found.remembered


@pytest.mark.parametrize(
    ("projects", "present", "last", "put", "join", "leave"),
    [
        ("AB", "RAB", "AB", "AB", "", ""),
        ("AB", "RA", "AB", "AB", "", ""),  # somebody took it out of B
        ("ABC", "RA", "AB", "AB", "C", ""),  # and it does not come back with another route
        ("B", "RAB", "AB", "AB", "", "A"),
        ("B", "RAB", "AB", "B", "", ""),  # somebody had put it into A
        ("", "RAX", "A", "A", "", "A"),  # X is a person's
        ("A", "RA", "", "", "", ""),
        ("A", "AX", "", "", "", ""),  # the register is not put back here
    ],
)
def test_moves(projects: str, present: str, last: str, put: str, join: str, leave: str) -> None:
    assert planned(projects, present, last, put)[:2] == (join, leave)


def test_what_a_person_put_there_is_remembered_as_theirs() -> None:
    remembered = planned("AB", "RA", "", "")[2]
    assert remembered == Remembered(frozenset("AB"), frozenset("B"))


def test_peoples_projects_take_room() -> None:
    wanted = wanted_by(SUBJECT, [ProjectRoute("branch", "1", "A"), ProjectRoute("branch", "1", "B")], {}, "R")
    found = moves(wanted, {"R", *(f"X{n}" for n in range(18))}, Remembered(), "R")
    assert [each.project_gid for each in found.join] == ["A"]
    assert found.left_out == ("B",)
    assert found.remembered.wanted == {"A"}


gids = st.frozensets(st.sampled_from("ABCDEF"))


@given(gids, gids, gids)
def test_once_is_enough(projects: frozenset[str], present: frozenset[str], last: frozenset[str]) -> None:
    wanted = wanted_by(SUBJECT, [ProjectRoute("branch", "1", gid) for gid in sorted(projects)], {}, "R")
    first = moves(wanted, present | {"R"}, Remembered(last, last), "R")
    after = (present | {"R"} | {each.project_gid for each in first.join}) - set(first.leave)
    again = moves(wanted, after, first.remembered, "R")
    assert (again.join, again.leave) == ((), ())
    assert again.remembered == first.remembered


# --- the memory on the task --------------------------------------------------------------------------------------------

HEADER = "Also in these projects by the sync"
MOVES = Moves(
    (Membership("300"),), ("100",), remembered=Remembered(frozenset({"200", "300", "400"}), frozenset({"200", "300"}))
)


def test_the_row_says_what_the_moves_will_do() -> None:
    assert block_of(MOVES, new=False).rows == ("100 (removed), 200, 300 (added later), 400 (was there)",)
    assert block_of(Moves((Membership("300"),), remembered=MOVES.remembered), new=True).rows == (
        "200, 300, 400 (was there)",
    )
    assert block_of(Moves(()), new=False).rows == ()


@pytest.mark.parametrize(
    ("present", "wanted", "put", "later"),
    [
        ("200 300 400", "200 300 400", "200 300", ""),  # all moves were made
        ("100 200", "100 200 300 400", "100 200 300", "300"),  # none
        ("200", "200 300 400", "200 300", "300"),  # one
    ],
)
def test_the_row_and_the_projects_tell_which_moves_were_made(present: str, wanted: str, put: str, later: str) -> None:
    known = remembered_in({HEADER: ["100 (removed), 200, 300 (added later), 400 (was there)"]})
    assert known is not None
    seen = known.seen(present.split())
    assert (seen.wanted, seen.put, seen.later) == (set(wanted.split()), set(put.split()), set(later.split()))


@pytest.mark.parametrize("row", ["", "somewhere", "100, Kari's", "100 (moved)", "100 (removed) now"])
def test_a_row_that_people_have_edited(row: str) -> None:
    assert remembered_in({HEADER: [row]}) is None


def test_moves_that_are_made_need_no_mention() -> None:
    after = Moves((), remembered=MOVES.remembered)
    shown = {HEADER: ["100 (removed), 200, 300 (added later), 400 (was there)"]}
    assert is_up_to_date(shown, ["200", "300", "400"], after)
    assert not is_up_to_date(shown, ["100", "200", "300", "400"], after)
    assert not is_up_to_date(shown, ["200", "300", "400"], MOVES)
    assert not is_up_to_date({}, ["200"], Moves(()))


@pytest.mark.parametrize(
    ("name", "option", "fits"),
    [
        ("P1001 Website", "P1001 About it", True),
        ("[P 10-02] Yard", "P 10-02 The yard", True),
        ("P1001-x", "P1001 About it", False),
        ("About it", "P1001 About it", False),
        ("P1001", "", False),
    ],
)
def test_a_name_and_an_option_of_a_project(name: str, option: str, fits: bool) -> None:
    assert is_of_project(name, option) is fits
