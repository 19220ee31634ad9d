"""What has come of a stream."""

from __future__ import annotations

from destination_asana.documents.visma_ids import identity, prefixes_of, scopes_of


class Arrivals:
    """The records of one stream, as far as they have come.

    `complete`: the stream's COMPLETE status has come. `nameless` counts rejected records of which it is not known which
    documents they are. `keys` are the identities of the documents, rejected ones included; `scopes` what the identities of
    all documents begin with that the stream brings in the same companies.
    """

    def __init__(self, source: str) -> None:
        self._source = source
        self.records = 0
        self.complete = False
        self.nameless = 0
        self.keys: set[str] = set()
        self.scopes: set[str] = set()

    def note(self, visma_id: str) -> None:
        """Notes a document."""
        self.keys.add(identity(visma_id))
        self.scopes |= scopes_of(self._source, visma_id)

    @property
    def kinds(self) -> set[str]:
        """How the Visma IDs of the stream's documents begin, in small letters."""
        return {scope.partition(":")[0] for scope in self.scopes} | prefixes_of(self._source)
