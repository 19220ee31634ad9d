"""One record's way into Asana: translate, look up, plan, apply, tell."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from destination_asana.config import Route
from destination_asana.documents import fields as names
from destination_asana.documents.document import Document
from destination_asana.documents.errors import RecordError
from destination_asana.documents.fields import COST_CENTERS
from destination_asana.documents.translate import translate
from destination_asana.documents.versions import is_older
from destination_asana.documents.visma_ids import KIND_OF_STREAM, company_of, identity, label_of, scopes_of, visma_id_of
from destination_asana.planning.changes import GONE, NONE, Change, Differences, Wishes, plan, plan_gone
from destination_asana.planning.descriptions import PROJECT_TITLE, Description, describe
from destination_asana.planning.snapshot import Snapshot
from destination_asana.planning.words import comment_text
from destination_asana.sync.activation import OBJECTS, SOFT_DELETE, UPDATE
from destination_asana.sync.target import Target
from destination_asana.writing.mending import VanishedError
from destination_asana.writing.outcome import Outcome
from destination_asana.writing.project_finder import Found
from destination_asana.writing.projects import DocumentProjects

# Tasks of one document that search tells of one after the other and that are gone.
MOST_VANISHED = 5


class Upserter:
    """Writes the documents of one stream. One document at a time is the caller's care; different ones run in parallel."""

    def __init__(self, route: Route, target: Target) -> None:
        self._route = route
        self._target = target
        self._services = target.services
        self._lock = threading.Lock()
        self._comments = target.services.executor.comments()
        self._projects: DocumentProjects | None = None
        if route.kind == "project":
            self._projects = target.services.executor.projects(route)
        self._services.fields.expect(route.project_gid, KIND_OF_STREAM.get(route.source))
        self.seen: set[str] = set()
        self.scopes: set[str] = set()

    def translate(self, record: Mapping[str, Any]) -> Document:
        """The record as a Document; raises RecordError. Remembers it as seen: a document that is rejected has come, too."""
        try:
            document = self._read(record)
        except RecordError:
            self._see(visma_id_of(self._route.source, record))
            raise
        self._see(document.visma_id)
        if document.unknown_amounts:
            self._services.summary.without_amounts(document)
        return document

    def _read(self, record: Mapping[str, Any]) -> Document:
        known = OBJECTS.get(self._route.object_name or "")
        document = known.translate(record, self._route.operation) if known else translate(self._route.source, record)
        if COST_CENTERS in document.fields:
            options = self._services.segments.only(company_of(document.visma_id), document.fields[COST_CENTERS])
            document.fields[COST_CENTERS] = options
        return document

    def _see(self, visma_id: str | None) -> None:
        if visma_id is not None:
            with self._lock:
                self.seen.add(identity(visma_id))
                self.scopes |= scopes_of(self._route.source, visma_id)

    def upsert(self, document: Document) -> None:
        """Brings the document's task (and project) up to date; raises RecordError for what Asana refuses about it."""
        for _ in range(MOST_VANISHED):
            try:
                self._upsert(document)
                return
            except VanishedError:
                # A person deleted the task after it was looked up, or search still tells of it: as if it had never been.
                self._target.index.drop(document.visma_id)
        self._upsert(document)

    def _upsert(self, document: Document) -> None:
        current = self._target.index.find(document.visma_id)
        if self._route.operation == SOFT_DELETE:
            self._soft_delete(current)
        elif current is None or not self._is_superseded(document.visma_id, document.version, current):
            if self._route.operation == UPDATE and current is None:
                raise RecordError(
                    "the matching key", "fits no document in Asana, and an update makes none", document.visma_id
                )
            self._bring_up(document, current)

    def _bring_up(self, document: Document, current: Snapshot | None) -> None:
        target = self._target
        found = self._projects.find(document, current) if self._projects else Found()
        change = self._plan(document, current, found)
        if current is not None and change.empty:
            # Nothing will be written that would tell whether it is there, and a STATE may leave behind it.
            now = target.index.confirm(current)
            if now is None:
                raise VanishedError("the task", "is no longer in Asana", document.visma_id)
            if now is not current:
                current, change = now, self._plan(document, now, found)
        outcome = target.writer.apply(change)
        try:
            whole = outcome.also(self._bring_up_parts(document, current, outcome.snapshot, found))
        except Exception:
            # The task itself has changed, and no later sync would tell of it.
            self._log(document.visma_id, outcome)
            raise
        snapshot = outcome.snapshot
        if whole.applied and change.empty:
            snapshot = self._write_version(document, snapshot, change)
        self._finish(document, whole, snapshot, new=current is None)

    def _bring_up_parts(
        self, document: Document, current: Snapshot | None, snapshot: Snapshot, found: Found
    ) -> Differences:
        """Brings the document's lines or its project up to date; `snapshot` is its task as just written."""
        if self._projects:
            may_link = current is None or document.gives("description")
            return self._bring_up_project(self._projects, document, snapshot, found, may_link=may_link)
        if self._route.line_items == "subtasks" and document.gives("lines"):
            return self._target.lines.bring_up(document, snapshot)
        return NONE

    def _finish(self, document: Document, outcome: Outcome, snapshot: Snapshot, *, new: bool) -> None:
        self._log(document.visma_id, outcome)
        if not new:
            self._comment(outcome)
        if document.version is not None and snapshot.version != document.version:
            self._services.versions.remember(document.key, document.version)
        self._target.attention.close(document.visma_id, document.version)
        self._services.summary.count(self._route.stream, outcome.action)

    def passes_over(self, visma_id: str, version: str | None) -> bool:
        """Whether a record is an older version of what Asana has of its document; it is counted and named then."""
        current = self._target.index.find(visma_id) if version is not None else None
        return current is not None and self._is_superseded(visma_id, version, current)

    def _is_superseded(self, visma_id: str, version: str | None, current: Snapshot) -> bool:
        if version is None:
            return False
        rejected_before = self._target.attention.got_through(visma_id)
        newer = self._services.versions.newest(identity(visma_id), current.version, rejected_before)
        if not is_older(version, newer):
            return False
        self._services.summary.superseded(self._route.stream, visma_id, version, newer)
        return True

    def _write_version(self, document: Document, snapshot: Snapshot, change: Change) -> Snapshot:
        """After lines alone have changed: the task's description says which version they are of."""
        description = self._describe(document, snapshot.project_url)
        if snapshot.digest is None or not document.gives("description") or document.version in (None, snapshot.version):
            return snapshot
        return self._target.writer.apply(replace(change, current=snapshot, description=description)).snapshot

    def mark_gone(self, current: Snapshot) -> bool:
        """Marks a document that no longer comes; False when it was marked before."""
        shown = self._services.fields.shown(current.values)
        planned = plan_gone(current, shown, label_of(current.visma_id))
        change = self._with_section(planned, GONE, shown.get(names.STATUS))
        if not change.empty:
            try:
                outcome = self._target.writer.apply(change)
            except VanishedError:
                return False
            self._log(current.visma_id, outcome)
            self._comment(outcome)
            self._services.summary.count(self._route.stream, outcome.action)
        return not change.empty

    def _soft_delete(self, current: Snapshot | None) -> None:
        if current is None or not self.mark_gone(current):
            self._services.summary.count(self._route.stream, "unchanged")

    def _bring_up_project(
        self, projects: DocumentProjects, document: Document, register: Snapshot, found: Found, *, may_link: bool
    ) -> Differences:
        applied: dict[str, tuple[Any, Any]] = {}
        ready = projects.set_up(document, register, found)
        if ready.project is not None and not found.linked and may_link and register.digest is not None:
            description = self._describe(document, ready.project.url)
            change = Change(document.visma_id, document.label, register, description=description)
            linked = self._target.writer.apply(change)
            register = linked.snapshot
            if all(each.name != "description" for each in linked.left_out):
                applied["project"] = (None, ready.project.url)
        return {**applied, **projects.bring_up(document, register, ready)}

    @staticmethod
    def _linked(current: Snapshot | None, found: Found) -> str | None:
        """What the register task says of its project; of one that a person deleted it goes on saying it."""
        if not found.linked:
            return None
        if found.project is not None:
            return found.project.url
        return current.project_url if current is not None else None

    def _describe(self, document: Document, project_url: str | None) -> Description:
        links = [(PROJECT_TITLE, project_url)] if project_url else []
        return describe(document, with_lines=self._route.line_items == "description", links=links)

    def _plan(self, document: Document, current: Snapshot | None, found: Found) -> Change:
        services, config = self._services, self._services.config
        kept = current.values if current else {}
        settled = services.fields.settle(document.fields, company_of(document.visma_id), kept)
        shown = services.fields.shown(current.values) if current else {}
        assignee = None
        # One that a person took out of the project is theirs, until it is back.
        unassigned = current is None or (current.assignee is None and not current.elsewhere)
        # What Visma is done with waits for nobody: it would only be a message in somebody's inbox.
        if services.assignees.in_use and unassigned and not document.closed:
            supplier = document.supplier_name, document.supplier_number
            assignee = services.assignees.of(*supplier, owner=document.owner)
        wishes = Wishes(
            complete_when_closed=config.complete_when_closed,
            assignee=assignee,
            description=self._describe(document, self._linked(current, found)),
        )
        change = plan(document, settled, current, shown, wishes)
        return self._with_section(change, settled.get(names.STATUS), shown.get(names.STATUS))

    def _with_section(self, change: Change, status: str | None, shown_status: str | None) -> Change:
        if not self._services.config.section_by_status:
            return change
        sections, current = self._target.sections, change.current
        if current is not None and current.elsewhere and change.empty:
            # A person took it out of the project; it comes back only with news from Visma.
            return change
        field = self._services.fields.get(names.STATUS)
        statuses = [option.name for option in field.options.values()] if field else []
        section = sections.target(status, current, shown_status, statuses)
        if section is None:
            return change
        before = sections.name_of(current.section) if current is not None else None
        return replace(change, section=section, section_before=before)

    def _log(self, visma_id: str, outcome: Outcome) -> None:
        if outcome.applied:
            applied = self._services.fields.titled(outcome.applied)
            self._services.audit.tell(outcome.action, visma_id, outcome.snapshot.gid, applied)

    def _comment(self, outcome: Outcome) -> None:
        if outcome.applied and self._services.config.change_comments:
            text = comment_text(outcome.applied, self._services.fields.title)
            if text:
                self._comments.add(outcome.snapshot.gid, text)
