"""source-visma against the sandbox Visma: what arrives, what is asked for, and what the next sync brings."""

import json
import re
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import pytest
from jsonschema import Draft7Validator

from . import openapi
from .sandbox.harness import VismaSandbox
from .source_runs import FULL, LISTS, STREAMS, Run, discover, key_of, read, run, saved
from .waiting import until

pytest_plugins = ["integration_tests.sandbox.visma.testing"]

FILTER = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}")
NOISE = ("metadata", "errorInfo")


def differences(shown: Any, held: Any, path: str = "") -> list[str]:
    """Where a record is not what the company holds. Lists show less than there is: fields to be asked for, empty objects."""
    if isinstance(shown, dict) and isinstance(held, dict):
        wrong = [f"{path}{name}" for name in shown if name in NOISE or name not in held]
        return wrong + [
            deep for name in shown if name in held for deep in differences(shown[name], held[name], f"{path}{name}.")
        ]
    if isinstance(shown, list) and isinstance(held, list) and len(shown) == len(held):
        return [deep for one, two in zip(shown, held, strict=True) for deep in differences(one, two, path)]
    return [] if shown == held else [path]


@pytest.fixture(scope="module")
def first(visma_server: VismaSandbox) -> tuple[Run, list[dict[str, Any]]]:
    """A first read of everything, and the API calls it made."""
    visma_server.reset(record_bodies=True)
    done = read(visma_server)
    assert done.code == 0, done.output[-2000:]
    return done, [entry for entry in visma_server.log() if entry["path"].startswith(("/v1", "/v2"))]


@pytest.fixture
def full(first: tuple[Run, list[dict[str, Any]]]) -> Run:
    return first[0]


@pytest.fixture
def requests(first: tuple[Run, list[dict[str, Any]]]) -> list[dict[str, Any]]:
    return first[1]


def test_every_list_arrives_whole_and_once(full: Run, visma: VismaSandbox) -> None:
    for stream, (entity, _) in LISTS.items():
        held = {key_of(stream, record): record for record in visma.documents(entity)}
        keys = full.keys(stream)
        assert len(keys) == len(set(keys)), stream
        assert set(keys) == set(held), stream
        for record in full.records(stream):
            assert record["company_id"] == visma.config["company_id"]
            assert not differences(record, held[key_of(stream, record)] | {"company_id": record["company_id"]})


def test_notes_arrive_where_the_list_has_to_be_asked_for_them(full: Run) -> None:
    assert any(record.get("note") for record in full.records("suppliers"))
    assert any(record.get("note") for record in full.records("supplier_invoices"))


def test_dimensions_and_their_values(full: Run, visma: VismaSandbox) -> None:
    dimensions = {record["id"]: record for record in full.records("dimensions")}
    assert "SUBACCOUNT" in dimensions
    values = full.records("dimension_values")
    assert values
    assert {value["dimensionId"] for value in values} <= set(dimensions)
    for value in values:
        segments = {
            segment["segmentId"]: segment["description"] for segment in dimensions[value["dimensionId"]]["segments"]
        }
        assert value["segmentDescription"] == segments[value["segmentId"]]
    assert not [d for d in dimensions.values() for s in d["segments"] if s.get("segmentValues")]


def test_every_record_fits_the_schema_it_was_declared_with(full: Run, visma_server: VismaSandbox) -> None:
    declared = discover(visma_server.config)
    assert set(declared) == set(STREAMS)
    for stream in STREAMS:
        validator = Draft7Validator(declared[stream]["json_schema"])
        assert full.records(stream)
        for record in full.records(stream):
            assert not list(validator.iter_errors(record))
            assert not undeclared(record, declared[stream]["json_schema"]), stream


def undeclared(value: Any, schema: dict[str, Any], path: str = "") -> list[str]:
    """Fields that the schema does not know, at any depth."""
    if isinstance(value, list):
        return [name for item in value for name in undeclared(item, schema["items"], path)]
    if not isinstance(value, dict):
        return []
    known = schema["properties"]
    return [f"{path}{name}" for name in value if name not in known] + [
        deep for name in value if name in known for deep in undeclared(value[name], known[name], f"{path}{name}.")
    ]


