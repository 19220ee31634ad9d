"""The mark in an item's description by which the sync recognises the item of a line. Pure.

A mark is a row of the description: `Line 3 of PurchaseOrderId:4100251/RegularOrder/000123`. Two further rows are the sync's
memory. One holds the due date that the sync set: as long as it equals the item's due date, no person has chosen another. The
other, the tick, says that Visma is finished with the line, and whether the sync has completed the item and so may reopen it.
Marks of earlier releases have no row with a date. Everything else in the description belongs to people.
"""

from __future__ import annotations

import re
from enum import StrEnum
from html import escape
from typing import NamedTuple

from destination_asana.documents import comparable

DUE = "Due in Visma: "


class Tick(StrEnum):
    """The row of the description that says whether Visma is finished with the line, and who completed the item."""

    NONE = ""
    REMOVED = "Completed by the sync: Visma took this line away."
    COMPLETED = "Completed by the sync: this line is done in Visma."
    DONE = "Done in Visma as well."


# The names that version 0.1.0 wrote, which left no marks: number, description, amounts and a currency.
_SUM = r"-?\d+\.\d{2,}"
_WRITTEN = re.compile(
    rf"-?\d+\. \S.* — (?:-?\d+(?:\.\d+)? × {_SUM}(?: = {_SUM})?|{_SUM})(?: [A-Z]{{3}})?(?: · \S+ of \S+ received)?",
    re.DOTALL,
)
_VISMA_ID = re.compile(r"[a-z]+id:[^/\s]+/.+")
_MARK = re.compile(r"line (?:(-?\d+) )?of (\S.*)")
_DUE = re.compile(rf"{DUE.casefold()}(\d{{4}}-\d\d-\d\d)")


class Mark(NamedTuple):
    """The content of a mark: the line number (None in marks of 0.1.0), the tick, and the due date that the sync set."""

    number: int | None
    tick: Tick = Tick.NONE
    due_on: str | None = None


_TICKS = tuple(tick for tick in Tick if tick)


def mark_of(visma_id: str, number: int | None) -> str:
    """The row that marks an item as a line of a document."""
    return f"Line {number} of {visma_id}"


def mark_in(notes: str | None, visma_id: str) -> Mark | None:
    """The mark for a line of this document in a plain-text description, or None."""
    rows = [comparable(row) for row in (notes or "").splitlines()]
    for row in rows:
        match = _MARK.fullmatch(row)
        if match and match.group(2) == comparable(visma_id):
            due = next((due.group(1) for row in rows if (due := _DUE.fullmatch(row))), None)
            tick = next((tick for tick in _TICKS if comparable(tick) in rows), Tick.NONE)
            return Mark(int(match.group(1)) if match.group(1) else None, tick, due)
    return None


def is_anothers(notes: str | None, visma_id: str) -> bool:
    """Whether a plain-text description marks the item as a line of other documents only."""
    found = (_MARK.fullmatch(comparable(row)) for row in (notes or "").splitlines())
    holders = {match.group(2) for match in found if match and _VISMA_ID.fullmatch(match.group(2))}
    return bool(holders) and comparable(visma_id) not in holders


def looks_written(name: str) -> bool:
    """Whether a name has the full form in which 0.1.0 wrote lines. A person's own subtask would not contain the amounts."""
    return _WRITTEN.fullmatch(name.strip()) is not None


def only_mark(notes: str | None, visma_id: str) -> bool:
    """Whether a plain-text description contains nothing that people wrote."""
    return all(_is_ours(row, visma_id) for row in (notes or "").splitlines() if row.strip())


def marked_notes(visma_id: str, mark: Mark) -> str:
    """The description of an item that contains only the mark."""
    due = [DUE + mark.due_on] if mark.due_on else []
    return "\n".join([mark_of(visma_id, mark.number), *due, *([mark.tick.value] if mark.tick else [])])


def marked_html(html_notes: str, visma_id: str, mark: Mark) -> str:
    """The description of an item with the right mark, and with people's text and formatting kept."""
    inner = html_notes.strip().removeprefix("<body>").removesuffix("</body>")
    kept = [row for row in inner.split("\n") if not _is_ours(_unescaped(row), visma_id)]
    text = "\n".join(kept).strip("\n")
    rows = escape(marked_notes(visma_id, mark), quote=False)
    return f"<body>{text}\n{rows}</body>" if text else f"<body>{rows}</body>"


def _is_ours(row: str, visma_id: str) -> bool:
    plain = comparable(row)
    return (
        any(plain == comparable(tick) for tick in _TICKS)
        or bool(_DUE.fullmatch(plain))
        or mark_in(row, visma_id) is not None
    )


def _unescaped(row: str) -> str:
    for entity, sign in (
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", '"'),
        ("&#39;", "'"),
        ("&#x27;", "'"),
        ("&amp;", "&"),
    ):
        row = row.replace(entity, sign)
    return row
