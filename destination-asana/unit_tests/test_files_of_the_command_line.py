"""JSON files of the command line that are not what they must be: refused in words that name the file."""

import json

import pytest
from airbyte_cdk.utils.traced_exception import AirbyteTracedException
from destination_asana.config import read_catalog, read_json

STREAM = {"stream": {"name": "purchase_orders"}, "destination_sync_mode": "append_dedup"}


def refusal(read, path, content):
    path.write_text(content)
    with pytest.raises(AirbyteTracedException) as caught:
        read(str(path), "--catalog")
    return caught.value.message


@pytest.mark.parametrize("content", ["[" * 100_000, '{"a":' * 100_000])
def test_a_file_that_is_nested_too_deeply(tmp_path, content):
    assert "is not valid JSON (it is nested too deeply)" in refusal(read_json, tmp_path / "file.json", content)


@pytest.mark.parametrize(
    ("streams", "where"),
    [
        ([STREAM, [None, 1]], "streams.1"),
        ([{"stream": ["purchase_orders"]}], "streams.0.stream"),
        ([{"stream": {"name": ["purchase_orders"]}}], "streams.0.stream.name"),
        ([{"stream": {"name": "purchase_orders", "namespace": {}}}], "streams.0.stream.namespace"),
        ([{"sync_mode": "full_refresh"}], "streams.0"),
        ([{**STREAM, "destination_sync_mode": {"append": 1}}], "streams.0.destination_sync_mode"),
        ([{**STREAM, "primary_key": [[7]]}], "streams.0.primary_key.0.0"),
        ({"purchase_orders": {}}, "streams"),
    ],
)
def test_a_catalog_of_another_form(tmp_path, streams, where):
    message = refusal(read_catalog, tmp_path / "catalog.json", json.dumps({"streams": streams}))
    assert f"catalog.json is not a configured catalog: {where} is not as it must be." in message
    assert "Write it anew from what the source's discover answers." in message


@pytest.mark.parametrize(
    "catalog", [{}, {"streams": None}, {"streams": []}, {"streams": [{**STREAM, "new": [1]}], "more": 2}]
)
def test_a_catalog_of_the_right_form_is_taken_whole(tmp_path, catalog):
    path = tmp_path / "catalog.json"
    path.write_text(json.dumps(catalog))
    assert read_catalog(str(path), "--catalog") == catalog