def test_catalog_declares_keys_and_cursors(visma_server: VismaSandbox) -> None:
    for name, stream in discover(visma_server.config).items():
        key = [part for (part,) in stream["source_defined_primary_key"]]
        assert key[0] == "company_id"
        if name in LISTS:
            assert key[1:] == LISTS[name][1]
            assert stream["default_cursor_field"] == ["lastModifiedDateTime"]
        assert ("incremental" in stream["supported_sync_modes"]) == (name not in FULL)


def test_state_is_the_largest_stamp_as_visma_wrote_it(full: Run, visma: VismaSandbox) -> None:
    for stream, (entity, _) in LISTS.items():
        stamps = [record["lastModifiedDateTime"] for record in visma.documents(entity)]
        assert full.states(stream)[-1]["lastModifiedDateTime"] == max(stamps)
    assert set(full.states("dimension_values")[-1]) == {"lastModified", "company_id", "api_url"}


def test_every_stream_starts_runs_and_completes(full: Run) -> None:
    for stream in STREAMS:
        assert full.statuses(stream) == ["STARTED", "RUNNING", "COMPLETE"]
        counted = sum(
            state["sourceStats"]["recordCount"]
            for state in full.of_type("STATE")
            if state["stream"]["stream_descriptor"]["name"] == stream
        )
        assert counted == len(full.records(stream))


def test_requests_are_as_documented(requests: list[dict[str, Any]]) -> None:
    if not openapi.available():
        pytest.skip(f"{openapi.FOLDER} does not name a folder with the official documents")
    assert requests
    problems = [problem for entry in requests for problem in openapi.visma().problems(entry)]
    assert not problems, problems[:5]


def test_every_call_names_the_company_and_asks_for_json(requests: list[dict[str, Any]]) -> None:
    assert {entry["headers"].get("ipp-company-id") for entry in requests} == {"4100251"}
    assert {entry["headers"].get("accept") for entry in requests} == {"application/json"}


def test_nothing_is_asked_more_often_than_visma_answers(requests: list[dict[str, Any]]) -> None:
    """Visma's older documentation: the same request more than five times a minute is refused."""
    asked = Counter((entry["path"], *sorted(entry["query"].items())) for entry in requests)
    assert len(asked) > 20
    assert max(asked.values()) <= 5


def test_one_token_serves_all_streams(requests: list[dict[str, Any]]) -> None:
    assert len({entry["token"] for entry in requests}) == 1


def test_second_read_brings_what_changed_and_the_lookback(full: Run, visma: VismaSandbox) -> None:
    visma.change("supplierInvoice", "Invoice/200010", {"note": "Approved by phone"})
    visma.change("purchaseorder", "RegularOrder/500007", {"description": "Changed"})
    added = visma.add("supplier", {"name": "Nye Møbler AS"})
    visma.control(
        "POST",
        "changes",
        [{"op": "add", "entity": "segmentvalue", "key": "SUBACCOUNT/1/990", "set": {"description": "New department"}}],
    )
    second = read(visma, state=full.state)
    for stream in STREAMS:
        if stream in FULL:
            continue
        field = "lastModified" if stream == "dimension_values" else "lastModifiedDateTime"
        state = next(s["stream"] for s in full.state if s["stream"]["stream_descriptor"]["name"] == stream)
        edge = datetime.fromisoformat(state["stream_state"][field]) - timedelta(minutes=75)
        for record in second.records(stream):
            assert datetime.fromisoformat(record[field]) >= edge - timedelta(milliseconds=1)
    assert ("Invoice", "200010") in second.keys("supplier_invoices")
    assert ("RegularOrder", "500007") in second.keys("purchase_orders")
    assert (added["internalId"],) in second.keys("suppliers")
    assert ("SUBACCOUNT", 1, "990") in second.keys("dimension_values")
    for stream in LISTS:
        assert len(second.records(stream)) < 10
    filters = [entry["query"] for entry in visma.log(path="/v1/supplier") if "lastModifiedDateTime" in entry["query"]]
    assert filters
    if openapi.available():
        sent = [entry for entry in visma.log() if entry["path"].startswith(("/v1", "/v2"))]
        assert [problem for entry in sent for problem in openapi.visma().request_problems(entry)] == []
    for query in filters:
        assert query["lastModifiedDateTimeCondition"] == ">="
        assert FILTER.fullmatch(query["lastModifiedDateTime"])
    assert second.states("supplier_invoices")[-1]["lastModifiedDateTime"] > "2026-10"


