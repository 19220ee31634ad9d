"""What Asana's refusals mean, as a table; and that no other room looks at a status or at Asana's words."""

import ast
from pathlib import Path

import destination_asana
import pytest
from destination_asana.asana import refusals
from destination_asana.asana.errors import AsanaError
from destination_asana.asana.explanations import EXPLANATIONS
from destination_asana.asana.refusals import Cause, Refusal, causes_of, refusal_of

PACKAGE = Path(destination_asana.__file__).parent


@pytest.mark.parametrize(
    ("status", "message", "refusal"),
    [
        (400, "project: Missing input", "NOT_ACCEPTED"),
        (400, "You should specify one of workspace, parent, projects", "NOT_ACCEPTED"),
        (400, "nothing but the status 400", "NOT_ACCEPTED"),
        (400, "parent: Unknown object: 1010", "UNKNOWN_OBJECT"),
        (400, "project: Not a recognized ID: 1211834271000941", "UNKNOWN_OBJECT"),
        (401, "Not Authorized", "UNAUTHORIZED"),
        (402, "Custom Fields are not available for free users or guests.", "PREMIUM_NEEDED"),
        (402, "Search is only available to premium users.", "PREMIUM_NEEDED"),
        (403, "Forbidden", "FORBIDDEN"),
        (403, "project: Not a recognized ID: 1", "FORBIDDEN"),
        (403, "The following scopes must be present to fulfill this request: projects:read", "SCOPE_MISSING"),
        (403, "tasks:write is the SCOPE that is needed", "SCOPE_MISSING"),
        (403, "This is out of scope", "FORBIDDEN"),
        (403, "Time:read", "FORBIDDEN"),
        (403, "The app needs Full Permissions", "FULL_PERMISSIONS_NEEDED"),
        (404, "task: Unknown object: 12", "GONE"),
        (404, "No matching route for request", "GONE"),
        (422, "Unprocessable Entity", "DATE_UNFILLED"),
        (429, "You have made too many requests recently.", "TOO_MANY_REQUESTS"),
        (451, "Unavailable For Legal Reasons", "EMBARGOED"),
        (500, "Server Error (phrase: 6 sad squid)", "SERVER_FAULT"),
        (501, "nothing but the status 501", "SERVER_FAULT"),
        (503, "Service Unavailable", "SERVER_FAULT"),
        (599, "x", "SERVER_FAULT"),
        (409, "Conflict", "OTHER"),
        (413, "Too large", "OTHER"),
    ],
)
def test_the_kind_of_a_refusal(status, message, refusal):
    assert refusal_of(status, message) is Refusal[refusal]
    assert AsanaError(status, message, "GET", "/tasks").refusal is Refusal[refusal]


@pytest.mark.parametrize(
    ("status", "message", "causes"),
    [
        (400, "custom_field: already exists on this project", "ALREADY_SO NAME_TAKEN CUSTOM_FIELD PLACE"),
        (400, "name: A custom field with this name is in use", "NAME_TAKEN CUSTOM_FIELD"),
        (403, "already", ""),
        (400, "You may have at most 20 of them", "LIMIT"),
        (403, "The maximum is reached", "LIMIT"),
        (402, "The maximum is reached", ""),
        (400, "offset: Your pagination token has expired.", "OFFSET_EXPIRED"),
        (400, "offset: is invalid", "OFFSET_EXPIRED"),
        (
            400,
            "The result is too large. You should use pagination (may require specifying a workspace) and an offset",
            "",
        ),
        (400, "team: Missing required team field", "TEAM"),
        (400, "assignee: Not a user in Organization: 77", "ASSIGNEE"),
        (404, "Assignee: Unknown object: 77", "ASSIGNEE"),
        (400, "due_on: must be on or after the start date", "START_DATE DATE_VALUE"),
        (400, "section: Unknown object: 5", "SECTION PLACE"),
        (403, "section: 5", "PLACE"),
        (400, "memberships: is invalid", "SECTION PLACE"),
        (400, "projects: Unknown object: 5", "PLACE"),
        (400, "date_value: expected an object", "DATE_VALUE"),
        (400, "Use the form YYYY-MM-DD", "DATE_VALUE"),
        (400, "The last update was lost", ""),
        (400, "Custom field with ID 12 is not on given object", "CUSTOM_FIELD"),
        (400, "enum_value: Not a recognized ID: 9", "CUSTOM_FIELD"),
        (500, "assignee team section already", ""),
    ],
)
def test_what_a_refusal_names(status, message, causes):
    assert causes_of(status, message) == {Cause[name] for name in causes.split()}


@pytest.mark.parametrize(
    ("group", "statuses"),
    [
        ("NOT_THERE", [404]),
        ("OF_CONTENT", [400]),
        ("OF_CONTENT_OR_GONE", [400, 404]),
        ("OF_RIGHTS", [403]),
        ("OF_RIGHTS_OR_SCOPES", [403]),
        ("OF_ONE_OBJECT", [400, 403, 404]),
        ("NOT_SHOWN", [403, 404]),
        ("UNAVAILABLE_HERE", [400, 403, 404]),
        ("UNAVAILABLE", [400, 402, 403, 404]),
    ],
)
def test_kinds_that_are_treated_alike(group, statuses):
    every = [400, 401, 402, 403, 404, 409, 413, 422, 429, 451, 500, 502, 503, 504]
    assert [status for status in every if refusal_of(status, "No.") in getattr(refusals, group)] == statuses


def test_every_kind_has_an_explanation_and_every_row_a_source():
    assert set(EXPLANATIONS) | {Refusal.SCOPE_MISSING} == set(Refusal)
    assert all(row.source for row in (*refusals.MEANINGS, *refusals.NAMINGS))
    assert {row.cause for row in refusals.NAMINGS} == set(Cause)


def looks_at_an_answer(node):
    """Whether code compares a status with numbers, or does anything with Asana's words but show them."""
    if isinstance(node, ast.Compare):
        sides = [node.left, *node.comparators]
        attributes = {side.attr for side in sides if isinstance(side, ast.Attribute)}
        numbers = any(
            isinstance(each, ast.Constant) and isinstance(each.value, int) for side in sides for each in ast.walk(side)
        )
        return "message" in attributes or ("status" in attributes and numbers) or "status_code" in attributes
    on_words = (
        isinstance(node, ast.Attribute) and isinstance(node.value, ast.Attribute) and node.value.attr == "message"
    )
    return on_words or (isinstance(node, ast.Attribute) and node.attr == "status_code")


@pytest.mark.parametrize(
    ("line", "looks"),
    [
        ("error.status == 402", True),
        ("error.status not in (400, 404)", True),
        ("'team' in error.message", True),
        ("error.message.lower()", True),
        ("response.status_code", True),
        ("error.refusal in NOT_THERE", False),
        ("f'“{error.message}” ({error.status})'", False),
        ("message.status == 'COMPLETE'", False),
    ],
)
def test_what_counts_as_a_look_at_an_answer(line, looks):
    assert any(looks_at_an_answer(node) for node in ast.walk(ast.parse(line))) is looks


def test_only_the_room_of_asana_looks_at_an_answer():
    lookers = [
        f"{path.relative_to(PACKAGE)}:{node.lineno}"
        for path in PACKAGE.rglob("*.py")
        if path.parent.name != "asana"
        for node in ast.walk(ast.parse(path.read_text()))
        if looks_at_an_answer(node)
    ]
    assert lookers == []
