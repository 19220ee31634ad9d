"""The sandbox Asana's projects, members, portfolios, tags, teams and copies."""

import pytest

from integration_tests.sandbox.asana.client import Client
from integration_tests.sandbox.harness import AsanaSandbox

pytest_plugins = ["integration_tests.sandbox.asana.testing"]
TEAM = "1200000000000200"
PORTFOLIO = "1200000000000400"


def _project(client: Client, **more: object) -> str:
    gid: str = client.post("/projects", {"name": "Invoice 1", "workspace": client.workspace, **more})["gid"]
    return gid


def test_a_new_project(client: Client) -> None:
    gid = _project(client, team=TEAM, due_on="2026-03-01", start_on="2026-02-01", privacy_setting="private", notes="n")
    project = client.get(f"/projects/{gid}")
    assert (project["team"]["name"], project["owner"]["name"]) == ("Finance", "Finance Bot")
    assert (project["public"], project["privacy_setting"]) == (False, "private")
    assert [section["name"] for section in client.get(f"/projects/{gid}/sections")] == ["Untitled section"]
    assert gid in {row["gid"] for row in client.get(f"/teams/{TEAM}/projects", limit=10)}


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ({"workspace": "1200000000000001"}, "name"),
        ({"name": "x"}, "workspace"),
        ({"name": "x", "team": TEAM}, "workspace"),
        ({"name": "x" * 1025, "workspace": "1200000000000001"}, "1024"),
        ({"name": "x", "workspace": "1200000000000001", "start_on": "2026-01-01"}, "start_on"),
        ({"name": "x", "workspace": "1200000000000001", "start_on": "2026-01-01", "due_on": "2026-01-01"}, "before"),
        ({"name": "x", "workspace": "1200000000000001", "color": "mauve"}, "color"),
        ({"name": "x", "workspace": "1200000000000002"}, "Unknown object"),
    ],
)
def test_projects_that_are_refused(client: Client, data: dict[str, object], text: str) -> None:
    status, message = client.refused("POST", "/projects", data)
    assert status == 400
    assert text in message


def test_an_organisation_may_ask_for_a_team(client: Client, asana: AsanaSandbox) -> None:
    asana.settings(team_required=True)
    body: dict[str, object] = {"name": "x", "workspace": client.workspace}
    assert client.refused("POST", "/projects", body) == (400, "team: Missing required team field")
    client.post("/projects", {**body, "team": TEAM})


def test_what_a_project_takes_later(client: Client) -> None:
    gid = _project(client)
    assert "privacy_setting" in client.refused("PUT", f"/projects/{gid}", {"public": False})[1]
    assert client.refused("PUT", f"/projects/{gid}", {"workspace": client.workspace})[0] == 400
    changed = client.put(f"/projects/{gid}", {"archived": True, "html_notes": "<body><em>x</em></body>"})
    assert (changed["archived"], changed["notes"]) == (True, "x")
    assert gid not in {row["gid"] for row in client.get("/projects", archived="false", limit=100)}


def test_deleted_projects_leave_their_tasks_in_no_project(client: Client) -> None:
    gid = _project(client)
    task = client.post("/tasks", {"name": "x", "projects": [gid]})["gid"]
    assert client.send("DELETE", f"/projects/{gid}").json() == {"data": {}}
    assert client.refused("GET", f"/projects/{gid}")[0] == 404
    assert client.get(f"/tasks/{task}")["memberships"] == []


def test_private_projects_are_for_members(client: Client, person: Client) -> None:
    gid = _project(client, privacy_setting="private")
    assert person.refused("GET", f"/projects/{gid}")[0] == 404
    membership = client.post("/memberships", {"parent": gid, "member": TEAM, "access_level": "commenter"})
    assert person.get(f"/projects/{gid}")["name"] == "Invoice 1"
    assert person.refused("POST", "/tasks", {"name": "x", "projects": [gid]})[0] == 403
    client.put(f"/memberships/{membership['gid']}", {"access_level": "editor"})
    person.post("/tasks", {"name": "x", "projects": [gid]})
    client.send("DELETE", f"/memberships/{membership['gid']}")
    assert person.refused("GET", f"/projects/{gid}")[0] == 404


def test_memberships_of_people(client: Client) -> None:
    gid = _project(client)
    body = {"parent": gid, "member": "kari.nordmann@nordlys.example"}
    made = client.post("/memberships", body)
    assert (made["access_level"], made["member"]["name"]) == ("editor", "Kari Nordmann")
    assert client.refused("POST", "/memberships", body)[0] == 400
    names = {row["member"]["name"] for row in client.get("/memberships", parent=gid, limit=10)}
    assert names == {"Finance Bot", "Kari Nordmann"}
    assert client.get(f"/memberships/{made['gid']}")["parent"]["gid"] == gid
    client.post(f"/projects/{gid}/addMembers", {"members": "mikko.virtanen@nordlys.example"})
    client.post(f"/projects/{gid}/removeMembers", {"members": ["kari.nordmann@nordlys.example"]})
    members = client.get(f"/projects/{gid}", opt_fields="members.name")["members"]
    assert [member["name"] for member in members] == ["Finance Bot", "Mikko Virtanen"]


def test_counts_are_shown_when_asked_for(client: Client) -> None:
    client.task("open")
    client.task("done", completed=True)
    path = f"/projects/{client.project}/task_counts"
    assert client.get(path) == {}
    assert client.get(path, opt_fields="num_tasks,num_completed_tasks") == {"num_tasks": 2, "num_completed_tasks": 1}