def test_a_value_whose_stamp_was_never_set_comes_with_every_sync(visma: VismaSandbox) -> None:
    """Nothing else tells that it is new, or has changed."""
    key, never = "SUBACCOUNT/1/100", "0001-01-01T00:00:00"
    visma.control(
        "POST", "changes", [{"op": "change", "entity": "segmentvalue", "key": key, "stamp": never, "set": {}}]
    )
    done = read(visma, "dimension_values", state=saved("dimension_values", lastModified="2026-11-01T00:00:00"))
    assert [record["lastModified"] for record in done.records("dimension_values")] == [never]
    assert done.states("dimension_values")[-1]["lastModified"] == "2026-11-01T00:00:00"


def test_a_dimension_that_is_listed_twice_comes_once(visma: VismaSandbox) -> None:
    visma.fault(path="/v1/dimension", status=200, body=["SUBACCOUNT", "PROJECT", "SUBACCOUNT"])
    assert read(visma, "dimensions", num_workers=1).keys("dimensions") == [("SUBACCOUNT",), ("PROJECT",)]


def test_reading_from_every_saved_state_misses_nothing(full: Run, visma: VismaSandbox) -> None:
    """What came before a state and what a read from it brings are together everything."""
    seen: dict[str, set[Any]] = {stream: set() for stream in STREAMS}
    points: dict[str, list[tuple[dict[str, Any], set[Any]]]] = {stream: [] for stream in STREAMS}
    for message in full.messages:
        if message["type"] == "RECORD":
            stream = message["record"]["stream"]
            seen[stream].add(key_of(stream, message["record"]["data"]))
        elif message["type"] == "STATE":
            body = message["state"]["stream"]
            stream = body["stream_descriptor"]["name"]
            points[stream].append((body["stream_state"], set(seen[stream])))
    for step in range(3):
        chosen = {stream: found[min(step * len(found) // 2, len(found) - 1)] for stream, found in points.items()}
        again = read(visma, state=[part for stream, (state, _) in chosen.items() for part in saved(stream, **state)])
        assert again.code == 0
        for stream, (_, before) in chosen.items():
            assert before | set(again.keys(stream)) == seen[stream], stream


def test_two_full_refreshes_are_equal(visma: VismaSandbox) -> None:
    runs = [read(visma, mode="full_refresh") for _ in range(2)]
    for stream in STREAMS:
        one, two = (sorted(json.dumps(record, sort_keys=True) for record in done.records(stream)) for done in runs)
        assert one == two
        assert one


def test_states_of_other_releases_are_read(visma: VismaSandbox) -> None:
    spellings = {
        "supplier_invoices": "2026-09-01T00:00:00",
        "purchase_orders": "2026-09-01 00:00:00",
        "customer_invoices": "2026-09-01T00:00:00.0000000",
        "journal_transactions": "2026-09-01T00:00:00.000000Z",
        "suppliers": "2026-09-01T00:00:00+02:00",
        "customers": "2026-09-01",
    }
    state = [part for stream, stamp in spellings.items() for part in saved(stream, lastModifiedDateTime=stamp)]
    done = read(visma, *spellings, state=state)
    for stream in spellings:
        records = visma.documents(LISTS[stream][0])
        expected = {
            key_of(stream, record) for record in records if record["lastModifiedDateTime"] >= "2026-08-31T22:45"
        }
        assert set(done.keys(stream)) == expected
    filters = {entry["query"].get("lastModifiedDateTime") for entry in visma.log() if entry["path"].startswith("/v")}
    assert filters == {"2026-08-31T22:45:00.000"}


def test_state_nobody_can_read_is_refused(visma: VismaSandbox) -> None:
    done = read(visma, "suppliers", "customers", state=saved("suppliers", lastModifiedDateTime="last Tuesday"))
    assert done.code != 0
    (failure,) = done.failures("suppliers")
    assert "'last Tuesday' is not a date and time" in failure["message"]
    assert not done.records("suppliers")
    assert done.states("suppliers")[-1]["lastModifiedDateTime"] == "last Tuesday"
    assert done.statuses("customers")[-1] == "COMPLETE"


def test_stamps_of_any_length(visma: VismaSandbox) -> None:
    visma.control("POST", "clock", {"utc_offset_minutes": 14 * 60})  # the latest that a local time can be
    latest = visma.change("supplierInvoice", "Invoice/200010", {"note": "now"})["lastModifiedDateTime"][:19]
    for number, fraction in enumerate(["", "", ".1234567", ".9"], start=10):
        visma.change("supplierInvoice", f"Invoice/2000{number}", {}, stamp=latest + fraction)
    done = read(visma, "supplier_invoices")
    assert done.states("supplier_invoices")[-1]["lastModifiedDateTime"] == f"{latest}.9"
    visma.change("supplierInvoice", "Invoice/200020", {"note": "later"}, stamp=f"{latest}.9")
    again = read(visma, "supplier_invoices", state=done.state, lookback_window_minutes=0)
    assert ("Invoice", "200020") in again.keys("supplier_invoices")


def test_a_stamp_nobody_can_read_stops_its_stream_loudly(visma: VismaSandbox) -> None:
    visma.change("supplier", "50003", {"name": "Odd"}, stamp="yesterday")
    done = read(visma, "suppliers", "customers")
    assert done.code != 0
    (failure,) = done.failures("suppliers")
    assert "'yesterday'" in failure["message"]
    assert done.statuses("suppliers")[-1] == "INCOMPLETE"
    assert done.statuses("customers")[-1] == "COMPLETE"
    assert done.states("suppliers")[-1] == {}


@pytest.mark.parametrize("start", ["2026-09-01"])
def test_start_date_leaves_out_what_is_older(visma: VismaSandbox, start: str) -> None:
    done = read(visma, "purchase_orders", "journal_transactions", start_date=start)
    for stream in ("purchase_orders", "journal_transactions"):
        expected = {
            key_of(stream, record)
            for record in visma.documents(LISTS[stream][0])
            if record["lastModifiedDateTime"] >= "2026-09-01"
        }
        assert set(done.keys(stream)) == expected
        assert expected


@pytest.mark.parametrize(
    ("start", "words"),
    [
        ("01.09.2026", "start_date must be YYYY-MM-DD or"),
        ("2026-09-01T00:00:00Z", "start_date must be YYYY-MM-DD or"),
        ("2026-09-31", "The start date '2026-09-31' is no date"),
    ],
)
def test_typing_errors_in_the_start_date_are_caught(visma: VismaSandbox, start: str, words: str) -> None:
    done = run("check", config=visma.config | {"start_date": start})
    assert done.connection[0] == "FAILED"
    assert words in done.connection[1]


def test_keys_the_specification_does_not_know_are_harmless(visma: VismaSandbox) -> None:
    assert run("check", config=visma.config | {"added_later": {"by": "a platform"}}).connection[0] == "SUCCEEDED"


@pytest.mark.parametrize("cap", [7, 450])
def test_all_pages_come_whatever_the_page_limit(visma: VismaSandbox, cap: int) -> None:
    visma.settings(page_caps={"supplierInvoice": cap, "supplier": cap})
    done = read(visma, "supplier_invoices", "suppliers", num_workers=8)
    assert len(set(done.keys("supplier_invoices"))) == len(done.keys("supplier_invoices")) == 450
    assert len(set(done.keys("suppliers"))) == 61


def test_an_empty_company_is_read_without_complaint(visma: VismaSandbox) -> None:
    with VismaSandbox("--empty") as empty:
        done = read(empty)
    assert done.code == 0
    assert all(done.statuses(stream)[-1] == "COMPLETE" for stream in STREAMS)
    assert not done.of_type("RECORD")


@pytest.mark.parametrize("streams", [(), ("supplier_invoices",)], ids=["all streams", "one long stream"])
def test_as_many_requests_in_flight_as_workers_and_no_more(visma: VismaSandbox, streams: tuple[str, ...]) -> None:
    """The answers wait until as many are asked for as may be, however long that takes."""
    visma.settings(latency=0.05, page_caps={"supplierInvoice": 50, "purchaseorder": 50})
    visma.fault(kind="hang", path="/v1", skip=1, times=0)
    visma.clear_log()
    with ThreadPoolExecutor(1) as pool:
        reading = pool.submit(read, visma, *streams, num_workers=3)
        until(lambda: visma.stats()["in_flight"] == 3 or reading.done())
        visma.control("DELETE", "faults")
        done = reading.result()
    assert done.code == 0
    assert visma.stats()["in_flight_peak"] == 3
