"""The moves of a task between projects: the room for them, what Asana refuses, what people do meanwhile."""

import pytest
from destination_asana.documents.subject import Subject
from destination_asana.planning.routing.memory import block_of, is_up_to_date, remembered_in
from destination_asana.planning.routing.routes import (
    Membership,
    Moves,
    ProjectRoute,
    Remembered,
    Wanted,
    is_of_project,
    moves,
    names_project,
    wanted_by,
)

HEADER = "Also in these projects by the sync"
ALL = frozenset({"A", "B", "E"})
MOVES = Moves((Membership("A", "Inbox"), Membership("B")), ("C", "D"), ("L",), Remembered(ALL, ALL))


def test_what_people_did_meanwhile_is_theirs():
    """B they have added themselves, and from D they have taken the task."""
    assert MOVES.held_against(["R", "B", "C"]) == Moves(
        (Membership("A", "Inbox"),), ("C",), ("L",), Remembered(ALL, frozenset({"A", "E"}))
    )
    assert MOVES.held_against(["R", "C", "D"]) == MOVES


def test_what_asana_refuses_is_tried_again_with_the_next_record():
    """The memory says that the task is not in A, and that it is still in D by the sync."""
    both = frozenset({"B", "D", "E"})
    assert MOVES.without(["A", "D"]) == Moves((Membership("B"),), ("C",), ("L",), Remembered(both, both))
    assert MOVES.without(["X"]) == MOVES


def test_moves_are_true_if_there_are_any():
    assert Moves((Membership("A"),))
    assert Moves((), ("A",))
    assert not Moves((), left_out=("L",), remembered=Remembered(ALL, ALL))


# --- room --------------------------------------------------------------------------------------------------------------


def planned(wanted, present, remembered=""):
    known = frozenset(remembered.split())
    memberships = tuple(Membership(gid) for gid in wanted.split())
    return moves(Wanted(memberships, ("Z",)), present, Remembered(known, known), "R")


def others(count):
    return [f"X{number}" for number in range(count)]


def test_a_task_may_be_in_twenty_projects():
    a, b = frozenset("A"), frozenset("AB")
    assert planned("R A B", ["R", *others(17)]) == Moves(
        (Membership("A"), Membership("B")), (), ("Z",), Remembered(b, b)
    )
    assert planned("R A B", ["R", *others(18)]) == Moves((Membership("A"),), (), ("Z", "B"), Remembered(a, a))
    assert planned("R A B", ["R", *others(19)]) == Moves((), (), ("Z", "A", "B"))
    # The register keeps its place, although people have taken the task out of it.
    assert planned("R A B", others(19)) == Moves((), (), ("Z", "A", "B"))
    assert planned("R A B", others(30)) == Moves((), (), ("Z", "A", "B"))


def test_a_project_that_is_left_makes_room():
    left = planned("R A", ["R", "C", "B", *others(17)], "C B")
    assert left == Moves((Membership("A"),), ("B", "C"), ("Z",), Remembered(frozenset("A"), frozenset("A")))


def test_the_register_is_neither_joined_nor_left():
    assert planned("R", ["R"], "R") == Moves((), (), ("Z",))
    assert planned("R A", ["A"]) == Moves((), (), ("Z",), Remembered(frozenset("A")))


# --- which projects ----------------------------------------------------------------------------------------------------


def test_an_entry_of_the_settings_is_named_in_their_words():
    assert str(ProjectRoute("project", "P1*", "7")) == "project_routes, entry project “P1*”"


def test_each_project_once_with_its_first_entry_and_the_register_always():
    subject = Subject(projects=(("P1001", "Website"), (None, "Yard")), branches=(("1", None),))
    routes = [
        ProjectRoute("branch", "1", "R", "Elsewhere"),
        ProjectRoute("project", "yard", "B", "Inbox"),
        ProjectRoute("branch", "1", "B", "Later"),
        ProjectRoute("supplier", "1", "C"),
    ]
    by_name = {"D": "P1001", "E": "None", "B": "[P1001]", "F": "Yard"}
    assert wanted_by(subject, routes, by_name, "R") == Wanted(
        (Membership("R"), Membership("B", "Inbox"), Membership("D"))
    )


@pytest.mark.parametrize("name", ["", " ", ":", "[]", "Website"])
def test_a_project_without_an_id_has_no_namesake(name):
    assert not names_project(name, " ")


@pytest.mark.parametrize(
    ("name", "option", "named"),
    [
        # Of an ID with spaces, nobody knows where it ends.
        ("P", "P 10-02 The yard", True),
        ("P 10-02: Shop", "P 10-02 The yard", True),
        ("P 10-02 The yard", "P 10-02 The yard", True),
        ("10-02", "P 10-02 The yard", False),
        ("P-10", "P 10-02 The yard", False),
        ("[P1001] Website", "P1001", True),
        ("P1001", " ", False),
    ],
)
def test_any_beginning_of_an_option_may_be_the_id(name, option, named):
    assert is_of_project(name, option) is named


# --- the memory --------------------------------------------------------------------------------------------------------


def test_the_row_of_the_memory_lists_each_project_with_how_it_came_there():
    known = Moves(
        (Membership("2"), Membership("10")),
        ("5", "3"),
        remembered=Remembered(frozenset({"1", "2", "10"}), frozenset({"2", "10"})),
    )
    assert block_of(known, new=False).rows == (
        "1 (was there), 10 (added later), 2 (added later), 3 (removed), 5 (removed)",
    )
    assert block_of(known, new=True).rows == ("1 (was there), 10, 2, 3 (removed), 5 (removed)",)


def test_the_memory_may_stand_in_several_rows():
    assert remembered_in({HEADER: ["1 (was there), 2", " 3 (added later) , 4 (removed)"]}) == Remembered(
        frozenset({"1", "2", "3"}), frozenset({"2", "3"}), frozenset({"3"}), frozenset({"4"})
    )
    assert remembered_in({}) is None
    assert remembered_in({HEADER: ["1", "Kari"]}) is None


@pytest.mark.parametrize(
    ("row", "present", "right"),
    [
        ("1, 2 (was there)", "R 1 2", True),
        ("1 (added later), 2 (was there)", "R 1 2", True),
        ("1, 2 (was there), 3 (removed)", "R 1 2", True),
        # The task has not left it yet.
        ("1, 2 (was there), 3 (removed)", "R 1 2 3", False),
        ("1, 2", "R 1 2", False),
        ("1 (was there), 2 (was there)", "R 1 2", False),
        ("1", "R 1", False),
    ],
)
def test_whether_the_memory_needs_to_be_written(row, present, right):
    still = Moves((), remembered=Remembered(frozenset({"1", "2"}), frozenset({"1"})))
    assert is_up_to_date({HEADER: [row]}, present.split(), still) is right
