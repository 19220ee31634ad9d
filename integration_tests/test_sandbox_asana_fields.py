"""The sandbox Asana's custom fields: definitions, options, where they are, and what values they take."""

import pytest

from integration_tests.sandbox.asana.client import Client
from integration_tests.sandbox.harness import AsanaSandbox

pytest_plugins = ["integration_tests.sandbox.asana.testing"]


def _make(client: Client, **data: object) -> tuple[int, str]:
    return client.refused("POST", "/custom_fields", {"workspace": client.workspace, **data})


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ({"name": "x"}, "resource_subtype"),
        ({"name": "x", "type": "text"}, "resource_subtype"),
        ({"name": "x", "resource_subtype": "money"}, "resource_subtype"),
        ({"resource_subtype": "text"}, "name"),
        ({"name": "Due Date", "resource_subtype": "date"}, "built-in"),
        ({"name": "assignee", "resource_subtype": "people"}, "built-in"),
        ({"name": "priority", "resource_subtype": "text"}, "already exists"),
        ({"name": "x", "resource_subtype": "enum"}, "enum_options"),
        ({"name": "x", "resource_subtype": "enum", "enum_options": []}, "enum_options"),
        ({"name": "x", "resource_subtype": "enum", "enum_options": [{"name": "a", "enabled": False}]}, "enabled"),
        ({"name": "x", "resource_subtype": "enum", "enum_options": [{"name": "a" * 1025}]}, "1024"),
        ({"name": "x", "resource_subtype": "enum", "enum_options": [{"name": "a"}, {"name": "A"}]}, "Duplicate"),
        ({"name": "x", "resource_subtype": "enum", "enum_options": [{"name": "a", "color": "teal"}]}, "color"),
        ({"name": "x", "resource_subtype": "number", "precision": 7}, "precision"),
        ({"name": "x", "resource_subtype": "number", "format": "currency"}, "currency_code"),
        ({"name": "x", "resource_subtype": "number", "currency_code": "NOK"}, "currency_code"),
        ({"name": "x", "resource_subtype": "number", "format": "identifier", "precision": 1}, "identifiers"),
        ({"name": "x", "resource_subtype": "text", "is_global_to_workspace": False}, "Cannot write"),
    ],
)
def test_definitions_that_are_refused(client: Client, data: dict[str, object], text: str) -> None:
    status, message = _make(client, **data)
    assert status == 400
    assert text in message


def test_five_hundred_options_disabled_ones_counted(client: Client) -> None:
    many = [{"name": f"{number} account"} for number in range(501)]
    assert _make(client, name="Accounts", resource_subtype="multi_enum", enum_options=many)[0] == 400
    field = client.field("Accounts", "multi_enum", enum_options=many[:500])
    client.put(f"/enum_options/{field['enum_options'][0]['gid']}", {"enabled": False})
    assert client.refused("POST", f"/custom_fields/{field['gid']}/enum_options", {"name": "one more"})[0] == 400


def test_options_are_renamed_disabled_moved_but_never_deleted(client: Client) -> None:
    field = client.field("Status", "enum", enum_options=[{"name": "Open"}])
    path = f"/custom_fields/{field['gid']}"
    open_ = field["enum_options"][0]["gid"]
    assert client.refused("PUT", f"/enum_options/{open_}", {"enabled": False})[0] == 400
    closed = client.post(f"{path}/enum_options", {"name": "Closed", "color": "green"})["gid"]
    assert client.refused("POST", f"{path}/enum_options", {"name": "closed"})[0] == 400
    assert client.refused("PUT", f"/enum_options/{closed}", {"name": "Open"})[0] == 400
    client.put(f"/enum_options/{open_}", {"enabled": False, "name": "Was open"})
    client.post(f"{path}/enum_options/insert", {"enum_option": closed, "before_enum_option": open_})
    options = client.get(path)["enum_options"]
    assert [(option["name"], option["enabled"]) for option in options] == [("Closed", True), ("Was open", False)]
    assert client.refused("DELETE", f"/enum_options/{open_}")[0] == 404
    assert client.refused("PUT", path, {"enum_options": []})[0] == 400


