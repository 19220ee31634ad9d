"""What a pass over a list counted."""

from array import array
from itertools import pairwise
from typing import Any

from source_visma.components.extractor import Page


class Tally:
    """What one pass over a list counted, and whether the list moved under it."""

    def __init__(self) -> None:
        self.total: int | None = None
        self.counted = 0
        self.several_pages = False
        self.moved = ""
        self._twice: frozenset[int] = frozenset()
        self._units = array("q")  # their hashes
        self._last: list[Any] = []

    def add(self, page: Page, units: list[Any]) -> None:
        """Counts a page by its units, of which ``totalCount`` says how many there are."""
        if page.total is not None:
            if self.total not in (None, page.total):
                self.moved = f"the number of rows went from {self.total} to {page.total}"
            self.total = page.total
        self.counted += len(units)
        self._units.extend(map(hash, units))
        self._last = units

    @property
    def outcome(self) -> tuple[Any, ...]:
        """What two passes have in common when the list only looks as if it moved."""
        return self.total, self.counted, self._twice

    def repeats(self, units: list[Any]) -> bool:
        """Whether this is the page before once more: then the list has no pages."""
        return bool(units) and units == self._last

    def close(self) -> None:
        """Compares what came with what was announced, and with itself."""
        ordered = sorted(self._units)
        self._twice = frozenset(one for one, other in pairwise(ordered) if one == other)
        if self._twice:
            self.moved = self.moved or "a row moved from one page to another"
        if self.total is not None and self.counted != self.total:
            self.moved = self.moved or f"{self.counted} rows came where {self.total} were announced"
