"""Changes → tasks in Asana. Every write either may be repeated or is looked for before it is."""

from __future__ import annotations

from destination_asana.asana.errors import AsanaError
from destination_asana.planning.changes import Change
from destination_asana.writing.mending import Mending
from destination_asana.writing.outcome import Outcome
from destination_asana.writing.place import Place
from destination_asana.writing.task_creation import TaskCreation
from destination_asana.writing.task_updates import TaskUpdates
from destination_asana.writing.work import Work


class TaskWriter:
    """Applies Changes to the tasks of one project. Thread-safe as long as one document is written by one thread.

    Raises RecordError for what Asana refuses about one document, AsanaError or UnreachableError for everything else.
    """

    def __init__(self, place: Place) -> None:
        self._place = place
        self._creation = TaskCreation(place)
        self._updates = TaskUpdates(place)

    def apply(self, change: Change) -> Outcome:
        """Creates or updates the task; gives it as it is now, with what was written and what was left out."""
        work = Work(change)
        if change.current is not None and change.empty:
            return work.outcome(change.current)
        outcome = self._write(work)
        self._place.index.put(outcome.snapshot)
        options = (value for value in outcome.snapshot.values.values() if isinstance(value, list))
        self._place.fields.close_inactive(gid for gids in options for gid in gids)
        return outcome

    def _write(self, work: Work) -> Outcome:
        mending = Mending(self._place)
        while True:
            try:
                return self._creation.create(work) if work.change.current is None else self._updates.update(work)
            except AsanaError as error:
                work.change = mending.mend(work.change, error, work.text_before)
