"""Documents whose routes change, and people who move their tasks: what is put where, what is left alone."""

import pytest

from integration_tests import kill_points
from integration_tests.destination_messages import order, order_id, record, state
from integration_tests.destination_support import Destination
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

ROW = "Also in these projects by the sync"


@pytest.fixture
def routed(destination: Destination):
    """Two Asana projects for two of Visma's, and the routes to them."""
    one, two = asana_project(destination, "One"), asana_project(destination, "Two")
    return one, two, [by_project("P1", one, section="New"), by_project("P2", two)]


def bring(destination, code, routes, number=1, **changes):
    lines = [project_line(each, k) for k, each in enumerate(code.split(), 1)]
    return destination.write(order(number, lines=lines, **changes), state("purchase_orders"), project_routes=routes)


def notes(destination, visma_id=FIRST):
    return destination.asana.as_person(
        "GET", f"/tasks/{destination.task(visma_id)['gid']}", query={"opt_fields": "notes,html_notes"}
    )


def move(destination, how, gid, **more):
    destination.as_person("POST", f"/tasks/{destination.task(FIRST)['gid']}/{how}", project=gid, **more)


def replay(destination, code, routes, **changes):
    """The same again writes nothing."""
    destination.fresh_log()
    bring(destination, code, routes, **changes)
    assert destination.written == []


# --- the documents' own routes ---------------------------------------------------------------------------------------


def test_a_changed_project_moves_the_task(destination, routed):
    one, two, routes = routed
    bring(destination, "P1", routes)
    assert homes(destination) == {REGISTER: "Untitled section", one: "New"}
    destination.fresh_log()
    bring(destination, "P2", routes)
    assert set(homes(destination)) == {REGISTER, two}
    gid = destination.task(FIRST)["gid"]
    assert sorted(moving(destination)) == [f"POST /tasks/{gid}/addProject", f"POST /tasks/{gid}/removeProject"]
    # It says so before the moves are made, so that a sync that is killed in between leaves its intention.
    assert f"{ROW}\n{one} (removed), {two} (added later)\n" in notes(destination)["notes"]
    replay(destination, "P2", routes)
    bring(destination, "P1 P2", routes)
    assert set(homes(destination)) == {REGISTER, one, two}
    bring(destination, "X", routes)
    assert set(homes(destination)) == {REGISTER}
    assert f"{ROW}\n{one} (removed), {two} (removed)\n" in notes(destination)["notes"]
    replay(destination, "X", routes)


def test_changed_settings_reach_documents_whose_records_come_again(destination, routed):
    one, two, routes = routed
    bring(destination, "P1", None)
    bring(destination, "P1", None, number=2)
    bring(destination, "P1", routes)
    assert homes(destination) == {REGISTER: "Untitled section", one: "New"}
    assert set(homes(destination, order_id(2))) == {REGISTER}
    replay(destination, "P1", routes)
    bring(destination, "P1", [by_project("P1", two)])
    assert set(homes(destination)) == {REGISTER, two}
    # Without any route, too.
    bring(destination, "P1", None)
    assert set(homes(destination)) == {REGISTER}


def test_the_register_task_of_a_document_that_is_a_project(destination, routed):
    one, _, routes = routed
    streams = [{"name": "purchase_orders", "write_as": {"type": "project"}}]
    for number in (1, 2):
        destination.write(
            order(lines=[project_line("P1")], orderTotal=float(number)), project_routes=routes, streams=streams
        )
        assert homes(destination) == {REGISTER: "Untitled section", one: "New"}


def test_cards_of_projects_are_routed(destination, routed):
    one, _, routes = routed
    card = {"company_id": "4100251", "internalID": 4, "projectID": "P1", "description": "Web", "status": "Active"}
    destination.write(record("projects", card), project_routes=routes)
    assert homes(destination, "ProjectId:4100251/4") == {REGISTER: "Untitled section", one: "New"}


# --- people ----------------------------------------------------------------------------------------------------------


def test_what_people_do_stays_until_the_routes_change(destination, routed):
    one, two, routes = routed
    other = asana_project(destination, "Other")
    section = destination.as_person("POST", f"/projects/{two}/sections", name="Doing")["gid"]
    bring(destination, "P1 P2", routes)
    move(destination, "removeProject", one)
    move(destination, "addProject", other)
    move(destination, "addProject", two, section=section)
    chosen = {REGISTER: "Untitled section", two: "Doing", other: "Untitled section"}
    replay(destination, "P1 P2", routes)
    bring(destination, "P1 P2", routes, orderTotal=99.0)
    assert homes(destination) == chosen
    # A route that is new does not touch the others; one that no longer fits takes the task out.
    three = asana_project(destination, "Three")
    bring(destination, "P1 P2 P3", [*routes, by_project("P3", three)])
    assert homes(destination) == {**chosen, three: "Untitled section"}
    bring(destination, "P3", [*routes, by_project("P3", three)])
    assert set(homes(destination)) == {REGISTER, other, three}
    # Back again: that is a change of the document's own.
    bring(destination, "P1", routes)
    assert set(homes(destination)) == {REGISTER, other, one}


def test_a_task_that_a_person_had_put_there_stays_there(destination, routed):
    one, two, routes = routed
    bring(destination, "P2", routes)
    move(destination, "addProject", one)
    bring(destination, "P1", routes)
    assert homes(destination) == {REGISTER: "Untitled section", one: "Untitled section"}
    assert f"{one} (was there)" in notes(destination)["notes"]
    bring(destination, "P2", routes)
    assert set(homes(destination)) == {REGISTER, one, two}


