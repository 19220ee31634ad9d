"""The stream of budgets, whose rows become the numbers of projects' cards once all of them came."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from typing import Any

from destination_asana.config import Route
from destination_asana.documents.errors import RecordError
from destination_asana.documents.reader import Reader
from destination_asana.planning.project_budget import NEEDED, numbers_by_project, project_of, prove, row_key
from destination_asana.protocol.watermark import Watermark
from destination_asana.sync.cards.budgets import Budgets, ProjectKey
from destination_asana.sync.cards.number_writer import NumberWriter
from destination_asana.sync.records import Arrivals, Incoming, Rejections, Results
from destination_asana.sync.work import Work

logger = logging.getLogger("airbyte")


class NumberStream:
    """Collects rows; when the stream is complete, the numbers are written, and only then its STATE may leave."""

    def __init__(
        self,
        route: Route,
        *,
        budgets: Budgets,
        writer: NumberWriter,
        results: Results,
        rejections: Rejections,
        watermark: Watermark,
        work: Work,
        show_progress: Callable[[], None],
    ) -> None:
        self.route = route
        self.arrivals = Arrivals(route.source)
        self._budgets = budgets
        self._writer = writer
        self._results = results
        self._rejections = rejections
        self._watermark = watermark
        self._work = work
        self._show_progress = show_progress
        self._rows: dict[tuple[str, ...], Mapping[str, Any]] = {}
        self._doubtful: set[ProjectKey] = set()
        self._written = False
        watermark.hold(route.stream)

    def take(self, incoming: Incoming) -> None:
        row = incoming.data
        try:
            if not isinstance(row, Mapping):
                raise RecordError("record", "is not an object")
            prove(Reader(row))
        except RecordError as error:
            self._doubt(row)
            self._rejections.reject_later(self.route, self.arrivals, incoming, error)
            return
        self._written = False
        self._rows[row_key(row)] = {name: row.get(name) for name in NEEDED}
        # The rows are kept here, and the stream's STATE is held apart from its records: a stream may have many rows.
        self._results.done(incoming)

    def flush(self) -> None:
        """Writes the numbers, once all rows came. A stream that brought none says nothing."""
        if self._written or not self.arrivals.complete:
            return
        self._written = True
        # Cards that this sync makes are there then.
        self._work.drain(self._show_progress)
        if self._work.broken:
            return
        if self.arrivals.records:
            self._budgets.know(numbers_by_project(self._rows.values()), self._doubtful)
            self._writer.write()
        if not self._work.broken:
            self._watermark.free(self.route.stream)

    def conclude(self) -> None:
        """Says, at the end of the input, where numbers were not written."""
        if not self._written and self.arrivals.records:
            logger.warning(
                f"{self.route.stream}: not all rows came, so the numbers of the projects' cards stay as they were, and the "
                "stream's state is not saved. Look up in the source's log why it did not complete; the next sync reads it whole."
            )
        if self._doubtful:
            logger.warning(
                f"{self.route.stream}: rows of {len(self._doubtful)} projects were rejected; the numbers of these projects stay as "
                f"they were: {', '.join(sorted(project for _, project in self._doubtful))}."
            )

    def _doubt(self, row: Any) -> None:
        """Of a project with a rejected row no sum is right."""
        try:
            self._doubtful.add(project_of(Reader(row)))
        except (RecordError, AttributeError):
            logger.debug("A budget row of no project was rejected.")
