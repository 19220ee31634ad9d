"""Supplier mapping: which entry fits a supplier, and which member an entry means."""

import logging

import pytest
from destination_asana.asana.errors import AsanaError
from destination_asana.board.members import Assignees
from destination_asana.config import MappingEntry
from destination_asana.documents.patterns import normal
from hypothesis import given
from hypothesis import strategies as st

WORKSPACE = "1"
USERS = [
    {"gid": "11", "name": "Kari Nordmann", "email": "kari@nordlys.example"},
    {"gid": "12", "name": "Søren Østergaard", "email": "soren@nordlys.example"},
    {"gid": "13", "name": "Per Slutaren", "email": "per@nordlys.example"},
    {"gid": "14", "name": "Guðrún Jónsdóttir", "email": "gudrun@revisor.example"},
    {"gid": "15", "name": "Ola Hansen", "email": None},
    {"gid": "16", "name": "Ola Hansen", "email": "ola2@nordlys.example"},
]
MEMBERSHIPS = [
    {"user": {"gid": gid}, "is_active": gid != "13", "is_guest": gid == "14"} for gid in (u["gid"] for u in USERS)
]


class Directory:
    """The people of a workspace, as the client reads them; one address is hidden from the listing."""

    def list(self, path, params=None):
        return USERS if path == "/users" else MEMBERSHIPS

    def get(self, path, params=None):
        if path == "/users/hidden%40nordlys.example":
            return {**USERS[4], "workspaces": [{"gid": WORKSPACE}]}
        if path == "/users/left%40nordlys.example":
            return {**USERS[2], "workspaces": []}
        if path == "/users/else%40where.example":
            return {"gid": "99", "name": "Else", "workspaces": [{"gid": "2"}]}
        raise AsanaError(404, "user: Unknown object", "GET", path)


def assignees(*entries):
    return Assignees(Directory(), WORKSPACE, [MappingEntry(*entry) for entry in entries])


@pytest.mark.parametrize(
    ("assignee", "gid"),
    [
        ("kari@nordlys.example", "11"),
        ("KARI@Nordlys.example", "11"),
        ("søren  østergaard", "12"),
        ("12", "12"),
        ("hidden@nordlys.example", "15"),
    ],
)
def test_a_member_by_mail_name_or_gid(assignee, gid):
    assert assignees(("*", assignee)).of("Anyone", None) == gid


@pytest.mark.parametrize(
    ("assignee", "words", "unknown"),
    [
        ("nobody@nordlys.example", "nobody in the workspace is", True),
        ("else@where.example", "nobody in the workspace is", True),
        ("Ola Hansen", "fits 2 members", True),
        ("per@nordlys.example", "deactivated member", False),
        ("left@nordlys.example", "deactivated member", False),
    ],
)
def test_an_entry_that_means_nobody_says_so_once_and_assigns_nobody(caplog, assignee, words, unknown):
    people = assignees(("Nordic *", assignee))
    with caplog.at_level(logging.WARNING, "airbyte"):
        assert people.of("Nordic Office", None) is None
        assert people.of("Nordic Paper", None) is None
    assert len(caplog.records) == 1
    assert words in caplog.text
    assert f"“Nordic *” → “{assignee}”" in caplog.text
    assert people.resolve(MappingEntry("Nordic *", assignee)).unknown is unknown


def test_a_guest_is_assigned_with_a_warning(caplog):
    with caplog.at_level(logging.WARNING, "airbyte"):
        assert assignees(("*", "gudrun@revisor.example")).of("X", None) == "14"
    assert "guest" in caplog.text


