"""One pass over a list: the pages in order, several fetched ahead, and in smaller parts where no answer comes."""

from collections.abc import Generator, Iterator
from concurrent.futures import Future
from contextlib import closing
from typing import Any

import requests

from source_visma.components.errors import Unanswered
from source_visma.components.extractor import Page
from source_visma.components.fetcher import Fetcher
from source_visma.components.page_window import PageWindow
from source_visma.components.pieces import Piece, cover
from source_visma.components.smaller_parts import SmallerParts


class Walk:
    """One pass over a list."""

    def __init__(self, fetcher: Fetcher) -> None:
        self._fetcher, self._tally, self._units = fetcher, fetcher.tally, fetcher.units
        self._first: list[Any] | None = None  # what came on page 1: a list without pages has it on all

    def read(self) -> Iterator[Page]:
        """The pages in order. Afterwards the tally says what is missing, and why."""
        fetcher = self._fetcher
        whole = Piece(1, fetcher.size, 0, fetcher.size)
        try:
            first = fetcher.fetch(whole)
        except Unanswered as problem:
            yield from self._from_the_start(whole, problem)
        else:
            yield fetcher.taken(first)
            self._first = self._units.units(first)
            more = self._more() if first else self._units.doubts(fetcher.wanted) and self._confirmed()
            self._learn_step(len(self._first))
            if more:
                yield from self._rest(fetcher.step)
        self._tally.close()

    def _from_the_start(self, whole: Piece, problem: Unanswered) -> Iterator[Page]:
        """All rows, when the first page is not answered."""
        fetcher = self._fetcher
        parts = self._smaller(whole, problem)
        works = yield from parts.read()
        if works or not self._tally.cap:
            fetcher.size = fetcher.step = works or parts.works or 1
        else:
            fetcher.step = min(fetcher.size, self._tally.cap)
        yield from self._rest(whole.last)

    def _confirmed(self) -> bool:
        """Reads another page if the first one is empty, to see whether there is a list after all."""
        page = self._fetcher.fetch(Piece(2, 1, 1, 2))
        self._tally.announce(page)
        self._tally.refused = "Page 1 was empty." if page else ""
        return bool(page)

    def _learn_step(self, rows: int) -> None:
        """Remembers the size of a page, if the first page was full and there are more."""
        cap = self._tally.cap or 0
        if cap and rows <= cap:
            self._fetcher.step = min(self._fetcher.size, cap)
        elif rows and self._more():
            self._fetcher.step = rows

    def _rest(self, position: int) -> Iterator[Page]:
        """The rows after a position: the announced number of them, and then more until a page is empty."""
        while self._tally.total is not None and position < self._tally.total:
            position = yield from self._announced(position, self._tally.total)
        yield from self._unannounced(position)

    def _unannounced(self, position: int) -> Iterator[Page]:
        """Pages from this position on, one after the other, while there may be more rows."""
        fetcher, last = self._fetcher, self._first
        number = -(-position // fetcher.step) + 1
        while self._more():
            piece = Piece(number, fetcher.step, position, position + fetcher.step)
            number, position = number + 1, position + fetcher.step
            try:
                page = fetcher.fetch(piece)
            except Unanswered as problem:
                came = self._tally.counted
                yield from self._smaller(piece, problem).read()
                if self._tally.total is None and self._tally.counted == came:
                    return  # nothing tells that there are rows at all, and it would go on for ever
                continue
            units = self._units.units(page)
            if not units or sorted(map(hash, units)) == sorted(map(hash, last or ())):
                return
            yield fetcher.taken(page)
            last = units

    def _more(self) -> bool:
        """Whether there may be more rows than came."""
        return self._tally.total is None or self._tally.counted + self._tally.lost < self._tally.total

    def _announced(self, position: int, end: int) -> Generator[Page, None, int]:
        """The rows from here to the announced end, several pages at once. Returns the position it came to."""
        fetcher = self._fetcher
        with closing(
            PageWindow(fetcher.listing.requester.gate, cover(position, end, fetcher.step), fetcher.answer)
        ) as window:
            for piece, answer in window:
                try:
                    page = self._page(window, piece, answer)
                except Unanswered as problem:
                    works = yield from self._smaller(piece, problem).read()
                    if works:  # the rest is asked for in pages of this size
                        fetcher.size = fetcher.step = works
                        return piece.last
                else:
                    yield fetcher.taken(self._units.part(page, slice(piece.within.start, None)))
        return end

    def _page(self, window: PageWindow, piece: Piece, answer: "Future[requests.Response] | None") -> Page:
        if answer is None:
            return self._fetcher.fetch(piece)
        try:
            return self._fetcher.parsed(piece, answer)
        finally:
            window.free()

    def _smaller(self, piece: Piece, problem: Unanswered) -> SmallerParts:
        """The search for the rows of a page in smaller parts. Raises the problem where there are none, or no time for it."""
        if self._fetcher.listing.hasty or piece.size == 1:
            raise problem
        return SmallerParts(self._fetcher, piece, problem)
