"""Accounts, cost centres and other records with a code, as options of a field."""

import logging
from typing import Any

import pytest
from destination_asana.documents.cost_centers import CostCenterSegments
from destination_asana.documents.entries import Entry, entry_of
from destination_asana.documents.errors import RecordError
from destination_asana.documents.line_items import Option

ALL = CostCenterSegments(())
VALUE = {"company_id": "1", "dimensionId": "SUBACCOUNT", "segmentId": 2, "valueId": "30", "description": "North"}
DIMENSION = {
    "company_id": "1",
    "id": " Subaccount ",
    "segments": [{"segmentId": 1}, None, {"segmentId": 2, "description": " Cost  centre"}],
}


@pytest.mark.parametrize(
    ("stream", "record", "option"),
    [
        ("accounts", {"accountCD": "3000", "description": "Sales"}, Option("3000", "Sales")),
        ("subaccounts", {"subaccountNumber": "330-10", "description": "Oslo"}, Option("330-10", "Oslo")),
        ("suppliers", {"number": "50012", "name": "Nordic Office AS"}, Option("50012", "Nordic Office AS")),
        ("customers", {"number": "10018", "name": "Kunde AB"}, Option("10018", "Kunde AB")),
        ("employees", {"employeeNumber": "9", "employeeName": "Kari Li"}, Option("9", "Kari Li")),
        ("dimensions", {"id": "SUBACCOUNT", "description": "Subaccount"}, Option("SUBACCOUNT", "Subaccount")),
    ],
)
def test_code_and_description_by_stream(stream: str, record: dict[str, Any], option: Option) -> None:
    assert entry_of(stream, {"company_id": "4100251", **record}, ALL) == Entry("4100251", option, True)


@pytest.mark.parametrize(
    ("values", "active"),
    [
        ({"active": True}, True),
        ({"active": False}, False),
        ({"active": None}, True),
        ({"status": "Inactive"}, False),
        ({"status": "Active"}, True),
        ({"active": True, "status": "INACTIVE"}, False),
    ],
)
def test_what_is_no_longer_used(values: dict[str, Any], active: bool) -> None:
    entry = entry_of("accounts", {"company_id": "1", "accountCD": "3000", **values}, ALL)
    assert entry is not None
    assert entry.active is active


def test_the_same_account_at_another_time() -> None:
    entry = Entry(" Company ", Option("AbC", "x", " Dept "), True)
    assert entry.origin == ("company", "dept", "abc")
    assert Entry("1", Option("3000", None), True).origin == ("1", "", "3000")


@pytest.mark.parametrize(
    ("stream", "record", "message"),
    [
        (
            "accounts",
            {"company_id": "1", "description": "x"},
            "accountCD: is missing, and without it the option has no code",
        ),
        (
            "dimension_values",
            {"company_id": "1", "segmentId": 1, "valueId": "3"},
            "dimensionId: is missing, and without it the meaning of the value is unknown",
        ),
        (
            "dimension_values",
            {"company_id": "1", "dimensionId": "SUBACCOUNT", "valueId": "3"},
            "segmentId: is missing, and without it the meaning of the value is unknown",
        ),
        ("accounts", "no object", "record: is not an object"),
    ],
)
def test_a_record_without_its_code_is_an_error_that_names_the_field(stream: str, record: Any, message: str) -> None:
    with pytest.raises(RecordError) as caught:
        entry_of(stream, record, ALL)
    assert str(caught.value) == message


def test_only_values_of_the_subaccounts_segments_are_cost_centres() -> None:
    entry = entry_of("dimension_values", VALUE | {"segmentDescription": "Region"}, ALL)
    assert entry == Entry("1", Option("30", "North", "2", "Region"), True)
    assert entry.origin == ("1", "2", "30")
    assert entry_of("dimension_values", VALUE | {"dimensionId": "subaccount"}, ALL) is not None
    assert entry_of("dimension_values", VALUE | {"dimensionId": "INVENTORY"}, ALL) is None
    assert entry_of("dimension_values", VALUE, CostCenterSegments(("1",))) is None


