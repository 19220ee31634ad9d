"""What the sync knows of its own moves: killed between a move and whatever follows, or without its row in the description."""

import pytest

from integration_tests import kill_points
from integration_tests.destination_messages import order, state
from integration_tests.test_destination_cards import CARD, project
from integration_tests.test_destination_routing import (
    FIRST,
    REGISTER,
    asana_project,
    by_project,
    homes,
    moving,
    project_line,
)
from integration_tests.waiting import until

BOT_GID = "1200000000000010"

ROW = "Also in these projects by the sync"


def orders(codes):
    return [order(lines=[project_line(code, n) for n, code in enumerate(codes.split(), 1)]), state("purchase_orders")]


def cards(codes):
    return [project(number=codes, projectManager=None), state("projects")]


def notes(destination, visma_id=FIRST):
    return destination.asana.as_person(
        "GET", f"/tasks/{destination.task(visma_id)['gid']}", query={"opt_fields": "notes,html_notes"}
    )


def act(destination, how, gid, visma_id=FIRST):
    destination.as_person("POST", f"/tasks/{destination.task(visma_id)['gid']}/{how}", project=gid)


def wipe(destination, visma_id=FIRST):
    """A person replaces the whole description."""
    destination.as_person("PUT", f"/tasks/{destination.task(visma_id)['gid']}", notes="Mine")


@pytest.fixture
def two(destination):
    """Two Asana projects for two of Visma's, and settings that lead to them by table and by name."""
    one, two = asana_project(destination, "P1 Website"), asana_project(destination, "[P2] Planning")
    table = {"project_routes": [by_project("P1", one, section="New"), by_project("P2", two)]}
    return one, two, {"table": table, "name": {"route_by_project_name": True}}


def killed_after(destination, write, *messages, **settings):
    """A sync that is killed when Asana has carried out so many of its writes to tasks. Gives whether it got so far."""
    path = r"addProject|removeProject|^/tasks/\d+\?opt_fields=modified_at"
    destination.asana.fault(action="delay", seconds=3600, path=path, skip=write - 1, times=1)

    def met():
        return destination.asana.control("GET", "faults")[0]["hit"] == 1

    process = destination.start(*messages, **settings)
    until(lambda: met() or not process.is_alive())
    process.kill()
    process.join(240)
    until(destination.asana.at_rest)
    got = met()
    destination.asana.control("DELETE", "faults")
    return got


# --- kills -----------------------------------------------------------------------------------------------------------


MOVES = [("P1", "P2", 3), ("P1", "X", 2), ("X", "P1", 2), ("P1 P2", "P2", 2), ("P2", "P1 P2", 2)]
WAYS = [("table", *MOVES[0]), ("name", *MOVES[1]), ("table", *MOVES[2]), ("name", *MOVES[3]), ("name", *MOVES[4])]


@pytest.mark.parametrize(
    ("how", "first", "then", "writes"),
    [(how, *move) for how in ("table", "name") for move in MOVES] if kill_points.ALL else WAYS,
)
def test_visma_back_at_the_old_projects_after_a_kill(destination, two, how, first, then, writes):
    """Killed after each write of the move in turn, then the former record again: as if nothing had been."""
    one, other, ways = two
    places = {"P1": {REGISTER, one}, "P2": {REGISTER, other}, "X": {REGISTER}, "P1 P2": {REGISTER, one, other}}
    destination.write(*orders(first), **ways[how])
    for write in range(1, writes + 1):
        assert killed_after(destination, write, *orders(then), **ways[how])
        destination.write(*orders(first), **ways[how])
        assert set(homes(destination)) == places[first]
        destination.fresh_log()
        destination.write(*orders(first), **ways[how])
        assert destination.written == []
    for write in range(1, writes + 1):
        killed_after(destination, write, *orders(then), **ways[how])
    destination.write(*orders(then), **ways[how])
    assert set(homes(destination)) == places[then]


