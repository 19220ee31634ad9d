"""Lists: read page by page, several pages at once, and again when they changed meanwhile."""

from array import array
from collections.abc import Collection, Generator, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from airbyte_cdk.sources.declarative.extractors.record_selector import RecordSelector
from airbyte_cdk.sources.declarative.retrievers.simple_retriever import SimpleRetriever
from airbyte_cdk.sources.streams.concurrent.cursor import ConcurrentCursor
from airbyte_cdk.sources.types import Record, StreamSlice

from source_visma.components.availability import others_are_readable
from source_visma.components.cdk import StockCursor
from source_visma.components.clock import CLOCK
from source_visma.components.cursor import StampCursor
from source_visma.components.drift import check_fields
from source_visma.components.errors import LOGGER, NotAvailable, NotFound
from source_visma.components.extractor import ListExtractor, Page, Rows
from source_visma.components.fetcher import Fetcher
from source_visma.components.lines import Lines
from source_visma.components.listing import Listing
from source_visma.components.requester import VismaRequester
from source_visma.components.slices import slice_of
from source_visma.components.stamps import Stamp
from source_visma.components.tally import Passes, Tally
from source_visma.components.unread import incomplete, nothing_shown
from source_visma.components.walk import Walk


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

    def __post_init__(self, parameters: Mapping[str, Any]) -> None:
        super().__post_init__(parameters or {})
        self.request_option_provider = self.request_options_provider or self.request_option_provider
        assert isinstance(self.record_selector, RecordSelector)
        assert isinstance(self.record_selector.extractor, ListExtractor)
        self.extractor = self.record_selector.extractor
        self.requester.stream = self.name
        self.gate = self.requester.gate
        self.hasty = bool(self.config.get("patience_seconds"))  # a check: no time for a second look
        self.listing = Listing(
            self.name, self.requester, self.extractor, self.request_option_provider, self.paginator, self.hasty
        )
        self.gate.lists[self.name] = self.listing
        self._key_fields = [str(key) for key in self.primary_key or [] if key != "company_id"]
        self.stamps = self._take_over_cursor()
        self.announced = False
        self.unread: list[str] = []  # what did not come, in words
        self.size = int(self.listing.params(slice_of(), 1).get("pageSize") or 0)  # 0: the list has no pages

    def _take_over_cursor(self) -> StampCursor | None:
        """Our cursor in place of the stock one; None for a stream that is read in full."""
        if not isinstance(self.cursor, ConcurrentCursor):
            return None
        stock = StockCursor(self.cursor)
        self.requester.messages = stock.messages
        stamps = StampCursor(stock, self.config, self.requester.get_url_base(), self.gate.clock)
        if self.hours_behind and stamps.first:
            stamps.first = Stamp.before(stamps.first, timedelta(hours=self.hours_behind))
        return stamps

    def read_records(
        self, records_schema: Mapping[str, Any], stream_slice: StreamSlice | None = None
    ) -> Iterator[Record]:
        """The slice's records, as Visma sends them. The schema tells which values may be wrapped."""
        self.extractor.schema = records_schema
        wanted, nothing = stream_slice or slice_of(), True
        for batch in self.read_or_skip(wanted):
            if batch:
                nothing = False
                yield from self.emitted(batch, wanted)
        self.report()
        # In a check, an empty list means that something is wrong. An empty list since the start date does not.
        if nothing and self.hasty and not self.listing.page(slice_of(), 1):
            nothing_shown(self.name, self.config["company_id"])

    def emitted(self, batch: Rows, wanted: StreamSlice) -> Iterator[Record]:
        """The records of a batch: as lines for this source's own entry point, else one by one, as any other expects them."""
        if self.config.get("as_lines"):
            return Lines.of(batch, self.name)
        return (Record(data, self.name, wanted) for data in batch)

    def read_or_skip(self, wanted: StreamSlice) -> Iterator[Rows]:
        """The slice's records, in batches. None, and a warning, when the company lacks this list while it has others. All since the
        beginning, when the saved state lies ahead of Visma's clock."""
        try:
            yield from self.read_slice(wanted)
            if self.stamps and self.stamps.leads_astray():
                yield from self.read_slice(slice_of(start_time=self.stamps.first))
        except (NotAvailable, NotFound) as refusal:
            if self.name in self.gate.readable or not others_are_readable(self.gate, self.config, self.name):
                raise
            LOGGER.warning(f"{self.name} is skipped, as the other streams can be read: {refusal.message}")
            if self.stamps:
                self.stamps.held = True

    def read_slice(self, wanted: StreamSlice) -> Iterator[Rows]:
        """The slice's records, without a look at other lists."""
        yield from self.read(wanted, array("q"))

    def report(self) -> None:
        """Ends the stream as incomplete if something is missing. Everything else has been emitted by then."""
        if self.unread:
            incomplete(self.name, self.unread)

    def read(
        self, wanted: StreamSlice, emitted: "array[int]", *, again: bool = False, part: bool = False
    ) -> Generator[Rows, None, Passes]:
        """The slice's records, complete. Adds the marks of emitted records to ``emitted``.

        ``again`` means that nothing in ``emitted`` needs to be emitted once more, ``part`` that a read since the beginning
        follows.
        """
        cursor = self.stamps
        for number in range(self.PASSES):
            started = CLOCK.now()
            passes = yield from self.passes(wanted, emitted, again=again or number > 0)
            took = timedelta(seconds=CLOCK.now() - started)
            several = passes.tallies[-1].pages > 1
            if part or not passes.whole or not (cursor and cursor.seen and several and took > cursor.reach):
                break
            # During a long read a row may have changed earlier than the next sync will look back.
            wanted = slice_of(start_time=Stamp.before(cursor.seen, took + cursor.lookback))
        return passes

    def passes(self, wanted: StreamSlice, emitted: "array[int]", *, again: bool) -> Generator[Rows, None, Passes]:
        """Passes over a list until it has brought as many different rows as it announced."""
        passes, most = Passes(), self.PASSES
        while len(passes.tallies) < most:
            tally = yield from self.one_pass(wanted, emitted, passes, again=again)
            if passes.whole:
                return passes
            number = len(passes.tallies)
            if passes.missing and passes.gained and number == most < self.MOST:
                most += 1
            LOGGER.info(f"{self.name}: {tally.moved} while the list was read (pass {number} of {most}).")
            if passes.lost:
                break
        self.hold(passes, wanted)
        return passes

    def one_pass(
        self, wanted: StreamSlice, emitted: "array[int]", passes: Passes, *, again: bool
    ) -> Generator[Rows, None, Tally]:
        """One more pass. Emits the records that were not emitted before."""
        tally, size = Tally(), passes.page_size(self.size)
        known = frozenset(emitted) if again or passes.tallies else ()
        for batch in self.whole(self.pages(wanted, tally, size), wanted, tally):
            self.announce(tally, wanted)
            yield self.passed_on(batch, emitted, known)
        passes.add(tally)
        if passes.whole:
            yield self.passed_on(self.left(), emitted, known)
        return tally

    def announce(self, tally: Tally, wanted: StreamSlice) -> None:
        """Says how many rows a list of several pages has, once. A list in slices says it for none of them."""
        if not self.announced and tally.total is not None and tally.total > tally.counted and not self.hasty:
            self.announced = True
            if set(wanted) <= {"start_time", "end_time"}:
                self.requester.announce(tally.total)

    def passed_on(self, batch: Rows, emitted: "array[int]", known: Collection[int]) -> Rows:
        """The records of a batch that were not emitted before in this version."""
        cursor = self.stamps
        check_fields(batch, self.name, self._key_fields, cursor.field if cursor else None)
        if cursor:
            cursor.note(batch, self.key)
        marks = self.marks(batch)
        if known:
            new = [(mark, data) for mark, data in zip(marks, batch, strict=True) if mark not in known]
            marks, batch = [mark for mark, _ in new], [data for _, data in new]
        emitted.extend(marks)
        return batch

    def left(self) -> Rows:
        """Records that were kept back until all of the list came."""
        return []

    def hold(self, passes: Passes, wanted: StreamSlice) -> None:
        """Keeps the state where it was, and logs why."""
        if self.stamps:
            self.stamps.held = True
        if passes.missing:
            period = f"Period {wanted['periodId']}: " if wanted.get("periodId") else ""
            self.unread.append(period + passes.shortfall())
            LOGGER.warning(f"{self.name}: {self.unread[-1]}")
        else:
            LOGGER.warning(
                f"{self.name}: the list moved in each of {len(passes.tallies)} passes. All rows that came are passed on; "
                "the state stays where it was, so that the next sync reads them again and misses none."
            )

    def whole(self, pages: Iterator[Page], wanted: StreamSlice, tally: Tally) -> Iterator[Rows]:
        """Whole records from pages."""
        return pages

    def units(self, page: Page) -> list[Any]:
        """What the API counts on this page, each by its identity."""
        return self.keys(page)

    def part(self, page: Page, rows: slice) -> Page:
        """Some of what the API counts on this page."""
        return page.of(page[rows])

    def key(self, data: dict[str, Any]) -> tuple[Any, ...]:
        """The key of a record within the company."""
        return tuple([data.get(field) for field in self._key_fields])

    def keys(self, batch: Rows) -> list[tuple[Any, ...]]:
        """The keys of these records."""
        return list(zip(*[[data.get(field) for data in batch] for field in self._key_fields], strict=True))

    def marks(self, batch: Rows) -> list[int]:
        """A number for each of these records in this version."""
        stamps = [data.get("lastModifiedDateTime") for data in batch]
        return list(map(hash, zip(self.keys(batch), stamps, strict=True)))

    def doubts(self, wanted: StreamSlice) -> bool:
        """Whether an empty list is read a second time before it counts as empty."""
        return not self.hasty

    def pages(self, wanted: StreamSlice, tally: Tally, size: int = -1) -> Iterator[Page]:
        """One pass over the pages, of this size."""
        size = self.size if size < 0 else size
        if size:
            fetcher = Fetcher(self.listing, self, wanted, tally, size)
            yield from Walk(fetcher).read()
            if size == self.size:
                self.size = min(size, fetcher.size)  # what this pass learned holds for the next
            return
        page = self.listing.page(wanted, 1)
        if not page and not page.plain:
            page = self.listing.page(wanted, 1)
        tally.add(page, self.units(page))
        yield page
        tally.close()
