"""Changes → new tasks. The create call writes the Visma ID, so that no task ever exists without it."""

from __future__ import annotations

from destination_asana.board import snapshot_of
from destination_asana.planning import Moves, Snapshot
from destination_asana.writing.notices import CLOCK_MARGIN
from destination_asana.writing.outcome import Outcome
from destination_asana.writing.tasks.line_notes import first_note, note_in, take_back
from destination_asana.writing.tasks.place import Place
from destination_asana.writing.tasks.state import after, written
from destination_asana.writing.tasks.work import Work


class TaskCreation:
    """Creates the tasks of one project. Thread-safe."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self._memberships = place.memberships()

    def create(self, work: Work) -> Outcome:
        """Creates the task in all its projects at once. After a lost answer, it looks for the task before it creates
        another."""
        place = self._place
        data = after(work.change.attributes)
        data["custom_fields"] = place.fields.values.to_api(after(work.change.fields), place.project_gid)
        # By now the fields exist, so they can become columns of other projects.
        moves = self._prepared(work)
        change = work.change
        if change.description is not None:
            data["html_notes"] = work.first_description(change.description)
        section = place.sections.ensure(change.section) if change.section is not None else None
        places = [self._register(section), *(self._memberships.entry(each) for each in moves.join)]
        data["projects"] = [each["project"] for each in places]
        data |= first_note(change, place.index.lines)
        if in_sections := [each for each in places if "section" in each]:
            data["memberships"] = in_sections
        since = place.client.earliest_time() - CLOCK_MARGIN
        # A short answer is enough, because the written values are known, and every field in it costs quota.
        try:
            task = place.client.create(
                "/tasks", data, lambda: place.index.find_recent(change.visma_id, since), {"opt_fields": "created_at"}
            )
        except Exception as error:
            take_back(data, error, place.index.lines)
            raise
        found = snapshot_of(task, place.fields, place.project_gid) if "custom_fields" in task else None
        if found is not None:
            if found.external != note_in(data):
                place.index.lines.fail(note_in(data))
            return work.outcome(found)
        if "external" in data:
            place.index.lines.accepted()
        made = Snapshot(
            task["gid"],
            change.visma_id,
            created_at=task.get("created_at") or "",
            section=section,
            projects=list(data["projects"]),
        )
        return work.outcome(written(made, change, data, place.fields))

    def _prepared(self, work: Work) -> Moves:
        if not work.change.moves:
            return Moves(())
        moves = self._memberships.prepared(work.change.moves)
        work.change = work.change.with_moves(moves)
        return moves

    def _register(self, section: str | None) -> dict[str, str]:
        entry = {"project": self._place.project_gid}
        return entry if section is None else {**entry, "section": section}
