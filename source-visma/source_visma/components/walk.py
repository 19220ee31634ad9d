"""One pass over a list: the pages in order, several fetched ahead, and in smaller parts where no answer comes."""

import time
from collections import deque
from collections.abc import Generator, Iterator
from concurrent.futures import Future
from typing import Any, Protocol

import requests
from airbyte_cdk.sources.types import StreamSlice

from source_visma.components.errors import LOGGER, ImpureAnswer, NotAccepted, NotFound, Unanswered, UnreadableAnswer
from source_visma.components.extractor import Page
from source_visma.components.gate import Gate
from source_visma.components.pieces import Piece, cover
from source_visma.components.tally import Tally

TRIES = 2  # of a page, before its rows are asked for in smaller parts
PAUSE = 0.5  # seconds between requests that are not answered, each smaller than the one before
MOST_LOST = 30  # rows that are looked for one by one; where more cannot be read, pages of them are named
DOWN = 6  # so many rows without any answer in between may mean that the service is down


class Pages(Protocol):
    """What a pass needs to know of a list."""

    name: str
    gate: Gate
    hasty: bool

    def doubts(self, wanted: StreamSlice) -> bool:
        """Whether an empty list is believed only after a second look."""

    def page(self, wanted: StreamSlice, number: int, size: int = 0, **how: Any) -> Page:
        """One page."""

    def answer(self, wanted: StreamSlice, number: int, size: int) -> requests.Response:
        """The answer with one page, not parsed yet."""

    def parsed(self, answer: requests.Response) -> Page:
        """The page in an answer."""

    def units(self, page: Page) -> list[Any]:
        """What the API counts on this page, each by its identity."""

    def part(self, page: Page, rows: slice) -> Page:
        """Some of what the API counts on this page."""


