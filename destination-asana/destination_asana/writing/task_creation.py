"""Changes → tasks that do not exist yet. The create call writes the Visma ID, so that no task is ever unknown."""

from __future__ import annotations

from destination_asana.board.task_reader import snapshot_of
from destination_asana.planning.blocks import with_blocks
from destination_asana.planning.snapshot import Snapshot
from destination_asana.writing.comments import CLOCK_MARGIN
from destination_asana.writing.outcome import Outcome
from destination_asana.writing.place import Place
from destination_asana.writing.task_state import after, written
from destination_asana.writing.work import Work


class TaskCreation:
    """Creates the tasks of one project. Thread-safe."""

    def __init__(self, place: Place) -> None:
        self._place = place

    def create(self, work: Work) -> Outcome:
        """Creates the task; after a lost answer it is looked for before it is created again."""
        place, change = self._place, work.change
        data = after(change.attributes)
        data["custom_fields"] = place.fields.to_api(after(change.fields), place.project_gid)
        if change.description is not None:
            data["html_notes"] = with_blocks(change.description.body, change.blocks)
        section = place.sections.ensure(change.section) if change.section is not None else None
        data["projects"] = [place.project_gid]
        if section is not None:
            data["memberships"] = [{"project": place.project_gid, "section": section}]
        since = place.client.earliest_time() - CLOCK_MARGIN
        # A short answer: what was written is known, and every field in it costs quota.
        task = place.client.create(
            "/tasks", data, lambda: place.index.find_recent(change.visma_id, since), {"opt_fields": "created_at"}
        )
        found = snapshot_of(task, place.fields, place.project_gid) if "custom_fields" in task else None
        if found is not None:
            return work.outcome(found)
        made = Snapshot(task["gid"], change.visma_id, created_at=task.get("created_at") or "", section=section)
        return work.outcome(written(made, change, data, place.fields))
