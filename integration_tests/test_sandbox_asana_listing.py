"""Listings of the sandbox Asana: pages, offsets, fields asked for, filters, search."""

import pytest

from integration_tests.sandbox.asana.client import Client
from integration_tests.sandbox.harness import AsanaSandbox
from integration_tests.waiting import until

pytest_plugins = ["integration_tests.sandbox.asana.testing"]


def _pages(client: Client, path: str, **query: object) -> list[list[str]]:
    pages: list[list[str]] = []
    while True:
        body = client.send("GET", path, **query).json()
        pages.append([row["gid"] for row in body["data"]])
        if body["next_page"] is None:
            return pages
        query["offset"] = body["next_page"]["offset"]


def test_pages_hold_every_row_once(client: Client, asana: AsanaSandbox) -> None:
    asana.bulk(250, sections=3)
    pages = _pages(client, "/tasks", project=client.project, limit=100)
    assert [len(page) for page in pages] == [100, 100, 50]
    assert len({gid for page in pages for gid in page}) == 250


def test_next_page_leads_on_by_itself(client: Client, asana: AsanaSandbox) -> None:
    asana.bulk(3)
    first = client.send("GET", "/tasks", project=client.project, limit=2, opt_fields="name").json()
    answer = client.http.get(first["next_page"]["uri"]).json()
    assert (len(answer["data"]), answer["next_page"]) == (1, None)
    assert answer["data"][0]["name"] == "Invoice 3"


def test_without_a_limit_there_are_no_pages_and_a_silent_cut(client: Client, asana: AsanaSandbox) -> None:
    asana.bulk(1_200)
    body = client.send("GET", "/tasks", project=client.project).json()
    assert "next_page" not in body
    assert len(body["data"]) == 1_000
    asana.bulk(10_000)
    assert "result is too large" in client.refused("GET", "/tasks", project=client.project)[1]


@pytest.mark.parametrize("limit", ["0", "101", "ten", "-1"])
def test_limits_that_are_refused(client: Client, limit: str) -> None:
    assert client.refused("GET", "/tasks", project=client.project, limit=limit)[0] == 400


def test_offsets_belong_to_their_query_and_expire(client: Client, asana: AsanaSandbox) -> None:
    asana.bulk(5)
    query = {"project": client.project, "limit": 2}
    offset = client.send("GET", "/tasks", **query).json()["next_page"]["offset"]
    assert client.refused("GET", "/tasks", **query, offset="made-up") == (
        400,
        "offset: Your pagination token is invalid.",
    )
    assert client.refused("GET", "/tasks", **query, offset=offset, opt_fields="name")[1].endswith("is invalid.")
    assert len(client.get("/tasks", **query, offset=offset)) == 2
    asana.settings(clock_offset=3600)
    assert client.refused("GET", "/tasks", **query, offset=offset)[1] == "offset: Your pagination token has expired."


def test_rows_that_vanish_between_pages_cost_no_other_row(client: Client, asana: AsanaSandbox) -> None:
    asana.bulk(6)
    query = {"project": client.project, "limit": 3}
    first = client.send("GET", "/tasks", **query).json()
    for row in first["data"]:
        client.send("DELETE", f"/tasks/{row['gid']}")
    rest = client.send("GET", "/tasks", **query, offset=first["next_page"]["offset"]).json()["data"]
    assert [row["name"] for row in rest][-1] == "Invoice 6"


def test_late_pages_of_a_huge_listing_fail_and_sections_help(client: Client, asana: AsanaSandbox) -> None:
    asana.settings(late_page_limit=200)
    asana.bulk(400, sections=2)
    query = {"project": client.project, "limit": 100}
    offset = None
    for _ in range(2):
        offset = client.send("GET", "/tasks", **query, **({"offset": offset} if offset else {})).json()["next_page"][
            "offset"
        ]
    assert "result is too large" in client.refused("GET", "/tasks", **query, offset=offset)[1]
    sections = client.get(f"/projects/{client.project}/sections", limit=100)
    assert sum(len(_pages(client, f"/sections/{s['gid']}/tasks", limit=100)[0]) for s in sections) == 200


def test_lists_are_compact(client: Client) -> None:
    client.task()
    assert set(client.get("/tasks", project=client.project, limit=1)[0]) == {
        *("gid", "name", "resource_type", "resource_subtype")
    }


def test_fields_asked_for(client: Client) -> None:
    field = client.field("Amount", "number", precision=2)["gid"]
    task = client.task(assignee="me", custom_fields={field: 5})
    path = f"/tasks/{task['gid']}"
    assert client.get(path, opt_fields="name") == {"gid": task["gid"], "name": "Invoice 1"}
    assert client.get(path, opt_fields="no_such_field") == {"gid": task["gid"]}
    assert client.get(path, opt_fields="assignee")["assignee"] == {"gid": "1200000000000010", "resource_type": "user"}
    assert client.get(path, opt_fields="assignee.(name|email)")["assignee"] == {
        "gid": "1200000000000010",
        "name": "Finance Bot",
        "email": "finance.bot@nordlys.example",
    }
    assert client.get(path, opt_fields="this.custom_fields.(number_value|name)")["custom_fields"][1] == {
        "gid": field,
        "name": "Amount",
        "number_value": 5,
    }
    assert "external" not in client.get(path)
    assert "num_subtasks" not in client.get(path)
    body = {"data": {"name": "b"}, "options": {"fields": ["name"]}}
    assert client.http.put(path, json=body).json() == {"data": {"gid": task["gid"], "name": "b"}}
    assert client.refused("GET", path, opt_fields="assignee.(name")[0] == 400


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"workspace": "1200000000000001"},
        {"assignee": "me"},
        {"project": "1200000000000100", "section": "1200000000000101"},
        {"project": "1200000000000100", "assignee": "me", "workspace": "1200000000000001"},
    ],
)
def test_tasks_are_listed_by_exactly_one_thing(client: Client, query: dict[str, str]) -> None:
    status, text = client.refused("GET", "/tasks", **query)
    assert status == 400
    assert text.startswith("Must specify exactly one of project, tag, section, user task list")


