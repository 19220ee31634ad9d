"""Documents that Visma has closed before they first come, for settings that make no tasks of them."""

from __future__ import annotations

import json
import threading
import zlib
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol

from destination_asana.config import Route
from destination_asana.documents import Document, company_of, identity
from destination_asana.protocol import Ticket, Watermark, dump
from destination_asana.sync.records import Incoming, Results
from destination_asana.sync.report_lines import ReportLines
from destination_asana.sync.work import Work

REASON = "closed when it first came, so it gets no task (create_closed is off)"
Create = Callable[[Incoming], None]


class ClosedDocuments(Protocol):
    """Decides about closed documents without a task."""

    def expect(self, document: Document) -> None:
        """Called when a document's record has come, before it goes to a worker."""

    def concerns(self, document: Document) -> bool:
        """Whether a document gets no task, unless it has one already or names an order that has one."""

    def take(self, route: Route, incoming: Incoming, document: Document, create: Create) -> None:
        """Takes such a document. `create` makes its task after all."""

    def decide(self) -> None:
        """Creates the documents that name an order that has a task by now."""

    def release(self) -> None:
        """Leaves out the others, once all orders have come. Called when the orders so far are added up."""

    def conclude(self, *, all_came: bool) -> None:
        """Ends the waiting for orders at the end of the input. `all_came` means that the source reached its end."""


class AllAdmitted:
    """For settings that make a task of every document."""

    def expect(self, document: Document) -> None:
        """Nothing follows."""

    def concerns(self, document: Document) -> bool:
        return False

    def take(self, route: Route, incoming: Incoming, document: Document, create: Create) -> None:
        """Never happens."""

    def decide(self) -> None:
        """Nothing waits."""

    def release(self) -> None:
        """Nothing waits."""

    def conclude(self, *, all_came: bool) -> None:
        """Nothing waits."""


class Orders(Protocol):
    """Knows which orders have a task."""

    def look_up(self, numbers: Collection[str]) -> None:
        """Looks up several orders together."""

    def has_order(self, company: str, number: str) -> bool:
        """Whether an order of this number has a task, made by this sync or an earlier one."""


@dataclass(frozen=True, slots=True)
class _Waiting:
    """A closed invoice that names orders without a task. Its record is packed, because there may be a hundred thousand."""

    route: Route
    visma_id: str
    numbers: tuple[str, ...]
    ticket: Ticket
    packed: bytes
    create: Create


def _create(waiting: _Waiting) -> None:
    record: Mapping[str, Any] = json.loads(zlib.decompress(waiting.packed))
    waiting.create(Incoming(record, waiting.ticket))


class ClosedLeftOut:
    """Leaves closed documents out. Thread-safe.

    An invoice that names an order that has a task counts there, so it gets a task, too. The order may come after it, in the
    same sync. Until all orders have come, no STATE of the invoice's stream is released: if the process dies, the
    invoice comes again.
    """

    def __init__(
        self,
        orders: Orders,
        results: Results,
        lines: ReportLines,
        watermark: Watermark,
        work: Work,
        *,
        orders_complete: Callable[[], bool],
        show_progress: Callable[[], None],
    ) -> None:
        self._orders = orders
        self._results = results
        self._lines = lines
        self._watermark = watermark
        self._work = work
        self._orders_complete = orders_complete
        self._show_progress = show_progress
        self._lock = threading.Lock()
        self._new: list[_Waiting] = []
        self._waiting: list[_Waiting] = []
        self._held: set[str] = set()
        self._expecting = False

    def expect(self, document: Document) -> None:
        self._expecting = self._expecting or self.concerns(document)

    def concerns(self, document: Document) -> bool:
        return bool(document.closed)

    def take(self, route: Route, incoming: Incoming, document: Document, create: Create) -> None:
        if not document.shares:
            self._leave_out(route, document.visma_id, incoming.ticket)
            return
        packed = zlib.compress(dump(incoming.record), 1)
        numbers = tuple(document.shares)
        waiting = _Waiting(route, document.visma_id, numbers, incoming.ticket, packed, create)
        with self._lock:
            self._new.append(waiting)

    def decide(self) -> None:
        if not (self._expecting or self._waiting):
            return
        # All orders so far are in Asana then.
        self._work.drain(self._show_progress)
        if self._work.broken:
            return
        self._expecting = False
        with self._lock:
            new, self._new = self._new, []
        if new:
            self._orders.look_up({number for each in new for number in each.numbers})
        named = {id(each): self._names_an_order(each) for each in (*self._waiting, *new)}
        due = [each for each in (*self._waiting, *new) if named[id(each)]]
        self._waiting = left = [each for each in (*self._waiting, *new) if not named[id(each)]]
        for each in due:
            self._work.submit(identity(each.visma_id), partial(_create, each))
        self._work.drain(self._show_progress)
        for each in left:
            if not self._orders_complete():
                self._held.add(each.route.stream)
                self._watermark.hold(each.route.stream)
                self._results.free(each.ticket)

    def release(self) -> None:
        if self._orders_complete() and not self._work.broken:
            self.conclude(all_came=True)

    def conclude(self, *, all_came: bool) -> None:
        left, self._waiting = self._waiting, []
        for each in left:
            self._leave_out(each.route, each.visma_id, each.ticket)
        if all_came:
            held, self._held = self._held, set()
            for stream in held:
                self._watermark.free(stream)

    def _names_an_order(self, waiting: _Waiting) -> bool:
        company = company_of(waiting.visma_id)
        return any(self._orders.has_order(company, number) for number in waiting.numbers)

    def _leave_out(self, route: Route, visma_id: str, ticket: Ticket) -> None:
        self._lines.unchanged(visma_id, None, REASON)
        self._results.left_out(route, ticket)
