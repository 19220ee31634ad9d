"""Changes → tasks that exist: a last look, the move, the write, and a look at what people did between them."""

from __future__ import annotations

from dataclasses import replace

from destination_asana.board.task_reader import TASK_FIELDS, snapshot_of
from destination_asana.planning.changes import Reason
from destination_asana.writing.assignments import Assignments
from destination_asana.writing.outcome import Outcome
from destination_asana.writing.place import Place
from destination_asana.writing.task_state import after, written
from destination_asana.writing.work import Work


class TaskUpdates:
    """Updates the tasks of one project. Thread-safe as long as one task is written by one thread."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self._client = place.client
        self._fields = place.fields
        self._assignments = Assignments(place.client)

    def update(self, work: Work) -> Outcome:
        """Writes what people leave to the sync."""
        work.change, work.stories = self._assignments.respected(work.change)
        if work.change.empty:
            return work.outcome(work.current)
        # What takes requests of its own comes before the look, so that nothing stands between it and the write. The
        # option of a new status stands before the move: it tells a later sync that the section is a status's.
        wanted = work.change.section
        section = self._place.sections.ensure(wanted) if wanted is not None else None
        self._fields.to_api(after(work.change.fields), self._place.project_gid)
        self._look(work)
        if work.change.empty:
            return work.outcome(work.current)
        if self._move(work, section) and (work.change.attributes or work.change.description or work.change.blocks):
            moved = work.change.section
            # The section is written by now: only the rest is held against the task.
            work.change = replace(work.change, section=None)
            self._look(work)
            work.change = replace(work.change, section=moved)
        return self._put(work)

    def _look(self, work: Work) -> None:
        """Holds the change against the task as it is now. Asana has no conditional write: what people do between this
        look and the write is looked for afterwards."""
        current = work.current
        described = work.change.description is not None or work.change.blocks
        fields = f"{TASK_FIELDS},html_notes" if described else TASK_FIELDS
        task = self._client.get(f"/tasks/{current.gid}", {"opt_fields": fields})
        now = snapshot_of(task, self._fields, self._place.project_gid) or current
        work.see(now, self._fields.shown(now.values))
        work.read_description(task)

    def _move(self, work: Work, section: str | None) -> bool:
        """Puts the task into the project and its section; True when anything was moved."""
        current = work.current
        if not (current.elsewhere or work.change.section):
            return False
        if current.elsewhere:
            # Field values can only be written while the task is in a project that has the fields.
            self._client.act(f"/tasks/{current.gid}/addProject", {"project": self._place.project_gid})
        if section is not None and section != current.section and work.change.section is not None:
            # Before the status is written: it is what tells that the old section was the sync's own choice.
            self._client.act(f"/sections/{section}/addTask", {"task": current.gid})
            last = None if current.elsewhere else next(reversed(self._place.sections.moves(current.gid)), None)
            if last is not None and last.into == section and last.out_of not in (None, current.section):
                # A person has moved it between the look and the move.
                self._client.act(f"/sections/{last.out_of}/addTask", {"task": current.gid})
                work.leave_out("section", Reason.CHOSEN_MEANWHILE)
                section = last.out_of
        work.see_moved(replace(current, elsewhere=False, section=section or current.section))
        return True

    def _put(self, work: Work) -> Outcome:
        current, data = work.current, after(work.change.attributes)
        if work.change.fields:
            data["custom_fields"] = self._fields.to_api(after(work.change.fields), self._place.project_gid)
        description = work.replaced_description()
        if description is not None:
            data["html_notes"] = description
        if data:
            self._client.put(f"/tasks/{current.gid}", data, {"opt_fields": "modified_at"})
        ours = data.get("assignee")
        if ours is not None:
            data["assignee"] = self._assignments.put_back(current.gid, ours, work.stories)
            if data["assignee"] != ours:
                work.leave_out("assignee", Reason.CHOSEN_MEANWHILE)
        return work.outcome(written(current, work.change, data, self._fields))