def test_filters_by_time(client: Client, asana: AsanaSandbox) -> None:
    old = client.task("old")
    asana.settings(clock_offset=1.0)
    new = client.task("new")
    client.put(f"/tasks/{old['gid']}", {"completed": True})
    names = [task["name"] for task in client.get("/tasks", project=client.project, completed_since="now")]
    assert names == ["new"]
    since = client.get(f"/tasks/{old['gid']}")["modified_at"]
    rows = client.get("/tasks", project=client.project, modified_since=since)
    assert [row["name"] for row in rows] == ["old"]
    for moment in ("yesterday", "now"):
        assert client.refused("GET", "/tasks", project=client.project, modified_since=moment)[0] == 400
    assert new["modified_at"] < since


def test_search_is_late(client: Client, asana: AsanaSandbox) -> None:
    field = client.field("Visma ID")["gid"]
    path = f"/workspaces/{client.workspace}/tasks/search"
    query = {f"custom_fields.{field}.value": "A/1"}
    asana.settings(search_lag=3600)
    task = client.task(custom_fields={field: "A/1"})
    assert client.get(path, **query) == []
    asana.settings(search_lag=0.05)
    assert [row["gid"] for row in until(lambda: client.get(path, **query))] == [task["gid"]]
    asana.settings(search_lag=3600)
    client.put(f"/tasks/{task['gid']}", {"custom_fields": {field: "B/1"}})
    assert [row["gid"] for row in client.get(path, **query)] == [task["gid"]]
    asana.control("POST", "search/refresh")
    assert client.get(path, **query) == []


def test_search_passes_over_what_it_does_not_know(client: Client, asana: AsanaSandbox) -> None:
    asana.bulk(30)
    path = f"/workspaces/{client.workspace}/tasks/search"
    field = client.get("/custom_fields/1200000000000500")["gid"]
    assert len(client.get(path, **{f"custom_fields.{field}.vlaue": "x", "limit": 100})) == 30
    assert len(client.get(path)) == 20
    assert client.refused("GET", path, limit=101)[0] == 400


def test_search_operators(client: Client, asana: AsanaSandbox) -> None:
    asana.settings(search_lag=0)
    text = client.field("Key")["gid"]
    number = client.field("Amount", "number", precision=2)["gid"]
    enum = client.field("Status", "enum", enum_options=[{"name": "Open"}])
    one = client.task("one", custom_fields={text: "A/1", number: 10, enum["gid"]: enum["enum_options"][0]["gid"]})
    two = client.task("two", custom_fields={text: "A/2", number: 20})
    client.put(f"/tasks/{two['gid']}", {"completed": True})
    path = f"/workspaces/{client.workspace}/tasks/search"

    def found(**query: object) -> list[str]:
        return [row["name"] for row in client.get(path, **query, sort_by="created_at", sort_ascending="true")]

    assert found(**{f"custom_fields.{text}.value": "A/1"}) == ["one"]
    assert found(**{f"custom_fields.{text}.value": "a/1"}) == []
    assert found(**{f"custom_fields.{text}.starts_with": "A/"}) == ["one", "two"]
    assert found(**{f"custom_fields.{number}.greater_than": "15"}) == ["two"]
    assert found(**{f"custom_fields.{enum['gid']}.value": enum["enum_options"][0]["gid"]}) == ["one"]
    assert found(**{f"custom_fields.{enum['gid']}.is_set": "false"}) == ["two"]
    assert found(completed="true") == ["two"]
    assert found(**{"projects.any": client.project, "text": "TW"}) == ["two"]
    assert found(**{"created_at.before": two["created_at"]}) == ["one"]
    assert found(**{"modified_at.after": one["modified_at"]}) == ["two"]


def test_typeahead_is_a_guess(client: Client) -> None:
    path = f"/workspaces/{client.workspace}/typeahead"
    assert client.get(path, resource_type="user", query="kari")[0]["name"] == "Kari Nordmann"
    assert client.refused("GET", path, resource_type="user", count=101)[0] == 400


def test_deactivated_people_show_in_memberships_only(client: Client) -> None:
    people = client.get("/users", workspace=client.workspace, opt_fields="name,email", limit=100)
    assert "Per Slutaren" not in {user["name"] for user in people}
    memberships = client.get(
        f"/workspaces/{client.workspace}/workspace_memberships", opt_fields="user.name,is_active,is_guest", limit=100
    )
    states = {m["user"]["name"]: (m["is_active"], m["is_guest"]) for m in memberships}
    assert states["Per Slutaren"] == (False, False)
    assert states["Guðrún Jónsdóttir"] == (True, True)


def test_a_hundred_thousand_tasks(client: Client, asana: AsanaSandbox) -> None:
    asana.settings(late_page_limit=None)
    asana.bulk(100_000, sections=4)
    body = client.send("GET", "/tasks", project=client.project, limit=100, opt_fields="name").json()
    assert len(body["data"]) == 100
    with open(f"/proc/{asana.pid}/status", encoding="ascii") as status:
        resident = next(int(line.split()[1]) for line in status if line.startswith("VmRSS"))
    assert resident < 1_000_000
