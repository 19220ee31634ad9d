"""Lists, read page by page, several pages at once, and again when they moved meanwhile."""

import time
from array import array
from collections.abc import Callable, Collection, Generator, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import requests
from airbyte_cdk.models import FailureType
from airbyte_cdk.sources.declarative.extractors.record_selector import RecordSelector
from airbyte_cdk.sources.declarative.retrievers.simple_retriever import SimpleRetriever
from airbyte_cdk.sources.streams.concurrent.cursor import ConcurrentCursor
from airbyte_cdk.sources.types import Record, StreamSlice

from source_visma.components.availability import others_are_readable
from source_visma.components.cdk import StockCursor
from source_visma.components.cursor import StampCursor
from source_visma.components.errors import LOGGER, NotAvailable, NotFound, give_up
from source_visma.components.extractor import ListExtractor, Page
from source_visma.components.requester import VismaRequester
from source_visma.components.slices import slice_of
from source_visma.components.stamps import Stamp
from source_visma.components.tally import Passes, Tally
from source_visma.components.walk import TRIES, Walk


@dataclass
class PagesRetriever(SimpleRetriever):
    """Reads all pages of a list, several at once, in order, and again when not all of it came.

    Paging by number over rows that come and go, or in an order that is not settled, can skip a row. All of a list came
    when as many different rows came as it announced: in one pass, or in several with pages of different sizes while the
    number that it announces stays the same. Three passes over a list that moved each time leave the state where it was;
    a list of which fewer rows came than it announced ends as not complete.
    """

    requester: VismaRequester
    request_options_provider: Any | None = None  # the factory passes it under this name
    cursor: Any | None = None
    hours_behind: int = 0  # how far the list's stamps may lie behind local time

    PASSES = 3  # over a list that moves
    MOST = 8  # while each brings rows that were missing
    SIZES = (1, 1 / 2, 2 / 3, 2 / 5, 3 / 4, 1 / 3, 3 / 5, 1 / 4)  # of their pages, so that no two have the same edges

    def __post_init__(self, parameters: Mapping[str, Any]) -> None:
        super().__post_init__(parameters or {})
        self.request_option_provider = self.request_options_provider or self.request_option_provider
        assert isinstance(self.record_selector, RecordSelector)
        assert isinstance(self.record_selector.extractor, ListExtractor)
        self.extractor = self.record_selector.extractor
        self.requester.stream = self.name
        self._key_fields = [str(key) for key in self.primary_key or [] if key != "company_id"]
        self.requester.gate.lists[self.name] = self
        if isinstance(self.cursor, ConcurrentCursor):
            stock = StockCursor(self.cursor)
            self.requester.messages = stock.messages
            self.cursor = StampCursor(stock, self.config, self.requester.get_url_base(), self.requester.gate.clock)
            if self.hours_behind and self.cursor.first:
                self.cursor.first = Stamp.before(self.cursor.first, timedelta(hours=self.hours_behind))
        self.gate = self.requester.gate
        self.hasty = bool(self.config.get("patience_seconds"))  # a check: no time for a second look
        self.unread: list[str] = []  # what did not come, in words
        self.size = int(self.params(slice_of(), 1).get("pageSize") or 0)  # 0: the list has no pages

    def read_records(
        self, records_schema: Mapping[str, Any], stream_slice: StreamSlice | None = None
    ) -> Iterator[Record]:
        """The slice's records, as Visma sends them; the schema says which values of it may be wrapped."""
        self.extractor.schema = records_schema
        nothing = True
        for record in self.read_or_skip(stream_slice or slice_of()):
            nothing = False
            yield record
        self.report()
        # In a check, nothing at all means that something is wrong, and nothing since the start date does not.
        if nothing and self.hasty and not self.page(slice_of(), 1):
            give_up(
                FailureType.config_error,
                f"Visma.net answers, but shows no {self.name} at all for company ID {self.config['company_id']!r}, as it "
                "does for a company the application has no access to. Check the company ID.",
            )

    def read_or_skip(self, wanted: StreamSlice) -> Iterator[Record]:
        """What the slice asks for. Nothing, and a warning, when the company has no such list while it has others; what there
        is since the beginning, when the state leads astray."""
        try:
            yield from self.read_slice(wanted)
            if isinstance(self.cursor, StampCursor) and self.cursor.leads_astray():
                yield from self.read_slice(slice_of(start_time=self.cursor.first))
        except (NotAvailable, NotFound) as refusal:
            if self.name in self.requester.gate.readable or not others_are_readable(
                self.requester.gate, self.config, self.name
            ):
                raise
            LOGGER.warning(f"{self.name} is skipped, as the other streams can be read: {refusal.message}")
            if isinstance(self.cursor, StampCursor):
                self.cursor.held = True

    def read_slice(self, wanted: StreamSlice) -> Iterator[Record]:
        """What the slice asks for."""
        yield from self.read(wanted, array("q"))

    def report(self) -> None:
        """Ends the stream as not complete when something did not come. Everything else is passed on by then."""
        if self.unread:
            give_up(
                FailureType.transient_error,
                f"{self.name}: {' '.join(self.unread[:3])} {self.more()}Everything else was passed on. The state stays where it was, so that "
                "the next sync reads it again. If this message comes back, have these records looked at in Visma.net, or "
                "report it to Visma's support.",
            )

    def more(self) -> str:
        """How many parts of the list there are that the message does not name."""
        return f"So it is with {len(self.unread) - 3} more parts of the list. " if len(self.unread) > 3 else ""

    def read(
        self, wanted: StreamSlice, emitted: "array[int]", *, again: bool = False, part: bool = False
    ) -> Generator[Record, None, Passes]:
        """What is wanted, whole. Adds to ``emitted`` the marks of what went out.

        ``again`` says that nothing in ``emitted`` needs to go out once more, ``part`` that a read since the beginning
        follows.
        """
        cursor = self.cursor if isinstance(self.cursor, StampCursor) else None
        for number in range(self.PASSES):
            started = time.monotonic()
            passes = yield from self.passes(wanted, emitted, again=again or number > 0)
            took = timedelta(seconds=time.monotonic() - started)
            several = passes.tallies[-1].pages > 1
            if part or not passes.whole or not (cursor and cursor.seen and several and took > cursor.reach):
                break
            # Behind the reader's back a row may have changed longer ago than the next sync will look back.
            wanted = slice_of(start_time=Stamp.before(cursor.seen, took + cursor.lookback))
        return passes

    def passes(self, wanted: StreamSlice, emitted: "array[int]", *, again: bool) -> Generator[Record, None, Passes]:
        """As many passes over a list as it takes until as many different rows came as it announced."""
        passes, most = Passes(), self.PASSES
        while True:
            tally, size = Tally(), self.size_of(passes)
            known = frozenset(emitted) if again or passes.tallies else ()
            for batch in self.whole(self.pages(wanted, tally, size), wanted, tally):
                yield from self.passed_on(batch, wanted, emitted, known)
            passes.add(tally)
            number = len(passes.tallies)
            if passes.whole:
                yield from self.passed_on(self.left(), wanted, emitted, known)
                return passes
            if passes.missing and passes.gained and number == most < self.MOST:
                most += 1
            LOGGER.info(f"{self.name}: {tally.moved} while the list was read (pass {number} of {most}).")
            if passes.lost or number == most:
                self.hold(passes, wanted)
                return passes

    def passed_on(
        self, batch: list[dict[str, Any]], wanted: StreamSlice, emitted: "array[int]", known: Collection[int]
    ) -> Iterator[Record]:
        """The records of a batch that did not go out before in this version."""
        self.check_fields(batch)
        if isinstance(self.cursor, StampCursor):
            self.cursor.note(batch, self.key)
        for data in batch:
            mark = self.mark(data)
            if mark not in known:
                emitted.append(mark)
                yield Record(data, self.name, wanted)

    def left(self) -> list[dict[str, Any]]:
        """Records that were kept back until all of the list came."""
        return []

    def size_of(self, passes: Passes) -> int:
        """The size of the pages of the next pass; 0 for a list without pages."""
        if not self.size or not passes.tallies:
            return self.size
        last = passes.tallies[0]
        rows = min(self.size, last.cap or self.size, max(2, last.total or self.size))
        return max(1, round(rows * self.SIZES[len(passes.tallies) % len(self.SIZES)]))

    def hold(self, passes: Passes, wanted: StreamSlice) -> None:
        """Keeps the state where it was, and says why."""
        if isinstance(self.cursor, StampCursor):
            self.cursor.held = True
        if passes.missing:
            period = f"Period {wanted['periodId']}: " if wanted.get("periodId") else ""
            self.unread.append(period + passes.shortfall())
            LOGGER.warning(f"{self.name}: {self.unread[-1]}")
        else:
            LOGGER.warning(
                f"{self.name}: the list moved in each of {len(passes.tallies)} passes. All rows that came are passed on; "
                "the state stays where it was, so that the next sync reads them again and misses none."
            )

    def whole(self, pages: Iterator[Page], wanted: StreamSlice, tally: Tally) -> Iterator[list[dict[str, Any]]]:
        """Whole records from pages."""
        return pages

    def units(self, page: Page) -> list[Any]:
        """What the API counts on this page, each by its identity."""
        return [self.key(record) for record in page]

    def part(self, page: Page, rows: slice) -> Page:
        """Some of what the API counts on this page."""
        return page.of(page[rows])

    def key(self, data: dict[str, Any]) -> tuple[Any, ...]:
        """What names the record within the company."""
        return tuple([data.get(field) for field in self._key_fields])

    def check_fields(self, batch: list[dict[str, Any]]) -> None:
        """Raises system_error when a field this connector depends on is missing: a part of the key, or the stamp, if it is
        only spelled in another way."""
        stamp = [self.cursor.field] if isinstance(self.cursor, StampCursor) else []
        for record in batch:
            for field in [*self._key_fields, *stamp]:
                if record.get(field) is not None:
                    continue
                other = next((name for name in record if name != field and name.lower() == field.lower()), None)
                if other or field in self._key_fields:
                    spelled = f"but one named {other}" if other else "or it is empty"
                    give_up(
                        FailureType.system_error,
                        f"{self.name}: Visma.net sent a record without {field}, {spelled}. The stream stops, since its records "
                        "could not be told apart, or changes be missed. Please report this.",
                    )

    def mark(self, data: dict[str, Any]) -> int:
        """A number for this version of the record."""
        return hash((self.key(data), data.get("lastModifiedDateTime")))

    def doubts(self, wanted: StreamSlice) -> bool:
        """Whether an empty list is believed only after a second look."""
        return not self.hasty

    def params(self, wanted: StreamSlice, number: int) -> dict[str, Any]:
        """The request's parameters for a page."""
        given: dict[str, Any] = {"stream_slice": wanted, "next_page_token": self.token(number)}
        pages = self.paginator.get_request_params(**given) if self.paginator else {}
        return {**pages, **self.request_option_provider.get_request_params(**given)}

    def token(self, number: int) -> dict[str, Any] | None:
        """What names a page for the manifest's request; None for a list without pages."""
        return {"next_page_token": number} if self.paginator else None

    def ask(
        self, wanted: StreamSlice, number: int, parse: Callable[[requests.Response], Any], *, size: int = 0, **how: Any
    ) -> Any:
        """A page's answer, as ``parse`` makes it."""
        params = self.params(wanted, number) | ({"pageSize": size} if size else {})
        return self.requester.ask(
            parse, stream_slice=wanted, next_page_token=self.token(number), request_params=params, **how
        )

    def page(self, wanted: StreamSlice, number: int, size: int = 0, **how: Any) -> Page:
        """One page."""
        page: Page = self.ask(wanted, number, self.parsed, size=size, **how)
        return page

    def answer(self, wanted: StreamSlice, number: int, size: int) -> requests.Response:
        """The answer with one page, not parsed yet."""
        response: requests.Response = self.ask(wanted, number, lambda response: response, size=size, tries=TRIES)
        return response

    def parsed(self, answer: requests.Response) -> Page:
        """The page in an answer."""
        return self.extractor.extract_records(answer)

    def pages(self, wanted: StreamSlice, tally: Tally, size: int = -1) -> Iterator[Page]:
        """One pass over the pages, of this size."""
        size = self.size if size < 0 else size
        if size:
            walk = Walk(self, wanted, tally, size)
            yield from walk.read()
            self.size = min(self.size, walk.size) if size == self.size else self.size
            return
        page = self.page(wanted, 1)
        if not page and not page.plain:
            page = self.page(wanted, 1)
        tally.add(page, self.units(page))
        yield page
        tally.close()
