"""Asana's own Python SDK against the sandbox: what a real client does must work, and every request must be sound."""

from collections.abc import Iterator

import asana as sdk
import pytest
from asana.rest import ApiException

from integration_tests import openapi
from integration_tests.sandbox.harness import AsanaSandbox

pytest_plugins = ["integration_tests.sandbox.asana.testing"]


@pytest.fixture
def api(asana: AsanaSandbox) -> Iterator[sdk.ApiClient]:
    configuration = sdk.Configuration()
    configuration.access_token = asana.TOKEN
    configuration.host = asana.api_url
    yield sdk.ApiClient(configuration)
    if openapi.available():
        accepted = [entry for entry in asana.log() if entry["status"] in (200, 201)]
        for entry in accepted:
            entry["query"].pop("body", None)  # the SDK repeats an optional body as a query parameter,
            if entry["path"] == "/batch":  # and takes a batch for a listing
                entry["query"].pop("limit", None)
        assert [text for entry in accepted for text in openapi.asana().problems(entry)] == []


def _field(api: sdk.ApiClient, name: str, subtype: str, **more: object) -> dict[str, object]:
    data = {"workspace": AsanaSandbox.WORKSPACE, "name": name, "resource_subtype": subtype, **more}
    field: dict[str, object] = sdk.CustomFieldsApi(api).create_custom_field({"data": data}, {})
    sdk.ProjectsApi(api).add_custom_field_setting_for_project(
        {"data": {"custom_field": field["gid"], "is_important": True}}, AsanaSandbox.PROJECT, {}
    )
    return field


def test_from_an_empty_workspace_to_a_synced_invoice(api: sdk.ApiClient) -> None:
    me = sdk.UsersApi(api).get_user("me", {})
    workspace = next(iter(sdk.WorkspacesApi(api).get_workspaces({})))
    assert (me["name"], workspace["gid"]) == ("Finance Bot", AsanaSandbox.WORKSPACE)

    key = _field(api, "Visma ID", "text", has_notifications_enabled=False)
    amount = _field(api, "Visma amount", "number", precision=2)
    due = _field(api, "Visma due date", "date")
    status = _field(api, "Visma status", "enum", enum_options=[{"name": "Open", "color": "green"}])
    option = sdk.CustomFieldsApi(api).create_enum_option_for_custom_field(
        status["gid"], {"body": {"data": {"name": "Closed"}}}
    )
    settings = list(sdk.CustomFieldSettingsApi(api).get_custom_field_settings_for_project(AsanaSandbox.PROJECT, {}))
    assert len(settings) == 5

    tasks = sdk.TasksApi(api)
    task = tasks.create_task(
        {
            "data": {
                "name": "Invoice 200123 · Bergen Kabel AS",
                "projects": [AsanaSandbox.PROJECT],
                "assignee": "kari.nordmann@nordlys.example",
                "due_on": "2026-03-01",
                "html_notes": "<body>Net 30 &amp; <strong>urgent</strong></body>",
                "custom_fields": {
                    key["gid"]: "SupplierInvoiceId:4100251/Invoice/200123",
                    amount["gid"]: 1234.5,
                    due["gid"]: {"date": "2026-03-01"},
                    status["gid"]: option["gid"],
                },
            }
        },
        {"opt_fields": "name,assignee.name,custom_fields.display_value"},
    )
    assert task["assignee"]["name"] == "Kari Nordmann"
    assert [value["display_value"] for value in task["custom_fields"]][1:3] == [
        "SupplierInvoiceId:4100251/Invoice/200123",
        "1234.50",
    ]
    for number in range(1, 4):
        tasks.create_subtask_for_task({"data": {"name": f"{number}. cable"}}, task["gid"], {})
    assert [child["name"] for child in tasks.get_subtasks_for_task(task["gid"], {})] == [
        *("1. cable", "2. cable", "3. cable")
    ]
    updated = tasks.update_task({"data": {"completed": True, "custom_fields": {due["gid"]: None}}}, task["gid"], {})
    assert updated["completed"] is True
    stories = sdk.StoriesApi(api)
    stories.create_story_for_task({"data": {"text": "Paid in full"}}, task["gid"], {})
    assert "Paid in full" in {story["text"] for story in stories.get_stories_for_task(task["gid"], {})}


