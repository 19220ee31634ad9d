"""What a stream has brought so far."""

from __future__ import annotations

from destination_asana.documents import identity, prefixes_of, scopes_of


class Arrivals:
    """The records of one stream so far.

    `complete` means that the stream's COMPLETE status has come. `nameless` counts rejected records whose documents are
    not known. `keys` are the identities of the documents, including rejected ones; `scopes` are the prefixes of all
    identities that the stream brings in the same companies.
    """

    def __init__(self, source: str) -> None:
        self._source = source
        self.records = 0
        self.complete = False
        self.nameless = 0
        self.keys: set[str] = set()
        self.scopes: set[str] = set()

    def note(self, visma_id: str) -> None:
        """Registers a document."""
        self.keys.add(identity(visma_id))
        self.scopes |= scopes_of(self._source, visma_id)

    @property
    def kinds(self) -> set[str]:
        """The prefixes of the Visma IDs of the stream's documents, in lower case."""
        return {scope.partition(":")[0] for scope in self.scopes} | prefixes_of(self._source)
