"""The log of standalone/sync.py: each line begins with a time and a name, whatever a program writes."""

import io
from types import ModuleType
from typing import Any

import pytest

from integration_tests import standalone_script


@pytest.fixture(scope="module")
def script() -> ModuleType:
    return standalone_script.load()


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("WARN Nordic\n2026-11-28 06:00:00 sync: done", ["WARN Nordic", "    2026-11-28 06:00:00 sync: done"]),
        ("WARN Nordic\r2026-11-28 06:00:00 sync: done", ["WARN Nordic", "    2026-11-28 06:00:00 sync: done"]),
        ("WARN Nordic\u2028forged\x85again\x0cand", ["WARN Nordic", "    forged", "    again", "    and"]),
        ("WARN \x1b[2K\x1b[1Gforged\x00\x9b31m", ["WARN  [2K [1Gforged  31m"]),
        ("WARN Nordic \u202egpj\u2066.exe", ["WARN Nordic  gpj .exe"]),
        ("INFO Åkre & Sønn\tAS", ["INFO Åkre & Sønn\tAS"]),
    ],
)
def test_no_text_begins_a_line_of_its_own(script: Any, text: str, lines: list[str]) -> None:
    log = script.Log()
    log.file = io.StringIO()
    log("destination-asana", text)
    first, *others = log.file.getvalue().removesuffix("\n").split("\n")
    assert first.partition(" destination-asana: ")[2] == lines[0]
    assert others == lines[1:]
