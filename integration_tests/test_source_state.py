"""What a saved state is good for: which company it belongs to, clocks that go back, stamps that lie ahead."""

from datetime import datetime
from typing import Any

import pytest

from .sandbox.harness import VismaSandbox
from .source_runs import LISTS, STREAMS, Run, catalog, key_of, read, run, saved

pytest_plugins = ["integration_tests.sandbox.visma.testing"]

FIELD = "lastModifiedDateTime"
AHEAD = "2206-05-17T09:00:00"


def warnings(done: Run) -> str:
    return "\n".join(log["message"] for log in done.of_type("LOG") if log["level"] == "WARN")


def set_clock(visma: VismaSandbox, local: str) -> None:
    """Moves the sandbox's clock to this local time."""
    now = datetime.fromisoformat(visma.control("POST", "clock", {})["now"])
    visma.control("POST", "clock", {"advance": (datetime.fromisoformat(local) - now).total_seconds()})


def changes(visma: VismaSandbox, position: int) -> dict[str, tuple[Any, ...]]:
    """Changes a record of each list, and a segment's value; their keys by stream."""
    changed = {}
    for stream, (entity, _) in LISTS.items():
        record = visma.documents(entity)[position]
        key = "/".join(str(record[name]) for name in KEYS.get(entity, LISTS[stream][1]))
        visma.change(entity, key, {})
        changed[stream] = key_of(stream, record)
    value = f"99{position}"
    order = {"op": "add", "entity": "segmentvalue", "key": f"SUBACCOUNT/1/{value}", "set": {"description": value}}
    visma.control("POST", "changes", [order])
    return {**changed, "dimension_values": ("SUBACCOUNT", 1, value)}


# Where the sandbox's keys are not the stream's.
KEYS = {
    "supplier": ["number"],
    "customer": ["number"],
    "account": ["accountCD"],
    "subaccount": ["subaccountNumber"],
    "employee": ["employeeNumber"],
    "project": ["projectID"],
    "branch": ["number"],
}


# --- clocks ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("night", "before", "after"),
    [("2027-10-31", "02:58:00", 22), ("2028-10-29", "02:59:50", 1)],
    ids=["02:20", "02:00"],
)
def test_changes_of_the_hour_that_comes_twice_are_read(
    visma: VismaSandbox, night: str, before: str, after: int
) -> None:
    """The stamps are older than the state when the clocks have gone back from 3 to 2."""
    visma.control("POST", "clock", {"utc_offset_minutes": 120})
    set_clock(visma, f"{night}T{before}")
    changes(visma, 0)
    first = read(visma)
    assert first.code == 0
    for stream in LISTS:
        # Stamps of branches are UTC, two hours behind then.
        assert first.states(stream)[-1][FIELD] >= f"{night}T{'00:58' if stream == 'branches' else '02:58'}"
    visma.control("POST", "clock", {"utc_offset_minutes": 60, "advance": after * 60})
    late = changes(visma, 1)
    second = read(visma, state=first.state)
    assert {stream for stream, key in late.items() if key not in second.keys(stream)} == set()
    for stream in LISTS:
        assert second.states(stream)[-1][FIELD] >= first.states(stream)[-1][FIELD]


def test_stamps_with_offsets_are_compared_as_moments(visma: VismaSandbox) -> None:
    """The later moment has the smaller digits; the state has no zone."""
    visma.change("supplier", "50003", {}, stamp="2026-10-25T02:58:00+02:00")
    visma.change("supplier", "50004", {}, stamp="2026-10-25T02:20:00+01:00")
    visma.change("customer", "10003", {}, stamp="2026-10-26T09:00:00+02:00")
    visma.change("customer", "10004", {}, stamp="2026-10-26T07:30:00Z")
    done = read(visma, "suppliers", "customers")
    assert done.code == 0
    assert done.states("suppliers")[-1][FIELD] == "2026-10-25T02:20:00"
    assert done.states("customers")[-1][FIELD] == "2026-10-26T07:30:00"


# --- whose state it is -------------------------------------------------------------------------------------------------


def test_a_state_names_its_company_and_api(visma: VismaSandbox) -> None:
    done = read(visma, "suppliers", "dimension_values", start_date="2026-01-01")
    for stream in ("suppliers", "dimension_values"):
        state = dict(done.states(stream)[-1])
        assert state.pop("company_id") == "4100251"
        assert state.pop("api_url") == visma.url
        assert state.pop("start_date") == "2026-01-01T00:00:00"
        assert len(state) == 1


@pytest.mark.parametrize(
    ("names", "settings", "words"),
    [
        ({"company_id": "42"}, {}, "belongs to the company 42, and the settings name 4100251"),
        (
            {"company_id": "4100251", "api_url": "https://api.other.example"},
            {},
            "the API address https://api.other.example",
        ),
        (
            {"start_date": "2026-10-01T00:00:00"},
            {"start_date": "2000-01-01"},
            "the start date 2026-10-01T00:00:00, which is 20",
        ),
        (
            {"start_date": "2026-10-01T00:00:00"},
            {},
            "the start date 2026-10-01T00:00:00, which is gone from the settings",
        ),
    ],
    ids=["company", "api", "earlier start", "no start"],
)
def test_a_state_that_does_not_fit_is_said_and_left_aside(
    visma: VismaSandbox, names: dict[str, str], settings: dict[str, Any], words: str
) -> None:
    names = {"company_id": "4100251", "api_url": visma.url} | names
    state = saved("suppliers", lastModifiedDateTime="2026-11-01T00:00:00", **names)
    done = read(visma, "suppliers", state=state, **settings)
    assert done.code == 0
    assert len(done.records("suppliers")) == 61
    assert words in warnings(done)
    again = read(visma, "suppliers", state=done.state, **settings)
    assert warnings(again) == ""
    assert len(again.records("suppliers")) < 61


