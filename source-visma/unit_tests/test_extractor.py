"""From an answer's bytes to records."""

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from source_visma.components.answers import names_of
from source_visma.components.errors import UnreadableAnswer
from source_visma.components.extractor import ListExtractor, take_noise

RECORDS = [
    {"internalId": n, "country": {"id": "NO", "errorInfo": ""}, "metadata": {"totalCount": 7, "maxPageSize": 2}}
    for n in range(2)
]
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["metadata", "errorInfo", "id", "lines"]), inner, max_size=4)
    ),
    max_leaves=15,
)


def test_records_of_a_page(config, answer) -> None:
    page = ListExtractor(config=config).extract_records(answer(orjson.dumps(RECORDS)))
    assert page == [{"internalId": n, "country": {"id": "NO"}, "company_id": "0042"} for n in range(2)]
    assert page.total == 7


def test_rows_that_are_made_of_other_answers_lose_their_noise_too(config) -> None:
    rows = [{"id": "SUBACCOUNT", "errorInfo": "", "segments": [{"segmentId": 1, "errorInfo": None, "metadata": {}}]}]
    page = ListExtractor(config=config).page(rows)
    assert page == [{"id": "SUBACCOUNT", "segments": [{"segmentId": 1}], "company_id": "0042"}]


def test_empty_list(config, answer) -> None:
    page = ListExtractor(config=config).extract_records(answer(b"[]"))
    assert (page, page.total) == ([], None)


@pytest.mark.parametrize("missing", [{}, {"metadata": None}, {"metadata": {}}])
def test_total_may_be_missing(config, answer, missing: dict) -> None:
    extractor = ListExtractor(config=config)
    assert extractor.extract_records(answer(orjson.dumps([missing]))).total is None
    assert extractor.extract_records(answer(orjson.dumps([missing, RECORDS[0]]))).total == 7


def test_a_total_below_the_page_is_no_total(config, answer) -> None:
    rows = [{"id": n, "metadata": {"totalCount": 0}} for n in range(3)]
    assert ListExtractor(config=config).extract_records(answer(orjson.dumps(rows))).total is None


@pytest.mark.parametrize("cut", range(0, len(orjson.dumps(RECORDS)), 7))
def test_a_cut_body_is_no_page(config, answer, cut: int) -> None:
    with pytest.raises(UnreadableAnswer, match=rf"\({cut} bytes"):
        ListExtractor(config=config).extract_records(answer(orjson.dumps(RECORDS)[:cut]))


@pytest.mark.parametrize("body", [b"", b"<html></html>", b'{"message": "no"}', b'["a"]', b"[1]", b"[[]]"])
def test_what_is_no_list_of_records(config, answer, body: bytes) -> None:
    with pytest.raises(UnreadableAnswer):
        ListExtractor(config=config).extract_records(answer(body, Content_Type="text/html"))


def test_ids_are_texts(answer) -> None:
    assert names_of(answer(b'["SUBACCOUNT"]')) == ["SUBACCOUNT"]
    assert names_of(answer(b'[{"value": "SUBACCOUNT"}, "INSITE"]')) == ["SUBACCOUNT", "INSITE"]
    with pytest.raises(UnreadableAnswer):
        names_of(answer(b'["SUBACCOUNT", null]'))


@given(st.lists(st.dictionaries(st.text(), json_values, max_size=3), max_size=3))
def test_noise_goes_at_every_depth_and_nothing_else(rows) -> None:
    def expected(value):
        if isinstance(value, dict):
            return {k: expected(v) for k, v in value.items() if k not in ("metadata", "errorInfo")}
        return [expected(item) for item in value] if isinstance(value, list) else value

    wanted = expected(rows)
    take_noise(rows, [])
    assert rows == wanted


def test_what_was_taken_out_stays_in_memory_as_long_as_the_page(config, answer) -> None:
    body = b'[{"a": 1, "metadata": {"totalCount": 1}, "lines": [{"errorInfo": ["x"], "b": null}]}]'
    page = ListExtractor(config=config).extract_records(answer(body))
    assert page == [{"a": 1, "lines": [{"b": None}], "company_id": config["company_id"]}]
    assert page.taken_out == [{"totalCount": 1}, ["x"]]
    assert page.of(page[:0]).taken_out is page.taken_out
