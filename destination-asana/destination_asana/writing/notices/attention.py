"""The section “Needs attention”: one task per rejected document, which tells people why. It is completed when the
document has been written, and reopened, whoever completed it, when the document is rejected again."""

from __future__ import annotations

import hashlib
import re
import threading
from collections.abc import Mapping
from typing import Any

import orjson

from destination_asana.asana import NOT_THERE, OF_CONTENT_OR_GONE, OF_RIGHTS_OR_SCOPES, UNAVAILABLE, AsanaError, Client
from destination_asana.board import Sections
from destination_asana.documents import identity, label_of, shortened
from destination_asana.planning.descriptions import REJECTED, REJECTED_TITLE
from destination_asana.protocol import dump

SECTION = "Needs attention"
MAX_NOTES = 60_000
ATTENTION_FIELDS = "name,notes,completed"
_DOCUMENT = re.compile(r"^Document: (.+)$", re.MULTILINE)
THROUGH = "Got through since: the version of "
_THROUGH = re.compile(rf"^{THROUGH}(\S+)$", re.MULTILINE)


class Attention:
    """Shows rejected records of one project to people. These tasks carry no Visma ID. Thread-safe."""

    def __init__(self, client: Client, sections: Sections, workspace_gid: str, project_gid: str) -> None:
        self._client = client
        self._sections = sections
        self._workspace = workspace_gid
        self._project = project_gid
        self._lock = threading.RLock()
        self._known: dict[str, dict[str, Any]] | None = None

    def show(self, stream: str, record: Any, visma_id: str | None, reason: str, *, with_record: bool) -> str:
        """Creates, updates or reopens the task of a rejected record and returns its gid. `with_record` puts the record
        itself into the task, for syncs without a quarantine file."""
        document = document_of(stream, record, visma_id)
        notes = (
            f"{REJECTED}\n\nDocument: {document}\nReason: {reason}\n\n"
            "Correct it in Visma.net (or in the connection) and it comes again with the next sync"
        )
        # A record without an identity cannot be recognised once it is right.
        notes += "; this task is then completed by itself." if visma_id else ". Please complete this task then."
        if with_record:
            notes += "\n\nThe record:\n" + dump(record, orjson.OPT_INDENT_2).decode()
        notes = shortened(notes, MAX_NOTES)
        name = f"{REJECTED_TITLE}: {label_of(visma_id) if visma_id else document}"
        with self._lock:
            known = self._read().get(identity(document))
            if known is not None and self._update(known, notes):
                return str(known["gid"])
            try:
                made = self._create(document, name, notes)
            except AsanaError as error:
                if error.refusal not in OF_CONTENT_OR_GONE:
                    raise
                # Somebody deleted the section during the sync.
                self._sections.forget()
                made = self._create(document, name, notes)
            self._read()[identity(document)] = {"gid": made["gid"], "notes": notes, "completed": False}
            return str(made["gid"])

    def _update(self, known: dict[str, Any], notes: str) -> bool:
        """Updates the task. False if a person has deleted it."""
        # Asana may change white space.
        changes: dict[str, Any] = {"notes": notes} if known["notes"].split() != notes.split() else {}
        if known["completed"]:
            changes["completed"] = False
        try:
            if changes:
                self._client.put(f"/tasks/{known['gid']}", changes)
        except AsanaError as error:
            if error.refusal not in NOT_THERE:
                raise
            return False
        known.update(changes)
        return True

    def _create(self, document: str, name: str, notes: str) -> dict[str, Any]:
        section = self._sections.ensure(SECTION)
        data = {
            "name": name,
            "notes": notes,
            "projects": [self._project],
            "memberships": [{"project": self._project, "section": section}],
        }
        return self._client.create("/tasks", data, lambda: self._look_up(document), {"opt_fields": "name"})

    def got_through(self, document: str) -> str | None:
        """The version of a document that was written after another one had been rejected, or None."""
        with self._lock:
            known = self._read().get(identity(document))
        match = _THROUGH.search(known["notes"]) if known is not None else None
        return match.group(1) if match else None

    def close(self, document: str, version: str | None = None) -> None:
        """Completes the task of a document (by its Visma ID or by the result of `document_of`) that has been written
        after all. The task then states this `version`, so that the rejected one never replaces it."""
        with self._lock:
            known = self._read().get(identity(document))
            if known is None or known["completed"]:
                return
            known["completed"] = True
            changes: dict[str, Any] = {"completed": True}
            if version is not None:
                changes["notes"] = f"{known['notes']}\n\n{THROUGH}{version}"
                known["notes"] = changes["notes"]
        try:
            self._client.put(f"/tasks/{known['gid']}", changes)
        except AsanaError as error:
            # A person deleted it, which also closes it.
            if error.refusal not in NOT_THERE:
                raise

    def _look_up(self, document: str) -> dict[str, Any] | None:
        self._known = None
        return self._read().get(identity(document))

    def _read(self) -> dict[str, dict[str, Any]]:
        with self._lock:
            if self._known is None:
                section = self._section()
                self._known = self._list(section) if section else {}
            return self._known

    def _section(self) -> str | None:
        try:
            return self._sections.find(SECTION)
        except AsanaError as error:
            # An OAuth app without full permissions may not list sections, and so has made none.
            if error.refusal not in OF_RIGHTS_OR_SCOPES:
                raise
            return None

    def _list(self, section: str) -> dict[str, dict[str, Any]]:
        found: dict[str, dict[str, Any]] = {}
        listed = self._client.list(f"/sections/{section}/tasks", {"opt_fields": ATTENTION_FIELDS})
        here = {task["gid"] for task in listed}
        # Search results may be outdated, so they count only for tasks outside this section.
        for task in [*listed, *(task for task in self._moved() if task["gid"] not in here)]:
            match = _DOCUMENT.search(task.get("notes") or "")
            if match:
                document, completed = identity(match.group(1)), bool(task.get("completed"))
                # If there are two, the open one counts.
                if document not in found or not completed:
                    found[document] = {"gid": task["gid"], "notes": task["notes"], "completed": completed}
        return found

    def _moved(self) -> list[dict[str, Any]]:
        """The open tasks that people have moved to another section, as far as search knows them."""
        query = {
            "projects.any": self._project,
            "text": REJECTED_TITLE,
            "completed": "false",
            "limit": 100,
            "opt_fields": ATTENTION_FIELDS,
        }
        try:
            found = self._client.get(f"/workspaces/{self._workspace}/tasks/search", query)
        except AsanaError as error:
            if error.refusal not in UNAVAILABLE:
                raise
            return []
        return [task for task in found if (task.get("name") or "").startswith(REJECTED_TITLE)]


def document_of(stream: str, record: Any, visma_id: str | None) -> str:
    """The name of a rejected record: its Visma ID or, without one, its stream and a digest of its content."""
    return visma_id or f"{stream}, record {_fingerprint(record)}"


def _fingerprint(record: Mapping[str, Any] | Any) -> str:
    return hashlib.sha256(dump(record, orjson.OPT_SORT_KEYS)).hexdigest()[:12]
