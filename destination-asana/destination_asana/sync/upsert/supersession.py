"""An older version of a document never replaces a newer one."""

from __future__ import annotations

from typing import Any

from destination_asana.board.task_index import Index
from destination_asana.documents.document import Document
from destination_asana.documents.versions import Versions, is_older, stamp_of
from destination_asana.documents.visma_ids import identity
from destination_asana.planning.snapshot import Snapshot
from destination_asana.sync.summary import Summary
from destination_asana.writing.executor import AttentionExecutor


class Supersession:
    """Knows which versions of one stream's documents have got through: by their tasks, by the tasks of “Needs attention”,
    and by what this sync remembers."""

    def __init__(
        self, stream: str, index: Index, versions: Versions, attention: AttentionExecutor, summary: Summary
    ) -> None:
        self._stream = stream
        self._index = index
        self._versions = versions
        self._attention = attention
        self._summary = summary

    def applies(self, visma_id: str, version: str | None, current: Snapshot) -> bool:
        """Whether a version is older than what Asana has of its document; it is counted and named then."""
        if version is None:
            return False
        rejected_before = self._attention.got_through(visma_id)
        newer = self._versions.newest(identity(visma_id), current.version, rejected_before)
        if not is_older(version, newer):
            return False
        self._summary.superseded(self._stream, visma_id, version, newer)
        return True

    def passes_over(self, visma_id: str, data: Any) -> bool:
        """The same for a record that is not read as a document."""
        version = stamp_of(data)
        current = self._index.find(visma_id) if version is not None else None
        return current is not None and self.applies(visma_id, version, current)

    def got_through(self, document: Document, shown: str | None) -> None:
        """A document is in Asana, whose task shows the version `shown`."""
        if document.version is not None and shown != document.version:
            self._versions.remember(document.key, document.version)
        self._attention.close(document.visma_id, document.version)
