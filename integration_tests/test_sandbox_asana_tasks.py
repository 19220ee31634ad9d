"""The sandbox Asana's tasks, subtasks, sections and stories, over real HTTP."""

import pytest

from integration_tests.sandbox.asana.client import Client
from integration_tests.sandbox.harness import AsanaSandbox

pytest_plugins = ["integration_tests.sandbox.asana.testing"]


def test_a_created_task_comes_back_whole_with_201(client: Client) -> None:
    answer = client.send("POST", "/tasks", {"name": "Invoice 1", "projects": [client.project], "due_on": "2026-03-01"})
    task = answer.json()["data"]
    assert answer.status_code == 201
    assert (task["name"], task["due_on"], task["completed"]) == ("Invoice 1", "2026-03-01", False)
    assert task["gid"].isdigit()
    assert task["resource_type"] == "task"
    assert task["memberships"][0]["section"]["name"] == "Untitled section"
    assert task["created_at"] == task["modified_at"]


@pytest.mark.parametrize(
    ("body", "status", "text"),
    [
        ({"name": "x"}, 400, "Unrecognized request field"),
        ({"data": {"name": "x"}, "extra": 1}, 400, "Unrecognized request field"),
        ({}, 400, "data"),
        ({"data": {"name": "x"}}, 400, "You should specify one of workspace, parent, projects"),
        ({"data": {"name": "x", "projects": ["404"]}}, 400, "projects: Unknown object: 404"),
        ({"data": {"name": "x", "projects": ["abc"]}}, 400, "Not a recognized ID: abc"),
        ({"data": {"name": "x", "projects": ["1200000000000100"], "nmae": "y"}}, 400, "nmae"),
    ],
)
def test_bodies_that_are_refused(client: Client, body: dict[str, object], status: int, text: str) -> None:
    answer = client.http.post("/tasks", json=body)
    assert answer.status_code == status
    assert text in answer.json()["errors"][0]["message"]


def test_a_body_that_is_not_json_is_refused(client: Client) -> None:
    answer = client.http.post("/tasks", content=b'{"data": {', headers={"Content-Type": "application/json"})
    assert answer.status_code == 400
    assert "invalid JSON" in answer.text


@pytest.mark.parametrize("key", ["projects", "followers", "tags", "workspace", "memberships"])
def test_create_only_keys_are_refused_on_put(client: Client, key: str) -> None:
    task = client.task()
    assert client.refused("PUT", f"/tasks/{task['gid']}", {key: []}) == (400, f"{key}: Cannot write this property")


def test_parent_in_put_points_to_set_parent(client: Client) -> None:
    task = client.task()
    status, text = client.refused("PUT", f"/tasks/{task['gid']}", {"parent": task["gid"]})
    assert status == 400
    assert "setParent" in text


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ({"due_on": "2026-01-01", "due_at": "2026-01-01T10:00:00Z"}, "You may only provide one of due_on or due_at!"),
        ({"start_on": "2026-01-01"}, "due_on or due_at must be present"),
        ({"start_at": "2026-01-01T10:00:00Z"}, "due_at must be present"),
        ({"due_on": "2026-02-30"}, "not a valid date"),
        ({"start_on": "2026-02-02", "due_on": "2026-02-01"}, "must not be after"),
        ({"notes": "a", "html_notes": "<body>a</body>"}, "one of notes or html_notes"),
        ({"completed": "true"}, "not a boolean"),
        ({"name": None}, "not a string"),
        ({"name": "x" * 1025}, "1024"),
        ({"notes": "x" * 65_536}, "65535"),
        ({"html_notes": f"<body>{'x' * 65_523}</body>"}, "65535"),
        ({"assignee": "nobody@nordlys.example"}, "assignee: Not a user in Organization"),
        ({"assignee": "per.slutaren@nordlys.example"}, "assignee: Not a user in Organization"),
        ({"assignee": "else.where@elsewhere.example"}, "assignee: Not a user in Organization"),
        ({"assignee": "Kari Nordmann"}, "Not a recognized ID"),
        ({"approval_status": "approved"}, "approval tasks"),
    ],
)
def test_values_that_are_refused(client: Client, data: dict[str, object], text: str) -> None:
    task = client.task(due_on="2026-05-01")
    status, message = client.refused("PUT", f"/tasks/{task['gid']}", data)
    assert status == 400
    assert text in message
    assert client.get(f"/tasks/{task['gid']}")["modified_at"] == task["modified_at"]