@pytest.mark.parametrize("how", ["row", "all", "spoiled"])
def test_a_description_that_people_have_edited(destination, routed, how):
    one, two, routes = routed
    bring(destination, "P1 P2", routes)
    move(destination, "removeProject", one)
    html = notes(destination)["html_notes"]
    html = {
        "row": html[: html.index(f"<strong>{ROW}")] + "Mine</body>",
        "all": "<body>Mine</body>",
        "spoiled": html.replace(one, "somewhere"),
    }[how]
    destination.as_person("PUT", f"/tasks/{destination.task(FIRST)['gid']}", html_notes=html)
    bring(destination, "P1 P2", routes, orderTotal=99.0)
    assert set(homes(destination)) == {REGISTER, two}
    assert ROW in notes(destination)["notes"]
    replay(destination, "P1 P2", routes, orderTotal=99.0)
    bring(destination, "P1", routes)
    assert set(homes(destination)) == {REGISTER}


def test_people_act_while_the_sync_writes(destination, routed):
    """Between the plan and the write: what they have done is not done again, and is theirs."""
    one, two, routes = routed
    bring(destination, "P1", routes)
    gid = destination.task(FIRST)["gid"]
    does = [
        {"method": "POST", "path": f"/tasks/{gid}/removeProject", "data": {"project": one}},
        {"method": "POST", "path": f"/tasks/{gid}/addProject", "data": {"project": two}},
    ]
    destination.asana.fault(
        action="meanwhile", method="GET", path=f"^/tasks/{gid}\\?", person="kari.nordmann@nordlys.example", does=does
    )
    destination.fresh_log()
    bring(destination, "P2", routes)
    assert set(homes(destination)) == {REGISTER, two}
    assert moving(destination) == []
    bring(destination, "P1", routes)
    assert set(homes(destination)) == {REGISTER, one, two}


# --- kills and lost answers ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("action", ["lost_answer", "drop", "timeout"])
@pytest.mark.parametrize("path", ["addProject", "removeProject", "^/tasks/\\d+\\?"])
def test_lost_answers_of_moves(destination, routed, action, path):
    _, two, routes = routed
    bring(destination, "P1", routes)
    destination.asana.fault(action=action, method="PUT" if "?" in path else "POST", path=path)
    bring(destination, "P2", routes)
    assert set(homes(destination)) == {REGISTER, two}
    replay(destination, "P2", routes)
    bring(destination, "X", routes)
    assert set(homes(destination)) == {REGISTER}


@pytest.mark.parametrize("requests", kill_points.some(range(4, 34, 3), 4))
def test_killed_after_any_number_of_requests(destination, routed, requests):
    """While three tasks move and a new one is made. What the killed sync had done counts as the sync's own."""
    _, two, routes = routed
    for number in (1, 2, 3):
        bring(destination, "P1", routes, number)
    destination.fresh_log()
    destination.asana.settings(record_bodies=False)
    destination.asana.fault(action="delay", seconds=3600, path=".*", skip=requests, times=None)
    messages = [order(n, lines=[project_line("P2")]) for n in (1, 2, 3, 4)]
    process = destination.start(*messages, state("purchase_orders"), project_routes=routes)
    until(lambda: len(destination.asana.log()) > requests or not process.is_alive())
    process.kill()
    process.join(240)
    destination.asana.control("DELETE", "faults")
    destination.asana.settings(record_bodies=True)
    destination.write(*messages, project_routes=routes)
    assert [set(homes(destination, order_id(n))) for n in (1, 2, 3, 4)] == [{REGISTER, two}] * 4
    destination.write(*(order(n) for n in (1, 2, 3, 4)), project_routes=routes)
    assert [set(homes(destination, order_id(n))) for n in (1, 2, 3, 4)] == [{REGISTER}] * 4


def test_a_full_task_leaves_before_it_joins_and_the_project_takes_others(destination):
    gids = [asana_project(destination, f"G{n}") for n in range(20)]
    routes = [by_project("P1", gid) for gid in gids[:19]]
    routes += [by_project("P2", gid) for gid in (*gids[:18], gids[19])]
    bring(destination, "P1", routes)
    assert len(homes(destination)) == 20
    run = bring(destination, "P2", routes)
    assert set(homes(destination)) == {REGISTER, *gids[:18], gids[19]}
    assert run.warnings == []
    bring(destination, "P2", routes, number=2)
    assert gids[19] in homes(destination, order_id(2))


def test_a_task_that_people_have_filled_up_keeps_no_other_document_out(destination, routed):
    _, two, routes = routed
    bring(destination, "P1", routes)
    for n in range(18):
        move(destination, "addProject", asana_project(destination, f"Theirs {n}"))
    assert len(homes(destination)) == 20
    bring(destination, "P1 P2", routes)
    assert two not in homes(destination)
    bring(destination, "P2", routes, number=2)
    assert two in homes(destination, order_id(2))


def test_without_its_memory_a_task_still_leaves_where_the_sync_has_put_it(destination, routed):
    _, two, routes = routed
    theirs = asana_project(destination, "Theirs")
    routes.append(by_project("P9", theirs))
    bring(destination, "P1", routes)
    move(destination, "addProject", theirs)
    destination.as_person("PUT", f"/tasks/{destination.task(FIRST)['gid']}", notes="Mine")
    bring(destination, "P2", routes)
    assert set(homes(destination)) == {REGISTER, two, theirs}


def test_a_task_that_a_person_has_put_back_stays(destination, routed):
    one, two, routes = routed
    bring(destination, "P1", routes)
    move(destination, "removeProject", one)
    bring(destination, "P1", routes, orderTotal=99.0)
    move(destination, "addProject", one)
    bring(destination, "P2", routes)
    assert set(homes(destination)) == {REGISTER, one, two}
