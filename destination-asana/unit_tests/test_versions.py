"""Later is what Visma stamped later; where nothing tells, what came later."""

import pytest
from destination_asana.documents.versions import Versions, is_older, stamp_of


@pytest.mark.parametrize(
    ("stamp", "than", "older"),
    [
        ("2026-01-07T08:00:00", "2026-01-07T08:00:00.1", True),
        ("2026-01-07T08:00:00.1", "2026-01-07T08:00:00.100", False),
        ("2026-01-07T08:00:00.12", "2026-01-07T08:00:00.1", False),
        ("2026-01-07T08:00:00", None, False),
        (None, "2026-01-07T08:00:00", False),
        ("2026-01-07T09:00:00+01:00", "2026-01-07T08:30:00Z", True),
        ("2026-01-07T09:00:00+01:00", "2026-01-07T10:00:00", False),
        # With an offset and without: some hours apart it is clear all the same.
        ("2026-01-07T08:00:00+01:00", "2026-01-09T08:00:00", True),
        ("2026-01-09T08:00:00", "2026-01-07T08:00:00Z", False),
        ("2026-01-07T08:00:00", "2026-01-07T09:00:00Z", True),
        ("2026-01-07T08:00:00Z", "2026-01-07T11:00:00", False),
        ("2026-01-07T08:00:00+03:00", "2026-01-07T09:00:00", True),
        # A stamp centuries ahead keeps no later version out.
        ("2026-01-07T08:00:00", "2206-01-07T08:00:00", False),
        ("2026-01-07T08:00:00", "9999-12-31T23:59:59", False),
        ("2026-01-07T08:00:00+01:00", "2406-01-07T08:00:00Z", False),
        # Clocks go back: 02:20 may be later than 02:58, on that night only.
        ("2026-10-25T02:20:00", "2026-10-25T02:58:00", False),
        ("2026-10-25T02:20:00", "2026-10-25T03:58:00", True),
        ("2026-10-25T12:20:00", "2026-10-25T12:58:00", True),
        ("2026-10-18T02:20:00", "2026-10-18T02:58:00", True),
        # From 01:00 to 04:59: Visma's countries lie in three zones.
        ("2026-10-25T00:20:00", "2026-10-25T00:58:00", True),
        ("2026-10-25T00:30:00", "2026-10-25T01:10:00", True),
        ("2026-10-25T01:20:00", "2026-10-25T01:58:00", False),
        ("2026-10-25T04:20:00", "2026-10-25T04:58:00", False),
        ("2026-10-25T05:20:00", "2026-10-25T05:58:00", True),
        ("2026-10-25T02:20:00", "2026-10-25T03:20:00", False),
    ],
)
def test_which_of_two_versions_is_older(stamp, than, older):
    assert is_older(stamp, than) is older


@pytest.mark.parametrize(
    ("record", "stamp"),
    [
        ({"lastModifiedDateTime": "2026-01-07T08:00:00.1"}, "2026-01-07T08:00:00.1"),
        ({"lastModifiedDateTime": "0001-01-01T00:00:00"}, None),
        ({"lastModifiedDateTime": "1900-01-01T00:00:00"}, "1900-01-01T00:00:00"),
        ({"lastModifiedDateTime": " 2026-01-07 08:00:00 +01:00 "}, "2026-01-07T08:00:00+01:00"),
        ({"lastModifiedDateTime": "2026-01-07 08:00:00"}, "2026-01-07T08:00:00"),
        ({"lastModifiedDateTime": "9999-12-31T23:59:59.9999999"}, None),
        ({"lastModifiedDateTime": ""}, None),
        ({"lastModifiedDateTime": "soon"}, None),
        ({"lastModifiedDateTime": 7}, None),
        ({}, None),
        (None, None),
    ],
)
def test_the_stamp_of_a_record(record, stamp):
    assert stamp_of(record) == stamp


def test_the_newest_of_what_is_known():
    versions = Versions()
    versions.remember("a", "2026-01-08T00:00:00")
    versions.remember("a", "2026-01-07T00:00:00")
    assert versions.newest("a") == "2026-01-08T00:00:00"
    assert versions.newest("a", None, "2026-01-09T00:00:00") == "2026-01-09T00:00:00"
    assert versions.newest("b", "2026-01-02T00:00:00", "2026-01-01T00:00:00") == "2026-01-02T00:00:00"
