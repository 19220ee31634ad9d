"""What changes, in words: for comments in Asana and for the log of a dry run. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from destination_asana.documents import fields as names
from destination_asana.documents.reader import half_up
from destination_asana.planning.blocks import KINDS

# Of a document with hundreds of changed lines a comment tells as much as people read.
MAX_COMMENT = 10_000
_LINE = re.compile(r"-?\d+\. ")


def comment_text(changes: Mapping[str, tuple[Any, Any]], title: Callable[[str], str] = str) -> str:
    """One sentence per change, in words: `Visma status: Open → Closed`. Empty when nothing of it is Visma's. `title` gives
    what people call a field."""
    kept = dict(changes)
    # What is people's own choice, and what the sync keeps for itself.
    for name in ("section", "assignee", "completed", "due_on", *(kind.header for kind in KINDS)):
        kept.pop(name, None)
    rows = _rows_that_differ(*kept.pop("description", (None, None)))
    if names.SUPPLIER in kept or names.CUSTOMER in kept:
        rows = [[row for row in side if not row.startswith(("Supplier: ", "Customer: "))] for side in rows]
    if any(name.startswith("line ") for name in kept) or any(_LINE.match(row) for side in rows for row in side):
        kept.pop(names.LINE_ITEMS, None)
    words = [
        f"{name[:1].upper()}{name[1:]}: {_shown(before)} → {_shown(after)}"
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
    """All changes in one row of the log: `due date: 2026-03-01 → 2026-03-31; completed: no → yes`. Of something `new`
    only what it would become."""
    words = []
    for name, (before, after) in changes.items():
        if name == "description":
            rows = _rows_that_differ(before, after)
            words_of_it = "; ".join(rows[1]) if new else _arrow(rows)
        else:
            words_of_it = _shown(after) if new else f"{_shown(before)} → {_shown(after)}"
        words.append(f"{'due date' if name == 'due_on' else name}: {words_of_it}")
    return "; ".join(words)


def _rows_that_differ(before: str | None, after: str | None) -> list[list[str]]:
    """Of two descriptions the rows that only the one, and only the other has."""
    old, new = (before or "").splitlines(), (after or "").splitlines()
    return [[row for row in old if row not in new], [row for row in new if row not in old]]


def _arrow(rows: list[list[str]]) -> str:
    return " → ".join("; ".join(side) or "(empty)" for side in rows)


def _shown(value: Any) -> str:
    if value in (None, (), ""):
        return "(empty)"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, (int, float)):
        return f"{half_up(value, 2)}"
    if isinstance(value, (tuple, list)):
        return ", ".join(map(str, value))
    return str(value)
