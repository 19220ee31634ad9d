"""The rows of a page that got no answer, requested in smaller and smaller parts, down to single rows."""

from collections.abc import Generator, Iterable

from source_visma.components.clock import CLOCK
from source_visma.components.errors import LOGGER, Unanswered
from source_visma.components.extractor import Page
from source_visma.components.fetcher import Fetcher
from source_visma.components.pieces import Piece, cover

PAUSE = 0.5  # seconds between requests that are not answered, each smaller than the one before
MOST_LOST = 30  # rows that are looked for one by one; where more cannot be read, pages of them are named
DOWN = 6  # so many rows without any answer in between may mean that the service is down


class SmallerParts:
    """Finds which rows of a page come, and how many at once."""

    def __init__(self, fetcher: Fetcher, piece: Piece, problem: Unanswered) -> None:
        self._fetcher, self._tally = fetcher, fetcher.tally
        self._problem = problem  # the last one
        self._lost_before = self._tally.lost
        self.works = 0  # rows at once that were answered
        self._most = 0  # the same, of a time when more were not answered
        self._stack = piece.halves(self._tally.total)[::-1]
        self._doubtful: list[Piece] = []  # rows that were not answered, as nothing was since
        self._again: set[Piece] = set()  # rows that were asked for once

    def read(self) -> Generator[Page, None, int]:
        """The rows that come. Returns the number of rows that one answer may have, or 0 if the number does not matter."""
        LOGGER.info(f"{self._problem.message} The rows of this page are asked for in smaller parts.")
        while self._stack or self._doubtful:
            if not self._stack or (len(self._doubtful) > DOWN and self._fetcher.has_come):
                self._fetcher.check_service(self._problem)
                self._ask_doubtful_again()
            piece = self._stack.pop()
            if self._tally.total is not None and piece.first >= self._tally.total:
                continue
            if self._is_too_large(piece):
                self._push(cover(piece.first, piece.last, self._most))
                continue
            try:
                page = self._fetcher.fetch(piece, tries=1)
            except Unanswered as problem:
                self._not_answered(piece, problem)
                CLOCK.sleep(PAUSE)
            else:
                yield from self._answered(piece, page)
        return 0 if self._some_are_lost else self._most or self.works

    @property
    def _some_are_lost(self) -> bool:
        return self._tally.lost != self._lost_before

    def _is_too_large(self, piece: Piece) -> bool:
        """Whether so many rows at once were not answered, and fewer were, while no single row makes the difference."""
        return 0 < self._most < piece.size and not self._some_are_lost and not self._doubtful

    def _not_answered(self, piece: Piece, problem: Unanswered) -> None:
        """Decides what to do with a part that was not answered: halve it, ask once more later, or count it as lost."""
        if piece.size > self.works:
            self._most = self.works
        self._problem = problem
        why = (problem.message or "").removeprefix(f"{self._fetcher.listing.name}: ")
        if piece in self._again or (piece.size > 1 and len(self._tally.gaps) >= MOST_LOST):
            self._tally.lose(piece.first, piece.last, why)
        elif piece.size > 1:
            self._push(piece.halves(self._tally.total))
        else:
            self._tally.suspect(piece.first, piece.last, why)
            self._doubtful.append(piece)
            self._again.add(piece)
            self._wait_for_a_first_answer()

    def _answered(self, piece: Piece, page: Page) -> Generator[Page, None, None]:
        """The rows of the part that are on this page. The other rows are requested on pages of the same size."""
        self._ask_doubtful_again()
        self._tally.announce(page)
        self._tally.suspects.pop(piece.first, None)
        size = min(piece.size, self._cap(piece, page))
        if size < piece.size:
            if piece.number > 1:  # these are not the rows that were meant
                self._push(cover(piece.first, piece.last, size))
                return
            self._push(cover(max(size, piece.first), piece.last, size))
            piece = Piece(1, size, piece.first, size)
        self.works = max(self.works, size)
        yield self._fetcher.taken(self._fetcher.units.part(page, piece.within))

    def _cap(self, piece: Piece, page: Page) -> int:
        """How many rows a page has at most, as far as this one tells."""
        rows = len(self._fetcher.units.units(page))
        fewer = piece.number == 1 and page.total is not None and 0 < rows < page.total
        return self._tally.cap or (rows if fewer else piece.size)

    def _ask_doubtful_again(self) -> None:
        self._push(self._doubtful)
        self._doubtful = []

    def _push(self, pieces: Iterable[Piece]) -> None:
        """Puts pieces on the stack, the first of them on top."""
        self._stack += list(pieces)[::-1]

    def _wait_for_a_first_answer(self) -> None:
        """Waits, longer each time, while no request has had an answer. Raises the problem in the end."""
        if self._fetcher.has_come:
            return
        if len(self._doubtful) > DOWN:
            raise self._problem
        CLOCK.sleep(2.0 ** len(self._doubtful))
