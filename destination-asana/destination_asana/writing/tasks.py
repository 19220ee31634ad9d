"""Changes → tasks in Asana. Every write either may be repeated or is looked for before it is."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from destination_asana.asana.client import Client
from destination_asana.asana.errors import AsanaError
from destination_asana.board.fields.values import CustomFields
from destination_asana.board.members import Assignees
from destination_asana.board.sections import Sections
from destination_asana.board.task_index import Index
from destination_asana.board.task_reader import TASK_FIELDS, snapshot_of
from destination_asana.documents import fields as names
from destination_asana.planning.changes import Change, Differences
from destination_asana.planning.descriptions import replace_block, text_in
from destination_asana.planning.last_look import CHOSEN_MEANWHILE, adjusted
from destination_asana.planning.snapshot import Snapshot, told_in
from destination_asana.writing.assignments import Assignments
from destination_asana.writing.comments import CLOCK_MARGIN
from destination_asana.writing.mending import Mending
from destination_asana.writing.outcome import Outcome


@dataclass
class _Work:
    """How far the writing of one change has come: `change` is what of it is (still) to be written."""

    change: Change
    html: str = ""
    text_before: str | None = None
    stories: Collection[str] = ()

    @property
    def current(self) -> Snapshot:
        if self.change.current is None:
            raise ValueError("a change of a task that does not exist yet")
        return self.change.current

    def outcome(self, snapshot: Snapshot) -> Outcome:
        return Outcome.of(self.change, snapshot, self.text_before)


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
    _assignments: Assignments = field(init=False)

    def __post_init__(self) -> None:
        self._assignments = Assignments(self.client)

    def apply(self, change: Change) -> Outcome:
        """Creates or updates the task; gives it as it is now, with what was written and what was left out."""
        if change.current is not None and change.empty:
            return Outcome.of(change, change.current)
        work = _Work(change)
        mending = Mending(self.fields, self.sections, self.assignees, self.project_gid)
        while True:
            try:
                outcome = self._create(work) if work.change.current is None else self._update(work)
                break
            except AsanaError as error:
                work.change = mending.mend(work.change, error)
        self.index.put(outcome.snapshot)
        written = (value for value in outcome.snapshot.values.values() if isinstance(value, list))
        self.fields.close_inactive(gid for gids in written for gid in gids)
        return outcome

    def _create(self, work: _Work) -> Outcome:
        change = work.change
        data: dict[str, Any] = _after(change.attributes)
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
        found = snapshot_of(task, self.fields, self.project_gid) if "custom_fields" in task else None
        if found is not None:
            return work.outcome(found)
        made = Snapshot(task["gid"], change.visma_id, created_at=task.get("created_at") or "", section=section)
        return work.outcome(self._written(made, change, data))

    def _update(self, work: _Work) -> Outcome:
        work.change, work.stories = self._assignments.respected(work.change)
        if work.change.empty:
            return work.outcome(work.current)
        # What takes requests of its own comes before the look, so that nothing stands between it and the write. The
        # option of a new status stands before the move: it tells a later sync that the section is a status's.
        wanted = work.change.section
        section = self.sections.ensure(wanted) if wanted is not None else None
        self.fields.to_api(_after(work.change.fields), self.project_gid)
        self._look(work)
        if work.change.empty:
            return work.outcome(work.current)
        if self._move(work, section) and (work.change.attributes or work.change.description):
            moved = work.change.section
            # What is moved is not moved again: only the rest is held against the task.
            work.change = replace(work.change, section=None)
            self._look(work)
            work.change = replace(work.change, section=moved)
        return self._put(work)

    def _look(self, work: _Work) -> None:
        """Holds the change against the task as it is now. Asana has no conditional write: what people do between this
        look and the write is looked for afterwards."""
        current = work.current
        fields = f"{TASK_FIELDS},html_notes" if work.change.description is not None else TASK_FIELDS
        task = self.client.get(f"/tasks/{current.gid}", {"opt_fields": fields})
        now = snapshot_of(task, self.fields, self.project_gid) or current
        work.change = adjusted(work.change, now, self.fields.shown(now.values))
        work.text_before = text_in(task.get("notes"))
        work.html = task.get("html_notes") or ""

    def _move(self, work: _Work, section: str | None) -> bool:
        """Puts the task into the project and its section; True when anything was moved."""
        current = work.current
        if not (current.elsewhere or work.change.section):
            return False
        if current.elsewhere:
            # Field values can only be written while the task is in a project that has the fields.
            self.client.act(f"/tasks/{current.gid}/addProject", {"project": self.project_gid})
        if section is not None and section != current.section and work.change.section is not None:
            # Before the status is written: it is what tells that the old section was the sync's own choice.
            self.client.act(f"/sections/{section}/addTask", {"task": current.gid})
            last = None if current.elsewhere else next(reversed(self.sections.moves(current.gid)), None)
            if last is not None and last.into == section and last.out_of not in (None, current.section):
                # A person has moved it between the look and the move.
                self.client.act(f"/sections/{last.out_of}/addTask", {"task": current.gid})
                work.change, section = work.change.without("section", CHOSEN_MEANWHILE), last.out_of
        moved = replace(current, elsewhere=False, section=section or current.section)
        work.change = replace(work.change, current=moved)
        return True

    def _put(self, work: _Work) -> Outcome:
        current, data = work.current, _after(work.change.attributes)
        if work.change.fields:
            data["custom_fields"] = self.fields.to_api(_after(work.change.fields), self.project_gid)
        if work.change.description is not None:
            replaced = replace_block(work.html, work.change.description)
            if replaced is None:
                work.change = work.change.without("description", "a person has edited its form")
            else:
                data["html_notes"] = replaced
        if data:
            self.client.put(f"/tasks/{current.gid}", data, {"opt_fields": "modified_at"})
        ours = data.get("assignee")
        if ours is not None:
            data["assignee"] = self._assignments.put_back(current.gid, ours, work.stories)
            if data["assignee"] != ours:
                work.change = work.change.without("assignee", CHOSEN_MEANWHILE)
        return work.outcome(self._written(current, work.change, data))

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


def _after(differences: Differences) -> dict[str, Any]:
    return {name: after for name, (_, after) in differences.items()}
