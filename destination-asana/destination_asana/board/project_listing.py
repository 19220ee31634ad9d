"""Lists the tasks of one project: the first pages, all of them, by section, or recent changes."""

from __future__ import annotations

import datetime
import logging
from collections.abc import Iterable
from typing import Any

from destination_asana.asana import AsanaError, Client, Refusal
from destination_asana.board.further_projects import incomplete
from destination_asana.board.listings import SEARCH_LAG, Page, by_section, changed_since, is_older, open_tasks, whole
from destination_asana.board.observer import NoObserver, Observer
from destination_asana.board.task_memory import TaskMemory
from destination_asana.board.task_reader import TASK_FIELDS
from destination_asana.errors import config_error
from destination_asana.planning import Snapshot

logger = logging.getLogger("airbyte")

FULL_PAGE = 100


class ProjectListing:
    """Lists tasks into a memory. The caller holds the memory's lock.

    `complete` means that every task of the project is known; `unlistable` that even a section is too large for Asana to
    list. `observer` watches the listings of the whole project.
    """

    def __init__(self, client: Client, memory: TaskMemory, project_gid: str, observer: Observer | None = None) -> None:
        self._client = client
        self._memory = memory
        self._project = project_gid
        self._observer = observer or NoObserver()
        self._fields = ",".join(dict.fromkeys((*TASK_FIELDS.split(","), *self._observer.fields)))
        self.complete = False
        self.unlistable = False

    def read(self, stop_after: int | None = None) -> Snapshot | None:
        """Lists the project, or at least this many pages, until they contain a task that search must know, and returns
        that task. None if the listing reached its end."""
        threshold = self._client.server_time() - SEARCH_LAG
        proof: Snapshot | None = None
        try:
            for number, page in enumerate(whole(self._client, self._project, self._fields), 1):
                self._observer.see(self._project, page)
                for task in page:
                    snapshot = self._memory.add(task)
                    if proof is None and snapshot and is_older(task, threshold):
                        proof = snapshot
                # Without a task that can prove search, the listing must go on.
                if stop_after is not None and number >= stop_after and proof is not None and len(page) >= FULL_PAGE:
                    return proof
        except AsanaError as error:
            if error.refusal is not Refusal.NOT_ACCEPTED:
                raise
            # A late page of a listing of tens of thousands can fail; sections make smaller listings.
            logger.info(f"Asana does not list the whole project at once ({error.message}); listing it by section.")
            if not self._read_by_section():
                return proof
        self.complete = True
        self._observer.seen_whole(self._project)
        return None

    def read_for_observer(self) -> None:
        """Lists the whole project once more, for the observer. Raises config_error if Asana cannot list it."""
        if not self.unlistable:
            self.read()
        if self.unlistable:
            raise incomplete(self._project)

    def read_all(self) -> None:
        """Lists the whole project. Raises config_error if Asana cannot list it."""
        if not (self.complete or self.unlistable):
            self.read()
        if not self.complete:
            raise config_error(
                f"The project {self._project} holds more tasks than Asana lists, and search, the other way to find them, is "
                "not available. Spread its tasks over sections or use a new project, then run the sync again; nothing is lost."
            )

    def read_changes(self) -> None:
        """Lists the recent changes that search may not know yet."""
        since = self._client.server_time() - SEARCH_LAG
        self._take_in(changed_since(self._client, self._project, since))

    def find_changed(self, visma_id: str, since: datetime.datetime) -> dict[str, Any] | None:
        """The task of a document among those changed since this time (UTC). Needs no lock."""
        for page in changed_since(self._client, self._project, since):
            for task in page:
                if self._memory.is_of(task, visma_id):
                    return task
        return None

    def read_open(self) -> None:
        """Lists the open tasks, as many as Asana returns. Needs no lock."""
        self._take_in(open_tasks(self._client, self._project))

    def refuse_incomplete(self) -> None:
        """Raises config_error unless every task is known."""
        if not self.complete:
            raise config_error(
                f"The project {self._project} holds more tasks than Asana lists, so missing documents cannot be told. Spread "
                "its tasks over sections, or switch mark_missing off."
            )

    def _take_in(self, pages: Iterable[Page]) -> None:
        for page in pages:
            for task in page:
                self._memory.add(task)

    def _read_by_section(self) -> bool:
        """Lists by section. False if even a section is too large, so that only search can find its tasks."""
        try:
            for page in by_section(self._client, self._project, self._fields):
                self._observer.see(self._project, page)
                self._take_in([page])
        except AsanaError as error:
            if error.refusal is not Refusal.NOT_ACCEPTED:
                raise
            self.unlistable = True
            logger.warning(
                f"The project {self._project} has a section with more tasks than Asana lists. Documents are looked up one by one, "
                "60 a minute. Spread the tasks over sections, or use a new project per year, to be faster."
            )
            return False
        return True
