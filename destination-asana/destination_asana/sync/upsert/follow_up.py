"""What follows from a document for other documents, and from others for it."""

from __future__ import annotations

from typing import Protocol

from destination_asana.documents.document import Document
from destination_asana.planning.blocks import Block
from destination_asana.planning.snapshot import Snapshot
from destination_asana.sync.records import Incoming, Results


class Trail(Protocol):
    """Follows the documents of one stream."""

    def expect(self, document: Document) -> None:
        """Called when the document's record has come, before it is handed to a worker."""

    def completed(self, document: Document, current: Snapshot | None) -> tuple[Document, tuple[Block, ...]]:
        """The document with the values that follow from other documents, and the blocks of its description."""

    def before(self, document: Document, current: Snapshot | None) -> None:
        """Called before the document's task is written."""

    def after(self, document: Document) -> None:
        """Called when the document's task is written."""

    def failed(self, document: Document) -> None:
        """Called when the document's task could not be written."""

    def before_gone(self, current: Snapshot) -> None:
        """Called before a document is marked as gone from Visma."""

    def done(self, incoming: Incoming) -> None:
        """A record is in Asana. It is reported once all that follows from it is, too."""

    def flush(self) -> None:
        """Writes what follows from the records so far."""


class NoMoneyTrail:
    """For streams that tell nothing of orders."""

    def __init__(self, results: Results) -> None:
        self._results = results

    def expect(self, document: Document) -> None:
        """Nothing follows."""

    def completed(self, document: Document, current: Snapshot | None) -> tuple[Document, tuple[Block, ...]]:
        return document, ()

    def before(self, document: Document, current: Snapshot | None) -> None:
        """Nothing follows."""

    def after(self, document: Document) -> None:
        """Nothing follows."""

    def failed(self, document: Document) -> None:
        """Nothing follows."""

    def before_gone(self, current: Snapshot) -> None:
        """Nothing follows."""

    def done(self, incoming: Incoming) -> None:
        self._results.done(incoming)

    def flush(self) -> None:
        """Nothing waits."""