@pytest.mark.parametrize(
    "notes",
    [
        "no body at all",
        "<body><p>paragraph</p></body>",
        "<body>line<br/>break</body>",
        "<body>R&D</body>",
        "<body><strong class='x'>a</strong></body>",
        "<body><table><tr><td>a</td></tr></table></body>",
        "<body>open <em></body>",
        "<!DOCTYPE x [<!ENTITY a 'b'>]><body>&a;</body>",
    ],
)
def test_rich_text_is_strict(client: Client, notes: str) -> None:
    status, text = client.refused("POST", "/tasks", {"projects": [client.project], "html_notes": notes})
    assert status == 400
    assert text.startswith("html_notes: XML is invalid")


def test_rich_text_that_is_taken(client: Client) -> None:
    rich = (
        "<body><h1>Invoice</h1><strong>R&amp;D</strong>\n<ul><li>one</li></ul><a href='https://x.example'>x</a></body>"
    )
    task = client.task(html_notes=rich)
    shown = client.get(f"/tasks/{task['gid']}", opt_fields="html_notes,notes")
    assert shown["html_notes"] == rich
    assert "R&D" in shown["notes"]


def test_headings_are_for_tasks_only(client: Client) -> None:
    task = client.task()
    status, _ = client.refused("POST", f"/tasks/{task['gid']}/stories", {"html_text": "<body><h1>a</h1></body>"})
    assert status == 400


def test_external_ids_stand_for_gids_and_are_unique(client: Client) -> None:
    name = "SupplierInvoiceId:4100251/Invoice/1"
    task = client.task(external={"gid": name, "data": "{}"})
    quoted = name.replace("/", "%2F")
    assert client.get(f"/tasks/external:{quoted}")["gid"] == task["gid"]
    assert "external" not in client.get(f"/tasks/external:{quoted}")
    assert client.get(f"/tasks/external:{quoted}", opt_fields="external")["external"]["gid"] == name
    client.put(f"/tasks/external:{quoted}", {"name": "renamed"})
    status, text = client.refused("POST", "/tasks", {"projects": [client.project], "external": {"gid": name}})
    assert status == 400
    assert "already assigned" in text
    assert client.send("DELETE", f"/tasks/{task['gid']}").json() == {"data": {}}
    assert client.refused("GET", f"/tasks/external:{quoted}")[0] == 404


def test_external_ids_are_not_seen_by_others(client: Client, person: Client) -> None:
    client.task(external={"gid": "mine"})
    assert person.refused("GET", "/tasks/external:mine")[0] == 404


def test_deleting_puts_the_subtasks_into_the_trash_too(client: Client, asana: AsanaSandbox) -> None:
    task = client.task()
    child = client.post(f"/tasks/{task['gid']}/subtasks", {"name": "1. line"})
    client.send("DELETE", f"/tasks/{task['gid']}")
    assert client.refused("GET", f"/tasks/{child['gid']}") == (404, f"task: Unknown object: {child['gid']}")
    assert client.refused("DELETE", f"/tasks/{task['gid']}")[0] == 404
    assert {one["gid"] for one in asana.state()["trash"]} == {task["gid"], child["gid"]}


