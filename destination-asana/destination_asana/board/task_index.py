"""Visma ID → what Asana holds now, for one project; found in the way that costs least and misses nothing."""

from __future__ import annotations

import datetime
import logging
import threading
from collections.abc import Callable, Iterator
from typing import Any

from destination_asana.asana.client import Client
from destination_asana.asana.errors import AsanaError
from destination_asana.board import listings
from destination_asana.board.fields.values import CustomFields
from destination_asana.board.known_tasks import KnownTasks
from destination_asana.board.listings import SEARCH_LAG, stamp
from destination_asana.board.outside import Outside
from destination_asana.board.search import Search
from destination_asana.board.task_reader import TASK_FIELDS, snapshot_of
from destination_asana.documents.visma_ids import identity
from destination_asana.errors import config_error
from destination_asana.planning.snapshot import Snapshot

logger = logging.getLogger("airbyte")

# Search allows 60 requests a minute (Asana developer docs, "Rate limits"); from here on a listing is the cheaper way.
MOST_SEARCHES = 50
# Pages read before a project counts as big.
PROBE_PAGES = 2
# A few new documents are also looked for outside the project, where a person may have moved them; for more of them what
# lies outside is read in pages.
MOST_OUTSIDE_SEARCHES = 10


class Index:
    """The documents of one project by Visma ID. Thread-safe.

    A listing reads its own writes but costs a call per hundred tasks; search costs a call per document, lags, and needs
    a paid plan. `open` decides between them.
    """

    def __init__(self, client: Client, fields: CustomFields, workspace_gid: str, project_gid: str) -> None:
        self._client = client
        self._fields = fields
        self._search = Search(client, fields, workspace_gid, project_gid)
        self._outside = Outside(client, fields, self._search, workspace_gid, project_gid)
        self._project = project_gid
        self._lock = threading.RLock()
        self._tasks = KnownTasks()
        self._absent: set[str] = set()
        self._searching = False
        self._searches = 0
        self._outside_searches = 0
        self._outside_read: dict[str, bool] = {}
        self._asked: set[str] = set()
        self._is_new = False
        self._outside_asked = False
        self._unlistable = False
        self.complete = False

    # --- opening ---------------------------------------------------------------------------------------------------

    def open(self, documents: int | None) -> None:
        """Prepares for `documents` look-ups; None means an unknown, large number or that all are needed."""
        with self._lock:
            if self.complete:
                return
            if self._fields.visma_id_gid is None:
                self.know_no_documents()
                return
            if self._searching and (documents is not None or self._unlistable):
                return
            few = documents is not None and documents < MOST_SEARCHES
            oldest = self._list(stop_after=PROBE_PAGES if few else None)
            if not self.complete and not self._start_searching(oldest):
                self._list_all()

    def know_no_documents(self) -> None:
        """Spares every look-up: the field of the Visma IDs was made a moment ago, so no task can have one."""
        with self._lock:
            self._is_new = self.complete = True

    def _list_all(self) -> None:
        """Lists the whole project; raises config_error for one that Asana does not list."""
        if not self._unlistable:
            self._list(stop_after=None)
        if not self.complete:
            raise config_error(
                f"The project {self._project} holds more tasks than Asana lists, and search, the other way to find them, is "
                "not available. Spread its tasks over sections or use a new project, then run the sync again; nothing is lost."
            )

    def _list(self, stop_after: int | None) -> Snapshot | None:
        """Lists the project, or its first pages. Gives a task that search must know, when there is one."""
        threshold = self._client.server_time() - SEARCH_LAG
        settled: Snapshot | None = None
        try:
            for number, page in enumerate(
                self._client.pages("/tasks", {"project": self._project, "opt_fields": TASK_FIELDS}), 1
            ):
                for task in page:
                    snapshot = self._add(task)
                    if settled is None and snapshot and stamp(task.get("modified_at")) < threshold:
                        settled = snapshot
                # Without a task that proves search, there is nothing to do but list on.
                if stop_after is not None and number >= stop_after and settled is not None and len(page) >= 100:
                    return settled
        except AsanaError as error:
            if error.status != 400 or error.unknown_object:
                raise
            # A late page of a listing of tens of thousands can fail; sections make smaller listings.
            logger.info(f"Asana does not list the whole project at once ({error.said}); listing it by section.")
            if not self._list_by_section():
                return settled
        self._searching = False
        self.complete = True
        return None

    def _list_by_section(self) -> bool:
        """False when even a section is too large to be listed: then only search can find its tasks."""
        try:
            for page in listings.by_section(self._client, self._project, TASK_FIELDS):
                for task in page:
                    self._add(task)
        except AsanaError as error:
            if error.status != 400 or error.unknown_object:
                raise
            self._unlistable = True
            logger.warning(
                f"The project {self._project} has a section with more tasks than Asana lists. Documents are looked up one by one, "
                "60 a minute. Spread the tasks over sections, or use a new project per year, to be faster."
            )
            return False
        return True

    def _start_searching(self, known: Snapshot | None) -> bool:
        """Lists what search may not know yet and tries search on a task it must know. False: search is no use here."""
        since = self._client.server_time() - SEARCH_LAG
        for page in listings.changed_since(self._client, self._project, since):
            for task in page:
                self._add(task)
        if known is not None:
            found = self._search.find(known.visma_id)
            if found is None or known.gid not in {task["gid"] for task in found}:
                return False
        self._searching = True
        return True

    # --- looking up ------------------------------------------------------------------------------------------------

    def find(self, visma_id: str) -> Snapshot | None:
        """The task of a document, or None when it has none. What search alone tells is confirmed by `confirm`."""
        key = identity(visma_id)
        rival = self._tasks.rival_of(key)
        if rival is not None:
            self._add_if_there(rival)
        with self._lock:
            known = self._tasks.get(key)
            if known is not None and not self._may_be_a_copy(key):
                return known
            if key in self._absent or self._is_new:
                return known
            if self.complete:
                self._outside_searches += 1
                if self._outside_searches > MOST_OUTSIDE_SEARCHES and self._outside_is_read(visma_id):
                    return self._last_look(key)
            else:
                self._searches += 1
                if self._searches > MOST_SEARCHES and not self._unlistable:
                    self.open(None)
                    return self.find(visma_id)
            searching = self._searching
        found = self._search.find(visma_id)
        if found is None:
            with self._lock:
                self._outside.unsearchable = True
                if searching and not self.complete:
                    self._list_all()
                    return self.find(visma_id)
        for task in found or ():
            self._hear(task)
        with self._lock:
            return self._last_look(key)

    def confirm(self, snapshot: Snapshot) -> Snapshot | None:
        """The same task as it is now, where only search has told of it; None when it is not there any more."""
        key = identity(snapshot.visma_id)
        if not self._tasks.is_unsure(key):
            return snapshot
        task = self._read(snapshot.gid)
        fresh = snapshot_of(task, self._fields, self._project) if task else None
        if task is None or fresh is None or identity(fresh.visma_id) != key:
            return None
        with self._lock:
            self._tasks.put(fresh)
            for page in self._outside.neighbours(task, self._tasks.unsure):
                for each in page:
                    self._add(each)
        return fresh

    def _last_look(self, key: str) -> Snapshot | None:
        """Before a document counts as new: what was written elsewhere so lately that search does not know it yet."""
        known = self._tasks.get(key)
        if known is None and not self._outside_asked:
            self._outside_asked = True
            for task in self._outside.recent(none_here=not self._tasks):
                self._add(task)
            known = self._tasks.get(key)
        if known is None:
            self._absent.add(key)
        return known

    def _may_be_a_copy(self, key: str) -> bool:
        """True, once per document, as long as not all tasks are listed: people copy tasks, and the copy may be listed while
        the older one is not."""
        if self.complete or not self._searching or key in self._asked:
            return False
        self._asked.add(key)
        return True

    def _hear(self, task: dict[str, Any]) -> None:
        """Takes what search tells. It may be old: of two tasks of one document each is read before it counts."""
        snapshot = snapshot_of(task, self._fields, self._project)
        if snapshot is None:
            return
        with self._lock:
            known = self._tasks.heard(snapshot)
            unsure = self._tasks.is_unsure(identity(snapshot.visma_id))
        if known is None:
            return
        if unsure and self.confirm(known) is None:
            self.drop(known.visma_id)
        self._add_if_there(snapshot.gid)

    def _add_if_there(self, gid: str) -> None:
        fresh = self._read(gid)
        if fresh is not None:
            self._add(fresh)
        else:
            with self._lock:
                self._tasks.gone(gid)

    def _read(self, gid: str) -> dict[str, Any] | None:
        try:
            task: dict[str, Any] = self._client.get(f"/tasks/{gid}", {"opt_fields": TASK_FIELDS})
        except AsanaError as error:
            if error.unknown_object:
                return None
            raise
        return task

    def _outside_is_read(self, visma_id: str) -> bool:
        """Reads, once per kind of document, those that people have moved out of the project; False when that is not all."""
        kind = visma_id.partition("/")[0] + "/"
        if identity(kind) not in self._outside_read:
            tasks, whole = self._outside.of_kind(kind, among=len(self._tasks))
            for task in tasks:
                snapshot = snapshot_of(task, self._fields, self._project)
                if snapshot is not None and self._tasks.get(identity(snapshot.visma_id)) is None:
                    self._hear(task)
            self._outside_read[identity(kind)] = whole
        return self._outside_read[identity(kind)]

    def find_recent(self, visma_id: str, since: datetime.datetime) -> dict[str, Any] | None:
        """Asks a listing, which reads its own writes, for a task that may have been created since `since` (UTC)."""
        for page in listings.changed_since(self._client, self._project, since):
            for task in page:
                snapshot = snapshot_of(task, self._fields, self._project)
                if snapshot and identity(snapshot.visma_id) == identity(visma_id):
                    return task
        return None

    def put(self, snapshot: Snapshot) -> None:
        """Remembers what the sync itself has just written."""
        key = identity(snapshot.visma_id)
        with self._lock:
            self._tasks.put(snapshot)
            self._absent.discard(key)
            self._asked.add(key)

    def drop(self, visma_id: str) -> None:
        """Forgets a task that is no longer there, whatever search still tells of it; the document may have another one."""
        key = identity(visma_id)
        with self._lock:
            self._tasks.drop(key)
            self._asked.discard(key)
            self._absent.discard(key)

    def all(self) -> Iterator[Snapshot]:
        """Every document of the project; lists it when that has not happened yet."""
        self.open(None)
        if not self.complete:
            raise config_error(
                f"The project {self._project} holds more tasks than Asana lists, so missing documents cannot be told. Spread "
                "its tasks over sections, or switch mark_missing off."
            )
        with self._lock:
            return self._tasks.all()

    def of_kind(self, kind: str) -> list[Snapshot]:
        """The documents whose Visma IDs begin with `kind`, in the project or outside it."""
        if self._fields.visma_id_gid is not None and not self._is_new:
            told = self._outside.anywhere(kind)
            for task in told or ():
                self._hear(task)
            if told is None:
                self.open(None)
        with self._lock:
            return [each for each in self._tasks.all() if identity(each.visma_id).startswith(identity(kind))]

    def known(self, key: str) -> Snapshot | None:
        """The task of a document (`key`: its identity) as far as it is known without asking."""
        with self._lock:
            return self._tasks.get(key)

    def matching(self, fits: Callable[[Snapshot], bool]) -> list[Snapshot]:
        """The known documents that fit."""
        with self._lock:
            return [each for each in self._tasks.all() if fits(each)]

    def learn(self, query: dict[str, Any]) -> None:
        """Asks search, so that what it finds is known; where it cannot be asked, the project is listed whole."""
        found = self._search.ask_for_all(query)
        if found is None:
            with self._lock:
                if not self.complete:
                    self._list_all()
            return
        for task in found:
            self._hear(task)

    def unassigned_and_open(self) -> Iterator[Snapshot]:
        """Documents nobody works on yet: out of the index when it is complete, else out of a listing of open tasks."""
        if not self.complete and self._fields.visma_id_gid is not None:
            for page in listings.open_tasks(self._client, self._project):
                for task in page:
                    self._add(task)
        with self._lock:
            certain = self._tasks.certain()
        for snapshot in certain:
            if snapshot.assignee is None and not snapshot.completed and not snapshot.elsewhere:
                yield snapshot

    # --- inside ----------------------------------------------------------------------------------------------------

    def _add(self, task: dict[str, Any]) -> Snapshot | None:
        """Keeps a task that was listed or read, where it has a Visma ID, and gives it."""
        snapshot = snapshot_of(task, self._fields, self._project)
        if snapshot is not None:
            with self._lock:
                self._tasks.listed(snapshot)
                self._absent.discard(identity(snapshot.visma_id))
        return snapshot
