"""What the corrected OpenAPI documents admit and refuse: the known mistakes of the published ones stay corrected."""

from typing import Any

import pytest

from integration_tests import openapi

pytestmark = pytest.mark.skipif(not openapi.available(), reason=f"{openapi.FOLDER} names no folder with the documents")
PLACE = {"name": "x", "projects": ["1"]}


def _asked(method: str, path: str, data: Any = None, query: dict[str, str] | None = None) -> list[str]:
    body = None if data is None else {"data": data}
    return openapi.asana().request_problems({"method": method, "path": path, "query": query or {}, "body": body})


@pytest.mark.parametrize(
    ("method", "path", "data", "query"),
    [
        (
            "POST",
            "/tasks",
            {**PLACE, "custom_fields": {"1": 5, "2": None, "3": ["4"], "5": {"date": "2026-01-01"}}},
            {},
        ),
        ("POST", "/tasks", {"name": "x", "memberships": [{"project": "1", "section": "2"}]}, {}),
        (
            "POST",
            "/tasks",
            {**PLACE, "external": {"gid": "a/b", "data": "{}"}},
            {"opt_fields": "custom_fields.gid,this.name"},
        ),
        ("POST", "/tasks/1/subtasks", {"name": "1. line"}, {}),
        ("POST", "/tasks/1/setParent", {"parent": "2", "insert_before": None}, {}),
        ("PUT", "/custom_fields/1", {"name": "x"}, {}),
        (
            "POST",
            "/projects/1/addCustomFieldSetting",
            {"custom_field": {"name": "x", "resource_subtype": "text", "is_global_to_workspace": False}},
            {},
        ),
        (
            "POST",
            "/project_templates/1/instantiateProject",
            {"name": "x", "requested_dates": [{"gid": "1", "value": "2026-01-01"}]},
            {},
        ),
        ("GET", "/tasks", None, {"project": "1", "completed_since": "now", "limit": "100"}),
        (
            "GET",
            "/workspaces/1/tasks/search",
            None,
            {"custom_fields.12.value": "a", "limit": "100", "projects.any": "1"},
        ),
    ],
)
def test_valid_requests_pass(method: str, path: str, data: Any, query: dict[str, str]) -> None:
    assert _asked(method, path, data, query) == []


@pytest.mark.parametrize(
    ("method", "path", "data", "query"),
    [
        ("POST", "/tasks", {"name": "x"}, {}),
        ("POST", "/tasks", {**PLACE, "nmae": "x"}, {}),
        ("POST", "/tasks", {**PLACE, "created_at": "2026-01-01T00:00:00Z"}, {}),
        ("POST", "/tasks", {**PLACE, "notes": "a", "html_notes": "<body>a</body>"}, {}),
        ("POST", "/tasks", {**PLACE, "due_on": "2026-01-01", "due_at": "2026-01-01T00:00:00Z"}, {}),
        ("POST", "/tasks", {**PLACE, "external": {"gid": "x" * 1025}}, {}),
        ("PUT", "/tasks/1", {"parent": "2"}, {}),
        ("PUT", "/tasks/1", {"projects": ["2"]}, {}),
        ("POST", "/custom_fields", {"name": "x", "workspace": "1"}, {}),
        ("POST", "/custom_fields", {"name": "x", "workspace": "1", "resource_subtype": "number", "precision": 7}, {}),
        ("POST", "/batch", {"actions": []}, {}),
        ("POST", "/tasks/1/stories", {}, {}),
        ("GET", "/tasks", None, {"project": "1", "limt": "100"}),
        ("GET", "/tasks", None, {"project": "1", "limit": "101"}),
        ("GET", "/no/such/path", None, {}),
    ],
)
def test_invalid_requests_are_found(method: str, path: str, data: Any, query: dict[str, str]) -> None:
    assert _asked(method, path, data, query) != []


def test_a_body_needs_its_envelope() -> None:
    entry = {"method": "POST", "path": "/api/1.0/tasks", "query": {}}
    assert openapi.asana().request_problems({**entry, "body": {"data": PLACE}}) == []
    assert openapi.asana().request_problems({**entry, "body": PLACE}) != []
    assert openapi.asana().request_problems({**entry, "body": {"data": PLACE, "opts": {}}}) != []


def _answered(status: int, response: Any, path: str = "/tasks/1") -> list[str]:
    return openapi.asana().answer_problems({"method": "GET", "path": path, "status": status, "response": response})


def test_answers() -> None:
    task = {"gid": "1", "name": "x", "assignee": None, "custom_fields": [{"gid": "2", "enum_value": None}]}
    assert _answered(200, {"data": task}) == []
    assert _answered(200, {"data": {**task, "completed": "no"}}) != []
    assert _answered(200, {"data": [{**task, "due_on": "1 May"}], "next_page": None}, "/tasks") != []
    assert _answered(429, {"errors": [{"message": "slow down", "help": "…"}]}) == []
    assert _answered(429, {"errors": "slow down"}) != []
    assert _answered(302, None) != []
    assert _answered(502, "<html>") == []


def test_actions_of_a_batch_are_judged_one_by_one() -> None:
    entry = {
        "method": "POST",
        "path": "/batch",
        "query": {},
        "body": {"data": {"actions": [{"method": "put", "relative_path": "/tasks/1", "data": {"nmae": "x"}}]}},
        "status": 200,
        "response": {"data": [{"status_code": 200, "headers": {}, "body": {"data": {"gid": 1}}}]},
    }
    assert any("nmae" in text for text in openapi.asana().request_problems(entry))
    assert any("gid" in text for text in openapi.asana().answer_problems(entry))


def test_vismas_document_knows_all_its_properties() -> None:
    entry = {"method": "GET", "path": "/v1/supplierInvoice", "query": {"pageSize": "100"}, "status": 200}
    known: list[dict[str, Any]] = [
        {"documentType": "Invoice", "referenceNumber": "1", "supplier": None, "invoiceLines": []}
    ]
    assert openapi.visma().problems({**entry, "response": known}) == []
    assert openapi.visma().problems({**entry, "response": [{"documentTyp": "Invoice"}]}) != []
    assert openapi.visma().problems({**entry, "query": {"pagesize": "100"}, "response": known}) != []
