"""Asana's words out of any error answer, and errors in the words people read."""

import pytest
from airbyte_cdk.models import FailureType
from destination_asana.asana.errors import AsanaError, UnreachableError, words_of
from destination_asana.asana.refusals import NOT_THERE
from destination_asana.documents.errors import RecordError
from destination_asana.writing.tasks.mending import is_gone
from hypothesis import given
from hypothesis import strategies as st


def test_asanas_own_words():
    assert words_of(400, {"errors": [{"message": "name: missing"}, {"message": "b"}]}, "") == "name: missing; b"
    assert words_of(500, {"errors": [{"message": "Server Error", "phrase": "6 sad squid"}]}, "") == (
        "Server Error (phrase: 6 sad squid)"
    )
    assert words_of(502, None, "<html><h1>502 Bad&nbsp;Gateway</h1></html>") == "502 Bad Gateway"
    assert words_of(503, None, "") == "nothing but the status 503"


@given(st.text(max_size=2000))
def test_any_answer_gives_one_short_line(text):
    message = words_of(500, None, text)
    assert 0 < len(message) <= 500
    assert "\n" not in message


@given(st.recursive(st.none() | st.text(max_size=5), lambda x: st.lists(x) | st.dictionaries(st.text(max_size=6), x)))
def test_any_shape_of_errors_is_survived(errors):
    assert words_of(400, {"errors": errors}, str(errors))


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, FailureType.config_error),
        (401, FailureType.config_error),
        (402, FailureType.config_error),
        (403, FailureType.config_error),
        (429, FailureType.transient_error),
        (500, FailureType.transient_error),
        (503, FailureType.transient_error),
    ],
)
def test_whose_fault_it_is_and_what_to_do(status, kind):
    traced = AsanaError(status, "No.", "GET", "/tasks").as_traced("Reading")
    assert traced.failure_type == kind
    for part in ("Reading failed", "No.", str(status), "Likely cause", "What to do"):
        assert part in traced.message


def test_nobody_answers():
    traced = UnreachableError("no connection", "POST", "/tasks").as_traced("Writing")
    assert traced.failure_type == FailureType.transient_error
    assert "no connection" in traced.message


def test_a_record_error_names_document_and_field():
    assert str(RecordError("amount", "is odd", "X:1")) == "X:1: amount: is odd"
    assert str(RecordError("amount", "is odd")) == "amount: is odd"


@pytest.mark.parametrize(
    ("status", "message", "unknown"),
    [
        (404, "task: Unknown object: 12", True),
        (404, "project: Not a recognized ID: 1211834271000941", True),
        (400, "project: Not a recognized ID: 1211834271000941", True),
        (400, "parent: Unknown object: 1010", True),
        (400, "name: Missing input", False),
        (403, "project: Not a recognized ID: 1", False),
    ],
)
def test_asanas_ways_of_saying_that_there_is_nothing(status, message, unknown):
    error = AsanaError(status, message, "GET", "/projects/1")
    assert (error.refusal in NOT_THERE) is unknown
    assert ("cannot see it" in error.as_traced("Reading").message) is unknown


@pytest.mark.parametrize(
    ("message", "scopes"),
    [
        ("The following scopes must be present to fulfill this request: projects:read", ["projects:read"]),
        ("requires one of the scopes tasks:write, custom_fields:read", ["tasks:write", "custom_fields:read"]),
        ("You do not have permission to edit 12", []),
        ("Time: read", []),
    ],
)
def test_scopes_that_are_missing_are_named(message, scopes):
    error = AsanaError(403, message, "GET", "/projects/1")
    assert error.missing_scopes == scopes
    message = error.as_traced("Reading").message
    assert all(scope in message.partition("Likely cause")[2] for scope in scopes)
    assert ("OAuth app" in message) is bool(scopes)


@pytest.mark.parametrize(
    ("status", "message", "path", "gone"),
    [
        (404, "task: Unknown object: 1200000000000012", "/tasks/1200000000000012", True),
        (404, "task: Unknown object: 1200000000000012", "/tasks/1200000000000012/subtasks", True),
        (400, "task: Not a recognized ID: 1200000000000012", "/tasks/1200000000000012", True),
        (400, "parent: Not a recognized ID: 1200000000000012", "/tasks/1200000000000099/setParent", True),
        (400, "assignee: Not a recognized ID: 1200000000000077", "/tasks/1200000000000012", False),
        (400, "name: Missing input", "/tasks/1200000000000012", False),
    ],
)
def test_when_a_refusal_says_that_the_task_is_gone(status, message, path, gone):
    assert is_gone(AsanaError(status, message, "PUT", path), "1200000000000012") is gone