def test_copies_are_jobs(client: Client, asana: AsanaSandbox) -> None:
    asana.settings(job_duration=0)
    key = client.field("Key")["gid"]
    task = client.task("x", notes="n", custom_fields={key: "a"})
    client.post(f"/tasks/{task['gid']}/subtasks", {"name": "1. line"})
    job = client.post(f"/tasks/{task['gid']}/duplicate", {"name": "copy", "include": "notes,subtasks,projects"})
    copy = client.get(f"/tasks/{job['new_task']['gid']}", opt_fields="notes,num_subtasks,custom_fields.text_value")
    assert (copy["notes"], copy["num_subtasks"], copy["custom_fields"][1]["text_value"]) == ("n", 1, "a")
    body = {"name": "copied", "include": "notes,task_notes,task_subtasks"}
    job = client.post(f"/projects/{client.project}/duplicate", body)
    project = job["new_project"]["gid"]
    assert {row["name"] for row in client.get("/tasks", project=project)} == {"x", "copy"}
    saved = client.post(f"/projects/{client.project}/saveAsTemplate", {"name": "t", "public": True})
    assert client.get(f"/jobs/{saved['gid']}")["new_project_template"]["name"] == "t"
    assert "t" in {row["name"] for row in client.get("/project_templates", workspace=client.workspace, limit=10)}


def test_portfolios(client: Client, person: Client, asana: AsanaSandbox) -> None:
    first, second = _project(client), _project(client)
    for gid in (first, second):
        client.post(f"/portfolios/{PORTFOLIO}/addItem", {"item": gid})
    client.post(f"/portfolios/{PORTFOLIO}/addItem", {"item": second, "insert_before": first})
    path = f"/portfolios/{PORTFOLIO}/items"
    assert [row["gid"] for row in client.get(path, limit=10)] == [second, first]
    client.post(f"/portfolios/{PORTFOLIO}/removeItem", {"item": second})
    assert [row["gid"] for row in client.get(path, limit=10)] == [first]
    own = client.post("/portfolios", {"name": "mine", "workspace": client.workspace})["gid"]
    assert person.refused("PUT", f"/portfolios/{own}", {"name": "x"})[0] == 403
    listed = client.get("/portfolios", workspace=client.workspace, owner="me", limit=10)
    assert [row["name"] for row in listed] == ["Finance portfolio", "mine"]
    assert client.refused("GET", "/portfolios", workspace=client.workspace, owner="1200000000000011")[0] == 403
    client.send("DELETE", f"/portfolios/{own}")
    assert client.refused("GET", f"/portfolios/{own}")[0] == 404
    asana.settings(plan="starter")
    assert client.refused("GET", f"/portfolios/{PORTFOLIO}")[0] == 402


def test_tags_and_dependencies(client: Client) -> None:
    first, second = client.task("a")["gid"], client.task("b")["gid"]
    tag = client.post("/tags", {"name": "late", "workspace": client.workspace, "color": "dark-red"})["gid"]
    client.post(f"/tasks/{first}/addTag", {"tag": tag})
    assert [row["gid"] for row in client.get("/tasks", tag=tag)] == [first]
    client.put(f"/tags/{tag}", {"name": "very late"})
    assert [row["name"] for row in client.get(f"/tasks/{first}/tags")] == ["very late"]
    client.send("DELETE", f"/tags/{tag}")
    assert client.get(f"/tasks/{first}")["tags"] == []
    client.post(f"/tasks/{first}/addDependencies", {"dependencies": [second]})
    assert [row["gid"] for row in client.get(f"/tasks/{first}/dependencies")] == [second]
    client.post(f"/tasks/{first}/removeDependencies", {"dependencies": [second]})
    assert client.get(f"/tasks/{first}/dependencies") == []


def test_tasks_move_between_projects(client: Client) -> None:
    task = client.task()["gid"]
    other = _project(client)
    client.post(f"/tasks/{task}/addProject", {"project": other})
    assert len(client.get(f"/tasks/{task}/projects")) == 2
    client.post(f"/tasks/{task}/removeProject", {"project": client.project})
    assert client.refused("POST", f"/tasks/{task}/removeProject", {"project": client.project})[0] == 400
    assert client.get("/tasks", project=client.project) == []
    assert [row["gid"] for row in client.get("/tasks", project=other)] == [task]


def test_a_task_is_in_twenty_projects_at_most(client: Client) -> None:
    projects = [_project(client) for _ in range(20)]
    task = client.post("/tasks", {"name": "x", "projects": projects})["gid"]
    assert client.refused("POST", f"/tasks/{task}/addProject", {"project": client.project})[0] == 400


def test_sections_move(client: Client) -> None:
    path = f"/projects/{client.project}/sections"
    first = client.get(path)[0]["gid"]
    second = client.post(path, {"name": "b"})["gid"]
    client.post(f"{path}/insert", {"section": second, "before_section": first})
    assert [row["gid"] for row in client.get(path)] == [second, first]
    assert client.put(f"/sections/{second}", {"name": "renamed"})["name"] == "renamed"
    assert client.refused("POST", path, {})[0] == 400


def test_teams_and_people(client: Client) -> None:
    assert [row["name"] for row in client.get(f"/workspaces/{client.workspace}/teams", limit=10)] == ["Finance"]
    names = [row["name"] for row in client.get(f"/teams/{TEAM}/users")]
    assert names == sorted(names)
    made = client.post("/teams", {"name": "Audit", "organization": client.workspace})
    assert client.get(f"/teams/{made['gid']}")["organization"]["gid"] == client.workspace
    assert client.get("/users/kari.nordmann@nordlys.example")["name"] == "Kari Nordmann"
    assert client.refused("GET", "/users/1200000000000019")[0] == 404
    mine = client.get("/users/me/teams", organization=client.workspace, limit=10)
    assert [row["name"] for row in mine] == ["Finance", "Audit"]
    assert client.get("/users/me/workspace_memberships", limit=10)[0]["workspace"]["gid"] == client.workspace
