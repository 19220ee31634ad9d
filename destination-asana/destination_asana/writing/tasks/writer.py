"""Changes → tasks in Asana. Every write is either safe to repeat, or looked for before it is repeated."""

from __future__ import annotations

import logging
from dataclasses import replace

from destination_asana.asana import AsanaError
from destination_asana.planning import Change, Moves
from destination_asana.writing.outcome import Outcome
from destination_asana.writing.tasks.creation import TaskCreation
from destination_asana.writing.tasks.line_notes import last_note
from destination_asana.writing.tasks.mending import Mending, may_refuse_a_project
from destination_asana.writing.tasks.place import Place
from destination_asana.writing.tasks.updates import TaskUpdates
from destination_asana.writing.tasks.work import Work

logger = logging.getLogger("airbyte")


class TaskWriter:
    """Applies Changes to the tasks of one project. Thread-safe.

    Raises RecordError for a refusal about one document, AsanaError or UnreachableError for everything else.
    """

    def __init__(self, place: Place) -> None:
        self._place = place
        self._creation = TaskCreation(place)
        self._updates = TaskUpdates(place)

    def apply(self, change: Change) -> Outcome:
        """Creates or updates the task. Returns its present state, with what was written and what was left out."""
        work = Work(change)
        if change.current is not None and change.idle:
            return work.outcome(change.current)
        with self._place.turn(change.visma_id):
            outcome = self._write(work)
            self._place.index.put(outcome.snapshot)
            if work.later is not None:
                outcome = self._moved_later(outcome, work.change, work.later)
                self._place.index.put(outcome.snapshot)
        options = (value for value in outcome.snapshot.values.values() if isinstance(value, list))
        self._place.fields.options.close_inactive(gid for gids in options for gid in gids)
        return outcome

    def conclude_lines(self) -> None:
        """Writes at the end of the sync, on one task, that the last documents have their lines, too. The sync can do
        without."""
        ledger = self._place.index.lines
        key = ledger.to_conclude()
        task = self._place.index.known(key) if key is not None else None
        note = last_note(task, ledger) if task is not None else {}
        if task is None or not note:
            return
        try:
            self._place.client.put(f"/tasks/{task.gid}", note)
        except AsanaError as error:
            logger.info(f"The note on the last documents' lines was not taken: “{error.message}” ({error.status}).")

    def _write(self, work: Work) -> Outcome:
        mending = Mending(self._place)
        while True:
            try:
                return self._create(work) if work.change.current is None else self._updates.update(work)
            except AsanaError as error:
                work.change = mending.mend(work.change, error, work.text_before)

    def _create(self, work: Work) -> Outcome:
        moves = work.change.moves
        try:
            return self._creation.create(work)
        except AsanaError as error:
            if moves is None or not may_refuse_a_project(error, moves):
                raise
        # One of its projects accepts no tasks. The document still arrives in the register, then in its other projects.
        work.later, work.change = moves, work.change.with_moves(Moves(()))
        return self._creation.create(work)

    def _moved_later(self, outcome: Outcome, change: Change, moves: Moves) -> Outcome:
        later = Change(change.visma_id, change.label, outcome.snapshot).with_moves(moves)
        moved = self._write(Work(later))
        return replace(outcome, snapshot=moved.snapshot, applied={**outcome.applied, **moved.applied})