class Walk:
    """One pass over a list. ``size`` goes out with each request; ``step`` is how many rows the pages have then."""

    def __init__(self, pages: Pages, wanted: StreamSlice, tally: Tally, size: int) -> None:
        self.pages, self.wanted, self.tally = pages, wanted, tally
        self.size = self.step = size
        self._good: tuple[int, int] | None = None  # a page that came
        self._impure = False  # whether the last answer that could not be read had characters JSON does not allow
        self._works = 1  # how many rows at once were answered
        self._first: list[Any] | None = None  # what came on page 1: a list without pages has it on all

    def read(self) -> Iterator[Page]:
        """The pages in order. What is missing, and why, stands in the tally afterwards."""
        whole = Piece(1, self.size, 0, self.size)
        try:
            first = self._fetch(whole)
        except Unanswered as problem:
            if self.pages.hasty or self.size == 1:
                raise
            works = yield from self._smaller(whole, problem)
            if works or not self.tally.cap:
                self.size = self.step = works or self._works
            else:
                self.step = min(self.size, self.tally.cap)
            yield from self._rest(whole.last)
        else:
            yield self._taken(first)
            self._first = self.pages.units(first)
            more = self._more() if first else self.pages.doubts(self.wanted) and self._confirmed()
            self._learn_step(len(self._first))
            if more:
                yield from self._rest(self.step)
        self.tally.close()

    def _confirmed(self) -> bool:
        """Looks at another page before an empty first one is believed: whether there is a list after all."""
        page = self._fetch(Piece(2, 1, 1, 2))
        self.tally.announce(page)
        self.tally.refused = "Page 1 was empty." if page else ""
        return bool(page)

    def _learn_step(self, rows: int) -> None:
        """Takes over how many rows a page has, when the first one had so many and there are more."""
        cap = self.tally.cap or 0
        if cap and rows <= cap:
            self.step = min(self.size, cap)
        elif rows and self._more():
            self.step = rows

    def _rest(self, position: int) -> Iterator[Page]:
        """The rows behind a position: as many as were announced, or up to a page that has nothing more."""
        while self.tally.total is not None and position < self.tally.total:
            position = yield from self._announced(position)
        number, last = -(-position // self.step) + 1, self._first
        while self._more():
            piece = Piece(number, self.step, position, position + self.step)
            number, position = number + 1, position + self.step
            try:
                page = self._fetch(piece)
            except Unanswered as problem:
                if self.pages.hasty or self.step == 1:
                    raise
                yield from self._smaller(piece, problem)
                continue
            units = self.pages.units(page)
            if not units or units == last:
                return
            yield self._taken(page)
            last = units

    def _more(self) -> bool:
        """Whether there may be more rows than came."""
        return self.tally.total is None or self.tally.counted + self.tally.lost < self.tally.total

    def _announced(self, position: int) -> Generator[Page, None, int]:
        """The rows from here to the announced end, several pages at once. Returns the position it came to."""
        assert self.tally.total is not None
        plan, gate = cover(position, self.tally.total, self.step), self.pages.gate
        ahead: deque[tuple[Piece, Future[requests.Response]]] = deque()
        end = Piece(0, 0, self.tally.total, self.tally.total)
        try:
            while True:
                while gate.room_ahead.acquire(blocking=False):
                    piece = next(plan, end)
                    if piece is end:
                        gate.room_ahead.release()
                        break
                    future = gate.pool.submit(self.pages.answer, self.wanted, piece.number, self._sent(piece))
                    ahead.append((piece, future))
                try:
                    if ahead:
                        piece, future = ahead.popleft()
                        page = self._parsed(piece, future)
                    else:
                        piece = next(plan, end)
                        if piece is end:
                            return end.last
                        page = self._fetch(piece)
                except Unanswered as problem:
                    if self.pages.hasty or piece.size == 1:
                        raise
                    works = yield from self._smaller(piece, problem)
                    if works:
                        self.size = self.step = works
                        return piece.last
                else:
                    yield self._taken(self.pages.part(page, slice(piece.within.start, None)))
        finally:
            for _, future in ahead:
                future.cancel()
                gate.room_ahead.release()

    def _smaller(self, piece: Piece, problem: Unanswered) -> Generator[Page, None, int]:
        """The rows of a page that is not answered, in smaller and smaller parts, down to the row.

        Returns how many rows at once are answered; 0 when it is not their number that matters.
        """
        LOGGER.info(f"{problem.message} The rows of this page are asked for in smaller parts.")
        lost, works, most = self.tally.lost, 0, 0  # rows at once: answered; answered when more were not
        stack = piece.halves(self.tally.total)[::-1]
        doubtful: list[Piece] = []  # not answered, as nothing since
        again: set[Piece] = set()
        while stack or doubtful:
            total = self.tally.total
            if not stack or (len(doubtful) > DOWN and self._good):
                self._alive(problem)
                stack, doubtful = stack + doubtful[::-1], []
            now = stack.pop()
            if total is not None and now.first >= total:
                continue
            if 0 < most < now.size and self.tally.lost == lost and not doubtful:
                stack += list(cover(now.first, now.last, most))[::-1]
                continue
            try:
                page = self._fetch(now, tries=1)
            except Unanswered as error:
                most = works if now.size > works else most
                problem, why = error, (error.message or "").removeprefix(f"{self.pages.name}: ")
                if now in again or (now.size > 1 and len(self.tally.gaps) >= MOST_LOST):
                    self.tally.lose(now.first, now.last, why)
                elif now.size > 1:
                    stack += now.halves(total)[::-1]
                else:
                    self.tally.suspect(now.first, now.last, why)
                    doubtful.append(now)
                    again.add(now)
                    self._hope(len(doubtful), problem)
                time.sleep(PAUSE)
                continue
            stack, doubtful = stack + doubtful[::-1], []
            self.tally.announce(page)
            self.tally.suspects.pop(now.first, None)
            size = min(now.size, self._cap(now, page))
            if size < now.size and now.number > 1:
                stack += list(cover(now.first, now.last, size))[::-1]  # these are not the rows that were meant
                continue
            if size < now.size:
                stack += list(cover(max(size, now.first), now.last, size))[::-1]
                now = Piece(1, size, now.first, size)
            works = self._works = max(works, size)
            yield self._taken(self.pages.part(page, now.within))
        return (most or works) if self.tally.lost == lost else 0

    def _cap(self, piece: Piece, page: Page) -> int:
        """How many rows a page has at most, as far as this one tells."""
        rows = len(self.pages.units(page))
        fewer = piece.number == 1 and page.total is not None and 0 < rows < page.total
        return self.tally.cap or (rows if fewer else piece.size)

    def _hope(self, rows: int, problem: Unanswered) -> None:
        """Waits, longer each time, while nothing at all was ever answered. Raises the problem in the end."""
        if not self._good:
            if rows > DOWN:
                raise problem
            time.sleep(2.0**rows)

    def _alive(self, problem: Unanswered) -> None:
        """Asks for a page that came before. Raises the problem when that is not answered either: the service is down."""
        if not self._good:
            raise problem
        self.pages.page(self.wanted, *self._good)

    def _sent(self, piece: Piece) -> int:
        """The size to ask for: Visma makes less of it where it has a limit."""
        return self.size if piece.size == self.step else piece.size

    def _fetch(self, piece: Piece, **how: Any) -> Page:
        """One page; an empty one for a refusal of a page behind the first: a way of saying that there is nothing."""
        how = {} if self.pages.hasty else {"tries": TRIES, **how}
        try:
            page = self.pages.page(self.wanted, piece.number, self._sent(piece), **how)
        except (NotAccepted, NotFound) as refusal:
            if piece.number == 1:
                raise
            return self._nothing(refusal)
        if page:
            self._good = (piece.number, self._sent(piece))
        return page

    def _nothing(self, refusal: NotAccepted | NotFound) -> Page:
        self.tally.refused = refusal.message or ""
        return Page()

    def _parsed(self, piece: Piece, future: "Future[requests.Response]") -> Page:
        """The page in an answer that was fetched ahead, or one asked for again."""
        try:
            page = self.pages.parsed(future.result())
        except (NotAccepted, NotFound) as refusal:
            return self._nothing(refusal)
        except UnreadableAnswer as problem:
            impure = isinstance(problem, ImpureAnswer)
            pause = 0 if impure and self._impure else 2
            LOGGER.info(f"{self.pages.name}: {problem}. Trying again in {pause} s.")
            time.sleep(pause)
            self._impure = impure
            return self._fetch(piece, tries=TRIES - 1, impure=impure)
        finally:
            self.pages.gate.room_ahead.release()
        if page:
            self._good = (piece.number, self._sent(piece))
        return page

    def _taken(self, page: Page) -> Page:
        """The page, counted."""
        self.tally.add(page, self.pages.units(page))
        return page
