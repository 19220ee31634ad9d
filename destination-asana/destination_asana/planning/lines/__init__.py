"""The lines of a document and the items that show them: which belongs to which, and what has to change. Pure."""

from destination_asana.planning.lines.marks import (
    Mark,
    Tick,
    is_anothers,
    looks_written,
    mark_in,
    marked_html,
    marked_notes,
    only_mark,
)
from destination_asana.planning.lines.memory import LineMemory, Proof, Turn, lines_digest, memory_in
from destination_asana.planning.lines.order import moves
from destination_asana.planning.lines.plan import (
    ExistingItem,
    ItemChange,
    LineChanges,
    change_of,
    first_mark,
    plan_lines,
)

__all__ = [
    "ExistingItem",
    "ItemChange",
    "LineChanges",
    "LineMemory",
    "Mark",
    "Proof",
    "Tick",
    "Turn",
    "change_of",
    "first_mark",
    "is_anothers",
    "lines_digest",
    "looks_written",
    "mark_in",
    "marked_html",
    "marked_notes",
    "memory_in",
    "moves",
    "only_mark",
    "plan_lines",
]
