"""Asks search for orders by their number, and for the invoices that name one."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Sequence
from typing import Any

from destination_asana.board.fields import CustomFields
from destination_asana.board.search import MOST_FOUND, Search
from destination_asana.board.task_index import Index
from destination_asana.documents import fields as names
from destination_asana.documents import spellings, text_value
from destination_asana.planning.descriptions import ORDERS_OF_INVOICE
from destination_asana.planning.money import alike, proves_parts

Query = dict[str, Any]


class OrderSearch:
    """Puts each question once, and hands the answers to the indexes, which keep them. Thread-safe.

    Search covers the whole workspace, so one question serves all projects. Nothing is asked while every project is listed.
    What search may not know yet was listed when the indexes were opened. It is not documented whether search finds parts of
    words and whether it is case-sensitive; the questions find what they must either way.
    """

    def __init__(self, search: Search, fields: CustomFields, indexes: Sequence[Index]) -> None:
        self._search = search
        self._fields = fields
        self._indexes = indexes
        self._lock = threading.Lock()
        # A question that another worker has asked is waited for.
        self._turns: dict[str, threading.Lock] = {}
        # Questions that need not be asked again: from then on only this sync changes the answers.
        self._answered: set[str] = set()

    @property
    def needed(self) -> bool:
        """Whether a project is not known whole, so that search has to be asked."""
        return not all(index.complete for index in self._indexes)

    def expect(self, numbers: Iterable[str]) -> None:
        """Asks for several orders, and for the invoices that name them, at once, where their numbers begin alike."""
        for beginning, group in alike(numbers):
            for field, query, single in (
                (names.VISMA_ID, self._of_orders(beginning), self._of_order),
                (names.PURCHASE_ORDERS, self._of_invoices(beginning), self._of_invoices),
            ):
                if self._tells_all(query, field, beginning):
                    with self._lock:
                        self._answered.update(str(asked) for number in group for asked in single(number))

    def orders(self, number: str) -> None:
        """Asks for the orders of a number."""
        for spelling in spellings(number):
            self._ask(self._of_order(spelling))

    def invoices(self, numbers: Iterable[str]) -> None:
        """Asks for the invoices that name an order, whose number is known in these forms."""
        for spelling in dict.fromkeys(each for number in numbers for each in spellings(number)):
            self._ask(self._of_invoices(spelling))
        # Invoices with so many orders that the field does not hold them all.
        self._ask([{"text": ORDERS_OF_INVOICE.header}])

    def _of_orders(self, beginning: str) -> list[Query]:
        return self._about(names.VISMA_ID, "contains", f"/{beginning}")

    def _of_order(self, number: str) -> list[Query]:
        return self._about(names.VISMA_ID, "ends_with", f"/{number}")

    def _of_invoices(self, number: str) -> list[Query]:
        return self._about(names.PURCHASE_ORDERS, "contains", number)

    def _about(self, field: str, operator: str, text: str) -> list[Query]:
        """The question about a field; none if the workspace does not have it."""
        known = self._fields.catalog.get(field)
        return [] if known is None else [{f"custom_fields.{known.gid}.{operator}": text}]

    def _tells_all(self, queries: list[Query], field: str, beginning: str) -> bool:
        """Whether one answer holds all that there is. If it may be cut, or nothing in it proves that search finds parts of
        words, each order is asked for by itself."""
        if not queries or not self.needed:
            return False
        found = self._search.ask(queries[0])
        if found is None or len(found) >= MOST_FOUND:
            return False
        self._hand_on(found)
        values = (self._fields.values.read(task.get("custom_fields") or []) for task in found)
        return any(proves_parts(text_value(each, field) or "", beginning) for each in values)

    def _ask(self, queries: list[Query]) -> None:
        for query in queries:
            key = str(query)
            with self._lock:
                turn = self._turns.setdefault(key, threading.Lock())
            with turn:
                if key not in self._answered and self.needed:
                    self._learn(query)
                self._answered.add(key)

    def _learn(self, query: Query) -> None:
        """Makes what search finds known; where it cannot be asked, every project is listed whole."""
        found = self._search.ask_for_all(query)
        if found is not None:
            self._hand_on(found)
            return
        for index in self._indexes:
            index.list_whole()

    def _hand_on(self, found: Iterable[dict[str, Any]]) -> None:
        """Gives each task to the index of a project that it is in, or else to the first."""
        for task in found:
            homes = [index for index in self._indexes if index.holds(task)]
            (homes or self._indexes)[0].hear(task)
