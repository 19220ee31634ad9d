"""Changes → Asana. Every write either may be repeated or is looked for before it is."""

from __future__ import annotations

import datetime
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from destination_asana import document_fields as names
from destination_asana.assignees import Assignees
from destination_asana.client import Client
from destination_asana.custom_fields import CustomFields
from destination_asana.descriptions import replace_block
from destination_asana.errors import AsanaError, RecordError
from destination_asana.index import Index
from destination_asana.plan import Change
from destination_asana.sections import Sections
from destination_asana.snapshots import TASK_FIELDS, Snapshot

logger = logging.getLogger("airbyte")

# A create whose answer was lost is looked for among what changed since shortly before it was sent.
CLOCK_MARGIN = datetime.timedelta(minutes=2)


@dataclass
class TaskWriter:
    """Applies Changes to the tasks of one project. Thread-safe as long as one document is written by one thread.

    Raises RecordError for what Asana refuses about one document, AsanaError or UnreachableError for everything else.
    """

    client: Client
    fields: CustomFields
    index: Index
    sections: Sections
    assignees: Assignees
    project_gid: str

    def apply(self, change: Change) -> Snapshot:
        """Creates or updates the task; gives it as it is now."""
        if change.current is not None and change.empty:
            return change.current
        try:
            task = self._write(change)
        except AsanaError as error:
            task = self._mend(change, error)
        snapshot = Snapshot.of(task, self.fields, self.project_gid)
        if snapshot is None:
            raise RecordError(
                names.VISMA_ID, "did not arrive in Asana; is the field still on the project?", change.visma_id
            )
        self.index.put(snapshot)
        return snapshot

    def _write(self, change: Change) -> dict[str, Any]:
        return self._create(change) if change.current is None else self._update(change, change.current)

    def _mend(self, change: Change, error: AsanaError) -> dict[str, Any]:
        """Second try after a refusal whose cause can be removed; else the refusal becomes the record's error."""
        said = error.said.lower()
        if error.status == 400 and "assignee" in change.attributes and "assignee" in said:
            self.assignees.refused(change.attributes.pop("assignee")[1], error.said)
        elif error.status == 400 and ("custom field" in said or "custom_field" in said or "enum" in said):
            # Somebody changed the fields during the sync: read them again.
            self.fields.forget(self.project_gid)
            self.fields.prepare(self.project_gid)
        elif error.status in (400, 404):
            raise self._refusal(change, error) from error
        else:
            raise error
        try:
            return self._write(change)
        except AsanaError as again:
            if again.status in (400, 404):
                raise self._refusal(change, again) from again
            raise

    def _refusal(self, change: Change, error: AsanaError) -> RecordError:
        asked = ", ".join(change.differences()) or "the task"
        return RecordError(asked, f"Asana refuses it: “{error.said}” ({error.status})", change.visma_id)

    def _create(self, change: Change) -> dict[str, Any]:
        data: dict[str, Any] = {name: after for name, (_, after) in change.attributes.items()}
        values = {name: after for name, (_, after) in change.fields.items()}
        data["custom_fields"] = self.fields.to_api(values, self.project_gid)
        if change.description is not None:
            data["html_notes"] = change.description.body
        if change.section is not None:
            section = self.sections.ensure(change.section)
            data["memberships"] = [{"project": self.project_gid, "section": section}]
        else:
            data["projects"] = [self.project_gid]
        since = self.client.server_time() - CLOCK_MARGIN
        return self.client.create(
            "/tasks", data, lambda: self.index.find_recent(change.visma_id, since), {"opt_fields": TASK_FIELDS}
        )

    def _update(self, change: Change, current: Snapshot) -> dict[str, Any]:
        if current.elsewhere:
            # Field values can only be written while the task is in a project that has the fields.
            self.client.act(f"/tasks/{current.gid}/addProject", {"project": self.project_gid})
        if change.section is not None:
            # Before the status is written: it is what tells that the old section was the sync's own choice.
            section = self.sections.ensure(change.section)
            self.client.act(f"/sections/{section}/addTask", {"task": current.gid})
        data: dict[str, Any] = {name: after for name, (_, after) in change.attributes.items()}
        if change.fields:
            values = {name: after for name, (_, after) in change.fields.items()}
            data["custom_fields"] = self.fields.to_api(values, self.project_gid)
        if change.description is not None:
            html = self.client.get(f"/tasks/{current.gid}", {"opt_fields": "html_notes"}).get("html_notes") or ""
            replaced = replace_block(html, change.description)
            if replaced is not None:
                data["html_notes"] = replaced
        if "assignee" in data and self._was_unassigned(current.gid):
            del data["assignee"]
            change.attributes.pop("assignee")
        return self._put(current, data)

    def _put(self, current: Snapshot, data: Mapping[str, Any]) -> dict[str, Any]:
        path = f"/tasks/{current.gid}"
        if not data:
            task: dict[str, Any] = self.client.get(path, {"opt_fields": TASK_FIELDS})
        else:
            task = self.client.put(path, data, {"opt_fields": TASK_FIELDS})
        return task

    def _was_unassigned(self, gid: str) -> bool:
        """True when a person has taken the assignee away: that choice stays too."""
        stories = self.client.list(f"/tasks/{gid}/stories", {"opt_fields": "resource_subtype"})
        return any(story.get("resource_subtype") == "unassigned" for story in stories)

    def comment(self, gid: str, text: str) -> None:
        """Puts one comment on a task; after a lost answer the same comment is looked for before it is repeated."""
        stories = f"/tasks/{gid}/stories"
        self.client.create(
            stories,
            {"text": text},
            lambda: next((s for s in self.client.list(stories, {"opt_fields": "text"}) if s.get("text") == text), None),
        )


def comment_text(changes: Mapping[str, tuple[Any, Any]]) -> str:
    """One sentence per change, in words: `Visma status: Open → Closed`."""
    words = []
    for name, (before, after) in changes.items():
        if name in ("description", "section", "assignee", "completed", names.LINE_ITEMS):
            continue
        title = {"due_on": "Due date", "name": "Name"}.get(name, name)
        words.append(f"{title}: {_shown(before)} → {_shown(after)}")
    return "Changed in Visma.net\n" + "\n".join(words) if words else ""


def _shown(value: Any) -> str:
    if value in (None, (), ""):
        return "(empty)"
    if isinstance(value, float):
        return f"{value:.2f}"
    if isinstance(value, (tuple, list)):
        return ", ".join(map(str, value))
    return str(value)
