"""What a sync tells a comparison of both sides (comparison.py), if there is one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from destination_asana.config import Route
from destination_asana.documents import Document
from destination_asana.planning import Snapshot
from destination_asana.sync.arrivals import Arrivals
from destination_asana.sync.registers import Registers


class Compared(Protocol):
    """A stream of documents, as far as the comparison knows it."""

    route: Route
    arrivals: Arrivals


class Comparing(Protocol):
    """What a sync tells the comparison."""

    active: bool

    def pair(self, document: Document, current: Snapshot | None) -> None:
        """A document and its task, before anything is written."""

    def found(self, visma_id: str, words: str, *, new: bool) -> None:
        """What would be written to a document's task."""

    def rejected(self, visma_id: str | None, reason: str) -> None:
        """A record that cannot be written."""

    def conclude(self, streams: Sequence[Compared], registers: Registers) -> None:
        """The end of the input. `streams` are those whose documents are compared."""


class NoComparison:
    """For a sync that writes."""

    active = False

    def pair(self, document: Document, current: Snapshot | None) -> None:
        """Does nothing."""

    def found(self, visma_id: str, words: str, *, new: bool) -> None:
        """Does nothing."""

    def rejected(self, visma_id: str | None, reason: str) -> None:
        """Does nothing."""

    def conclude(self, streams: Sequence[Compared], registers: Registers) -> None:
        """Does nothing."""