def test_values_of_every_type(client: Client) -> None:
    text = client.field("t")["gid"]
    number = client.field("n", "number", precision=2)["gid"]
    enum = client.field("e", "enum", enum_options=[{"name": "a"}, {"name": "b"}])
    multi = client.field("m", "multi_enum", enum_options=[{"name": "a"}, {"name": "b"}])
    date = client.field("d", "date")["gid"]
    people = client.field("p", "people")["gid"]
    reference = client.field("r", "reference")["gid"]
    first, second = (option["gid"] for option in multi["enum_options"])
    task = client.task(
        custom_fields={
            text: "PO 1",
            number: -12.345,
            enum["gid"]: enum["enum_options"][1]["gid"],
            multi["gid"]: [second, first],
            date: {"date": "2026-03-01"},
            people: ["me", "kari.nordmann@nordlys.example"],
            reference: [client.project],
        }
    )
    values = {value["gid"]: value for value in task["custom_fields"]}
    assert values[text]["text_value"] == values[text]["display_value"] == "PO 1"
    assert (values[number]["number_value"], values[number]["display_value"]) == (-12.35, "-12.35")
    assert values[enum["gid"]]["enum_value"]["name"] == "b"
    assert [option["name"] for option in values[multi["gid"]]["multi_enum_values"]] == ["b", "a"]
    assert values[date]["date_value"] == {"date": "2026-03-01", "date_time": None}
    assert [user["name"] for user in values[people]["people_value"]] == ["Finance Bot", "Kari Nordmann"]
    assert values[reference]["reference_value"][0]["gid"] == client.project
    assert "text_value" not in values[number]
    cleared = client.put(f"/tasks/{task['gid']}", {"custom_fields": dict.fromkeys(values, None)})
    assert {value["display_value"] for value in cleared["custom_fields"]} == {None}


@pytest.mark.parametrize(
    ("subtype", "value", "text"),
    [
        ("text", "x" * 1025, "1024"),
        ("text", 5, "not a string"),
        ("number", "5", "not a number"),
        ("number", True, "not a number"),
        ("number", 1e15, "too large"),
        ("number", -1e40, "too large"),
        ("enum", "a", "Not a recognized ID"),
        ("enum", ["a"], "Not a recognized ID"),
        ("multi_enum", "a", "not an array"),
        ("date", "2026-03-01", "not a date object"),
        ("date", {"date": "2026-13-01"}, "not a valid date"),
        ("people", "me", "not an array"),
        ("people", ["per.slutaren@nordlys.example"], "Not a user in Organization"),
    ],
)
def test_values_that_are_refused(client: Client, subtype: str, value: object, text: str) -> None:
    options = {"enum_options": [{"name": "a"}]} if "enum" in subtype else {}
    field = client.field("x", subtype, **options)
    status, message = client.refused(
        "POST", "/tasks", {"name": "x", "projects": [client.project], "custom_fields": {field["gid"]: value}}
    )
    assert status == 400
    assert text in message
    assert client.get("/tasks", project=client.project) == []


def test_text_of_exactly_1024_characters_fits(client: Client) -> None:
    field = client.field("x")["gid"]
    assert client.task(custom_fields={field: "å" * 1024})["name"] == "Invoice 1"


def test_disabled_options_stay_where_they_are_and_go_nowhere_else(client: Client) -> None:
    field = client.field("Status", "enum", enum_options=[{"name": "Open"}, {"name": "Old"}])
    old = field["enum_options"][1]["gid"]
    task = client.task(custom_fields={field["gid"]: old})
    client.put(f"/enum_options/{old}", {"enabled": False})
    client.put(f"/tasks/{task['gid']}", {"custom_fields": {field["gid"]: old}})
    body = {"name": "x", "projects": [client.project], "custom_fields": {field["gid"]: old}}
    assert client.refused("POST", "/tasks", body)[0] == 400


