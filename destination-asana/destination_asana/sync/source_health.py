"""Whether the source read Visma to the end, as far as its messages say."""

from __future__ import annotations

from collections.abc import Collection


class SourceHealth:
    """The statuses and errors that a source reports in one sync. `streams` are the names of the catalog's streams.

    Some tools pass on no statuses, so their absence means nothing. As soon as one stream is reported as complete, the others
    must be, too: the source may have died between them.
    """

    def __init__(self, streams: Collection[str]) -> None:
        self._streams = set(streams)
        self._complete: set[str | None] = set()
        self._incomplete: set[str | None] = set()
        self._began = False
        self._failed = False

    def heard(self) -> None:
        """A message of the source has come."""
        self._began = True

    def status(self, stream: str | None, status: str | None) -> None:
        """A stream has reported its status."""
        if status == "COMPLETE":
            self._complete.add(stream)
            self._incomplete.discard(stream)
        elif status is not None:
            self._incomplete.add(stream)
            self._complete.discard(stream)

    def failed(self) -> None:
        """The source has reported an error."""
        self._failed = True

    @property
    def problem(self) -> str | None:
        """Why the read was not good, in words; None if nothing speaks against it."""
        if self._failed:
            return "the source reported an error"
        if not self._began:
            return "nothing came from the source"
        missing = self._incomplete | (self._streams - self._complete if self._complete else set())
        if missing:
            return f"the source did not complete {', '.join(sorted(map(str, missing)))}"
        return None
