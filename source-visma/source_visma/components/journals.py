"""Journal transactions: the API pages them by line, the source emits them by batch."""

from array import array
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from itertools import product
from math import fsum
from typing import Any

from airbyte_cdk.sources.types import StreamSlice

from source_visma.components.cursor import StampCursor
from source_visma.components.errors import LOGGER, NotAccepted, NotFound, Unanswered
from source_visma.components.extractor import Page, Rows
from source_visma.components.listing import TRIES
from source_visma.components.lists import PagesRetriever
from source_visma.components.slices import slice_of
from source_visma.components.stamps import Stamp
from source_visma.components.tally import Tally


@dataclass
class JournalRetriever(PagesRetriever):
    """Reads journal transactions. The API pages them by line, so that a batch comes in pieces; each batch is one record.

    A request needs a date or a period. The first read goes period by period, newest first, and saves which are done, so
    that it goes on where it was after a break; then it asks for everything modified since it began.
    """

    LINES = "journalTransactionLines"
    OLDEST = "1900-01-01T00:00:00.000"
    MODULES = ("GL", "AP", "AR", "CM", "CA", "IN", "DR", "FA", "PM")  # what the API's filter takes
    HELD_BACK = 20_000  # lines that may wait in memory for the rest of their batches
    EMPTY_PERIODS = 39  # three years without lines: there is nothing older by period

    # Of the pass before: what was wanted, pieces of batches, and which batches went out whole.
    kept: tuple[StreamSlice | None, dict[tuple[Any, ...], dict[str, Any]], set[tuple[Any, ...]]] = (None, {}, set())

    def read_slice(self, wanted: StreamSlice) -> Iterator[Rows]:
        """The slice's batches; without a start, all batches."""
        emitted = array("q")
        if not wanted.get("start_time"):
            wanted = slice_of(start_time=self.OLDEST)
            if self.stamps:
                wanted = yield from self.by_period(self.stamps, wanted, emitted)
        yield from self.read(wanted, emitted, again=True)
        self.report()
        if self.stamps and not self.stamps.held:
            self.stamps.progress = {}

    def by_period(
        self, cursor: StampCursor, everything: StreamSlice, emitted: "array[int]"
    ) -> Generator[Rows, None, StreamSlice]:
        """An initial load in parts. Returns the slice to read after it."""
        try:
            first = self.listing.page(everything, 1, tries=TRIES)
        except Unanswered:
            return everything
        total, size = first.total or 0, len(self.units(first))
        if not size or total <= size:
            return everything
        try:
            last = self.listing.page(everything, -(-total // size), tries=TRIES)
        except (Unanswered, NotAccepted, NotFound):
            return everything
        cursor.note(first + last, self.key)
        years = [str(batch.get("financialPeriod"))[:4] for batch in first + last]
        oldest, newest = min(years), max(years)
        if not (oldest.isdigit() and newest.isdigit()):
            return everything
        cursor.progress = cursor.progress or {"since": cursor.seen, "lines": {}}
        done: dict[str, int] = cursor.progress["lines"]
        empty = 0
        for year, month in product(range(int(newest) + 1, 1900, -1), range(13, 0, -1)):
            period = f"{year}{month:02d}"
            if period not in done:
                try:
                    passes = yield from self.read(slice_of(periodId=period), emitted, part=True)
                    lines = passes.came[-1] if passes.whole else 0
                except NotAccepted as refusal:  # a month that the company's calendar does not have
                    LOGGER.info(f"{self.name}: there is no period {period}. {refusal.message}")
                    lines = 0
                if lines:
                    done[period] = lines
                    cursor.save()
            empty = 0 if period in done else empty + 1
            if empty > self.EMPTY_PERIODS:
                break
            if str(year) < oldest and month == 13 and sum(done.values()) == self.listing.page(everything, 1).total:
                break
        # Fewer lines than were announced: some batch has a period that no calendar has.
        missing = sum(done.values()) < total and not cursor.held
        since = cursor.progress["since"]
        return (
            everything
            if missing or not since or since > cursor.clock.latest()
            else slice_of(start_time=Stamp.before(since, cursor.lookback))
        )

    def whole(self, pages: Iterator[Page], wanted: StreamSlice, tally: Tally) -> Iterator[Rows]:
        """Whole batches. Any later page may have more lines of a batch, so batches wait while there is room.

        Where lines did not come, batches that do not add up wait for the next pass, which may bring them.
        """
        if self.kept[0] != wanted:
            self.kept = (wanted, {}, set())
        _, waiting, complete = self.kept
        late: dict[tuple[Any, ...], dict[str, Any]] = {}
        gone: set[int] = set()
        lines = 0
        for page in pages:
            for piece in page:
                key = self.key(piece)
                self.add_piece(late if hash(key) in gone else waiting, piece)
            lines += len(self.units(page))
            early: list[dict[str, Any]] = []
            if lines > self.HELD_BACK:
                # Half of them go, first what looks whole and is not about to go on, the oldest first.
                last = self.key(page[-1])
                for key in sorted(waiting, key=lambda key: key == last or not self.balanced(waiting[key])):
                    if lines <= self.HELD_BACK // 2:
                        break
                    early.append(waiting.pop(key))
                    lines -= len(self.units(early[-1:]))
                    gone.add(hash(key))
            yield early
        # A filter by date may leave out lines of a batch. A filter by period does not.
        filtered = wanted.get("start_time", self.OLDEST) != self.OLDEST
        doubtful = late | {key: batch for key, batch in waiting.items() if filtered and not self.balanced(batch)}
        done = waiting | self.reread(doubtful)
        short = bool(tally.lost) or (tally.total is not None and tally.counted < tally.total)
        pieces = {key: batch for key, batch in done.items() if short and not self.balanced(batch)}
        if tally.moved or short:
            complete |= done.keys() - pieces.keys()
        # A batch that was emitted whole in an earlier pass must not be followed by a piece of it.
        self.kept = (wanted, {key: batch for key, batch in pieces.items() if key not in complete}, complete)
        yield [batch for key, batch in done.items() if key not in pieces]

    def left(self) -> Rows:
        """Batches that never added up, though all their lines came."""
        return list(self.kept[1].values())

    def reread(self, batches: dict[tuple[Any, ...], dict[str, Any]]) -> dict[tuple[Any, ...], dict[str, Any]]:
        """The same batches, read again with all their lines, by period and module."""
        found: dict[tuple[Any, ...], dict[str, Any]] = {}
        for period, name in {(batch.get("financialPeriod"), batch.get("module")) for batch in batches.values()}:
            module = str(name).removeprefix("Module")
            part = slice_of(periodId=period, module=module if module in self.MODULES else None)
            for page in self.pages(part, Tally()) if period else ():
                for piece in page:
                    if self.key(piece) in batches:
                        self.add_piece(found, piece)
        return batches | found

    def add_piece(self, batches: dict[tuple[Any, ...], dict[str, Any]], piece: dict[str, Any]) -> None:
        """Adds a piece's lines to its batch, none twice."""
        batch = batches.setdefault(self.key(piece), piece)
        if batch is not piece:
            lines = (batch.get(self.LINES) or []) + (piece.get(self.LINES) or [])
            unnumbered = [line for line in lines if line.get("lineNumber") is None]
            numbered = {line["lineNumber"]: line for line in lines if line.get("lineNumber") is not None}
            batch[self.LINES] = [*numbered.values(), *unnumbered]

    def balanced(self, batch: dict[str, Any]) -> bool:
        """Whether the lines add up to the batch's totals. Then no line with an amount is missing."""
        lines = batch.get(self.LINES) or []
        return all(
            abs(fsum(line.get(f"{side}Amount") or 0 for line in lines) - (batch.get(f"{side}Total") or 0)) < 0.005
            for side in ("debit", "credit")
        )

    def units(self, page: list[dict[str, Any]]) -> list[Any]:
        """Lines. Those without a number are distinguished by their content and their place on the page."""
        return [
            (*self.key(batch), line["lineNumber"] if line.get("lineNumber") is not None else f"{place}. {line}")
            for batch in page
            for place, line in enumerate(batch.get(self.LINES) or [])
        ]

    def doubts(self, wanted: StreamSlice) -> bool:
        """False for periods: their lines are counted against those of the whole list."""
        return super().doubts(wanted) and not wanted.get("periodId")

    def part(self, page: Page, rows: slice) -> Page:
        """The pieces that have these of the page's lines."""
        start, stop, _ = rows.indices(len(self.units(page)))
        pieces, position = [], 0
        for batch in page:
            lines = batch.get(self.LINES) or []
            kept = lines[max(0, start - position) : max(0, stop - position)]
            position += len(lines)
            if kept or not lines:
                pieces.append(batch | {self.LINES: kept})
        return page.of(pieces)

    def marks(self, batch: Rows) -> list[int]:
        """A number for each of these batches in this version, with these lines."""
        lines = [len(data.get(self.LINES) or []) for data in batch]
        return list(map(hash, zip(super().marks(batch), lines, strict=True)))