def test_a_card_back_at_its_old_id_after_a_kill(destination, two):
    one, other, ways = two
    destination.write(*cards("P1"), **ways["name"])
    for write in (1, 2, 3):
        assert killed_after(destination, write, *cards("P2"), **ways["name"])
        destination.write(*cards("P1"), **ways["name"])
        assert set(homes(destination, CARD)) == {REGISTER, one}
    destination.write(*cards("P2"), **ways["name"])
    assert set(homes(destination, CARD)) == {REGISTER, other}


def test_a_person_takes_a_task_out_of_a_project_it_joined_later(destination, two):
    """That is no unfinished move, whatever was killed before."""
    _, other, ways = two
    destination.write(*orders("P1"), **ways["table"])
    assert killed_after(destination, 1, *orders("P2"), **ways["table"])
    destination.write(*orders("P2"), **ways["table"])
    act(destination, "removeProject", other)
    destination.fresh_log()
    destination.write(*orders("P2"), **ways["table"])
    assert (destination.written, set(homes(destination))) == ([], {REGISTER})
    destination.write(*orders("P1 P2"), **ways["table"])
    assert other not in homes(destination)


def test_a_person_adds_a_task_where_a_killed_sync_had_meant_to(destination, two):
    """So it is theirs, and stays there."""
    one, other, ways = two
    destination.write(*orders("P1"), **ways["table"])
    assert killed_after(destination, 1, *orders("P2"), **ways["table"])
    act(destination, "addProject", other)
    destination.write(*orders("P2"), **ways["table"])
    destination.write(*orders("P1"), **ways["table"])
    assert set(homes(destination)) == {REGISTER, one, other}


# --- without the row -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("how", ["table", "name"])
@pytest.mark.parametrize("then", ["P2", "X"])
def test_without_its_row_a_task_leaves_where_the_sync_has_put_it(destination, two, how, then):
    _, other, ways = two
    theirs = asana_project(destination, "P1 Kari's own")
    settings = ways[how]
    if how == "table":
        settings = {"project_routes": [*settings["project_routes"], by_project("P9", theirs)]}
    destination.write(*orders("P1"), **settings)
    if how == "name":
        act(destination, "removeProject", theirs)
    act(destination, "addProject", theirs)
    wipe(destination)
    destination.write(*orders(then), **settings)
    assert set(homes(destination)) == {REGISTER, theirs, *([other] if then == "P2" else [])}


def test_without_its_row_a_card_leaves_where_the_sync_has_put_it(destination, two):
    _, other, ways = two
    destination.write(*cards("P1"), **ways["name"])
    wipe(destination, CARD)
    destination.write(*cards("P2"), **ways["name"])
    assert set(homes(destination, CARD)) == {REGISTER, other}


def test_the_tokens_user_keeps_own_places_too(destination, two):
    """Without a row, the history alone is no reason to leave a project that no route can have led to."""
    _, other, ways = two
    mine = asana_project(destination, "Board meeting")
    destination.write(*orders("P1"), **ways["name"])
    gid = destination.task(FIRST)["gid"]
    destination.asana.as_person("POST", f"/tasks/{gid}/addProject", person=BOT_GID, data={"project": mine})
    wipe(destination)
    destination.write(*orders("P2"), **ways["name"])
    assert set(homes(destination)) == {REGISTER, other, mine}


@pytest.mark.parametrize("row", ["{one}", "{one} (was there)"])
def test_a_row_of_an_earlier_version(destination, two, row):
    one, other, ways = two
    destination.write(*orders("P1"), **ways["table"])
    html = notes(destination)["html_notes"]
    destination.as_person(
        "PUT",
        f"/tasks/{destination.task(FIRST)['gid']}",
        html_notes=html.replace(f"</strong>\n{one}\n", f"</strong>\n{row.format(one=one)}\n"),
    )
    destination.fresh_log()
    destination.write(*orders("P1"), **ways["table"])
    assert destination.written == [] or "was" in row
    destination.write(*orders("P2"), **ways["table"])
    assert set(homes(destination)) == {REGISTER, other, *([one] if "was" in row else [])}
    assert moving(destination) != []
    assert f"{ROW}\n" in notes(destination)["notes"]
