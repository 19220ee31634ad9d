"""Changes → Asana. Every write either may be repeated or is looked for before it is."""

from __future__ import annotations

import datetime
import logging
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from destination_asana.asana.client import Client
from destination_asana.asana.errors import AsanaError
from destination_asana.board.fields.values import CustomFields
from destination_asana.board.listings import stamp
from destination_asana.board.members import Assignees
from destination_asana.board.sections import Sections
from destination_asana.board.task_index import Index
from destination_asana.board.task_reader import TASK_FIELDS, snapshot_of
from destination_asana.documents import fields as names
from destination_asana.documents.errors import RecordError
from destination_asana.planning.changes import Change
from destination_asana.planning.descriptions import Description, replace_block, text_in
from destination_asana.planning.last_look import adjust
from destination_asana.planning.snapshot import Snapshot, told_in

logger = logging.getLogger("airbyte")

# A create whose answer was lost is looked for among what changed since shortly before it was sent.
CLOCK_MARGIN = datetime.timedelta(minutes=2)
# Different causes of one write's refusal that are removed before the refusal counts.
MOST_MENDINGS = 3


class VanishedError(RecordError):
    """The task of a document is no longer there, since a person deleted it after it was looked up."""


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
    _unassigned_by_people: set[str] = field(default_factory=set)

    def apply(self, change: Change) -> Snapshot:
        """Creates or updates the task; gives it as it is now."""
        if change.current is not None and change.empty:
            return change.current
        mended = 0
        said: str | None = None
        while True:
            try:
                snapshot = self._write(change)
                break
            except AsanaError as error:
                mended += 1
                self._mend(change, error, last=mended > MOST_MENDINGS, again=error.said == said)
                said = error.said
        self.index.put(snapshot)
        written = (value for value in snapshot.values.values() if isinstance(value, list))
        self.fields.close_inactive(gid for gids in written for gid in gids)
        return snapshot

    def _write(self, change: Change) -> Snapshot:
        return self._create(change) if change.current is None else self._update(change, change.current)

    def _mend(self, change: Change, error: AsanaError, *, last: bool, again: bool) -> None:
        """Removes the cause of a refusal where that is possible; else the refusal becomes the record's error. `again`: the
        same was said before the last try, so that its mending was not enough."""
        said = error.said.lower()
        if change.current is not None and is_gone(error, change.current.gid):
            raise VanishedError("the task", f"is no longer in Asana ({error.said})", change.visma_id) from error
        if last or error.status not in (400, 404):
            self.fields.dates.failed()
            raise self._refusal(change, error) if error.status in (400, 404) else error
        if "assignee" in change.attributes and "assignee" in said:
            self.assignees.refused(change.attributes.pop("assignee")[1], error.said)
        elif "due_on" in change.attributes and "start" in said:
            wanted = change.attributes.pop("due_on")[1]
            logger.warning(
                f"{change.visma_id}: Asana does not take the due date {wanted} because of the start date a person has set: "
                f"“{error.said}”. The due date stays as it is; the field Visma due date has the new one."
            )
        elif change.section is not None and ("section" in said or "membership" in said):
            # Somebody deleted the section during the sync.
            self.sections.forget()
        elif _has_dates(change) and self.fields.dates.refused(said):
            pass
        elif "custom field" in said or "custom_field" in said or "enum" in said:
            # Somebody changed the fields during the sync.
            self.fields.refresh(self.project_gid)
            if again and _has_dates(change):
                self.fields.dates.doubted()
        else:
            raise self._refusal(change, error) from error

    def _refusal(self, change: Change, error: AsanaError) -> RecordError:
        # Of a new task everything is asked at once: only what Asana names helps.
        asked = [
            name for name in change.differences() if change.current is not None or name.lower() in error.said.lower()
        ]
        return RecordError(
            ", ".join(map(self.fields.title, asked)) or "the task",
            f"Asana refuses it: “{error.said}” ({error.status})",
            change.visma_id,
        )

    def _create(self, change: Change) -> Snapshot:
        data: dict[str, Any] = {name: after for name, (_, after) in change.attributes.items()}
        data["custom_fields"] = self.fields.to_api(_after(change.fields), self.project_gid)
        if change.description is not None:
            data["html_notes"] = change.description.body
        section = self.sections.ensure(change.section) if change.section is not None else None
        data["projects"] = [self.project_gid]
        if section is not None:
            data["memberships"] = [{"project": self.project_gid, "section": section}]
        since = self.client.earliest_time() - CLOCK_MARGIN
        # A short answer: what was written is known, and every field in it costs quota.
        task = self.client.create(
            "/tasks", data, lambda: self.index.find_recent(change.visma_id, since), {"opt_fields": "created_at"}
        )
        if "custom_fields" in task:
            found = snapshot_of(task, self.fields, self.project_gid)
            if found is not None:
                return found
        made = Snapshot(task["gid"], change.visma_id, created_at=task.get("created_at") or "", section=section)
        return self._written(made, change, data)

    def _update(self, change: Change, current: Snapshot) -> Snapshot:
        known = self._leave_unassigned(change, current)
        if change.empty:
            return current
        # What takes requests of its own comes before the look, so that nothing stands between it and the write. The
        # option of a new status stands before the move: it tells a later sync that the section is a status's.
        section = self.sections.ensure(change.section) if change.section is not None else None
        self.fields.to_api(_after(change.fields), self.project_gid)
        html = self._look(change, current)
        if change.empty:
            return change.current or current
        if self._move(change, section) and (change.attributes or change.description):
            html = self._look(change, current, moved=True)
        return self._put(change, change.current or current, html, known)

    def _look(self, change: Change, current: Snapshot, *, moved: bool = False) -> str:
        """Holds the change against the task as it is now; gives its description, where that is to be changed. Asana has
        no conditional write: what people do between this look and the write is looked for afterwards."""
        fields = f"{TASK_FIELDS},html_notes" if change.description is not None else TASK_FIELDS
        task = self.client.get(f"/tasks/{current.gid}", {"opt_fields": fields})
        now = snapshot_of(task, self.fields, self.project_gid) or current
        section = change.section
        adjust(change, now, self.fields.shown(now.values))
        if moved:
            change.section = section
        change.text_before = text_in(task.get("notes"))
        return task.get("html_notes") or ""

    def _move(self, change: Change, section: str | None) -> bool:
        """Puts the task into the project and its section; True when anything was moved."""
        current = change.current
        if current is None or not (current.elsewhere or change.section):
            return False
        if current.elsewhere:
            # Field values can only be written while the task is in a project that has the fields.
            self.client.act(f"/tasks/{current.gid}/addProject", {"project": self.project_gid})
        if section is not None and section != current.section and change.section is not None:
            # Before the status is written: it is what tells that the old section was the sync's own choice.
            self.client.act(f"/sections/{section}/addTask", {"task": current.gid})
            last = None if current.elsewhere else next(reversed(self.sections.moves(current.gid)), None)
            if last is not None and last.into == section and last.out_of not in (None, current.section):
                # A person has moved it between the look and the move.
                self.client.act(f"/sections/{last.out_of}/addTask", {"task": current.gid})
                change.section, section = None, last.out_of
        change.current = replace(current, elsewhere=False, section=section or current.section)
        return True

    def _put(self, change: Change, current: Snapshot, html: str, known: set[str]) -> Snapshot:
        data: dict[str, Any] = {name: after for name, (_, after) in change.attributes.items()}
        if change.fields:
            data["custom_fields"] = self.fields.to_api(_after(change.fields), self.project_gid)
        if change.description is not None:
            replaced = replace_block(html, change.description)
            if replaced is None:
                # A person has edited the block's form.
                change.description = None
            else:
                data["html_notes"] = replaced
        if data:
            self.client.put(f"/tasks/{current.gid}", data, {"opt_fields": "modified_at"})
        if "assignee" in data:
            data["assignee"] = self._put_back_assignee(change, current.gid, known)
        return self._written(current, change, data)

    def _put_back_assignee(self, change: Change, gid: str, known: set[str]) -> str | None:
        """Gives the task back to whom a person chose between the look and the write; tells who has it now. `known` are
        the stories from before the look."""
        ours = change.attributes["assignee"][1]
        stories = self.client.list(f"/tasks/{gid}/stories", {"opt_fields": "resource_subtype,assignee"})
        new = [
            (story.get("assignee") or {}).get("gid")
            for story in stories
            if story["gid"] not in known and story.get("resource_subtype") in ("assigned", "unassigned")
        ]
        if len(new) < 2 or new[-1] != ours:
            return str(ours)
        theirs: str | None = new[-2]
        self.client.put(f"/tasks/{gid}", {"assignee": theirs})
        del change.attributes["assignee"]
        return theirs

    def _replaced(self, change: Change, gid: str, description: Description) -> str | None:
        """The description of a task with its block replaced, and `change` knows what it said; None, and no description in
        `change`, where a person has edited the block's form."""
        now = self.client.get(f"/tasks/{gid}", {"opt_fields": "html_notes,notes"})
        change.text_before = text_in(now.get("notes"))
        replaced = replace_block(now.get("html_notes") or "", description)
        if replaced is None:
            change.description = None
        return replaced

    def _written(self, snapshot: Snapshot, change: Change, data: Mapping[str, Any]) -> Snapshot:
        """The task as it is after `data` was written to it."""
        for sent in self._dates_in(change, data):
            self.fields.dates.taken(sent)
        plain = {name: data[name] for name in ("name", "completed", "due_on", "assignee") if name in data}
        if change.description and "html_notes" in data:
            snapshot = replace(snapshot, **told_in(change.description))
        values = {**snapshot.values, **self.fields.read_written(data.get("custom_fields") or {})}
        return replace(snapshot, **plain, values=values)

    def _dates_in(self, change: Change, data: Mapping[str, Any]) -> list[Any]:
        """The date values as they were sent."""
        fields = (self.fields.get(name) for name in change.fields if names.DEFINITIONS[name].type == "date")
        sent = (data["custom_fields"].get(field.gid) for field in fields if field is not None)
        return [value for value in sent if value is not None]

    def _leave_unassigned(self, change: Change, current: Snapshot) -> set[str]:
        """Takes the assignee out of the change where a person has taken it away: that choice stays too. Gives the
        stories so far, where it had to look."""
        if "assignee" not in change.attributes:
            return set()
        known: set[str] = set()
        if current.gid not in self._unassigned_by_people:
            stories = self.client.list(f"/tasks/{current.gid}/stories", {"opt_fields": "resource_subtype"})
            known = {story["gid"] for story in stories}
            if all(story.get("resource_subtype") != "unassigned" for story in stories):
                return known
            # The supplier mapping's own pass asks for the same task again.
            self._unassigned_by_people.add(current.gid)
        del change.attributes["assignee"]
        return known

    def comment(self, gid: str, text: str) -> None:
        """Puts one comment on a task; after a lost answer the same comment is looked for before it is repeated."""
        stories = f"/tasks/{gid}/stories"
        since = self.client.earliest_time() - CLOCK_MARGIN

        def find() -> dict[str, Any] | None:
            for story in self.client.list(stories, {"opt_fields": "text,created_at"}):
                # The same change may have been told before: what was Open, Closed and Open again is closed a second time.
                if (story.get("text") or "").split() == text.split() and stamp(story.get("created_at")) >= since:
                    return story
            return None

        self.client.create(stories, {"text": text}, find)


def is_gone(error: AsanaError, gid: str) -> bool:
    """Whether a refusal says that the task `gid` is no longer there."""
    about_it = error.path.startswith(f"/tasks/{gid}") and error.status == 404
    return about_it or (gid in error.said and error.unknown_object)


def _has_dates(change: Change) -> bool:
    return any(
        after is not None and names.DEFINITIONS[name].type == "date" for name, (_, after) in change.fields.items()
    )


def _after(differences: Mapping[str, tuple[Any, Any]]) -> dict[str, Any]:
    return {name: after for name, (_, after) in differences.items()}
