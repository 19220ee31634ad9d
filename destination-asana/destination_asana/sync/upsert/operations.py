"""How a stream processes each of its documents, by the operation of the catalog."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from destination_asana.board import Index
from destination_asana.documents import Document, RecordError
from destination_asana.planning import Snapshot
from destination_asana.sync.adoption import Adopter
from destination_asana.sync.upsert.gone import GoneMark
from destination_asana.sync.upsert.supersession import Supersession
from destination_asana.sync.upsert.update import DocumentUpdate
from destination_asana.writing import VanishedError

# The most tasks of one document that search may find in turn although they are deleted.
MOST_VANISHED = 5


class DocumentSync:
    """Brings documents of one stream up to date in Asana. The caller ensures that each document is written by one worker
    at a time; different documents are written in parallel."""

    def __init__(
        self,
        *,
        read: Callable[[Any], Document | None],
        index: Index,
        update: DocumentUpdate,
        gone: GoneMark,
        supersession: Supersession,
        adopter: Adopter,
        compare: Callable[[Document, Snapshot | None], None],
        creates: bool = True,
        marks_gone: bool = False,
    ) -> None:
        """`read` returns None for a record that is not a document. `compare` gets each document with its task. `creates` means
        that a document without a task gets one; `marks_gone`, that each document that comes is gone from Visma."""
        self._creates = creates
        self._marks_gone = marks_gone
        self.read = read
        self._index = index
        self._update = update
        self._supersession = supersession
        self._adopter = adopter
        self.gone = gone
        self._compare = compare

    def bring_up(self, document: Document) -> None:
        """Brings the document's task (and project) up to date. Raises RecordError if Asana refuses something about it."""
        for _ in range(MOST_VANISHED):
            try:
                self._once(document)
                return
            except VanishedError as error:
                # A person deleted the task after the look-up, or search still finds it. Either way, the document has no
                # task.
                self._index.drop(document.visma_id)
                self._adopter.lapsed(document, error.problem)
        self._once(document)

    def waits(self, document: Document) -> bool:
        """Whether a document without a task waits for the end of its checkpoint, because it may take one over."""
        return self._adopter.adopts and self._lacks_a_task(document) and self._adopter.waits(document)

    def is_new(self, document: Document) -> bool:
        """Whether a document has no task and one would be made."""
        return self._lacks_a_task(document) and not self._adopter.takes_one(document)

    def _lacks_a_task(self, document: Document) -> bool:
        return self._creates and self._index.find(document.visma_id) is None

    def left_out(self, document: Document) -> None:
        """A document gets no task. If an earlier version was rejected, its task in “Needs attention” is completed."""
        self._supersession.got_through(document, document.version)

    def passes_over(self, visma_id: str, data: Any) -> bool:
        """Whether Asana has a newer version of a record's document. Such a record is counted and named here."""
        return self._supersession.passes_over(visma_id, data)

    def _once(self, document: Document) -> None:
        current = self._index.find(document.visma_id)
        self._compare(document, current)
        if self._marks_gone:
            self.gone.mark_or_count(document.visma_id, current)
        elif current is None or not self._supersession.applies(document.visma_id, document.version, current):
            if current is None and not self._creates:
                raise RecordError(
                    "the matching key", "fits no document in Asana, and an update makes none", document.visma_id
                )
            task = self._update.apply(document, current) if current is not None else self._new(document)
            self._supersession.got_through(document, task.version)

    def _new(self, document: Document) -> Snapshot:
        """Takes over a task that people have made for the document, or creates one."""
        found = self._adopter.task_of(document)
        if found is None:
            return self._update.apply(document, None)
        current, match = found
        task = self._update.apply(document, current, match)
        self._adopter.adopted(match)
        return task
