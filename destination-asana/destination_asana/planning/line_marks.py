"""The mark a sync leaves in the description of a line's item, by which it knows the item again. Pure.

A mark is a row of the description: `Line 3 of PurchaseOrderId:4100251/RegularOrder/000123`. A second row says that the
sync has completed the item, so that the sync may reopen it; what a person completes carries no such row. Everything else
in the description is people's.
"""

from __future__ import annotations

import re
from html import escape
from typing import NamedTuple

COMPLETED = "Completed by the sync: Visma took this line away."

# What release 0.1.0, which left no marks, wrote as a name: number, words, sums and a currency.
_SUM = r"-?\d+\.\d{2,}"
_WRITTEN = re.compile(rf"-?\d+\. \S.* — (?:-?\d+(?:\.\d+)? × {_SUM}(?: = {_SUM})?|{_SUM})(?: [A-Z]{{3}})?", re.DOTALL)
_VISMA_ID = re.compile(r"[a-z]+id:[^/\s]+/.+")
_MARK = re.compile(r"line (?:(-?\d+) )?of (\S.*)")


class Mark(NamedTuple):
    """What a mark says: the line's number (None in marks of 0.1.0), and whether the sync completed the item."""

    number: int | None
    completed: bool


def mark_of(visma_id: str, number: int | None) -> str:
    """The row that marks an item as a line of a document."""
    return f"Line {number} of {visma_id}"


def mark_in(notes: str | None, visma_id: str) -> Mark | None:
    """The mark for a line of this document in a plain-text description; None where there is none."""
    rows = [_plain(row) for row in (notes or "").splitlines()]
    for row in rows:
        match = _MARK.fullmatch(row)
        if match and match.group(2) == _plain(visma_id):
            return Mark(int(match.group(1)) if match.group(1) else None, _plain(COMPLETED) in rows)
    return None


def is_anothers(notes: str | None, visma_id: str) -> bool:
    """Whether a plain-text description marks an item as a line of other documents alone."""
    found = (_MARK.fullmatch(_plain(row)) for row in (notes or "").splitlines())
    holders = {match.group(2) for match in found if match and _VISMA_ID.fullmatch(match.group(2))}
    return bool(holders) and _plain(visma_id) not in holders


def looks_written(name: str) -> bool:
    """Whether a name has the whole form in which 0.1.0 wrote lines: nobody numbers a reminder with its sums."""
    return _WRITTEN.fullmatch(name.strip()) is not None


def only_mark(notes: str | None, visma_id: str) -> bool:
    """Whether a plain-text description holds nothing that people wrote."""
    return all(_is_ours(row, visma_id) for row in (notes or "").splitlines() if row.strip())


def marked_notes(visma_id: str, number: int | None, *, completed: bool) -> str:
    """The description of an item nobody has written into."""
    return "\n".join([mark_of(visma_id, number), *([COMPLETED] if completed else [])])


def marked_html(html_notes: str, visma_id: str, number: int | None, *, completed: bool) -> str:
    """The description of an item with the mark as it should be, people's words and their form kept."""
    inner = html_notes.strip().removeprefix("<body>").removesuffix("</body>")
    kept = [row for row in inner.split("\n") if not _is_ours(_unescaped(row), visma_id)]
    text = "\n".join(kept).strip("\n")
    mark = escape(marked_notes(visma_id, number, completed=completed), quote=False)
    return f"<body>{text}\n{mark}</body>" if text else f"<body>{mark}</body>"


def _is_ours(row: str, visma_id: str) -> bool:
    return _plain(row) == _plain(COMPLETED) or mark_in(row, visma_id) is not None


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


def _plain(row: str) -> str:
    """A row as it is compared: Asana may tidy white space, and Visma compares its numbers without case."""
    return " ".join(row.split()).casefold()
