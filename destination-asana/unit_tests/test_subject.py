"""What a document's record says about project, cost centre, branch and supplier: the values that routes match."""

from typing import Any

import pytest
from destination_asana.documents.errors import RecordError
from destination_asana.documents.line_items import LineItem, Option
from destination_asana.documents.reader import Reader
from destination_asana.documents.subject import Subject, project_key, subject_of


def item(*cost_centers: Option) -> LineItem:
    return LineItem(1, "Paper", None, "Paper", None, cost_centers)


def of(header: dict[str, Any], *lines: dict[str, Any], supplier: dict[str, Any] | None = None) -> Subject:
    return subject_of(
        Reader(header), [Reader(line) for line in lines], [], None if supplier is None else Reader(supplier)
    )


def test_everything_at_once() -> None:
    lines = [
        {"project": {"id": "P1001 ", "description": None}, "branch": {"number": "2", "name": "Shop"}},
        {"project": {"id": "p1001", "description": "New  website"}, "branchNumber": {"number": "3", "name": None}},
        {"project": "P 2001", "branch": {"number": "2", "name": "Shop"}},
        {"project": {"id": "P1001", "description": "Another text"}, "branchNumber": 4},
        {"project": {"id": None, "description": "Nothing"}, "branch": None},
    ]
    header = {"branch": {"id": "1", "name": "Head office"}, "project": {"id": "X", "description": "No project"}}
    marketing, bergen = Option("330", "Marketing", "1"), Option("10", "Bergen", "2", "Region")
    subject = subject_of(
        Reader(header),
        [Reader(line) for line in lines],
        [item(marketing, bergen), item(), item(bergen)],
        Reader({"number": "50012", "name": "Nordic Office AS"}),
    )
    assert subject == Subject(
        projects=(("X", "No project"), ("P1001", "New website"), ("P 2001", None)),
        cost_centers=(("330", "Marketing"), ("10", "Bergen")),
        branches=(("1", "Head office"), ("2", "Shop"), ("3", None), ("4", None)),
        suppliers=(("50012", "Nordic Office AS"),),
    )
    assert subject.of("project") == (("X", "No project"), ("P1001", "New website"), ("P 2001", None))
    assert subject.of("cost_center") == (("330", "Marketing"), ("10", "Bergen"))
    assert subject.of("branch") == (("1", "Head office"), ("2", "Shop"), ("3", None), ("4", None))
    assert subject.of("supplier") == (("50012", "Nordic Office AS"),)
    assert subject.of("customer") == ()
    assert subject.project_options == (
        Option("X", "No project"),
        Option("P1001", "New website"),
        Option("P 2001", None),
    )
    assert subject.without_project(" x ") == Subject(
        projects=(("P1001", "New website"), ("P 2001", None)),
        cost_centers=(("330", "Marketing"), ("10", "Bergen")),
        branches=(("1", "Head office"), ("2", "Shop"), ("3", None), ("4", None)),
        suppliers=(("50012", "Nordic Office AS"),),
    )


@pytest.mark.parametrize(
    ("branch", "found"),
    [
        ({"number": "1", "id": "7", "name": "Head  office"}, (("1", "Head office"),)),
        ({"number": None, "id": "7", "name": None}, (("7", None),)),
        ({"name": "Head office"}, ((None, "Head office"),)),
        ({"number": " ", "name": ""}, ()),
        (" 1 ", (("1", None),)),
        (1, (("1", None),)),
        ("", ()),
        (None, ()),
    ],
)
def test_a_branch(branch: Any, found: tuple[tuple[str | None, str | None], ...]) -> None:
    assert of({"branch": branch}) == Subject(branches=found)
    assert of({}, {"branchNumber": branch}) == Subject(branches=found)


@pytest.mark.parametrize("value", [True, 1.5, ["1"]])
def test_what_is_neither_object_nor_code(value: Any) -> None:
    with pytest.raises(RecordError) as caught:
        of({}, {"project": value})
    assert caught.value.field == "project"


@pytest.mark.parametrize(
    ("supplier", "found"),
    [
        ({"number": "50012"}, (("50012", None),)),
        ({"name": "Nordic Office AS"}, ((None, "Nordic Office AS"),)),
        ({}, ()),
        (None, ()),
    ],
)
def test_a_supplier(supplier: dict[str, Any] | None, found: tuple[tuple[str | None, str | None], ...]) -> None:
    assert of({}, supplier=supplier) == Subject(suppliers=found)


def test_the_key_of_a_project() -> None:
    assert (project_key("P1001     "), project_key("p 10  01"), project_key(None)) == ("p1001", "p 10 01", "")
