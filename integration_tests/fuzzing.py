"""Inputs for the tests named test_fuzz_*: valid ones, damaged in ways that no rule foresees, and how many of them are tried.

`make fuzz N=5000` tries so many new inputs per test. Without it a test tries a few, and always the same.
"""

import copy
import json
import os
from collections.abc import Iterator
from typing import Any

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st

Place = tuple[Any, ...]

# Secrets that may stand where no secret is expected; no output may repeat them.
CANARY = "canary-7c41f09e"
# What has broken other programs: ends of lines and of texts, names of protocols, numbers that no field holds.
NASTY = (
    "",
    " ",
    "\x00",
    '\n{"type":"STATE","state":{"type":"STREAM"}}',
    "\r\nERROR \x1b[31mforged",
    "\u2028forged\u2029",
    "\u202egpj.exe",
    "half an emoji \ud83d",
    "{{ config['client_secret'] }}",
    "${HOME}",
    "../../etc/passwd",
    "<a href='javascript:alert(1)'>&amp;</body>",
    "=HYPERLINK(1)",
    "9" * 400,
    "1e400",
    "NaN",
    "0000-00-00T00:00:00",
    "9999-12-31T23:59:59.999999",
    "0001-01-01",
    "2026-02-30",
    "ß" * 2000,
    CANARY,
    -1,
    0,
    -0.0,
    1e308,
    float("nan"),
    float("inf"),
    2**63,
    10**40,
    True,
    None,
    [],
    {},
    [[]],
    [None],
)
_LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=40) | st.sampled_from(NASTY)
VALUES = st.recursive(
    _LEAVES,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=8,
)


def tries(few: int) -> settings:
    """The number of inputs of a test: `few`, or the number in the environment variable FUZZ."""
    wanted = os.environ.get("FUZZ")
    return settings(
        max_examples=int(wanted or few),
        derandomize=not wanted,
        database=None,
        deadline=None,
        print_blob=True,
        suppress_health_check=list(HealthCheck),
        # To look for a smaller input would cost more runs of a process than all the inputs.
        phases=[Phase.explicit, Phase.generate],
    )


def places(value: Any, kept: frozenset[str], here: Place = ()) -> Iterator[Place]:
    """Where something may be changed in a JSON value. What lies below a key in `kept` stays as it is."""
    items: Any = ()
    if isinstance(value, dict):
        items = ((key, item) for key, item in value.items() if key not in kept)
    elif isinstance(value, list):
        items = enumerate(value)
    for key, item in items:
        yield (*here, key)
        yield from places(item, kept, (*here, key))


@st.composite
def damaged(draw: st.DrawFn, base: Any, most: int = 3, kept: frozenset[str] = frozenset()) -> Any:
    """A copy of a JSON value with up to `most` places changed, removed or added."""
    value = copy.deepcopy(base)
    for _ in range(draw(st.integers(1, most))):
        found = list(places(value, kept))
        if not found:
            return value
        *way, last = draw(st.sampled_from(found))
        holder = value
        for key in way:
            holder = holder[key]
        act = draw(st.sampled_from(["replace", "replace", "replace", "remove", "repeat", "add"]))
        if act == "remove":
            del holder[last]
        elif act == "repeat" and isinstance(holder, list):
            holder.insert(last, copy.deepcopy(holder[last]))
        elif act == "add" and isinstance(holder[last], dict):
            holder[last][draw(st.text(max_size=8).filter(lambda key: key not in kept))] = copy.deepcopy(draw(VALUES))
        else:
            holder[last] = copy.deepcopy(draw(VALUES))
    return value


@st.composite
def cut(draw: st.DrawFn, whole: bytes) -> bytes:
    """A text with a part removed, doubled or replaced, as bytes."""
    begin, end = sorted((draw(st.integers(0, len(whole))), draw(st.integers(0, len(whole)))))
    between = draw(st.sampled_from([b"", whole[begin:end] * 2, b"\x00", b"\xff\xfe", b"[" * 5000, b'{"a":' * 5000]))
    return whole[:begin] + between + whole[end:]


def written(value: Any) -> bytes:
    """A JSON value as bytes. Python's own form of what JSON lacks (NaN, halves of an emoji) goes in, too."""
    return json.dumps(value).encode()


def files(base: Any, **options: Any) -> st.SearchStrategy[bytes]:
    """The content of a JSON file: mostly damaged in its values, at times in its bytes."""
    return st.one_of(
        damaged(base, **options).map(written),
        damaged(base, **options).map(written),
        VALUES.map(written),
        cut(written(base)),
    )