def test_subtasks_stay_out_of_the_project_and_keep_an_order(client: Client) -> None:
    task = client.task()
    path = f"/tasks/{task['gid']}/subtasks"
    first, second, third = (client.post(path, {"name": f"{n}. line"})["gid"] for n in (1, 2, 3))
    client.post(f"/tasks/{third}/setParent", {"parent": task["gid"], "insert_before": first})
    client.post(f"/tasks/{first}/setParent", {"parent": task["gid"], "insert_before": None})
    assert [child["gid"] for child in client.get(path, limit=10)] == [third, second, first]
    client.post(f"/tasks/{first}/setParent", {"parent": task["gid"], "insert_after": None})
    assert [child["gid"] for child in client.get(path, limit=10)] == [first, third, second]
    other = client.task("other")
    status, _ = client.refused(
        "POST", f"/tasks/{first}/setParent", {"parent": task["gid"], "insert_after": other["gid"]}
    )
    assert status == 400
    assert {task["gid"] for task in client.get("/tasks", project=client.project)} == {task["gid"], other["gid"]}
    assert client.get(f"/tasks/{task['gid']}", opt_fields="num_subtasks") == {"gid": task["gid"], "num_subtasks": 3}


def test_subtasks_nest_five_levels_deep(client: Client) -> None:
    gid = client.task()["gid"]
    for _ in range(5):
        gid = client.post(f"/tasks/{gid}/subtasks", {"name": "deeper"})["gid"]
    assert client.refused("POST", f"/tasks/{gid}/subtasks", {"name": "too deep"})[0] == 400


def test_modified_at_moves_with_the_task_not_with_places_or_subtasks(client: Client) -> None:
    task = client.task()
    path = f"/tasks/{task['gid']}"
    section = client.post(f"/projects/{client.project}/sections", {"name": "Open"})
    client.post(f"/sections/{section['gid']}/addTask", {"task": task["gid"]})
    client.post(f"{path}/subtasks", {"name": "line"})
    client.put(path, {"name": "Invoice 1"})
    assert client.get(path)["modified_at"] == task["modified_at"]
    client.post(f"{path}/stories", {"text": "hello"})
    commented = client.get(path)["modified_at"]
    assert commented > task["modified_at"]
    assert client.put(path, {"name": "Invoice 1b"})["modified_at"] > commented


def test_every_change_leaves_a_story(client: Client) -> None:
    status = client.field("Status", "enum", enum_options=[{"name": "Open"}, {"name": "Closed"}])
    closed = status["enum_options"][1]["gid"]
    task = client.task(assignee="kari.nordmann@nordlys.example")
    path = f"/tasks/{task['gid']}"
    client.put(path, {"name": "b", "due_on": "2026-04-01", "completed": True, "custom_fields": {status["gid"]: closed}})
    client.put(path, {"completed": True})
    client.put(path, {"completed": False, "assignee": None, "notes": "n"})
    client.post(f"{path}/stories", {"text": "a comment", "is_pinned": True})
    stories = client.get(f"{path}/stories", limit=50, opt_fields="resource_subtype,type,text,new_enum_value.name")
    assert sorted(story["resource_subtype"] for story in stories) == sorted(
        [
            "added_to_project",
            "assigned",
            "name_changed",
            "due_date_changed",
            "marked_complete",
            "enum_custom_field_changed",
            "marked_incomplete",
            "unassigned",
            "notes_changed",
            "comment_added",
        ]
    )
    assert [story["type"] for story in stories].count("comment") == 1
    assert [s["new_enum_value"]["name"] for s in stories if "new_enum_value" in s] == ["Closed"]


def test_comments_are_edited_by_their_author_only(client: Client, person: Client) -> None:
    task = client.task()
    story = client.post(f"/tasks/{task['gid']}/stories", {"text": "first"})
    assert client.put(f"/stories/{story['gid']}", {"text": "second"})["text"] == "second"
    assert person.refused("PUT", f"/stories/{story['gid']}", {"text": "third"})[0] == 403
    system = client.get(f"/tasks/{task['gid']}/stories")[0]
    assert client.refused("PUT", f"/stories/{system['gid']}", {"text": "x"})[0] == 403


