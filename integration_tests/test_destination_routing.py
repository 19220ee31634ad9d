"""Documents in further Asana projects: by the settings' routes, in the create call, and when routes change."""

import pytest

from integration_tests.destination_messages import line, order, order_id, segments, state
from integration_tests.destination_project_support import TEAM, WORKSPACE
from integration_tests.destination_support import Destination
from integration_tests.sandbox.harness import AsanaSandbox

REGISTER = AsanaSandbox.PROJECT
FIRST = order_id(1)


def project_line(code, number=1, **more):
    return line(number, project={"internalId": 4, "id": code, "description": f"About {code}"}, **more)


def asana_project(destination: Destination, name, **data):
    """A project of a person's, in which the token's user is an editor."""
    made = destination.as_person("POST", "/projects", name=name, workspace=WORKSPACE, team=TEAM, **data)
    return made["gid"]


def share(destination, gid, level):
    """Gives the token's user a level of access of its own; gives the membership."""
    return destination.as_person("POST", "/memberships", parent=gid, member="1200000000000010", access_level=level)[
        "gid"
    ]


def by_project(code, gid, **more):
    return {"by": "project", "value": code, "project_gid": gid, **more}


def homes(destination, visma_id=FIRST):
    """The projects of a document's task, with its sections there."""
    return {each["project"]: each["section"] for each in destination.task(visma_id)["memberships"]}


def moving(destination):
    """The requests that moved tasks between projects."""
    return [each for each in destination.written if each.endswith(("/addProject", "/removeProject"))]


# --- create ----------------------------------------------------------------------------------------------------------


def test_the_create_call_puts_a_task_into_its_projects(destination):
    web, plan = asana_project(destination, "Website"), asana_project(destination, "Planning")
    routes = [by_project("p1001", web, section="Purchases"), by_project("About P10*", plan), by_project("P9", REGISTER)]
    run = destination.write(
        order(lines=[project_line("P1001"), project_line("X", 2)]), state("purchase_orders"), project_routes=routes
    )
    assert homes(destination) == {REGISTER: "Untitled section", web: "Purchases", plan: "Untitled section"}
    assert run.state_ids == [1]
    assert run.warnings == []
    [created] = [each for each in destination.requests("POST") if each["path"].endswith("/tasks")]
    assert created["body"]["data"]["projects"] == [REGISTER, web, plan]
    assert moving(destination) == []
    assert destination.task(order_id(1))["fields"]["Visma projects"] == ["P1001 About P1001"]
    # A second document costs one call, and its lines.
    destination.fresh_log()
    destination.write(order(2, lines=[project_line("P1001")]), project_routes=routes, line_items="none")
    assert [each for each in destination.written if "custom_fields" not in each] == ["POST /tasks"]
    assert set(homes(destination, order_id(2))) == {REGISTER, web, plan}
    # What has not changed is not written.
    destination.fresh_log()
    destination.write(order(2, lines=[project_line("P1001")]), project_routes=routes, line_items="none")
    assert destination.written == []


@pytest.mark.parametrize(
    ("by", "value", "changes"),
    [
        ("cost_center", "330", {"lines": [line(sub=segments(("10", "Bergen"), ("330", "Marketing")))]}),
        ("cost_center", "market*", {"lines": [line(), line(2, sub=segments(("10", "Bergen"), ("330", "Marketing")))]}),
        ("branch", "2", {"branch": {"number": "2", "name": "Bergen"}}),
        ("branch", "berg?n", {"lines": [line(branch={"number": "2", "name": "Bergen"})]}),
        ("supplier", "50012", {}),
        ("supplier", "nordic *", {}),
    ],
)
def test_routes_by_other_things(destination, by, value, changes):
    gid = asana_project(destination, "Bergen")
    route = {"by": by, "value": value, "project_gid": gid, "section": None}
    # Which segments are shown as cost centres is another matter.
    destination.write(order(**changes), project_routes=[route], cost_center_segments=["1"])
    assert set(homes(destination)) == {REGISTER, gid}
    destination.write(
        order(2, supplier={"number": "9", "name": "Other AS"}, branch={"number": "20", "name": "Oslo"}),
        project_routes=[route],
    )
    assert set(homes(destination, order_id(2))) == {REGISTER}


def test_important_fields_are_columns_of_routed_projects(destination):
    gid = asana_project(destination, "Website")
    destination.write(order(lines=[project_line("P1001")]), project_routes=[by_project("P1001", gid)])
    shown = destination.asana.as_person(
        "GET", f"/projects/{gid}/custom_field_settings", query={"opt_fields": "custom_field.name,is_important"}
    )
    assert {each["custom_field"]["name"]: each["is_important"] for each in shown} == dict.fromkeys(
        (
            "Visma amount",
            "Visma currency",
            "Visma due date",
            "Visma status",
            "Visma document type",
            "Visma remaining",
        ),
        True,
    )
    destination.fresh_log()
    destination.write(order(2, lines=[project_line("P1001")]), project_routes=[by_project("P1001", gid)])
    assert [each for each in destination.written if "Setting" in each] == []


