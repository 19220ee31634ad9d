"""Adoption for the documents of one register project."""

from __future__ import annotations

from typing import Protocol

from destination_asana.board import HandMadeListing
from destination_asana.documents import Document, Kind, kind_in
from destination_asana.planning import Snapshot
from destination_asana.planning.adoption import Claim, Match
from destination_asana.sync.adoption.checkpoint import CheckpointAdoption
from destination_asana.sync.registers import Register


class Adopter(Protocol):
    """Asked about each document that has no task. `adopts` is False if the settings do not ask for adoption."""

    adopts: bool

    def waits(self, document: Document) -> bool:
        """Whether the document is decided about at the end of its checkpoint."""

    def takes_one(self, document: Document) -> bool:
        """Whether the document takes over a task."""

    def task_of(self, document: Document) -> tuple[Snapshot, Match] | None:
        """The task that the document takes over, as it is now."""

    def adopted(self, match: Match) -> None:
        """The document has taken over its task."""

    def lapsed(self, document: Document, reason: str) -> None:
        """The document's task is not there any more, or cannot be taken over."""


class DocumentAdoption:
    """The documents of one register project."""

    adopts = True

    def __init__(self, checkpoint: CheckpointAdoption, hand_made: HandMadeListing, register: Register) -> None:
        self._checkpoint = checkpoint
        self._hand_made = hand_made
        self._register = register

    def waits(self, document: Document) -> bool:
        # A project's card has neither a supplier nor an amount.
        if kind_in(document.visma_id) is Kind.PROJECTS:
            return False
        claim = Claim.of(document, (self._register.project_gid, *self._hand_made.further))
        return self._checkpoint.waits(claim, self._register)

    def takes_one(self, document: Document) -> bool:
        return self._checkpoint.match_of(document.key) is not None

    def task_of(self, document: Document) -> tuple[Snapshot, Match] | None:
        match = self._checkpoint.match_of(document.key)
        if match is None:
            return None
        snapshot = self._hand_made.read(match, self._register.project_gid)
        if snapshot is None:
            self.lapsed(document, "is no longer there, or has another Visma ID by now")
            return None
        return snapshot, match

    def adopted(self, match: Match) -> None:
        self._checkpoint.adopted(match)

    def lapsed(self, document: Document, reason: str) -> None:
        self._checkpoint.lapsed(document.key, reason)


class NoAdopter:
    """For syncs that adopt nothing."""

    adopts = False

    def waits(self, document: Document) -> bool:
        return False

    def takes_one(self, document: Document) -> bool:
        return False

    def task_of(self, document: Document) -> tuple[Snapshot, Match] | None:
        return None

    def adopted(self, match: Match) -> None:
        """Never called, because no document takes over a task."""

    def lapsed(self, document: Document, reason: str) -> None:
        """Nothing was to be taken over."""
