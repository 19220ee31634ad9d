"""Parts of a list by the positions of their rows, and the pages that contain them."""

from collections.abc import Iterator
from typing import NamedTuple


class Piece(NamedTuple):
    """The rows from position ``first`` up to ``last``, on the page ``number`` when pages have ``size`` rows."""

    number: int
    size: int
    first: int
    last: int

    @property
    def within(self) -> slice:
        """Where these rows are on their page."""
        start = (self.number - 1) * self.size
        return slice(self.first - start, self.last - start)

    def halves(self, end: int | None) -> list["Piece"]:
        """The same rows, up to the end of the list, on pages of half the size."""
        last = self.last if end is None else min(self.last, end)
        return list(cover(self.first, last, -(-(last - self.first) // 2)))


def cover(first: int, last: int, size: int) -> Iterator[Piece]:
    """The pages of this size that contain these rows, each with the rows that are wanted from it."""
    for number in range(first // size + 1, -(-last // size) + 1):
        yield Piece(number, size, max(first, (number - 1) * size), min(last, number * size))
