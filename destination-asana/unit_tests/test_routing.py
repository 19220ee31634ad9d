"""Which Asana projects a document stands in."""

from __future__ import annotations

import pytest
from destination_asana.planning.routing import (
    Membership,
    Remembered,
    Route,
    Subject,
    fits,
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
        Route("supplier", "Nordic*", "S", "Steel"),
        Route("cost_center", "bergen", "C"),
        Route("branch", "2", "B"),
        Route("project", "P1001", "S", "Other section"),
    ]
    wanted = wanted_by(SUBJECT, routes, {"N": "P 2001 Shop", "O": "P1001-x", "C": "P1001"}, "R")
    assert wanted.memberships == (Membership("R"), Membership("S", "Steel"), Membership("C"), Membership("N"))


def test_twenty_at_most() -> None:
    wanted = wanted_by(SUBJECT, [Route("branch", "1", f"G{n}") for n in range(21)], {}, "R")
    assert len(wanted.memberships) == 20
    assert wanted.left_out == ("G19", "G20")


def planned(projects: str, present: str, last: str, put: str) -> tuple[str, str, Remembered]:
    wanted = wanted_by(SUBJECT, [Route("branch", "1", gid) for gid in projects], {}, "R")
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
    wanted = wanted_by(SUBJECT, [Route("branch", "1", "A"), Route("branch", "1", "B")], {}, "R")
    found = moves(wanted, {"R", *(f"X{n}" for n in range(18))}, Remembered(), "R")
    assert [each.project_gid for each in found.join] == ["A"]
    assert found.left_out == ("B",)
    assert found.remembered.wanted == {"A"}


gids = st.frozensets(st.sampled_from("ABCDEF"))


@given(gids, gids, gids)
def test_once_is_enough(projects: frozenset[str], present: frozenset[str], last: frozenset[str]) -> None:
    wanted = wanted_by(SUBJECT, [Route("branch", "1", gid) for gid in sorted(projects)], {}, "R")
    first = moves(wanted, present | {"R"}, Remembered(last, last), "R")
    after = (present | {"R"} | {each.project_gid for each in first.join}) - set(first.leave)
    again = moves(wanted, after, first.remembered, "R")
    assert (again.join, again.leave) == ((), ())
    assert again.remembered == first.remembered
