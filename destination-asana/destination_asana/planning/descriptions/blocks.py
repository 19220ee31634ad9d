"""Marked blocks in a description, beside the text of the document, each for one purpose. Pure.

The sync reads these blocks back. People may edit everything else; a block that was removed or changed is restored when its
document is next written. A block stands between a header and a footer that nobody else writes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from html import escape


@dataclass(frozen=True, slots=True)
class BlockKind:
    """The header and footer of a kind of block."""

    header: str
    footer: str


ORDERS_OF_INVOICE = BlockKind("Purchase orders of this invoice", "End of purchase orders")
INVOICES_OF_ORDER = BlockKind("Invoices of this order", "End of invoices")
ROUTES = BlockKind("Also in these projects by the sync", "End of projects")
# On a task of its own, which is no document's.
HEARTBEAT = BlockKind("Heartbeat of the Visma sync", "End of heartbeat")
KINDS = (ORDERS_OF_INVOICE, INVOICES_OF_ORDER, ROUTES, HEARTBEAT)

_IN_NOTES = {
    kind.header: re.compile(rf"{re.escape(kind.header)}[^\S\n]*\n(.*?)\s*{re.escape(kind.footer)}", re.DOTALL)
    for kind in KINDS
}
# Asana rewrites the markup, so white space may move.
_IN_HTML = {
    kind.header: re.compile(
        rf"\n?<strong>\s*{re.escape(kind.header)}\s*</strong>.*?<em>\s*{re.escape(kind.footer)}\s*</em>", re.DOTALL
    )
    for kind in KINDS
}


@dataclass(frozen=True, slots=True)
class Block:
    """A block to write. Without rows, the block is removed."""

    kind: BlockKind
    rows: tuple[str, ...]

    @property
    def html(self) -> str:
        """The block for `html_notes`; empty without rows. It uses only tags that Asana documents for rich text."""
        if not self.rows:
            return ""
        rows = "\n".join(escape(row) for row in self.rows)
        return f"<strong>{self.kind.header}</strong>\n{rows}\n<em>{self.kind.footer}</em>"


def blocks_in(notes: str | None) -> dict[str, list[str]]:
    """The rows of each block in a plain-text description, by header."""
    found = {header: pattern.search(notes or "") for header, pattern in _IN_NOTES.items()}
    return {
        header: [row for each in match.group(1).splitlines() if (row := " ".join(each.split()))]
        for header, match in found.items()
        if match is not None
    }


def differing_blocks(wanted: Iterable[Block], present: Mapping[str, list[str]]) -> tuple[Block, ...]:
    """The wanted blocks that a description does not contain in this form."""
    return tuple(
        block
        for block in wanted
        if [" ".join(row.split()) for row in block.rows] != list(present.get(block.kind.header, ()))
    )


def with_blocks(html_notes: str, blocks: Iterable[Block]) -> str:
    """A description with these blocks in place of its blocks of the same kinds. New blocks go to the end."""
    inner = html_notes.strip().removeprefix("<body>").removesuffix("</body>")
    for block in blocks:
        replacement = f"\n{block.html}" if block.rows else ""
        pattern = _IN_HTML[block.kind.header]
        first = pattern.search(inner)
        if first is not None:
            # People may have copied the block; one is enough.
            rest = pattern.sub("", inner[first.end() :])
            inner = f"{inner[: first.start()]}{replacement}{rest}"
        else:
            inner = f"{inner.rstrip()}{replacement}"
    return f"<body>{inner.strip()}</body>"
