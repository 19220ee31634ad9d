"""How the process starts."""

import inspect
import subprocess
import sys

import pytest
from airbyte_cdk.models import ConfiguredAirbyteCatalogSerializer
from source_visma.source import SourceVisma
from source_visma.startup import without_sources

PARSED = """
import ast, sys
from source_visma.startup import without_sources
parsed = []
usual = ast.parse
ast.parse = lambda source, *rest, **more: parsed.append(str(source)[:60]) or usual(source, *rest, **more)
with without_sources():
    import airbyte_cdk.models
print([text for text in parsed if text.startswith(("@dataclass", "class "))])
"""


def catalog(*names: str):
    streams = [
        {
            "stream": {"name": name, "json_schema": {}, "supported_sync_modes": ["full_refresh"]},
            "sync_mode": "full_refresh",
            "destination_sync_mode": "append",
        }
        for name in names
    ]
    return ConfiguredAirbyteCatalogSerializer.load({"streams": streams})


def names_of(source: SourceVisma) -> list[str]:
    return [stream.name for stream in source.streams({})]


def test_no_class_is_parsed_for_the_texts_in_it() -> None:
    """A release of the CDK or of serpyco-rs that does so by another way would take half a second more."""
    done = subprocess.run([sys.executable, "-c", PARSED], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_sources_are_there_again_afterwards() -> None:
    with without_sources(), pytest.raises(OSError, match="not needed"):
        inspect.getsource(SourceVisma)
    assert inspect.getsource(SourceVisma).startswith("class SourceVisma")


def test_a_read_prepares_the_streams_of_its_catalog_alone(config) -> None:
    chosen = SourceVisma(catalog("branches", "customer_credit_notes", "journal_transactions"), config)
    assert names_of(chosen) == ["customer_credit_notes", "journal_transactions", "branches"]
    of_all = {stream.name: stream for stream in SourceVisma(config=config).streams({})}
    for stream in chosen.streams({}):
        assert stream.get_json_schema() == of_all[stream.name].get_json_schema()


def test_a_catalog_that_names_no_stream_of_this_source_leaves_them_all(config) -> None:
    assert len(names_of(SourceVisma(catalog("bank_accounts"), config))) == 19