@pytest.mark.parametrize("action", ["lost_answer", "drop", "timeout"])
def test_a_lost_answer_to_the_create(destination, action):
    gid = asana_project(destination, "Website")
    destination.asana.fault(action=action, method="POST", path="^/tasks(\\?|$)")
    destination.write(order(lines=[project_line("P1001")]), project_routes=[by_project("P1001", gid)])
    assert set(homes(destination)) == {REGISTER, gid}
    destination.fresh_log()
    destination.write(order(lines=[project_line("P1001")]), project_routes=[by_project("P1001", gid)])
    assert destination.written == []


def test_more_projects_than_a_task_may_stand_in(destination):
    named = [asana_project(destination, f"P1001 part {n}") for n in range(25)]
    first = asana_project(destination, "All orders")
    settings = {
        "route_by_project_name": True,
        "project_routes": [{"by": "supplier", "value": "*", "project_gid": first}],
    }
    run = destination.write(order(lines=[project_line("P1001")]), **settings)
    found = set(homes(destination))
    assert len(found) == 20
    assert {REGISTER, first} < found
    [warning] = run.warnings
    assert order_id(1) in warning
    assert all((gid in warning) is (gid not in found) for gid in named)
    destination.fresh_log()
    destination.write(order(lines=[project_line("P1001")]), **settings)
    assert destination.written == []


# --- by name ---------------------------------------------------------------------------------------------------------


def test_projects_by_name(destination):
    names = ("P1001 Website", "p1001: the website", "[P1001] Website", "P1001", "P1001-x", "P10012 Other", "Old P1001")
    gids = [asana_project(destination, name) for name in names]
    asana_project(destination, "P1001 archived", archived=True)
    comments = asana_project(destination, "P1001 comments only")
    share(destination, comments, "commenter")
    lines = [project_line("P1001"), project_line("x", 2)]
    asana_project(destination, "X files")
    run = destination.write(order(lines=lines), order(2, lines=lines), route_by_project_name=True)
    assert set(homes(destination)) == {REGISTER, *gids[:4]}
    assert set(homes(destination, order_id(2))) == {REGISTER, *gids[:4]}
    assert run.warnings == []
    listings = [
        each
        for each in destination.requests("GET")
        if each["path"].startswith("/projects") and "archived" in each["query"]
    ]
    assert len(listings) == 1


# --- unwritable ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("how", ["commenter", "unknown", "hidden level"])
def test_a_project_that_takes_no_tasks(destination, how):
    good, bad = asana_project(destination, "Good"), asana_project(destination, "Bad")
    if how == "unknown":
        bad = "1299999999999998"
    else:
        membership = share(destination, bad, "commenter")
    if how == "hidden level":
        destination.asana.fault(action="error", status=403, path="^/memberships", times=None)
    routes = [by_project("P10*", bad), by_project("P1001", good)]
    messages = [order(n, lines=[project_line("P1001")]) for n in (1, 2)]
    run = destination.write(*messages, state("purchase_orders"), project_routes=routes)
    assert set(homes(destination)) == set(homes(destination, order_id(2))) == {REGISTER, good}
    assert run.state_ids == [1]
    [warning] = run.warnings
    assert "project_routes, entry project “P10*”" in warning
    verdict = destination.check(project_routes=routes).verdict
    if how != "hidden level":
        assert verdict["status"] == "FAILED"
        assert "project_routes, entry project “P10*”" in verdict["message"]
        destination.fresh_log()
        destination.write(*messages, project_routes=routes)
        assert destination.written == []
    # Once it takes tasks, the document joins when its record comes.
    if how == "commenter":
        destination.as_person("PUT", f"/memberships/{membership}", access_level="editor")
        destination.write(*messages, project_routes=routes)
        assert set(homes(destination)) == {REGISTER, good, bad}


def test_a_dry_run_and_check(destination):
    gid = asana_project(destination, "Website")
    routes = [by_project("P1001", gid, section="Purchases")]
    assert destination.check(project_routes=routes).verdict["status"] == "SUCCEEDED"
    run = destination.write(order(lines=[project_line("P1001")]), project_routes=routes, dry_run=True)
    assert destination.written == []
    assert f"projects: {gid}" in run.log
    destination.write(order(lines=[project_line("P1001")]))
    destination.fresh_log()
    run = destination.write(order(lines=[project_line("P1001")]), project_routes=routes, dry_run=True)
    assert destination.written == []
    assert f"projects: {REGISTER} → {REGISTER}, {gid}" in run.log