def test_a_state_that_does_not_fit_stays_until_another_is_earned(visma: VismaSandbox) -> None:
    visma.fault(status=400, path="/v1/supplier", times=0)
    names = {"lastModifiedDateTime": "2026-11-01T00:00:00", "company_id": "42"}
    done = read(visma, "suppliers", state=saved("suppliers", **names))
    assert done.code == 1
    assert done.states("suppliers")[-1] == names


@pytest.mark.parametrize(
    "names", [{}, {"company_id": "4100251", "start_date": "2020-01-01T00:00:00"}], ids=["0.1.0", "own"]
)
def test_a_state_that_fits_is_gone_on_from(visma: VismaSandbox, names: dict[str, str]) -> None:
    state = saved("suppliers", lastModifiedDateTime="2026-11-01T00:00:00", **names)
    done = read(visma, "suppliers", state=state, start_date="2024-01-01")
    assert warnings(done) == ""
    expected = [r for r in visma.documents("supplier") if r[FIELD] >= "2026-10-31T22:45"]
    assert len(done.records("suppliers")) == len(expected)
    kept = names.get("start_date", "2024-01-01T00:00:00")
    assert done.states("suppliers")[-1]["start_date"] == kept


def test_a_full_refresh_reads_everything_whatever_the_state(visma: VismaSandbox) -> None:
    state = [part for stream in LISTS for part in saved(stream, lastModifiedDateTime="2026-11-20T00:00:00")]
    done = read(visma, "suppliers", "accounts", "journal_transactions", state=state, mode="full_refresh")
    for stream in ("suppliers", "accounts", "journal_transactions"):
        assert len(done.keys(stream)) == len(visma.documents(LISTS[stream][0]))


def test_global_states(visma: VismaSandbox) -> None:
    """A platform may save the streams' states as one; a part they share is none of this source's."""
    (own,) = saved("suppliers", lastModifiedDateTime="2099-01-01T00:00:00")
    for shared in ({}, None):
        together = {"type": "GLOBAL", "global": {"shared_state": shared, "stream_states": [own["stream"]]}}
        done = read(visma, "suppliers", state=[together])
        assert done.code == 0
    together = {"type": "GLOBAL", "global": {"shared_state": {"lsn": 7}, "stream_states": []}}
    done = run("read", config=visma.config, catalog=catalog(["suppliers"]), state=[together])
    [error] = [trace["error"] for trace in done.of_type("TRACE")]
    assert "holds a GLOBAL state with a shared part, which only another source can have saved" in error["message"]
    assert done.errors == ""


# --- stamps that lie ahead ---------------------------------------------------------------------------------------------


def test_a_stamp_beyond_the_clock_does_not_carry_the_state_away(visma: VismaSandbox) -> None:
    others = max(r[FIELD] for r in visma.documents("supplier") if r["number"] != "50003")
    visma.change("supplier", "50003", {"name": "From the future"}, stamp=AHEAD)
    value = {"op": "change", "entity": "segmentvalue", "key": "SUBACCOUNT/1/100", "stamp": AHEAD, "set": {}}
    visma.control("POST", "changes", [value])
    done = read(visma, "suppliers", "dimension_values")
    assert "From the future" in [record["name"] for record in done.records("suppliers")]
    assert done.states("suppliers")[-1][FIELD] == others
    assert done.states("dimension_values")[-1]["lastModified"] < AHEAD
    key = next(r["internalId"] for r in visma.documents("supplier") if r["number"] == "50003")
    assert f"suppliers: 1 records have a {FIELD} beyond Visma.net's own clock: {key} ({AHEAD})" in warnings(done)
    assert f"SUBACCOUNT 1 100 ({AHEAD})" in warnings(done)
    visma.change("supplier", "50004", {"name": "Of today"})
    again = read(visma, "suppliers", state=done.state)
    assert "Of today" in [record["name"] for record in again.records("suppliers")]


def test_hours_ahead_are_the_zone_and_not_the_future(visma: VismaSandbox) -> None:
    visma.control("POST", "clock", {"utc_offset_minutes": 14 * 60})
    changed = visma.change("supplier", "50003", {})
    done = read(visma, "suppliers")
    assert done.states("suppliers")[-1][FIELD] == changed[FIELD]
    assert warnings(done) == ""


@pytest.mark.parametrize("stream", ["suppliers", "journal_transactions", "accounts"])
def test_a_state_that_lies_ahead_recovers(visma: VismaSandbox, stream: str) -> None:
    done = read(visma, stream, state=saved(stream, lastModifiedDateTime=AHEAD))
    held = visma.documents(LISTS[stream][0])
    assert set(done.keys(stream)) == {key_of(stream, record) for record in held}
    assert done.states(stream)[-1][FIELD] == max(record[FIELD] for record in held)
    assert f"the saved state {AHEAD} lies beyond Visma.net's own clock" in warnings(done)


def test_the_clock_is_the_services_own(visma: VismaSandbox) -> None:
    """A machine whose clock is years behind reads what is of today there."""
    set_clock(visma, "2031-03-01T10:00:00")
    changed = visma.change("supplier", "50003", {})
    done = read(visma, "suppliers")
    assert changed[FIELD].startswith("2031-03-01T10:00")
    assert done.states("suppliers")[-1][FIELD] == changed[FIELD]
    assert len(STREAMS) > 1
