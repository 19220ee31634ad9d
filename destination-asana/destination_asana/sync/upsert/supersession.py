"""An older version of a document never replaces a newer one."""

from __future__ import annotations

from typing import Any

from destination_asana.board import Index
from destination_asana.documents import Document, Versions, identity, is_older, stamp_of
from destination_asana.planning import Snapshot
from destination_asana.sync.report_lines import ReportLines
from destination_asana.sync.summary import Summary
from destination_asana.writing import AttentionExecutor


class Supersession:
    """Knows the written versions of one stream's documents: from their tasks, from the tasks in “Needs attention”, and
    from this sync's own memory."""

    def __init__(
        self,
        stream: str,
        index: Index,
        versions: Versions,
        attention: AttentionExecutor,
        summary: Summary,
        *,
        lines: ReportLines,
    ) -> None:
        self._stream = stream
        self._index = index
        self._versions = versions
        self._attention = attention
        self._summary = summary
        self._lines = lines

    def applies(self, visma_id: str, version: str | None, current: Snapshot) -> bool:
        """Whether Asana has a newer version of the document. Such a version is counted and named here."""
        if version is None:
            return False
        rejected_before = self._attention.got_through(visma_id)
        newer = self._versions.newest(identity(visma_id), current.version, rejected_before)
        if not is_older(version, newer):
            return False
        self._summary.superseded(self._stream, visma_id, version, newer)
        self._lines.unchanged(visma_id, current.gid, f"older than the version in Asana ({newer})")
        return True

    def passes_over(self, visma_id: str, data: Any) -> bool:
        """The same for a record that cannot be read as a document."""
        version = stamp_of(data)
        current = self._index.find(visma_id) if version is not None else None
        return current is not None and self.applies(visma_id, version, current)

    def got_through(self, document: Document, version: str | None) -> None:
        """A document is in Asana, and its task shows the `version`."""
        if document.version is not None and version != document.version:
            self._versions.remember(document.key, document.version)
        self._attention.close(document.visma_id, document.version)
