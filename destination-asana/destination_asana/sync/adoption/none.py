"""Adoption as the rest of the sync knows it, and its absence."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol


class Adoption(Protocol):
    """Holds documents back until their checkpoint is complete, and then decides about them together."""

    @property
    def held(self) -> int:
        """The number of records held back."""

    def hold(self, release: Callable[[], None]) -> None:
        """Holds a record back; `release` passes it to the workers again."""

    def decide(self) -> None:
        """Decides about the records held back and releases them. Called at the end of each checkpoint."""

    def log(self) -> None:
        """Logs the summary."""


class NoAdoption:
    """For syncs that adopt nothing."""

    held = 0

    def hold(self, release: Callable[[], None]) -> None:
        release()

    def decide(self) -> None:
        """Nothing is held back."""

    def log(self) -> None:
        """There is nothing to say."""
