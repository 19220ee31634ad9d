"""Changes in words, for comments in Asana and for the log. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from destination_asana.documents import FieldValue, half_up
from destination_asana.documents import fields as names
from destination_asana.planning.descriptions import KINDS

# The comment on a document with hundreds of changed lines ends here; nobody would read more.
MAX_COMMENT = 10_000
_LINE = re.compile(r"-?\d+\. ")
# By these numbers at the end of a block the sync sees whether somebody has edited it. They say nothing to people.
_CHECK = re.compile(r" · check \d{5}(?: \d{5})*")


def comment_text(changes: Mapping[str, tuple[Any, Any]], title: Callable[[str], str] = str) -> str:
    """One row per change: `Visma status: Open → Closed`. Empty if no change comes from Visma. `title` returns people's own
    name for a field."""
    kept = dict(changes)
    # These belong to people or are the sync's own notes.
    for name in ("section", "assignee", "completed", "due_on", "projects", *(kind.header for kind in KINDS)):
        kept.pop(name, None)
    rows = _rows_that_differ(*kept.pop("description", (None, None)))
    if names.SUPPLIER in kept or names.CUSTOMER in kept:
        rows = [[row for row in side if not row.startswith(("Supplier: ", "Customer: "))] for side in rows]
    if any(name.startswith("line ") for name in kept) or any(_LINE.match(row) for side in rows for row in side):
        kept.pop(names.LINE_ITEMS, None)
    words = [
        f"{name[:1].upper()}{name[1:]}: {_in_words(before)} → {_in_words(after)}"
        for name, (before, after) in ((title(each), kept[each]) for each in kept)
    ]
    if any(rows):
        words.append(_arrow(rows))
    size = 0
    for index, line in enumerate(words):
        size += len(line) + 1
        if size > MAX_COMMENT:
            words = [*words[:index], f"… and {len(words) - index} more"]
            break
    return "Changed in Visma.net\n" + "\n".join(words) if words else ""


def plan_text(changes: Mapping[str, tuple[Any, Any]], *, new: bool = False) -> str:
    """All changes in one row of the log: `due date: 2026-03-01 → 2026-03-31; completed: no → yes`. For a `new` document the
    row lists only the values after."""
    words = []
    for name, (before, after) in changes.items():
        if name == "description":
            rows = _rows_that_differ(before, after)
            text = "; ".join(rows[1]) if new else _arrow(rows)
        else:
            old, text = _in_words(before), _in_words(after)
            text = _without_check(text) if new else _change(old, text)
        words.append(f"{'due date' if name == 'due_on' else name}: {text}")
    return "; ".join(words)


def _change(before: str, after: str) -> str:
    old, new = _without_check(before), _without_check(after)
    # A block of which only the check numbers differ has the same words on both sides.
    return "written anew" if old == new and before != after else f"{old} → {new}"


def _without_check(text: str) -> str:
    return _CHECK.sub("", text)


def _rows_that_differ(before: str | None, after: str | None) -> list[list[str]]:
    """The rows that only the first description has, and those that only the second has."""
    old, new = (before or "").splitlines(), (after or "").splitlines()
    return [[row for row in old if row not in new], [row for row in new if row not in old]]


def _arrow(rows: list[list[str]]) -> str:
    return " → ".join("; ".join(side) or "(empty)" for side in rows)


def _in_words(value: FieldValue) -> str:
    if value in (None, (), ""):
        return "(empty)"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, (int, float)):
        return f"{half_up(value, 2)}"
    if isinstance(value, (tuple, list)):
        return ", ".join(map(str, value))
    return str(value)
