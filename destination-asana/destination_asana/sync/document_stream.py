"""Streams of documents, each of which has a task (or project) in Asana."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from destination_asana.asana import AsanaError, UnreachableError
from destination_asana.config import Route
from destination_asana.documents import Document, RecordError, identity
from destination_asana.sync.arrivals import Arrivals
from destination_asana.sync.closed_documents import ClosedDocuments
from destination_asana.sync.outlook import Outlook
from destination_asana.sync.records import Incoming, Rejections, Results
from destination_asana.sync.upsert import DocumentSync, Trail


class DocumentStream:
    """Reads documents and passes each to the workers. Versions of the same document are processed in their order."""

    def __init__(
        self,
        route: Route,
        *,
        documents: DocumentSync,
        results: Results,
        rejections: Rejections,
        admit: Callable[[str, str, Callable[[], object]], None],
        trail: Trail,
        closed: ClosedDocuments,
        hold: Callable[[Callable[[], None]], None],
        outlook: Outlook,
    ) -> None:
        """`admit` takes a project, a document's key and its job, which runs as soon as the project is open. `hold` holds a
        document back until its checkpoint ends, and then calls what it was given."""
        self.route = route
        self.arrivals = Arrivals(route.source)
        self.documents = documents
        self._results = results
        self._rejections = rejections
        self._admit = admit
        self._trail = trail
        self._closed = closed
        self._hold = hold
        self._outlook = outlook

    def take(self, incoming: Incoming) -> None:
        visma_id = incoming.visma_id(self.route.source)
        try:
            document = self.documents.read(incoming.data)
        except RecordError as error:
            self._note(visma_id)
            self._reject_in_turn(incoming, visma_id, error)
            return
        if document is None:
            self._results.ignored(self.route, incoming)
            return
        self._note(visma_id)
        self._trail.expect(document)
        self._closed.expect(document)
        if self._closed.concerns(document):
            self._outlook.leave_out()
        else:
            self._outlook.expect(len(document.lines) if self.route.has_items else 0)
        if document.unknown_amounts:
            self._results.without_amounts(document)

        def job() -> None:
            self._bring_up(incoming, document, may_leave_out=True)

        self._admit(self.route.project_gid, document.key, job)

    def _bring_up(self, incoming: Incoming, document: Document, *, may_leave_out: bool = False) -> None:
        try:
            # A closed document that takes over a task of people's needs none made.
            if self.documents.waits(document):
                self._hold(partial(self._again, incoming, document, may_leave_out=may_leave_out))
                return
            if may_leave_out and self._leaves_out(incoming, document):
                return
            self.documents.bring_up(document)
        except RecordError as error:
            self._reject(incoming, document.visma_id, error)
        except (AsanaError, UnreachableError) as error:
            raise error.as_traced(f"Writing {document.label} ({document.visma_id})") from error
        else:
            self._trail.done(incoming)

    def _again(self, incoming: Incoming, document: Document, *, may_leave_out: bool) -> None:
        """Passes a document that was held back to the workers again."""
        self._trail.expect(document)
        self._closed.expect(document)
        job = partial(self._bring_up, incoming, document, may_leave_out=may_leave_out)
        self._admit(self.route.project_gid, document.key, job)

    def _note(self, visma_id: str | None) -> None:
        """A rejected document has come, too, so it is not missing."""
        if visma_id is not None:
            self.arrivals.note(visma_id)

    def _leaves_out(self, incoming: Incoming, document: Document) -> bool:
        """Whether a closed document gets no task, at least for now."""
        if not (self._closed.concerns(document) and self.documents.is_new(document)):
            return False
        self.documents.left_out(document)
        self._closed.take(self.route, incoming, document, self._create)
        return True

    def _create(self, incoming: Incoming) -> None:
        """Creates the task of a closed document after all. Its record was read before."""
        document = self.documents.read(incoming.data)
        if document is not None:
            self._trail.expect(document)
            self._bring_up(incoming, document)

    def flush(self) -> None:
        """Writes the consequences of the documents so far. The documents themselves wait only for their project."""
        self._closed.decide()
        self._trail.flush()
        self._closed.release()

    def _reject_in_turn(self, incoming: Incoming, visma_id: str | None, error: RecordError) -> None:
        if visma_id is None:
            self._rejections.reject_later(self.route, self.arrivals, incoming, error)
            return
        # The place to look up whether Asana has a later version.
        self._admit(self.route.project_gid, identity(visma_id), lambda: self._reject(incoming, visma_id, error))

    def _reject(self, incoming: Incoming, visma_id: str, error: RecordError) -> None:
        if self.documents.passes_over(visma_id, incoming.data):
            self._results.done(incoming)
        else:
            self._rejections.reject(self.route, self.arrivals, incoming, error)