def test_a_field_must_be_on_one_of_the_tasks_projects(client: Client) -> None:
    data = {"workspace": client.workspace, "name": "x", "resource_subtype": "text"}
    field = client.post("/custom_fields", data)["gid"]
    body = {"name": "x", "projects": [client.project], "custom_fields": {field: "a"}}
    text = f"Custom field with ID {field} is not on given object"
    assert client.refused("POST", "/tasks", body) == (400, text)
    body = {"name": "x", "workspace": client.workspace, "custom_fields": {field: "a"}}
    assert client.refused("POST", "/tasks", body) == (400, text)


def test_attaching_twice_is_refused_and_the_listing_tells(client: Client) -> None:
    field = client.field("x")["gid"]
    status, text = client.refused("POST", f"/projects/{client.project}/addCustomFieldSetting", {"custom_field": field})
    assert status == 400
    assert "already exists" in text
    settings = client.get(f"/projects/{client.project}/custom_field_settings", limit=100)
    assert [setting["custom_field"]["name"] for setting in settings] == ["Priority", "x"]


def test_subtasks_do_not_have_the_projects_fields(client: Client, asana: AsanaSandbox) -> None:
    field = client.field("x")["gid"]
    task = client.task(custom_fields={field: "a"})
    body = {"name": "1. line", "custom_fields": {field: "b"}}
    assert client.refused("POST", f"/tasks/{task['gid']}/subtasks", body)[0] == 400
    child = client.post(f"/tasks/{task['gid']}/subtasks", {"name": "1. line"})
    assert child["custom_fields"] == []
    client.post(f"/tasks/{child['gid']}/addProject", {"project": client.project})
    client.put(f"/tasks/{child['gid']}", {"custom_fields": {field: "b"}})
    asana.settings(subtask_fields="first_level")
    assert client.post(f"/tasks/{task['gid']}/subtasks", body)["custom_fields"][1]["text_value"] == "b"


def test_values_outlive_the_project_but_can_only_be_cleared(client: Client) -> None:
    field = client.field("x")["gid"]
    task = client.task(custom_fields={field: "a"})["gid"]
    client.post(f"/tasks/{task}/removeProject", {"project": client.project})
    kept = client.get(f"/tasks/{task}")["custom_fields"]
    assert [(value["gid"], value["enabled"], value["text_value"]) for value in kept] == [(field, False, "a")]
    assert client.refused("PUT", f"/tasks/{task}", {"custom_fields": {field: "b"}})[0] == 400
    assert client.put(f"/tasks/{task}", {"custom_fields": {field: None}})["custom_fields"] == []


def test_names_are_unique_in_the_library_only(client: Client) -> None:
    inline = {"name": "Priority", "resource_subtype": "text", "workspace": client.workspace}
    setting = client.post(f"/projects/{client.project}/addCustomFieldSetting", {"custom_field": inline})
    assert setting["custom_field"]["name"] == "Priority"
    library = client.get(f"/workspaces/{client.workspace}/custom_fields", limit=100)
    assert [field["name"] for field in library] == ["Priority"]


def test_locked_and_read_only_fields(client: Client, asana: AsanaSandbox) -> None:
    field = client.field("Status", "enum", enum_options=[{"name": "Open"}])
    task = client.task()["gid"]
    asana.control("PATCH", f"custom_fields/{field['gid']}", {"locked_by": "kari.nordmann@nordlys.example"})
    assert client.refused("POST", f"/custom_fields/{field['gid']}/enum_options", {"name": "x"})[0] == 403
    assert client.refused("PUT", f"/custom_fields/{field['gid']}", {"name": "x"})[0] == 403
    asana.control("PATCH", f"custom_fields/{field['gid']}", {"is_value_read_only": True})
    value = {field["gid"]: field["enum_options"][0]["gid"]}
    assert client.refused("PUT", f"/tasks/{task}", {"custom_fields": value})[0] == 403


