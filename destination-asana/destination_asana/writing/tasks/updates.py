"""Changes → existing tasks: a last look, the write, the moves, and a check of what people did in between."""

from __future__ import annotations

from dataclasses import replace

from destination_asana.planning import Reason, Snapshot
from destination_asana.writing.outcome import Outcome
from destination_asana.writing.tasks.assignments import Assignments
from destination_asana.writing.tasks.line_notes import note_on, take_back
from destination_asana.writing.tasks.look import Look
from destination_asana.writing.tasks.place import Place
from destination_asana.writing.tasks.state import after, written
from destination_asana.writing.tasks.work import Work


class TaskUpdates:
    """Updates the tasks of one project. Thread-safe as long as one task is written by one thread."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self._client = place.client
        self._fields = place.fields
        self._look = Look(place)
        self._assignments = Assignments(place.client)
        self._memberships = place.memberships()

    def update(self, work: Work) -> Outcome:
        """Writes the parts of the change that people have not decided otherwise."""
        work.change, work.stories = self._assignments.respected(work.change)
        if work.change.idle:
            return work.outcome(work.current)
        # Everything that needs separate requests comes before the last look, so that nothing comes between that look and the
        # write. A new status gets its option before the move, because a later sync recognises a status section by that
        # option.
        wanted = work.change.section
        section = self._place.sections.ensure(wanted) if wanted is not None else None
        self._fields.values.to_api(after(work.change.fields), self._place.project_gid)
        if work.change.moves is not None:
            work.change = work.change.with_moves(self._memberships.prepared(work.change.moves))
        self._look.at(work)
        if work.change.idle:
            return work.outcome(work.current)
        if self._move(work, section) and (work.change.attributes or work.change.description or work.change.blocks):
            section_moved = work.change.section
            # The section is written by now, so only the rest is compared with the task.
            work.change = replace(work.change, section=None)
            self._look.at(work)
            work.change = replace(work.change, section=section_moved)
        return work.outcome(self._change_projects(work, self._put(work)))

    def _change_projects(self, work: Work, snapshot: Snapshot) -> Snapshot:
        """Adds the task to projects and removes it from others. Its description says so by now, so that the next sync
        knows, if this one ends in between. Moves that a project refuses are taken out of the change."""
        if not work.change.moves:
            return snapshot
        moves = self._memberships.carry_out(snapshot.gid, work.change.moves)
        joined = [each.project_gid for each in moves.join]
        moved = replace(snapshot, projects=[gid for gid in (*snapshot.projects, *joined) if gid not in moves.leave])
        work.change = replace(work.change, moves=moves, current=replace(work.current, projects=moved.projects))
        return moved

    def _move(self, work: Work, section: str | None) -> bool:
        """Adds the task to the project and its section. True if anything was moved."""
        current = work.current
        if not (current.elsewhere or work.change.section):
            return False
        if current.elsewhere:
            # Field values can only be written while the task is in a project that has the fields.
            self._client.act(f"/tasks/{current.gid}/addProject", {"project": self._place.project_gid})
        if section is not None and section != current.section and work.change.section is not None:
            # Before the status is written, because the status shows that the sync itself chose the old section.
            self._client.act(f"/sections/{section}/addTask", {"task": current.gid})
            last = None if current.elsewhere else next(reversed(self._place.sections.moves(current.gid)), None)
            if last is not None and last.into == section and last.out_of not in (None, current.section):
                # A person has moved it between the look and the move.
                self._client.act(f"/sections/{last.out_of}/addTask", {"task": current.gid})
                work.leave_out("section", Reason.CHOSEN_MEANWHILE)
                section = last.out_of
        work.see_moved(replace(current, elsewhere=False, section=section or current.section))
        return True

    def _put(self, work: Work) -> Snapshot:
        current, data = work.current, after(work.change.attributes)
        if work.change.fields:
            data["custom_fields"] = self._fields.values.to_api(after(work.change.fields), self._place.project_gid)
        description = work.replaced_description()
        if description is not None:
            data["html_notes"] = description
        data |= note_on(current, work.change, self._place.index.lines)
        try:
            if data:
                self._client.put(f"/tasks/{current.gid}", data, {"opt_fields": "modified_at"})
        except Exception as error:
            take_back(data, error, self._place.index.lines)
            raise
        if "external" in data:
            self._place.index.lines.accepted()
        ours = data.get("assignee")
        if ours is not None:
            data["assignee"] = self._assignments.put_back(current.gid, ours, work.stories)
            if data["assignee"] != ours:
                work.leave_out("assignee", Reason.CHOSEN_MEANWHILE)
        return written(current, work.change, data, self._fields)
