"""How the process starts."""

import inspect
import subprocess
import sys

import pytest
from destination_asana.startup import without_sources

PARSED = """
import ast
from destination_asana.startup import without_sources
parsed = []
usual = ast.parse
ast.parse = lambda source, *rest, **more: parsed.append(str(source)[:60]) or usual(source, *rest, **more)
with without_sources():
    import airbyte_cdk.models
print([text for text in parsed if text.startswith(("@dataclass", "class "))])
"""


def test_no_class_is_parsed_for_the_texts_in_it() -> None:
    """A release of the CDK or of serpyco-rs that does so by another way would make the start slower by a third."""
    done = subprocess.run([sys.executable, "-c", PARSED], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_sources_are_there_again_afterwards() -> None:
    with without_sources(), pytest.raises(OSError, match="not needed"):
        inspect.getsource(without_sources)
    assert "def without_sources" in inspect.getsource(without_sources)
