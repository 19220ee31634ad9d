"""The last look at a task, just before it is written."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from destination_asana.board import TASK_FIELDS, hand_made_task, snapshot_for, snapshot_of
from destination_asana.documents import identity
from destination_asana.planning import Snapshot
from destination_asana.writing.tasks.mending import LapsedError
from destination_asana.writing.tasks.place import Place
from destination_asana.writing.tasks.work import Work


class Look:
    """Reads the tasks of one project again."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self._client = place.client
        self._fields = place.fields

    def at(self, work: Work) -> None:
        """Compares the change with the task as it is now. Asana has no conditional write, so people's changes between
        this look and the write are looked for afterwards."""
        current = work.current
        described = work.change.description is not None or work.change.blocks
        # A task to take over must not have become a subtask meanwhile.
        more = [*(["html_notes"] if described else []), *(["parent"] if work.change.match is not None else [])]
        fields = ",".join([TASK_FIELDS, *more])
        task = self._client.get(f"/tasks/{current.gid}", {"opt_fields": fields})
        now = self._as_shown(task, work)
        work.see(now, self._fields.values.present(now.values))
        work.read_description(task)

    def _as_shown(self, task: Mapping[str, Any], work: Work) -> Snapshot:
        """The task as it is now. Raises LapsedError if the document can no longer take it over."""
        fields, project = self._fields, self._place.project_gid
        now, match = snapshot_of(task, fields, project), work.change.match
        if match is None:
            return now or work.current
        visma_id = work.change.visma_id
        if now is not None:
            if identity(now.visma_id) != identity(visma_id):
                raise LapsedError("the task", f"has the Visma ID {now.visma_id} by now", visma_id)
            return now
        shown = hand_made_task(task, fields, project)
        if shown is None or not match.claim.fits(shown):
            raise LapsedError("the task", "was changed meanwhile and does not fit any more", visma_id)
        return snapshot_for(visma_id, task, fields, project)
