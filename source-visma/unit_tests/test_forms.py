"""Values in more than one form on the wire."""

import math

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from source_visma.components.extractor import ListExtractor
from source_visma.components.forms import has_forms, plain

TEXT, NUMBER, WHOLE = ({"type": [kind, "null"]} for kind in ("string", "number", "integer"))
ATTRIBUTE = {"type": ["object", "null"], "properties": {"id": TEXT, "value": TEXT}}
PARTY = {"type": ["object", "null"], "properties": {"internalId": WHOLE, "number": TEXT}}
SCHEMA = {
    "type": "object",
    "properties": {
        "referenceNumber": TEXT,
        "balance": NUMBER,
        "hold": {"type": "boolean"},
        "customer": PARTY,
        "attributes": {"type": ["array", "null"], "items": ATTRIBUTE},
        "lines": {"type": ["array", "null"], "items": {"type": "object", "properties": {"lineNumber": WHOLE}}},
        "codes": {"type": ["array", "null"], "items": TEXT},
    },
}


def records_of(body: bytes, config, answer) -> list[dict]:
    extractor = ListExtractor(config=config)
    extractor.schema = SCHEMA
    return [
        {name: row[name] for name in row if name != "company_id"} for row in extractor.extract_records(answer(body))
    ]


@pytest.mark.parametrize(
    ("sent", "record"),
    [
        (b'{"referenceNumber": {"value": "123105"}}', {"referenceNumber": "123105"}),
        (b'{"referenceNumber":{"value":10691}}', {"referenceNumber": "10691"}),
        (b'{"balance": {\n  "value": 4999.5000\n}}', {"balance": 4999.5}),
        (b'{"balance": {"value": null}, "hold": {"value": false}}', {"balance": None, "hold": False}),
        (
            b'{"customer": {"internalId": {"value": 7}, "number": {"value": "A"}}}',
            {"customer": {"internalId": 7, "number": "A"}},
        ),
        (
            b'{"lines": [{"lineNumber": {"value": 2}}], "codes": [{"value": "x"}]}',
            {"lines": [{"lineNumber": 2}], "codes": ["x"]},
        ),
        (b'{"attributes": [{"id": "A", "value": {"value": "x"}}]}', {"attributes": [{"id": "A", "value": "x"}]}),
    ],
)
def test_wrapped_scalars_are_unwrapped(config, answer, sent: bytes, record: dict) -> None:
    assert records_of(b"[" + sent + b"]", config, answer) == [record]


@pytest.mark.parametrize(
    "record",
    [
        {"attributes": [{"value": "x"}]},  # an attribute without its other fields
        {"customer": {"value": "x"}},
        {"unknown": {"value": "x"}},
        {"referenceNumber": {"value": "x", "more": 1}},
        {"referenceNumber": {"value": {"value": "x"}}},
        {"balance": {"value": [1]}},
        {"value": "x"},
    ],
)
def test_what_only_looks_wrapped_stays(config, answer, record: dict) -> None:
    assert records_of(orjson.dumps([record]), config, answer) == [record]


@pytest.mark.parametrize("zero", [b"-0.0", b"-0", b"-0.0000", b'{"value":-0.0}'])
def test_no_zero_is_below_zero(config, answer, zero: bytes) -> None:
    (record,) = records_of(b'[{"balance":' + zero + b', "unknown": [-0.0, {"a": -0.0}]}]', config, answer)
    numbers = [record["balance"], record["unknown"][0], record["unknown"][1]["a"]]
    assert [math.copysign(1, number) for number in numbers] == [1, 1, 1]
    assert orjson.dumps(record).count(b"-") == 0


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_other_numbers_stay(number: float) -> None:
    assert plain(number, NUMBER) == number


def test_what_has_no_forms_is_spared_the_walk() -> None:
    body = b'[{"attributes": [{"id": "A", "value": "x"}], "date": "2026-01-05", "amount": -5.5, "note": "-0 or so"}]'
    assert not has_forms(body)
    assert has_forms(b'[{"a": {"value": 1}}]')
    assert has_forms(b'[{"a": -0.00}]')