@pytest.mark.parametrize("wanted", ["2", " 2 ", "cost centre", "COST  CENTRE "])
def test_a_segment_is_named_by_its_id_or_its_description(wanted: str) -> None:
    segments = CostCenterSegments(("Project", wanted))
    segments.learn(DIMENSION)
    assert segments.accepts("1", "2", None)
    assert segments.accepts("1", "2", "Cost centre")
    assert not segments.accepts("1", "1", "Department")


def test_the_records_own_description_counts_before_the_dimensions() -> None:
    segments = CostCenterSegments(("Region",))
    segments.learn(DIMENSION)
    assert segments.accepts("1", "2", "Region")
    assert not segments.accepts("1", "2", None)


def test_segments_are_known_by_company() -> None:
    segments = CostCenterSegments(("cost centre",))
    segments.learn(DIMENSION)
    assert segments.accepts("1", "2", None)
    assert not segments.accepts("2", "2", None)
    assert not segments.accepts("1", "1", None)


def test_records_without_a_company_belong_together() -> None:
    segments = CostCenterSegments(("cost centre",))
    segments.learn(DIMENSION | {"company_id": None})
    assert entry_of("dimension_values", VALUE | {"company_id": None}, segments) == Entry(
        "", Option("30", "North", "2"), True
    )
    assert entry_of("dimension_values", VALUE, segments) is None


@pytest.mark.parametrize("dimension", [{"id": "INVENTORY"}, {"id": None}, {"segments": None}])
def test_other_dimensions_name_no_segments(dimension: dict[str, Any]) -> None:
    segments = CostCenterSegments(("cost centre",))
    segments.learn(DIMENSION | dimension)
    assert not segments.accepts("1", "2", None)


def test_a_segment_of_an_unknown_name_is_reported_once(caplog: pytest.LogCaptureFixture) -> None:
    segments = CostCenterSegments(("cost centre",))
    with caplog.at_level(logging.WARNING, "airbyte"):
        for segment in ("3", "3", None):
            assert not segments.accepts("1", segment, None)
    assert caplog.messages == [
        f"cost_center_segments: the description of subaccount segment {segment} is not known, so its values are not treated "
        f"as cost centres. Name segments by their ids (here {segment}), or sync the stream dimensions before dimension_values."
        for segment in ("3", None)
    ]


def test_the_cost_centres_among_the_values_of_a_line() -> None:
    department, region = Option("330", "Marketing", "1", "Department"), Option("10", "Bergen", "2", "Region")
    assert CostCenterSegments(("region",)).only("1", (department, region)) == (region,)
    assert CostCenterSegments(("1",)).only("1", (department, region)) == (department,)
    assert ALL.only("1", (department, region)) == (department, region)
    learnt = CostCenterSegments(("cost centre",))
    learnt.learn(DIMENSION)
    unnamed = (Option("330", "Marketing", "1"), Option("10", "Bergen", "2"))
    assert learnt.only("1", unnamed) == (Option("10", "Bergen", "2"),)
    assert learnt.only("2", unnamed) == ()


def test_a_value_is_judged_by_its_company_and_segment() -> None:
    segments = CostCenterSegments(("cost centre",))
    segments.learn(DIMENSION)
    assert entry_of("dimension_values", VALUE, segments) is not None
    assert entry_of("dimension_values", VALUE | {"company_id": "2"}, segments) is None
    assert entry_of("dimension_values", VALUE | {"segmentId": 1}, segments) is None
    assert entry_of("dimension_values", VALUE, CostCenterSegments(("2",))) is not None
    named = VALUE | {"segmentDescription": "Region"}
    assert entry_of("dimension_values", named, CostCenterSegments(("region",))) is not None
