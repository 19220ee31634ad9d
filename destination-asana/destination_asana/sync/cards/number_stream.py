"""The stream of budgets, whose rows become the numbers of the projects' cards once all of them have come."""

from __future__ import annotations

import logging
from collections.abc import Callable

from destination_asana.config import Route
from destination_asana.documents import RecordError
from destination_asana.protocol import Watermark
from destination_asana.sync.arrivals import Arrivals
from destination_asana.sync.cards.budget_rows import BudgetRows
from destination_asana.sync.cards.number_writer import NumberWriter
from destination_asana.sync.records import Incoming, Rejections, Results
from destination_asana.sync.work import Work

logger = logging.getLogger("airbyte")


class NumberStream:
    """Collects rows. When the stream is complete, the numbers are written, and only then is its STATE released."""

    def __init__(
        self,
        route: Route,
        *,
        rows: BudgetRows,
        writer: NumberWriter,
        results: Results,
        rejections: Rejections,
        watermark: Watermark,
        work: Work,
        show_progress: Callable[[], None],
    ) -> None:
        self.route = route
        self.arrivals = Arrivals(route.source)
        self._rows = rows
        self._writer = writer
        self._results = results
        self._rejections = rejections
        self._watermark = watermark
        self._work = work
        self._show_progress = show_progress
        self._written = False
        watermark.hold(route.stream)

    def take(self, incoming: Incoming) -> None:
        try:
            self._rows.take(incoming.data)
        except RecordError as error:
            self._rejections.reject_later(self.route, self.arrivals, incoming, error)
            return
        self._written = False
        # The rows are collected here, and the stream's STATE is on hold apart from its records, because a stream may have
        # many rows.
        self._results.done(incoming)

    def flush(self) -> None:
        """Writes the numbers once all rows have come. A stream without rows changes nothing."""
        if self._written or not self.arrivals.complete:
            return
        self._written = True
        # By now, the cards that this sync creates are in Asana.
        self._work.drain(self._show_progress)
        if self._work.broken:
            return
        if self.arrivals.records:
            self._rows.add_up()
            self._writer.write()
        if not self._work.broken:
            self._watermark.free(self.route.stream)

    def conclude(self) -> None:
        """At the end of the input: has everything else that shows the numbers updated for cards that came after them, and
        warns of numbers that were not written."""
        if self._written and self.arrivals.records:
            self._writer.follow_up()
        if not self._written and self.arrivals.records:
            logger.warning(
                f"{self.route.stream}: not all rows came, so the numbers of the projects' cards stay as they were, and the "
                "stream's state is not saved. Look up in the source's log why it did not complete; the next sync reads it whole."
            )
        if doubtful := self._rows.doubtful:
            logger.warning(
                f"{self.route.stream}: rows of {len(doubtful)} projects were rejected; the numbers of these projects stay as "
                f"they were: {', '.join(sorted(project for _, project in doubtful))}."
            )
