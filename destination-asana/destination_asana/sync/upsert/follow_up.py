"""The consequences of a document for other documents, and of others for it."""

from __future__ import annotations

from collections.abc import Collection
from typing import Protocol

from destination_asana.documents import Document
from destination_asana.planning import Block, Snapshot
from destination_asana.sync.records import Incoming, Results


class Trail(Protocol):
    """Follows the documents of one stream."""

    def expect(self, document: Document) -> None:
        """Called when the document's record has come, before it goes to a worker."""

    def completed(self, document: Document, current: Snapshot | None) -> tuple[Document, tuple[Block, ...]]:
        """The document with the values that depend on other documents, and the blocks of its description."""

    def before(self, document: Document, current: Snapshot | None) -> None:
        """Called before the document's task is written."""

    def after(self, document: Document, before: Snapshot | None) -> None:
        """Called when the document's task is written; `before` is the task as it was, if there was one."""

    def failed(self, document: Document) -> None:
        """Called when the document's task could not be written."""

    def before_gone(self, current: Snapshot) -> None:
        """Called before a document is marked as gone from Visma."""

    def done(self, incoming: Incoming) -> None:
        """A record is in Asana. It is reported once all its consequences are there, too."""

    def look_up(self, numbers: Collection[str]) -> None:
        """Looks up several orders together."""

    def has_order(self, company: str, number: str) -> bool:
        """Whether an order of this number has a task, made by this sync or an earlier one."""

    def flush(self) -> None:
        """Writes the consequences of the records so far."""


class NoMoneyTrail:
    """For streams without any relation to orders."""

    def __init__(self, results: Results) -> None:
        self._results = results

    def expect(self, document: Document) -> None:
        """Nothing follows."""

    def completed(self, document: Document, current: Snapshot | None) -> tuple[Document, tuple[Block, ...]]:
        return document, ()

    def before(self, document: Document, current: Snapshot | None) -> None:
        """Nothing follows."""

    def after(self, document: Document, before: Snapshot | None) -> None:
        """Nothing follows."""

    def failed(self, document: Document) -> None:
        """Nothing follows."""

    def before_gone(self, current: Snapshot) -> None:
        """Nothing follows."""

    def done(self, incoming: Incoming) -> None:
        self._results.done(incoming)

    def look_up(self, numbers: Collection[str]) -> None:
        """No order has a task."""

    def has_order(self, company: str, number: str) -> bool:
        return False

    def flush(self) -> None:
        """Nothing waits."""