def test_projects_sections_and_pages(api: sdk.ApiClient, asana: AsanaSandbox) -> None:
    project = sdk.ProjectsApi(api).create_project(
        {"data": {"name": "Invoice 1", "workspace": asana.WORKSPACE, "default_view": "board"}}, {}
    )
    sections = sdk.SectionsApi(api)
    section = sections.create_section_for_project(project["gid"], {"body": {"data": {"name": "Open"}}})
    asana.bulk(230, project=project["gid"])
    rows = list(sdk.TasksApi(api).get_tasks({"project": project["gid"], "opt_fields": "name,memberships.section.name"}))
    assert len({row["gid"] for row in rows}) == 230
    sections.add_task_for_section(section["gid"], {"body": {"data": {"task": rows[0]["gid"]}}})
    assert [row["gid"] for row in sdk.TasksApi(api).get_tasks_for_section(section["gid"], {})] == [rows[0]["gid"]]
    names = [row["name"] for row in sections.get_sections_for_project(project["gid"], {})]
    assert names == ["Untitled section", "Open"]
    sdk.TasksApi(api).delete_task(rows[1]["gid"])
    assert len(list(sdk.TasksApi(api).get_tasks_for_project(project["gid"], {}))) == 229


def test_search_tags_memberships_jobs_and_attachments(api: sdk.ApiClient, asana: AsanaSandbox) -> None:
    asana.settings(search_lag=0, job_duration=0)
    tasks = sdk.TasksApi(api)
    task = tasks.create_task({"data": {"name": "x", "projects": [asana.PROJECT]}}, {})
    found = list(tasks.search_tasks_for_workspace(asana.WORKSPACE, {"text": "x", "projects.any": asana.PROJECT}))
    assert [row["gid"] for row in found] == [task["gid"]]
    tag = sdk.TagsApi(api).create_tag({"data": {"name": "late", "workspace": asana.WORKSPACE}}, {})
    tasks.add_tag_for_task({"data": {"tag": tag["gid"]}}, task["gid"])
    assert [row["gid"] for row in tasks.get_tasks_for_tag(tag["gid"], {})] == [task["gid"]]
    tasks.add_followers_for_task({"data": {"followers": ["me"]}}, task["gid"], {})
    attachments = sdk.AttachmentsApi(api)
    link = {"resource_subtype": "external", "parent": task["gid"], "name": "Visma", "url": "https://v.example/1"}
    attachments.create_attachment_for_object(link)
    assert [row["name"] for row in attachments.get_attachments_for_object(task["gid"], {})] == ["Visma"]
    job = sdk.ProjectTemplatesApi(api).instantiate_project(
        "1200000000000300", {"body": {"data": {"name": "From template"}}}
    )
    project = sdk.JobsApi(api).get_job(job["gid"], {})["new_project"]
    sdk.MembershipsApi(api).create_membership(
        {"body": {"data": {"parent": project["gid"], "member": "1200000000000200", "access_level": "editor"}}}
    )
    sdk.PortfoliosApi(api).add_item_for_portfolio({"data": {"item": project["gid"]}}, "1200000000000400")
    items = sdk.PortfoliosApi(api).get_items_for_portfolio("1200000000000400", {})
    assert [item["name"] for item in items] == ["From template"]
    results = sdk.BatchAPIApi(api).create_batch_request(
        {"data": {"actions": [{"method": "get", "relative_path": f"/tasks/{task['gid']}"}]}}, {}
    )
    assert next(iter(results))["status_code"] == 200


def test_errors_reach_the_client(api: sdk.ApiClient) -> None:
    with pytest.raises(ApiException) as caught:
        sdk.TasksApi(api).get_task("404", {})
    assert caught.value.status == 404
    assert b"task: Unknown object: 404" in caught.value.body
