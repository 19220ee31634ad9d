"""Lists, read page by page, several pages at once, and again when they moved meanwhile."""

import time
from array import array
from collections import deque
from collections.abc import Callable, Generator, Iterator, Mapping
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import requests
from airbyte_cdk.models import FailureType
from airbyte_cdk.sources.declarative.retrievers.simple_retriever import SimpleRetriever
from airbyte_cdk.sources.streams.concurrent.cursor import ConcurrentCursor
from airbyte_cdk.sources.types import Record, StreamSlice

from source_visma.components.cursor import StampCursor
from source_visma.components.errors import LOGGER, UnreadableAnswer, give_up
from source_visma.components.extractor import ListExtractor, Page
from source_visma.components.requester import VismaRequester
from source_visma.components.slices import slice_of
from source_visma.components.stamps import Stamp
from source_visma.components.tally import Tally


@dataclass
class PagesRetriever(SimpleRetriever):
    """Reads all pages of a list, several at once, in order, and again when the list moved meanwhile.

    Paging by number over rows that come and go can skip a row. A list has moved when ``totalCount`` changed between
    its pages, when a row is on two of them, or when fewer rows came than were announced. Three passes that all
    moved leave the state where it was; a pass that counted just what the one before it counted is taken as it is.
    """

    requester: VismaRequester
    request_options_provider: Any | None = None  # the factory passes it under this name
    cursor: Any | None = None

    PASSES = 3

    remembers = False  # whether what went out matters beyond one list of several pages

    def __post_init__(self, parameters: Mapping[str, Any]) -> None:
        super().__post_init__(parameters or {})
        self.request_option_provider = self.request_options_provider or self.request_option_provider
        self.extractor: ListExtractor = self.record_selector.extractor  # type: ignore[attr-defined]
        self.requester.stream = self.name
        self._key_fields = [str(key) for key in self.primary_key or [] if key != "company_id"]
        if isinstance(self.cursor, ConcurrentCursor):
            self.cursor = StampCursor.adopt(self.cursor, self.config.get("start_date"))
            self.requester.messages = self.cursor._message_repository

    def read_records(
        self, records_schema: Mapping[str, Any], stream_slice: StreamSlice | None = None
    ) -> Iterator[Record]:
        """The slice's records, as Visma sends them; the schema says which values of it may be wrapped."""
        self.extractor.schema = records_schema
        nothing = True
        for record in self.read_slice(stream_slice or slice_of()):
            nothing = False
            yield record
        # In a check, nothing at all means that something is wrong, and nothing since the start date does not.
        if nothing and self.config.get("patience_seconds") and not self.page(slice_of(), 1):
            give_up(
                FailureType.config_error,
                f"Visma.net answers, but shows no {self.name} at all for company ID {self.config['company_id']!r}, as it "
                "does for a company the application has no access to. Check the company ID.",
            )

    def read_slice(self, wanted: StreamSlice) -> Iterator[Record]:
        """What the slice asks for."""
        yield from self.read(wanted, array("q"))

    def read(
        self, wanted: StreamSlice, emitted: "array[int]", *, again: bool = False, part: bool = False
    ) -> Generator[Record, None, int]:
        """What is wanted, in as many passes as it takes. Adds to ``emitted`` the marks of what went out.

        ``again`` says that nothing in ``emitted`` needs to go out once more, ``part`` that a read since the beginning
        follows. Returns what the last pass counted.
        """
        cursor = self.cursor if isinstance(self.cursor, StampCursor) else None
        before: tuple[Any, ...] = ()
        for number in range(1, self.PASSES + 1):
            tally, started = Tally(), time.monotonic()
            known = frozenset(emitted) if again or number > 1 else ()
            for batch in self.whole(self.pages(wanted, tally), wanted):
                if cursor:
                    cursor.note(batch)
                for data in batch:
                    if tally.several_pages or self.remembers:
                        mark = self.mark(data)
                        if mark in known:
                            continue
                        emitted.append(mark)
                    yield Record(data, self.name, wanted)
            took = timedelta(seconds=time.monotonic() - started)
            if tally.moved and tally.outcome != before:
                before = tally.outcome
                LOGGER.info(f"{self.name}: {tally.moved} while the list was read (pass {number} of {self.PASSES}).")
            elif cursor and cursor.seen and tally.several_pages and took > cursor.lookback and not part:
                # Behind the reader's back a row may have changed longer ago than the next sync will look back.
                wanted = slice_of(start_time=Stamp.before(cursor.seen, took + cursor.lookback))
            else:
                break
        else:
            if tally.moved and cursor:
                cursor.held = True
                LOGGER.warning(
                    f"{self.name}: the list moved in each of {self.PASSES} passes. All rows that came are passed on; "
                    "the state stays where it was, so that the next sync reads them again and misses none."
                )
        return tally.counted

    def whole(self, pages: Iterator[Page], wanted: StreamSlice) -> Iterator[list[dict[str, Any]]]:
        """Whole records from pages."""
        return pages

    def units(self, page: Page) -> list[Any]:
        """What the API counts on this page, each by its identity."""
        return [self.key(record) for record in page]

    def key(self, data: dict[str, Any]) -> tuple[Any, ...]:
        """What names the record within the company."""
        return tuple([data.get(field) for field in self._key_fields])

    def mark(self, data: dict[str, Any]) -> int:
        """A number for this version of the record."""
        return hash((self.key(data), data.get("lastModifiedDateTime")))

    def ask(self, wanted: StreamSlice, number: int, parse: Callable[[requests.Response], Any]) -> Any:
        """A page's answer, as ``parse`` makes it."""
        token = {"next_page_token": number} if self._get_initial_next_page_token() else None
        params = self._request_params(wanted, token)
        return self.requester.ask(parse, stream_slice=wanted, next_page_token=token, request_params=params)

    def page(self, wanted: StreamSlice, number: int) -> Page:
        """One page."""
        page: Page = self.ask(wanted, number, self.extractor.extract_records)
        return page

    def pages(self, wanted: StreamSlice, tally: Tally) -> Iterator[Page]:
        """The pages in order. A bounded number of later ones is fetched meanwhile, and parsed when it is their turn."""
        gate, ahead = self.requester.gate, deque[Future[requests.Response]]()
        page, number, size, last = self.page(wanted, 1), 1, 0, 1
        try:
            while True:
                units = self.units(page)
                if number == 1:
                    paged = self._get_initial_next_page_token() is not None
                    tally.several_pages = paged and bool(page) and (page.total is None or page.total > len(units))
                elif number > last and (not page or (tally.total is None and tally.repeats(units))):
                    break
                tally.add(page, units)
                size = max(size, len(units))
                last = -(-tally.total // size) if tally.total is not None and size else 1
                while tally.several_pages and number + len(ahead) < last and gate.room_ahead.acquire(blocking=False):
                    ahead.append(gate.pool.submit(self.ask, wanted, number + len(ahead) + 1, lambda response: response))
                yield page
                number += 1
                if not tally.several_pages:
                    break
                if ahead:
                    page = self.parsed(ahead.popleft(), wanted, number)
                elif number <= last or tally.total is None or tally.counted < tally.total:
                    # No page is known to follow, or no room is free: one at a time, until one is empty.
                    page = self.page(wanted, number)
                else:
                    break
        finally:
            for future in ahead:
                future.cancel()
                gate.room_ahead.release()
        if tally.several_pages:
            tally.close()

    def parsed(self, answer: "Future[requests.Response]", wanted: StreamSlice, number: int) -> Page:
        """The page in an answer that was fetched ahead, or one asked for again."""
        try:
            return self.extractor.extract_records(answer.result())
        except UnreadableAnswer as problem:
            LOGGER.info(f"{self.name}: {problem}. Trying again in 2 s.")
            time.sleep(2)
            return self.page(wanted, number)
        finally:
            self.requester.gate.room_ahead.release()
