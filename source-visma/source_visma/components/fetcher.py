"""The pages of one pass over a list, one at a time: fetched, parsed and counted."""

from concurrent.futures import Future
from typing import Protocol

import requests
from airbyte_cdk.sources.types import StreamSlice

from source_visma.components.clock import CLOCK
from source_visma.components.errors import LOGGER, ImpureAnswer, NotAccepted, NotFound, UnreadableAnswer
from source_visma.components.extractor import Page
from source_visma.components.listing import TRIES, Listing
from source_visma.components.pieces import Piece
from source_visma.components.tally import Tally


class Units(Protocol):
    """What the API counts in a list: records, or parts of them."""

    def units(self, page: Page) -> list[object]:
        """What the API counts on this page, each by its identity."""

    def part(self, page: Page, rows: slice) -> Page:
        """Some of what the API counts on this page."""

    def doubts(self, wanted: StreamSlice) -> bool:
        """Whether an empty list is read a second time before it counts as empty."""


class Fetcher:
    """Fetches the pages of one pass. ``size`` goes out with each request; ``step`` is how many rows the pages have then."""

    def __init__(self, listing: Listing, units: Units, wanted: StreamSlice, tally: Tally, size: int) -> None:
        self.listing, self.units, self.wanted, self.tally = listing, units, wanted, tally
        self.size = self.step = size
        self._good: tuple[int, int] | None = None  # number and size of a page that came
        self._impure = False  # whether the last unreadable answer had characters that JSON does not allow

    def fetch(self, piece: Piece, *, tries: int = TRIES, impure: bool = False) -> Page:
        """One page. A refusal of a page behind the first is an empty page: that is how some lists end."""
        try:
            page = self.listing.page(
                self.wanted,
                piece.number,
                self._sent(piece),
                tries=None if self.listing.hasty else tries,
                impure=impure,
            )
        except (NotAccepted, NotFound) as refusal:
            if piece.number == 1:
                raise
            return self._nothing(refusal)
        return self._came(piece, page)

    def answer(self, piece: Piece) -> requests.Response:
        """The answer with one page, not parsed yet: for a thread of its own."""
        return self.listing.answer(self.wanted, piece.number, self._sent(piece))

    def parsed(self, piece: Piece, answer: "Future[requests.Response]") -> Page:
        """The page in an answer that was fetched ahead. An unreadable page is requested again."""
        try:
            page = self.listing.parsed(answer.result())
        except (NotAccepted, NotFound) as refusal:
            return self._nothing(refusal)
        except UnreadableAnswer as problem:
            return self._again(piece, problem)
        return self._came(piece, page)

    def taken(self, page: Page) -> Page:
        """The page, counted."""
        self.tally.add(page, self.units.units(page))
        return page

    @property
    def has_come(self) -> bool:
        """Whether any page came in this pass."""
        return self._good is not None

    def check_service(self, problem: Exception) -> None:
        """Requests a page that came before. Raises the problem if no answer comes: then the service is down."""
        if self._good is None:
            raise problem
        self.listing.page(self.wanted, *self._good)

    def _again(self, piece: Piece, problem: UnreadableAnswer) -> Page:
        impure = isinstance(problem, ImpureAnswer)
        pause = 0 if impure and self._impure else 2
        LOGGER.info(f"{self.listing.name}: {problem}. Trying again in {pause} s.")
        CLOCK.sleep(pause)
        self._impure = impure
        return self.fetch(piece, tries=TRIES - 1, impure=impure)

    def _came(self, piece: Piece, page: Page) -> Page:
        if page:
            self._good = (piece.number, self._sent(piece))
        return page

    def _nothing(self, refusal: NotAccepted | NotFound) -> Page:
        self.tally.refused = refusal.message or ""
        return Page()

    def _sent(self, piece: Piece) -> int:
        """The page size to ask for. Visma.net reduces it where a list has a limit."""
        return self.size if piece.size == self.step else piece.size
