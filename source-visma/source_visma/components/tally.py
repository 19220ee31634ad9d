"""What one pass over a list counted, and what is missing."""

from array import array
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain, pairwise
from typing import Any

from source_visma.components.extractor import Page


@dataclass
class Gap:
    """Rows that no request brings: their positions from 0, and the identities of their neighbours."""

    first: int
    last: int
    why: str
    after: Any = None
    before: Any = None

    def __str__(self) -> str:
        rows = f"row {self.first + 1}" if self.last - self.first == 1 else f"rows {self.first + 1} to {self.last}"
        neighbours = [f"{word} {named(key)}" for word, key in (("after", self.after), ("before", self.before)) if key]
        return f"{rows} of the list" + (f" ({', '.join(neighbours)})" if neighbours else "")


def named(key: Iterable[Any]) -> str:
    """A record's identity in words."""
    return "/".join(str(part) for part in key if part is not None)


class Tally:
    """What one pass over a list counted, and whether the list moved under it.

    ``counted`` is the number of different rows once the tally is closed, ``total`` what the list announced last.
    """

    def __init__(self) -> None:
        self.total: int | None = None
        self.cap: int | None = None
        self.least: int | None = None  # the fewest rows it announced
        self.counted = self.pages = 0
        self.moved = ""
        self.grew = self.shrank = False  # whether the announced number changed, and whether it ever became less
        self.gaps: list[Gap] = []
        self.suspects: dict[Any, Gap] = {}  # rows that did not come at the first attempt
        self.refused = ""  # why a page in the middle was empty
        self.units = array("q")  # hashes of what came
        self._last: Any = None

    def add(self, page: Page, units: list[Any]) -> None:
        """Counts a page by its units, which ``totalCount`` counts too."""
        self.announce(page)
        self.pages += 1
        marks = list(map(hash, units))
        self.counted += len(set(marks))  # a row that stands twice on one page did not move
        self.units.extend(marks)
        if units:
            for gap in (*self.gaps, *self.suspects.values()):
                gap.before = gap.before or units[0]
            self._last = units[-1]

    def announce(self, page: Page) -> None:
        """Takes over what a page says about the whole list."""
        if page.total is not None:
            if self.total not in (None, page.total):
                self.grew = True
                self.shrank = self.shrank or page.total < (self.total or 0)
                self.moved = f"the number of rows went from {self.total} to {page.total}"
            self.total = page.total
            self.least = min(self.least or page.total, page.total)
        self.cap = page.cap or self.cap

    def suspect(self, first: int, last: int, why: str) -> None:
        """Notes rows that did not come, between what came before them and what will come next."""
        self.suspects[first] = Gap(first, last, why, self._last)

    def lose(self, first: int, last: int, why: str) -> None:
        """Notes rows that no request brings."""
        gap = self.suspects.pop(first, None) or Gap(first, last, why, self._last)
        if self.gaps and self.gaps[-1].last == gap.first:
            self.gaps[-1].last, self.gaps[-1].before = gap.last, gap.before
        else:
            self.gaps.append(gap)

    @property
    def lost(self) -> int:
        """How many rows no request brings."""
        return sum(gap.last - gap.first for gap in self.gaps)

    def close(self) -> None:
        """Compares what came with what was announced, and with itself."""
        came, self.counted = self.counted, different(self.units)
        if came != self.counted:
            self.moved = self.moved or "a row moved from one page to another"
        if self.gaps:
            self.moved = self.moved or f"{self.lost} rows did not come"
        if self.total is not None and self.counted != self.total:
            self.moved = self.moved or f"{self.counted} rows came where {self.total} were announced"


def different(*units: Iterable[int]) -> int:
    """The number of different values in all of these."""
    ordered = sorted(chain(*units))
    return len(ordered) - sum(one == other for one, other in pairwise(ordered))


class Passes:
    """What several passes over one list brought together."""

    SEVERAL = 3
    # Of the pages of each pass, as parts of the largest: no two passes have the same edges.
    SIZES = (1, 1 / 2, 2 / 3, 2 / 5, 3 / 4, 1 / 3, 3 / 5, 1 / 4)

    def __init__(self) -> None:
        self.tallies: list[Tally] = []
        self.came: list[int] = []  # different rows after each pass

    def add(self, tally: Tally) -> None:
        """Takes over a pass that has ended."""
        self.tallies.append(tally)
        first = len(self.tallies) == 1
        self.came.append(tally.counted if first else different(*(one.units for one in self.tallies)))

    def page_size(self, largest: int) -> int:
        """The size of the pages of the next pass; 0 for a list without pages."""
        if not largest or not self.tallies:
            return largest
        first = self.tallies[0]
        rows = min(largest, first.cap or largest, max(2, first.total or largest))
        return max(1, round(rows * self.SIZES[len(self.tallies) % len(self.SIZES)]))

    @property
    def whole(self) -> bool:
        """Whether as many different rows came as the list announced, while it stayed as it was."""
        last = self.tallies[-1]
        if not last.moved or (last.total == last.counted and not last.grew):
            return True
        if self.only_grew:
            return True
        totals = {tally.total for tally in self.tallies}
        return totals == {self.came[-1]} and not any(tally.grew for tally in self.tallies)

    @property
    def only_grew(self) -> bool:
        """Whether each of several passes brought as many different rows as were announced at its end, of a list that grows
        all the time. A row that one pass missed came in another; the newest are within the next sync's reach.
        """
        if len(self.tallies) < self.SEVERAL:
            return False
        larger = all((one.total or 0) <= (other.least or 0) for one, other in pairwise(self.tallies))
        return larger and all(not tally.shrank and tally.counted == tally.total for tally in self.tallies)

    @property
    def missing(self) -> int:
        """How many of the announced rows came in no pass; of a list that announces nothing, those that no request brought."""
        if self.tallies[-1].total is None:
            return self.tallies[-1].lost
        return max(0, (self.tallies[-1].least or 0) - self.came[-1])

    @property
    def lost(self) -> bool:
        """Whether the position of all missing rows is known. Another pass would not bring them."""
        return 0 < self.missing <= self.tallies[-1].lost

    @property
    def gained(self) -> bool:
        """Whether the last pass brought rows that none before it had brought."""
        return len(self.came) == 1 or self.came[-1] > self.came[-2]

    def shortfall(self) -> str:
        """What did not come, in words."""
        last = self.tallies[-1]
        if self.lost:
            where = "; ".join(map(str, last.gaps[:10])) + ("; …" if len(last.gaps) > 10 else "")
            of_all = f" of {last.total}" if last.total is not None else ""
            return f"{self.missing}{of_all} rows cannot be read: {where}. {last.gaps[0].why}"
        return (
            f"{self.missing} of the {last.total} rows that Visma.net announced did not come, in {len(self.tallies)} passes "
            f"over the list with pages of different sizes.{' ' + last.refused if last.refused else ''}"
        )