@pytest.mark.parametrize(
    ("pattern", "name", "number", "fits"),
    [
        ("Nordic Office AS", "nordic office as", None, True),
        ("Nordic Office AS", "Nordic Office A/S", None, False),
        ("nordic*", "NORDIC OFFICE", None, True),
        ("*office*", "Nordic Office AS", None, True),
        ("Nordic ?ffice", "Nordic Office", None, True),
        ("Nordic ?ffice", "Nordic ffice", None, False),
        ("50012", "Nordic", "50012", True),
        ("500*", "Nordic", "50012", True),
        ("50012", "Nordic", None, False),
        ("A.B", "AxB", None, False),
        ("A (B) [C]", "a (b) [c]", None, True),
        ("Nordic  Office", "Nordic Office", None, True),
        ("Müller*", "MU\u0308LLER GmbH", None, True),
        ("STRASSE AG", "Straße AG", None, True),
        ("Stra?e *", "STRAßE AG", None, True),
        ("ÆRLIG ØL OG ÅL", "Ærlig øl og ål", None, True),
        ("[AB]*", "ab", None, False),
        ("*", None, None, False),
    ],
)
def test_which_suppliers_an_entry_fits(pattern, name, number, fits):
    assert (assignees((pattern, "11")).entry_for(name, number) is not None) is fits


def test_the_first_match_wins():
    people = assignees(("Nordic Office AS", "11"), ("Nordic *", "12"), ("*", "16"))
    assert people.of("Nordic Office AS", None) == "11"
    assert people.of("Nordic Paper", None) == "12"
    assert people.of("Jæren Frakt", None) == "16"


def test_suppliers_no_entry_fits_are_counted_for_review():
    people = assignees(("Nordic *", "11"))
    for name in ("Jæren Frakt", "Jæren Frakt", "Nordic Office"):
        people.of(name, "1")
    assert people.unmatched == {"Jæren Frakt": 2}


def by_owner(*entries):
    return Assignees(Directory(), WORKSPACE, [MappingEntry(*entry) for entry in entries], by_owner=True)


@pytest.mark.parametrize(
    ("owner", "gid"),
    [
        ("Kari Nordmann", "11"),
        ("kari  NORDMANN", "11"),
        ("Søren Østergaard", "12"),
        ("Søren", None),
        ("Per Slutaren", None),  # deactivated
        ("Guðrún Jónsdóttir", None),  # a guest
        ("kari@nordlys.example", None),
        ("*", None),
        ("", None),
        (None, None),
    ],
)
def test_an_order_goes_to_the_member_whose_name_is_its_owners(owner, gid):
    assert by_owner().of("Anyone", "7", owner=owner) == gid


def test_the_mapping_comes_before_the_owner_even_where_its_member_cannot_be_assigned():
    people = by_owner(("Nordic *", "12"), ("Left *", "per@nordlys.example"))
    assert people.of("Nordic Office", None, owner="Kari Nordmann") == "12"
    assert people.of("Left Behind", None, owner="Kari Nordmann") is None
    assert people.of("Jæren Frakt", None, owner="Kari Nordmann") == "11"
    assert people.unmatched == {}


def test_an_owners_name_that_two_members_have_assigns_nobody_with_one_warning(caplog):
    people = by_owner()
    with caplog.at_level(logging.WARNING, "airbyte"):
        assert [people.of("X", None, owner="Ola Hansen") for _ in range(2)] == [None, None]
    assert len(caplog.records) == 1
    assert "“Ola Hansen”" in caplog.text
    assert "2 members" in caplog.text


def test_without_the_setting_the_owner_assigns_nobody():
    assert assignees(("Nordic *", "12")).of("Jæren Frakt", None, owner="Kari Nordmann") is None


def test_an_assignee_asana_refuses_is_not_tried_again(caplog):
    people = assignees(("*", "11"))
    assert people.of("X", None) == "11"
    with caplog.at_level(logging.WARNING, "airbyte"):
        people.refused("11", "Not a user in Organization")
        people.refused("11", "Not a user in Organization")
    assert people.of("X", None) is None
    assert len(caplog.records) == 1
    assert "“*” → “11”" in caplog.text


@given(st.text(min_size=1).filter(normal))
def test_every_name_fits_itself_written_literally(name):
    literal = name.replace("*", "?")
    assert assignees((literal, "11")).entry_for(name, None) is not None