def test_projects_have_fields_only_through_portfolios(client: Client) -> None:
    data = {"workspace": client.workspace, "name": "Visma ID", "resource_subtype": "text"}
    field = client.post("/custom_fields", data)["gid"]
    project = client.post("/projects", {"name": "p", "workspace": client.workspace})["gid"]
    value = {"custom_fields": {field: "a"}}
    assert client.refused("PUT", f"/projects/{project}", value)[0] == 400
    client.post("/portfolios/1200000000000400/addCustomFieldSetting", {"custom_field": field})
    assert client.refused("PUT", f"/projects/{project}", value)[0] == 400
    client.post("/portfolios/1200000000000400/addItem", {"item": project})
    assert client.put(f"/projects/{project}", value)["custom_fields"][0]["text_value"] == "a"
    assert [item["gid"] for item in client.get("/portfolios/1200000000000400/items", limit=10)] == [project]


def test_the_free_plan_has_neither_fields_nor_search_nor_portfolios(client: Client, asana: AsanaSandbox) -> None:
    field = client.field("x")["gid"]
    asana.settings(plan="free")
    text = "Custom Fields are not available for free users or guests."
    data = {"workspace": client.workspace, "name": "y", "resource_subtype": "text"}
    assert client.refused("POST", "/custom_fields", data) == (402, text)
    assert client.refused("GET", f"/workspaces/{client.workspace}/custom_fields")[0] == 402
    body = {"name": "x", "projects": [client.project], "custom_fields": {field: "a"}}
    assert client.refused("POST", "/tasks", body) == (402, text)
    assert client.refused("GET", f"/workspaces/{client.workspace}/tasks/search")[0] == 402
    assert client.refused("GET", "/portfolios/1200000000000400")[0] == 402
    assert client.task("plain")["name"] == "plain"


def test_guests_have_no_fields_either(asana: AsanaSandbox) -> None:
    with Client(asana, "sandbox-asana-guest-token") as guest:
        assert guest.refused("GET", f"/workspaces/{guest.workspace}/custom_fields")[0] == 402
        assert guest.refused("GET", f"/projects/{guest.project}")[0] == 404


def test_an_empty_list_is_not_the_way_to_clear(client: Client, asana: AsanaSandbox) -> None:
    field = client.field("m", "multi_enum", enum_options=[{"name": "a"}])
    task = client.task(custom_fields={field["gid"]: [field["enum_options"][0]["gid"]]})
    assert client.refused("PUT", f"/tasks/{task['gid']}", {"custom_fields": {field["gid"]: []}})[0] == 400
    asana.settings(empty_lists="clear")
    cleared = client.put(f"/tasks/{task['gid']}", {"custom_fields": {field["gid"]: []}})
    assert cleared["custom_fields"][1]["multi_enum_values"] == []


def test_people_are_told_once(client: Client, asana: AsanaSandbox) -> None:
    loud = client.field("loud", has_notifications_enabled=True)["gid"]
    quiet = client.field("quiet")["gid"]
    task = client.task(assignee="kari.nordmann@nordlys.example", custom_fields={loud: "a", quiet: "a"})
    client.put(f"/tasks/{task['gid']}", {"custom_fields": {quiet: "b"}, "name": "renamed"})
    assert [note["why"] for note in asana.control("GET", "inbox")] == ["assigned"]
    client.put(f"/tasks/{task['gid']}", {"custom_fields": {loud: "b"}})
    client.post(f"/tasks/{task['gid']}/stories", {"text": "hello"})
    assert [note["why"] for note in asana.control("GET", "inbox")][1:] == ["loud changed", "commented"]
