"""The heartbeat: its text, and which of several is the one of a connection."""

import pytest
from destination_asana.planning import heartbeat
from destination_asana.planning.descriptions.blocks import HEARTBEAT, Block
from destination_asana.planning.heartbeat import Beat, Connection, HeartbeatTask

LAST = "Last good sync: 2026-11-28 06:00 UTC"
WORDS = (
    "Each good sync moves the due date ahead. If this task is overdue, syncs have stopped or fail: look at the log of "
    "the last one. The sync finds this task by these rows; name, section, assignee and other text are yours."
)
BOTH = Connection("1200", frozenset({"4100251", "4100999"}), frozenset({"purchase_orders", "supplier_invoices"}))


def connection(companies="", streams="", project="1200"):
    return Connection(project, frozenset(companies.split()), frozenset(streams.split()))


def test_the_text():
    """The rows say first when and how much, then whose heartbeat it is and whom Asana reminds."""
    beat = Beat(BOTH, "2026-11-28 06:00 UTC", ["created: 3", "updated: 1"], "kari@example.com")
    assert beat.block == Block(
        HEARTBEAT,
        (
            LAST,
            "created: 3",
            "updated: 1",
            "Companies: 4100251, 4100999",
            "Project: 1200",
            "Streams: purchase_orders, supplier_invoices",
            "Reminds: kari@example.com",
            WORDS,
        ),
    )


def test_of_a_long_report_forty_rows_are_shown_and_no_company_is_no_row():
    beat = Beat(connection(streams="accounts"), "now", [f"row {number}" for number in range(60)], "5")
    rows = beat.block.rows
    assert rows[40:] == ("row 39", "Project: 1200", "Streams: accounts", "Reminds: 5", WORDS)


@pytest.mark.parametrize(
    ("rows", "found", "reminds"),
    [
        (
            [
                LAST,
                "created: 3",
                "Companies: 4100251, 4100999",
                "Project: 1200",
                "Reminds: Li: Kari",
                "Streams: purchase_orders, Supplier_Invoices",
                WORDS,
            ],
            BOTH,
            "Li: Kari",
        ),
        # People may take rows away.
        ([LAST, "Companies: ", "and words of people"], Connection("", frozenset(), frozenset()), None),
    ],
)
def test_a_heartbeat_is_known_by_its_rows(rows, found, reminds):
    notes = "\n".join(["Ask Kari.", "Heartbeat of the Visma sync", *rows, "End of heartbeat"])
    task = {"gid": "7", "created_at": "2026-01-01T08:00:00.000Z", "notes": notes}
    assert heartbeat.heartbeat_in(task) == HeartbeatTask("7", "2026-01-01T08:00:00.000Z", found, reminds)
    assert heartbeat.heartbeat_in({"gid": "7", "notes": notes}) == HeartbeatTask("7", "", found, reminds)


@pytest.mark.parametrize("notes", [None, "", "Last good sync: now", "Heartbeat of the Visma sync"])
def test_any_other_task_is_none(notes):
    assert heartbeat.heartbeat_in({"gid": "7", "name": "Visma sync", "notes": notes}) is None


def test_companies_and_streams_are_compared_without_case():
    assert Connection.of("1200", [" AB  1 "], ["Purchase_Orders"]) == Connection(
        "1200", frozenset({"ab 1"}), frozenset({"purchase_orders"})
    )


@pytest.mark.parametrize(
    ("ours", "other", "may_be"),
    [
        (connection("1 2", "orders"), connection("1 2", "orders"), True),
        # Streams and companies may have changed since; one in common is enough.
        (connection("1 2", "orders accounts"), connection("2 3", "accounts"), True),
        (connection("1", "orders"), connection("2", "orders"), False),
        (connection("1", "orders"), connection("1", "accounts"), False),
        (connection("1", "orders"), connection("2", "accounts"), False),
        # Unknown companies fit all, and so do streams that the text no longer names.
        (connection("", "orders"), connection("2", "orders"), True),
        (connection("1", "orders"), connection("", "orders"), True),
        (connection("1", "orders"), connection("1", ""), True),
        (connection("", "orders"), connection("", "accounts"), False),
        (connection("1", ""), connection("1", "orders"), False),
        (connection("1", "orders"), connection("1", "orders", "1300"), False),
        (connection("1", "orders"), connection("1", "orders", ""), True),
    ],
)
def test_whether_two_may_be_the_same_connection(ours, other, may_be):
    assert ours.may_be(other) is may_be


def beat(gid, created_at, companies="1", streams="orders", project="1200"):
    return HeartbeatTask(gid, created_at, connection(companies, streams, project), "5")


@pytest.mark.parametrize(
    ("companies", "found", "gid"),
    [
        ("1 2", [], None),
        ("1 2", [beat("a", "1", "3"), beat("b", "1", project="1300")], None),
        # By companies first, then by streams.
        ("1 2", [beat("a", "1", "1", "orders accounts"), beat("b", "2", "1 2", "orders")], "b"),
        ("1 2", [beat("a", "1", "1", "orders"), beat("b", "2", "1", "orders accounts")], "b"),
        # People copy tasks: the oldest is the first one.
        ("1 2", [beat("c", "2"), beat("b", "1"), beat("a", "3")], "b"),
        ("1 2", [beat("b", "1"), beat("a", "1")], "a"),
        ("", [beat("a", "2", "1"), beat("b", "1", "2")], "b"),
    ],
)
def test_the_heartbeat_of_a_connection(companies, found, gid):
    ours = heartbeat.ours(connection(companies, "orders accounts"), found)
    assert (ours and ours.gid) == gid


@pytest.mark.parametrize(
    ("companies", "found", "ambiguous"),
    [
        ("", [beat("a", "1", "1"), beat("b", "1", "2")], True),
        ("", [beat("a", "1", "1"), beat("b", "1", "1")], False),
        ("", [beat("a", "1", "1"), beat("b", "1", "2", "accounts")], False),
        ("", [], False),
        ("1", [beat("a", "1", "1"), beat("b", "1", "1 2")], False),
    ],
)
def test_without_a_company_heartbeats_of_several_companies_are_ambiguous(companies, found, ambiguous):
    assert heartbeat.is_ambiguous(connection(companies, "orders"), found) is ambiguous