def test_approval_and_completion_move_together(client: Client) -> None:
    task = client.task(resource_subtype="approval")
    path = f"/tasks/{task['gid']}"
    assert client.get(path, opt_fields="approval_status")["approval_status"] == "pending"
    assert client.put(path, {"completed": True}, opt_fields="approval_status")["approval_status"] == "approved"
    changed = client.put(path, {"approval_status": "changes_requested"}, opt_fields="completed,approval_status")
    assert changed == {"gid": task["gid"], "completed": True, "approval_status": "changes_requested"}
    assert client.put(path, {"completed": False}, opt_fields="approval_status")["approval_status"] == "pending"


def test_sections_take_tasks_on_top_and_projects_at_the_end(client: Client) -> None:
    first, second, third = (client.task(str(n))["gid"] for n in (1, 2, 3))
    section = client.post(f"/projects/{client.project}/sections", {"name": "Open"})["gid"]
    for gid in (first, second):
        client.post(f"/sections/{section}/addTask", {"task": gid})
    client.post(f"/tasks/{third}/addProject", {"project": client.project, "section": section})
    assert [task["gid"] for task in client.get("/tasks", section=section)] == [second, first, third]
    assert client.refused("DELETE", f"/sections/{section}")[0] == 400
    assert client.get(f"/tasks/{first}", opt_fields="memberships.section.name")["memberships"] == [
        {"section": {"gid": section, "name": "Open"}}
    ]


def test_the_last_section_stays_and_an_empty_one_goes(client: Client) -> None:
    only = client.get(f"/projects/{client.project}/sections")[0]["gid"]
    assert client.refused("DELETE", f"/sections/{only}")[0] == 400
    second = client.post(f"/projects/{client.project}/sections", {"name": "b", "insert_before": only})["gid"]
    assert [s["gid"] for s in client.get(f"/projects/{client.project}/sections")] == [second, only]
    assert client.send("DELETE", f"/sections/{second}").status_code == 200


def test_memberships_in_the_create_call(client: Client) -> None:
    section = client.post(f"/projects/{client.project}/sections", {"name": "Open"})["gid"]
    task = client.post("/tasks", {"name": "x", "memberships": [{"project": client.project, "section": section}]})
    assert task["memberships"][0]["section"]["gid"] == section


def test_people_may_edit_what_the_bot_made(client: Client, person: Client, asana: AsanaSandbox) -> None:
    task = client.task()
    person.put(f"/tasks/{task['gid']}", {"notes": "mine"})
    asana.as_person("PUT", f"/tasks/{task['gid']}", data={"name": "also mine"})
    seen = asana.state()["tasks"][0]
    assert (seen["notes"], seen["name"]) == ("mine", "also mine")
    assert {story["by"] for story in seen["stories"]} == {"Finance Bot", "Kari Nordmann"}


def test_one_of_two_equal_task_names_is_not_the_other(client: Client) -> None:
    assert client.task("same")["gid"] != client.task("same")["gid"]


def test_attachments_are_multipart_only(client: Client) -> None:
    task = client.task()
    assert client.refused("POST", "/attachments", {"parent": task["gid"], "name": "x"})[0] == 400
    form = {"parent": task["gid"], "resource_subtype": "external", "name": "Visma", "url": "https://v.example/1"}
    answer = client.http.post("/attachments", files={name: (None, value) for name, value in form.items()})
    assert answer.status_code == 200, answer.text
    assert client.get("/attachments", parent=task["gid"])[0]["name"] == "Visma"


def test_half_a_character_is_no_json(client: Client) -> None:
    body = b'{"data": {"name": "\\ud83d", "projects": ["1200000000000100"]}}'
    answer = client.http.post("/tasks", content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code == 400
    assert client.task("😀")["name"] == "😀"


def test_external_data_may_take_oauth(client: Client, asana: AsanaSandbox) -> None:
    asana.settings(external_scope="none")
    body = {"name": "x", "projects": [client.project], "external": {"gid": "a"}}
    assert client.refused("POST", "/tasks", body)[0] == 403
