"""Asana's words out of any error answer, and errors in the words people read."""

import pytest
from airbyte_cdk.models import FailureType
from destination_asana.errors import AsanaError, RecordError, UnreachableError, words_of
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
    said = words_of(500, None, text)
    assert 0 < len(said) <= 500
    assert "\n" not in said


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
