"""What the headers of an answer say: the time by Asana's clock, and changes that Asana announces."""

import datetime
from email.utils import format_datetime

import pytest
from destination_asana.asana.headers import ServerHeaders

CHANGE = "name=new_memberships;info=https://example.com/change;affected=true"


def date_in(hours):
    return format_datetime(datetime.datetime.now(datetime.UTC) + datetime.timedelta(hours=hours), usegmt=True)


def hours_ahead(moment):
    return round((moment - datetime.datetime.now(datetime.UTC)).total_seconds() / 3600, 1)


@pytest.mark.parametrize(
    ("hours", "unreadable", "server", "earliest"),
    [(3, None, 3, 0), (-3, None, -3, -3), (None, "soon", 0, 0), (None, "", 0, 0), (None, None, 0, 0)],
    ids=["ahead", "behind", "unreadable", "empty", "missing"],
)
def test_the_clocks(hours, unreadable, server, earliest):
    headers = ServerHeaders()
    date = unreadable if hours is None else date_in(hours)
    headers.read({} if date is None else {"Date": date})
    assert (hours_ahead(headers.server_time()), hours_ahead(headers.earliest_time())) == (server, earliest)


def test_a_change_that_affects_the_connector_is_announced_once(caplog):
    headers = ServerHeaders()
    for _ in range(3):
        headers.read({"Asana-Change": CHANGE})
    assert caplog.text.count("new_memberships") == 1


def test_other_changes_are_left_out(caplog):
    ServerHeaders().read({"Asana-Change": CHANGE.replace("true", "false")})
    assert caplog.text == ""
