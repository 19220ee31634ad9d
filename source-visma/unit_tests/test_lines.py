"""Records as lines: what is written is what the CDK writes."""

import re
from decimal import Decimal

import orjson
import pytest
from airbyte_cdk.entrypoint import AirbyteEntrypoint
from airbyte_cdk.sources.utils.record_helper import stream_data_to_airbyte_message
from source_visma.components.lines import Lines

RECORDS = [
    {},
    {"company_id": "0042", "note": None, "lines": [], "supplier": {}},
    {"name": "Ærøskøbing Smørrebrød – 北京 🚢", "æ": '\u2028 \x7f \\ " / \t\n'},
    {"amount": 0.1, "rate": 1e-7, "large": 1e22, "balance": -12.5, "zero": 0.0, "whole": 100.0},
    {"id": 9007199254740993, "most": 18446744073709551615, "least": -9223372036854775808},
    {"lines": [{"segments": [{"id": 1, "value": {"value": None}}]}, [True, False, None]], "": ""},
    {"type": "RECORD", "stream": "other", "data": {"data": 1}, "emitted_at": None, "namespace": "x"},
]


def as_the_cdk_writes(record: dict) -> bytes:
    line = AirbyteEntrypoint.airbyte_message_to_string(stream_data_to_airbyte_message("suppliers", record))
    return without_time(f"{line}\n".encode())


def without_time(text: bytes) -> bytes:
    return re.sub(rb'"emitted_at": ?\d{13}\b', b'"emitted_at":0', text)


@pytest.mark.parametrize("record", RECORDS, ids=range(len(RECORDS)))
def test_a_line_is_the_cdks_own(record) -> None:
    (lines,) = Lines.of([record], "suppliers")
    assert without_time(lines.text) == as_the_cdk_writes(record)


def test_a_line_in_full() -> None:
    (lines,) = Lines.of([{"number": "50007", "note": None, "name": "Bø", "lines": [{"note": None}]}], "suppliers")
    data = '{"number":"50007","name":"Bø","lines":[{"note":null}]}'
    record = f'{{"type":"RECORD","record":{{"stream":"suppliers","data":{data},"emitted_at":0}}}}\n'
    assert without_time(lines.text).decode() == record


def test_an_integer_beyond_64_bits_takes_the_cdks_other_way() -> None:
    """orjson reads none and writes none; a sum of ours could be one."""
    record = {"quantity": 2**64, "name": "Bø"}
    (lines,) = Lines.of([record, {"name": "Bø"}], "suppliers")
    assert without_time(lines.text) == as_the_cdk_writes(record) + as_the_cdk_writes({"name": "Bø"})
    assert orjson.loads(lines.text.splitlines()[1])["record"]["data"] == {"name": "Bø"}


def test_what_cannot_be_written_is_an_error_as_the_cdks_own() -> None:
    with pytest.raises(Exception, match="failed to be serialized") as failure:
        list(Lines.of([{"amount": Decimal(1)}], "suppliers"))
    assert type(failure.value).__name__ == "AirbyteTracedException"


def test_a_batch_is_cut_where_it_grows_too_large() -> None:
    batch = [{"text": "x" * 100_000}, *({"n": n} for n in range(4)), {"text": "y" * 400_000}, {"n": 4}]
    parts = list(Lines.of(batch, "suppliers"))
    assert [part.count for part in parts] == [6, 1]
    written = b"".join(part.text for part in parts).splitlines()
    assert [orjson.loads(line)["record"]["data"] for line in written] == batch


def test_a_batch_of_nothing_is_no_lines() -> None:
    assert list(Lines.of([], "suppliers")) == []


def test_lines_are_true() -> None:
    """The engine ends at the first item of its queue that is not."""
    (lines,) = Lines.of([{}], "suppliers")
    assert lines
