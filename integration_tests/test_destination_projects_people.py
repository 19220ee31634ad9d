"""Documents as projects, and what people do with them: nothing of theirs is lost, no project is made twice."""

from integration_tests.destination_messages import invoice, line, order, order_id
from integration_tests.destination_project_support import (
    LINES,
    NAMED_LINES,
    PORTFOLIO,
    TEAM,
    TEMPLATE,
    as_projects,
    projects,
    tasks_in,
    the_project,
    whole,
)
from integration_tests.destination_support import comments


def test_an_edited_register_does_not_lose_its_project(destination):
    destination.write(order(lines=LINES), streams=as_projects(team_gid=TEAM, portfolio_gid=PORTFOLIO))
    register = destination.task(order_id())
    destination.as_person("PUT", f"/tasks/{register['gid']}", notes="Ring Kari before paying.")
    changed = order(lines=LINES, promisedOn="2026-04-01T00:00:00")
    destination.write(changed, streams=as_projects(team_gid=TEAM, portfolio_gid=PORTFOLIO))
    assert the_project(destination)["due_on"] == "2026-04-01"
    assert destination.task(order_id())["notes"] == "Ring Kari before paying."
    destination.fresh_log()
    destination.write(changed, streams=as_projects(team_gid=TEAM, portfolio_gid=PORTFOLIO))
    assert destination.written == []


def test_an_edited_project_description_stays(destination):
    destination.write(order(), streams=as_projects())
    destination.as_person("PUT", f"/projects/{the_project(destination)['gid']}", notes="Ours.")
    destination.write(order(status="Closed", promisedOn="2026-04-01T00:00:00"), streams=as_projects())
    project = the_project(destination)
    assert (project["notes"], project["due_on"]) == ("Ours.", "2026-04-01")


def test_both_descriptions_gone_the_name_still_finds_it(destination):
    destination.write(order(), streams=as_projects())
    destination.as_person("PUT", f"/projects/{the_project(destination)['gid']}", notes="Ours.")
    destination.as_person("PUT", f"/tasks/{destination.task(order_id())['gid']}", notes="Ours, too.")
    destination.write(order(status="Closed"), streams=as_projects())
    assert the_project(destination)["notes"] == "Ours."


def test_a_lost_register_task_finds_the_project_again(destination):
    destination.write(order(lines=LINES), streams=as_projects())
    destination.as_person("DELETE", f"/tasks/{destination.task(order_id())['gid']}")
    destination.write(order(lines=LINES), streams=as_projects())
    assert whole(destination, 1)["linked"]
    assert whole(destination, 1)["tasks"] == NAMED_LINES


def test_a_deleted_project_is_not_made_again(destination):
    destination.write(order(), streams=as_projects())
    destination.as_person("DELETE", f"/projects/{the_project(destination)['gid']}")
    destination.fresh_log()
    run = destination.write(order(), streams=as_projects())
    assert projects(destination) == []
    assert destination.written == []
    assert len([text for text in run.warnings if order_id() in text]) == 1
    destination.write(order(status="Closed"), streams=as_projects())
    assert destination.task(order_id())["completed"]
    assert projects(destination) == []


def test_an_archived_project_stays_archived_and_right(destination):
    destination.write(order(lines=LINES), streams=as_projects())
    destination.as_person("PUT", f"/projects/{the_project(destination)['gid']}", archived=True)
    destination.write(order(lines=LINES, promisedOn="2026-04-01T00:00:00"), streams=as_projects())
    project = the_project(destination)
    assert project["archived"]
    assert project["due_on"] == "2026-04-01"


def test_a_line_moved_to_another_section_stays_there(destination):
    destination.write(order(lines=LINES), streams=as_projects())
    project = the_project(destination)
    done = destination.as_person("POST", f"/projects/{project['gid']}/sections", name="Done")
    first = tasks_in(destination, project)[0]
    destination.as_person("POST", f"/sections/{done['gid']}/addTask", task=first["gid"])
    destination.fresh_log()
    destination.write(order(lines=LINES), streams=as_projects())
    assert destination.written == []
    destination.write(order(lines=[*LINES, line(3, "Pens")]), streams=as_projects())
    where = {task["name"][:2]: task["memberships"][0]["section"] for task in tasks_in(destination, project)}
    assert where["1."] == "Done"


def test_a_copied_project_does_not_confuse(destination):
    destination.write(order(), streams=as_projects())
    project = the_project(destination)
    destination.as_person(
        "POST", f"/projects/{project['gid']}/duplicate", name="Copy of PO 000001", include="notes,task_notes"
    )
    destination.write(order(promisedOn="2026-04-01T00:00:00"), streams=as_projects())
    dues = {found["name"]: found["due_on"] for found in projects(destination)}
    assert dues["PO 000001 · Nordic Office AS"] == "2026-04-01"
    assert len(dues) == 2


def test_comments_and_quarantine_work_for_projects_too(destination):
    destination.write(order(), streams=as_projects(), change_comments=True)
    broken = order(2)
    broken["record"]["data"]["orderTotal"] = "much"
    destination.write(
        order(orderTotal=9), broken, streams=as_projects(), change_comments=True, on_record_error="quarantine"
    )
    assert len(comments(destination.task(order_id()))) == 1
    assert projects(destination, "PO 000002") == []
    assert len(destination.attention) == 1


def test_streams_of_both_shapes_share_one_project(destination):
    destination.write(order(), invoice(), streams=as_projects())
    assert len(destination.tasks) == 2
    assert projects(destination, "Invoice") == []


def test_numbers_of_two_companies_do_not_mix(destination):
    other = order(1)
    other["record"]["data"]["company_id"] = "777"
    destination.write(order(1), other, streams=as_projects(project_template_gid=TEMPLATE))
    assert len({project["notes"].split("Visma ID: ")[1].split("\n")[0] for project in projects(destination)}) == 2
