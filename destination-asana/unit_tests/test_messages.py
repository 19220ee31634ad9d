"""Lines of standard input: what is known is kept whole, everything else is one log line."""

import json
import logging

import orjson
import pytest
from destination_asana.protocol.messages import parse
from hypothesis import given
from hypothesis import strategies as st


def line(message):
    return orjson.dumps(message) + b"\n"


def test_records_and_states_stay_raw():
    for message in (
        {"type": "RECORD", "record": {"stream": "s", "data": {}, "emitted_at": 1.5, "new": 1}, "more": 2},
        {"type": "STATE", "state": {"type": "STREAM", "id": 3, "x": None}},
    ):
        parsed = parse(line(message))
        assert (parsed.kind, parsed.raw) == (message["type"], message)


def test_a_stream_status_with_its_stream():
    trace = {
        "type": "STREAM_STATUS",
        "stream_status": {"stream_descriptor": {"name": "s", "namespace": "n"}, "status": "COMPLETE"},
    }
    parsed = parse(line({"type": "TRACE", "trace": trace}))
    assert (parsed.kind, parsed.stream, parsed.status) == ("STATUS", ("n", "s"), "COMPLETE")


@pytest.mark.parametrize(
    "text",
    [
        b"hello",
        b"{ hello }",
        b"{'type': 'RECORD'}",
        b'"text"',
        b"[]",
        b"[" * 100_000,
        b"null",
        b"7",
        b'{"type": "TELEPATHY"}',
        b'{"type": 7}',
        b"{}",
        b'{"type": "SPEC", "spec": {}}',
        b"\xff\xfe",
    ],
)
def test_what_is_not_known_is_passed_over_with_one_line(caplog, text):
    with caplog.at_level(logging.INFO, "airbyte"):
        assert parse(text).kind == "NONE"
    assert len(caplog.records) == 1
    assert caplog.records[0].levelno == logging.INFO


@pytest.mark.parametrize(
    "text",
    [
        b"{",
        b'{"type": "RECORD", "rec',
        b' { "record": {"stream": "s"',
        b'{"type":"LOG","log":{"level":"INFO","message":"caf\xe9"}}',
        b'{"type":"RECORD","record":{"data":{"a":"\x01"}}}',
        b'\xef\xbb\xbf{"type":"STATE","sta',
        '{"type":"RECORD"'.encode("utf-16"),
        b'{"a":' * 100_000,
    ],
)
def test_what_begins_like_a_message_and_cannot_be_read_is_lost(caplog, text):
    assert parse(text).kind == "LOST"
    assert not caplog.records


@pytest.mark.parametrize(
    "message",
    [
        {"type": "RECORD", "record": {"stream": "s", "namespace": ["n"], "data": {}}},
        {"type": "RECORD", "record": {"stream": "s", "namespace": {}, "data": {}}},
        {"type": "STATE", "state": {"type": "STREAM", "stream": {"stream_descriptor": "s"}}},
        {"type": "STATE", "state": {"type": "STREAM", "stream": {"stream_descriptor": {"name": ["s"]}}}},
        {"type": "STATE", "state": {"type": "STREAM", "stream": {"stream_descriptor": {"name": "s", "namespace": 7}}}},
    ],
)
def test_a_record_or_state_of_a_stream_that_cannot_be_read_is_lost(message):
    assert parse(line(message)).kind == "LOST"


@pytest.mark.parametrize(
    "message",
    [
        {"type": "LOG", "log": {"message": "no level"}},
        {"type": "LOG", "log": {"level": "INFO", "message": ["not", "a", "text"]}},
        {"type": "LOG", "log": "text"},
        {"type": "LOG"},
    ],
)
def test_a_log_message_of_another_form_does_not_go_out(caplog, message):
    with caplog.at_level(logging.INFO, "airbyte"):
        assert parse(line(message)).kind == "NONE"
    assert [record.getMessage() for record in caplog.records] == ["Skipped a message of type LOG."]


@pytest.mark.parametrize(
    "trace",
    [
        {"type": "STREAM_STATUS", "stream_status": {"stream_descriptor": {"name": ["s"]}, "status": "COMPLETE"}},
        {"type": "STREAM_STATUS", "stream_status": {"stream_descriptor": {"name": "s"}, "status": ["COMPLETE"]}},
        {"type": "ESTIMATE", "estimate": {"name": "s", "namespace": {}, "row_estimate": 3}},
    ],
)
def test_a_status_of_a_stream_that_cannot_be_read_is_no_message(trace):
    assert parse(line({"type": "TRACE", "trace": trace})).kind == "NONE"


def test_a_byte_order_mark_is_no_part_of_the_message():
    assert parse(b"\xef\xbb\xbf" + line({"type": "STATE", "state": {}})).kind == "STATE"


def test_empty_lines_are_nothing(caplog):
    assert parse(b"\n").kind == "NONE"
    assert not caplog.records


def test_halves_of_surrogate_pairs_are_read():
    text = json.dumps({"type": "RECORD", "record": {"stream": "s", "data": {"name": "\ud83d"}}}).encode()
    assert parse(text).raw["record"]["data"]["name"] == "\ud83d"


@given(st.binary(max_size=200))
def test_no_line_of_bytes_is_an_error(text):
    assert parse(text).kind in {"NONE", "RECORD", "STATE", "STATUS", "FORWARD", "LOST"}


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
)


@given(
    JSON,
    st.sampled_from(["TRACE", "LOG", "CONTROL"]),
    st.sampled_from(["trace", "log", "x"]),
    st.sampled_from(["STREAM_STATUS", "ERROR", "ESTIMATE", None]),
)
def test_no_message_is_an_error(content, kind, key, trace_type):
    """Whatever it holds, it is of one kind, and not taken for a lost record."""
    message = parse(orjson.dumps({"type": kind, key: content}))
    trace = parse(
        orjson.dumps({"type": "TRACE", "trace": {"type": trace_type, "stream_status": content, "error": content}})
    )
    assert message.kind in ("FAILURE", "FORWARD", "NONE", "STATUS")
    assert trace.kind in ("FAILURE", "NONE", "STATUS")
