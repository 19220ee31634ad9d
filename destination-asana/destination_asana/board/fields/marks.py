"""The mark that the sync leaves in the description of a custom field, and how it is read back. Pure.

A mark is one line, `[Visma sync: field=Visma amount; companies=4100251,4100252]`, behind any other text of the
description. `field` is the sync's own name for the field, so that people may rename or translate the field. Other names
store facts about the field, each with a list of values. People may write around a mark; they may also move it, or change
its white space or case.
"""

from __future__ import annotations

import dataclasses
import functools
import re
from collections.abc import Mapping, Sequence
from urllib.parse import unquote

_MARK = re.compile(r"\[\s*visma\s+sync\s*:([^\[\]]*)\]", re.IGNORECASE)
# Characters with a meaning in a mark, and those that would end its line.
_RESERVED = re.compile(r"[%\[\];=,\x00-\x1f\x7f]")
_FIELD = "field"


@dataclasses.dataclass(frozen=True, slots=True)
class Mark:
    """The content of a mark: the `field` that it names, and further `facts` by name."""

    field: str
    facts: Mapping[str, tuple[str, ...]] = dataclasses.field(default_factory=dict)

    def names(self, name: str) -> bool:
        """Whether the mark names the field that the sync calls `name`, ignoring case."""
        return self.field.casefold() == name.casefold()


# Each of the sync's fields is looked for among all fields of the workspace.
@functools.lru_cache(maxsize=1024)
def mark_in(description: str | None) -> Mark | None:
    """The mark in a description; None if there is none or if people have broken it. If there are several, the last
    counts."""
    for match in reversed(list(_MARK.finditer(description or ""))):
        facts: dict[str, tuple[str, ...]] = {}
        for part in match.group(1).split(";"):
            name, equals, values = part.partition("=")
            if equals and name.strip():
                read = (_read(value) for value in values.split(","))
                facts[_read(name).casefold()] = tuple(value for value in read if value)
        named = facts.pop(_FIELD, ())
        if named:
            return Mark(named[0], facts)
    return None


def with_mark(description: str | None, mark: Mark) -> str:
    """A description with this mark in place of any other, and with people's text kept."""
    parts = [f"{_FIELD}={_written(mark.field)}"]
    parts += [f"{_written(name)}={_list(values)}" for name, values in mark.facts.items() if values]
    words = without_mark(description)
    return f"{words}\n[Visma sync: {'; '.join(parts)}]".lstrip()


def without_mark(description: str | None) -> str:
    """A description without the mark."""
    return _MARK.sub("", description or "").strip()


def _list(values: Sequence[str]) -> str:
    return ",".join(_written(value) for value in values)


def _written(text: str) -> str:
    return _RESERVED.sub(lambda found: f"%{ord(found.group()):02X}", text)


def _read(text: str) -> str:
    return unquote(" ".join(text.split()))
