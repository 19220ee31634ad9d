"""What a stream does with each of its documents, by the operation of the catalog."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from destination_asana.board.task_index import Index
from destination_asana.config import Operation
from destination_asana.documents.document import Document
from destination_asana.documents.errors import RecordError
from destination_asana.sync.upsert.supersession import Supersession
from destination_asana.sync.upsert.update import DocumentUpdate, GoneMark
from destination_asana.writing.mending import VanishedError

# Tasks of one document that search finds one after the other and that are gone.
MOST_VANISHED = 5


class DocumentSync:
    """Brings documents of one stream up to date in Asana. The caller sees to it that each document is written by one worker
    at a time; different ones run side by side."""

    def __init__(
        self,
        *,
        operation: str,
        read: Callable[[Any], Document | None],
        index: Index,
        update: DocumentUpdate,
        gone: GoneMark,
        supersession: Supersession,
    ) -> None:
        """`read` gives None for a record that is no document."""
        self._operation = operation
        self.read = read
        self._index = index
        self._update = update
        self._supersession = supersession
        self.gone = gone

    def bring_up(self, document: Document) -> None:
        """Brings the document's task (and project) up to date; raises RecordError for what Asana refuses about it."""
        for _ in range(MOST_VANISHED):
            try:
                self._once(document)
                return
            except VanishedError:
                # A person deleted the task after it was looked up, or search still finds it: as if it had never been.
                self._index.drop(document.visma_id)
        self._once(document)

    def passes_over(self, visma_id: str, data: Any) -> bool:
        """Whether a record is an older version of what Asana has of its document; it is counted and named then."""
        return self._supersession.passes_over(visma_id, data)

    def _once(self, document: Document) -> None:
        current = self._index.find(document.visma_id)
        if self._operation == Operation.SOFT_DELETE:
            self.gone.mark_or_count(current)
        elif current is None or not self._supersession.applies(document.visma_id, document.version, current):
            if self._operation == Operation.UPDATE and current is None:
                raise RecordError(
                    "the matching key", "fits no document in Asana, and an update makes none", document.visma_id
                )
            task = self._update.apply(document, current)
            self._supersession.got_through(document, task.version)
