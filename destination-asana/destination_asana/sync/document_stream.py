"""One record's way into Asana: translate, look up, plan, apply, tell."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from destination_asana.asana.errors import AsanaError
from destination_asana.config import Route
from destination_asana.documents import fields as names
from destination_asana.documents.document import Document
from destination_asana.documents.errors import RecordError
from destination_asana.documents.fields import COST_CENTERS
from destination_asana.documents.translate import translate
from destination_asana.documents.versions import is_older
from destination_asana.documents.visma_ids import KIND_OF_STREAM, company_of, identity, label_of, scopes_of, visma_id_of
from destination_asana.planning.changes import GONE, Change, Wishes, plan, plan_gone
from destination_asana.planning.descriptions import PROJECT_TITLE, Description, describe
from destination_asana.planning.snapshot import Snapshot
from destination_asana.planning.words import comment_text
from destination_asana.sync.activation import OBJECTS, SOFT_DELETE, UPDATE
from destination_asana.sync.target import Target
from destination_asana.writing.dry_run_projects import DryRunProjectShape
from destination_asana.writing.line_containers import Subtasks
from destination_asana.writing.projects import Found, ProjectShape
from destination_asana.writing.tasks import VanishedError, is_gone

# Tasks of one document that search tells of one after the other and that are gone.
MOST_VANISHED = 5


class Upserter:
    """Writes the documents of one stream. One document at a time is the caller's care; different ones run in parallel."""

    def __init__(self, route: Route, target: Target) -> None:
        self._route = route
        self._target = target
        self._services = target.services
        self._lock = threading.Lock()
        self._project_shape: ProjectShape | None = None
        if route.kind == "project":
            make = DryRunProjectShape if target.services.config.dry_run else ProjectShape
            self._project_shape = make(route, target.services.config.workspace_gid, target.services.project_tools)
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
        services, target = self._services, self._target
        current = target.index.find(document.visma_id)
        if self._route.operation == SOFT_DELETE:
            self._soft_delete(current)
            return
        if current is not None and self._is_superseded(document.visma_id, document.version, current):
            return
        if self._route.operation == UPDATE and current is None:
            raise RecordError(
                "the matching key", "fits no document in Asana, and an update makes none", document.visma_id
            )
        found = self._project_shape.find(document, current) if self._project_shape else Found()
        change = self._plan(document, current, found)
        if current is not None and (change.empty or services.config.dry_run):
            # Nothing will be written that would tell whether it is there, and a STATE may leave behind it.
            now = target.index.confirm(current)
            if now is None:
                raise VanishedError("the task", "is no longer in Asana", document.visma_id)
            if now is not current:
                current, change = now, self._plan(document, now, found)
        snapshot = target.writer.apply(change)
        told = change.differences()
        try:
            if self._project_shape:
                may_link = current is None or document.gives("description")
                told = self._bring_up_project(document, snapshot, found, may_link=may_link) | told
            elif self._route.line_items == "subtasks" and document.gives("lines"):
                told |= self._write_lines(document, snapshot)
        except Exception:
            # The task itself has changed, and no later sync would tell of it.
            self._log(change, snapshot, told)
            raise
        if told and change.empty:
            snapshot = self._say_version(document, snapshot, change)
        self._tell(change, snapshot, told)
        if document.version is not None and snapshot.version != document.version:
            services.versions.remember(document.key, document.version)
        if not services.config.dry_run:
            target.attention.close(document.visma_id, document.version)
        services.summary.count(self._route.stream, "updated" if change.empty and told else change.action)

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

    def _say_version(self, document: Document, snapshot: Snapshot, change: Change) -> Snapshot:
        """After lines alone have changed: the task says which version they are of."""
        description = self._describe(document, snapshot.project_url)
        if snapshot.digest is None or not document.gives("description") or document.version in (None, snapshot.version):
            return snapshot
        return self._target.writer.apply(replace(change, current=snapshot, description=description))

    def mark_gone(self, current: Snapshot) -> bool:
        """Marks a document that no longer comes; False when it was marked before."""
        shown = self._services.fields.shown(current.values)
        change = plan_gone(current, shown, label_of(current.visma_id))
        self._plan_section(change, GONE, shown.get(names.STATUS))
        if not change.empty:
            try:
                snapshot = self._target.writer.apply(change)
            except VanishedError:
                return False
            self._tell(change, snapshot, change.differences())
            self._services.summary.count(self._route.stream, change.action)
        return not change.empty

    def _soft_delete(self, current: Snapshot | None) -> None:
        if current is None or not self.mark_gone(current):
            self._services.summary.count(self._route.stream, "unchanged")

    def _bring_up_project(
        self, document: Document, register: Snapshot, found: Found, *, may_link: bool
    ) -> dict[str, tuple[Any, Any]]:
        shape = self._project_shape
        if shape is None:
            return {}
        told: dict[str, tuple[Any, Any]] = {}
        ready = shape.set_up(document, register, found)
        if ready.project is not None and not found.linked and may_link:
            description = self._describe(document, ready.project.url)
            if register.digest is not None:
                change = Change(document.visma_id, document.label, register, description=description)
                register = self._target.writer.apply(change)
                if change.description is not None:
                    told["project"] = (None, ready.project.url)
        return told | shape.bring_up(document, register, ready)

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
        self._plan_section(change, settled.get(names.STATUS), shown.get(names.STATUS))
        return change

    def _plan_section(self, change: Change, status: str | None, shown_status: str | None) -> None:
        if not self._services.config.section_by_status:
            return
        sections, current = self._target.sections, change.current
        if current is not None and current.elsewhere and change.empty:
            # A person took it out of the project; it comes back only with news from Visma.
            return
        field = self._services.fields.get(names.STATUS)
        statuses = [option.name for option in field.options.values()] if field else []
        change.section = sections.target(status, current, shown_status, statuses)
        if change.section is not None and current is not None:
            change.section_before = sections.name_of(current.section)

    def _write_lines(self, document: Document, snapshot: Snapshot) -> dict[str, tuple[Any, Any]]:
        container = Subtasks(self._services.client, snapshot.gid, document.visma_id)
        if not document.lines and not snapshot.num_subtasks:
            return {}
        try:
            existing, changes = self._services.lines.look(container, document.lines, snapshot.num_subtasks)
            if changes.create and not self._services.config.dry_run:
                # Before they are made: should the same document come again in this sync, its lines are looked for.
                items = len(existing) + len(changes.create)
                self._target.index.put(replace(snapshot, num_subtasks=items))
            return self._services.lines.write(container, existing, changes)
        except AsanaError as error:
            if is_gone(error, snapshot.gid):
                raise VanishedError("the task", f"is no longer in Asana ({error.said})", document.visma_id) from error
            if error.status in (400, 404):
                raise RecordError("the lines", f"Asana refuses them: “{error.said}”", document.visma_id) from error
            raise

    def _log(self, change: Change, snapshot: Snapshot, told: dict[str, tuple[Any, Any]]) -> None:
        if told:
            action = "updated" if change.action == "unchanged" else change.action
            self._services.audit.tell(action, change.visma_id, snapshot.gid, self._services.fields.titled(told))

    def _tell(self, change: Change, snapshot: Snapshot, told: dict[str, tuple[Any, Any]]) -> None:
        self._log(change, snapshot, told)
        config = self._services.config
        if told and config.change_comments and not config.dry_run and change.current is not None:
            text = comment_text(told, self._services.fields.title)
            if text:
                self._target.writer.comment(snapshot.gid, text)
