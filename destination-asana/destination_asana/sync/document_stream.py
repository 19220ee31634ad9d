"""Streams of documents, each of which has a task (or project) in Asana."""

from __future__ import annotations

from collections.abc import Callable

from destination_asana.asana.errors import AsanaError, UnreachableError
from destination_asana.config import Route
from destination_asana.documents.errors import RecordError
from destination_asana.documents.visma_ids import identity
from destination_asana.sync.records import Arrivals, Incoming, Rejections, Results
from destination_asana.sync.upsert import DocumentSync, Trail


class DocumentStream:
    """Reads documents and hands each to the workers, in its turn among the versions of the same document."""

    def __init__(
        self,
        route: Route,
        *,
        documents: DocumentSync,
        results: Results,
        rejections: Rejections,
        admit: Callable[[str, str, Callable[[], object]], None],
        trail: Trail,
    ) -> None:
        """`admit` takes a project, a document's key and its job, which runs as soon as the project is open."""
        self.route = route
        self.arrivals = Arrivals(route.source)
        self.documents = documents
        self._results = results
        self._rejections = rejections
        self._admit = admit
        self._trail = trail

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
        if document.unknown_amounts:
            self._results.without_amounts(document)

        def job() -> None:
            try:
                self.documents.bring_up(document)
            except RecordError as error:
                self._reject(incoming, document.visma_id, error)
            except (AsanaError, UnreachableError) as error:
                raise error.as_traced(f"Writing {document.label} ({document.visma_id})") from error
            else:
                self._trail.done(incoming)

        self._admit(self.route.project_gid, document.key, job)

    def _note(self, visma_id: str | None) -> None:
        """A document that is rejected has come, too."""
        if visma_id is not None:
            self.arrivals.note(visma_id)

    def flush(self) -> None:
        """Writes what follows from the documents so far. They themselves wait for nothing but their project."""
        self._trail.flush()

    def _reject_in_turn(self, incoming: Incoming, visma_id: str | None, error: RecordError) -> None:
        if visma_id is None:
            self._rejections.reject_later(self.route, self.arrivals, incoming, error)
            return
        # Where it can be looked up whether a later version is in Asana.
        self._admit(self.route.project_gid, identity(visma_id), lambda: self._reject(incoming, visma_id, error))

    def _reject(self, incoming: Incoming, visma_id: str, error: RecordError) -> None:
        if self.documents.passes_over(visma_id, incoming.data):
            self._results.done(incoming)
        else:
            self._rejections.reject(self.route, self.arrivals, incoming, error)
