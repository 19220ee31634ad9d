"""Visma ID → what Asana holds now, for one project; found in the way that costs least and misses nothing."""

from __future__ import annotations

import datetime
import logging
import threading
from collections.abc import Iterator
from typing import Any

from destination_asana.client import Client
from destination_asana.custom_fields import CustomFields
from destination_asana.errors import AsanaError, config_error
from destination_asana.search import Search
from destination_asana.snapshots import TASK_FIELDS, Snapshot
from destination_asana.visma_ids import identity

logger = logging.getLogger("airbyte")

# Search allows 60 requests a minute (Asana developer docs, "Rate limits"); from here on a listing is the cheaper way.
MOST_SEARCHES = 50
# Pages read before a project counts as big.
PROBE_PAGES = 2
# Search knows a change only after "10 to 60 seconds" or more (Asana developer docs, "Search tasks in a workspace");
# what was modified within this time is listed instead.
SEARCH_LAG = datetime.timedelta(minutes=10)
# A few new documents are also looked for outside the project, where a person may have moved them.
MOST_OUTSIDE_SEARCHES = 20
# Of more of them, what lies outside is read in pages; where even so many pages are not all of it, each is looked for again.
MOST_OUTSIDE_PAGES = 50


class Index:
    """The documents of one project by Visma ID. Thread-safe.

    A listing reads its own writes but costs a call per hundred tasks; search costs a call per document, lags, and needs
    a paid plan. `open` decides between them.
    """

    def __init__(self, client: Client, fields: CustomFields, workspace_gid: str, project_gid: str) -> None:
        self._client = client
        self._fields = fields
        self._search = Search(client, fields, workspace_gid, project_gid)
        self._project = project_gid
        self._lock = threading.RLock()
        self._packed: dict[str, bytes] = {}
        self._absent: set[str] = set()
        self._searching = False
        self._searches = 0
        self._outside_searches = 0
        self._outside_read: dict[str, bool] = {}
        self._asked: set[str] = set()
        self._was_empty = True
        self._unlistable = False
        self._warned: set[str] = set()
        self.complete = False

    # --- opening ---------------------------------------------------------------------------------------------------

    def open(self, documents: int | None) -> None:
        """Prepares for `documents` look-ups; None means an unknown, large number or that all are needed."""
        with self._lock:
            if self.complete:
                return
            if self._fields.visma_id_gid is None:
                self.complete = True
                return
            if self._searching and (documents is not None or self._unlistable):
                return
            few = documents is not None and documents < MOST_SEARCHES
            oldest = self._list(stop_after=PROBE_PAGES if few else None)
            if not self.complete and not self._start_searching(oldest):
                self._list_all()

    def know_no_documents(self, *, any_tasks: bool) -> None:
        """Spares the listing of a project that was read before the field of the Visma IDs was made."""
        with self._lock:
            self._was_empty = not any_tasks
            self.complete = True

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
            for section in self._client.list(f"/projects/{self._project}/sections"):
                for page in self._client.pages("/tasks", {"section": section["gid"], "opt_fields": TASK_FIELDS}):
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
        for page in self._client.pages(
            "/tasks", {"project": self._project, "modified_since": _iso(since), "opt_fields": TASK_FIELDS}
        ):
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
        """The task of a document, or None when it has none."""
        key = identity(visma_id)
        with self._lock:
            known = self._known(key)
            if known is not None and not self._may_be_a_copy(key, known):
                return known
            if key in self._absent:
                return None
            if self.complete:
                self._outside_searches += 1
                if self._was_empty or (
                    self._outside_searches > MOST_OUTSIDE_SEARCHES and self._outside_is_read(visma_id)
                ):
                    return self._known(key)
            else:
                self._searches += 1
                if self._searches > MOST_SEARCHES and not self._unlistable:
                    self.open(None)
                    return self.find(visma_id)
            searching = self._searching
        found = self._search.find(visma_id)
        with self._lock:
            if found is None and searching and not self.complete:
                self._list_all()
                return self.find(visma_id)
            for task in found or ():
                self._add(task, listed=False)
            known = self._known(key)
            if known is None:
                self._absent.add(key)
            return known

    def _known(self, key: str) -> Snapshot | None:
        packed = self._packed.get(key)
        return Snapshot.unpacked(packed) if packed is not None else None

    def _may_be_a_copy(self, key: str, known: Snapshot) -> bool:
        """True, once per document, when a task is so new that an older one of the same document may not be listed yet."""
        if self.complete or not self._searching or key in self._asked:
            return False
        self._asked.add(key)
        return stamp(known.created_at) > self._client.server_time() - SEARCH_LAG

    def _outside_is_read(self, visma_id: str) -> bool:
        """Reads, once per kind of document, those that people have moved out of the project; False when that is not all."""
        kind = visma_id.partition("/")[0] + "/"
        if identity(kind) not in self._outside_read:
            self._outside_read[identity(kind)] = self._read_outside(kind)
        return self._outside_read[identity(kind)]

    def _read_outside(self, kind: str) -> bool:
        query: dict[str, Any] = {
            f"custom_fields.{self._fields.visma_id_gid}.starts_with": kind,
            "projects.not": self._project,
            "sort_by": "created_at",
        }
        seen: set[str] = set()
        for _ in range(MOST_OUTSIDE_PAGES):
            tasks = self._search.ask(query) or []
            for task in tasks:
                snapshot = Snapshot.of(task, self._fields, self._project)
                if snapshot is None or not snapshot.elsewhere or not snapshot.visma_id.startswith(kind):
                    return True  # search does not do what it is asked for; to ask on would be no better
                if self._known(identity(snapshot.visma_id)) is None:
                    self._add(task, listed=False)
            if len(tasks) < 100:
                return True
            # Search has no offsets. Tasks made in one moment may stand on both sides of a page's end.
            oldest = min(stamp(task.get("created_at")) for task in tasks) + datetime.timedelta(milliseconds=1)
            query["created_at.before"] = _iso(oldest)
            before, seen = len(seen), seen | {task["gid"] for task in tasks}
            if len(seen) == before:
                break
        logger.info(f"Many documents lie outside the project {self._project}; each new one is looked for there.")
        return False

    def find_recent(self, visma_id: str, since: datetime.datetime) -> dict[str, Any] | None:
        """Asks a listing, which reads its own writes, for a task that may have been created since `since` (UTC)."""
        query = {"project": self._project, "modified_since": _iso(since), "opt_fields": TASK_FIELDS}
        for page in self._client.pages("/tasks", query):
            for task in page:
                snapshot = Snapshot.of(task, self._fields, self._project)
                if snapshot and identity(snapshot.visma_id) == identity(visma_id):
                    return task
        return None

    def put(self, snapshot: Snapshot) -> None:
        """Remembers what the sync itself has just written."""
        key = identity(snapshot.visma_id)
        with self._lock:
            self._packed[key] = snapshot.packed()
            self._absent.discard(key)
            self._asked.add(key)

    def drop(self, visma_id: str) -> None:
        """Forgets a task that is no longer there; search, which may still know it, is not asked again."""
        key = identity(visma_id)
        with self._lock:
            self._packed.pop(key, None)
            self._absent.add(key)

    def all(self) -> Iterator[Snapshot]:
        """Every document of the project; lists it when that has not happened yet."""
        self.open(None)
        if not self.complete:
            raise config_error(
                f"The project {self._project} holds more tasks than Asana lists, so missing documents cannot be told. Spread "
                "its tasks over sections, or switch mark_missing off."
            )
        with self._lock:
            packed = list(self._packed.values())
        return (Snapshot.unpacked(data) for data in packed)

    def unassigned_and_open(self) -> Iterator[Snapshot]:
        """Documents nobody works on yet: out of the index when it is complete, else out of a listing of open tasks."""
        if not self.complete and self._fields.visma_id_gid is not None:
            self._list_open()
        with self._lock:
            packed = list(self._packed.values())
        for data in packed:
            snapshot = Snapshot.unpacked(data)
            if snapshot.assignee is None and not snapshot.completed and not snapshot.elsewhere:
                yield snapshot

    # --- inside ----------------------------------------------------------------------------------------------------

    def _list_open(self) -> None:
        """Reads the open tasks; where Asana does not list them all, as many as it does."""
        query = {"completed_since": "now", "opt_fields": TASK_FIELDS}
        holders = [f"/projects/{self._project}"]
        while holders:
            holder = holders.pop(0)
            try:
                for page in self._client.pages(f"{holder}/tasks", query):
                    for task in page:
                        self._add(task)
            except AsanaError as error:
                if error.status != 400 or error.unknown_object:
                    raise
                if holder.startswith("/projects/"):
                    holders = [f"/sections/{each['gid']}" for each in self._client.list(f"{holder}/sections")]
                else:
                    logger.warning(
                        f"A section of the project {self._project} has more open tasks than Asana lists: a changed supplier "
                        "mapping reaches only some of them. Spread its tasks over sections."
                    )

    def _add(self, task: dict[str, Any], *, listed: bool = True) -> Snapshot | None:
        """Keeps a task that has a Visma ID; of two with the same one the older counts. What search tells (not `listed`)
        may be old and replaces nothing."""
        self._was_empty = False
        snapshot = Snapshot.of(task, self._fields, self._project)
        if snapshot is None:
            return None
        if not listed:
            # Subtasks made a moment ago are no change of their task, so nothing tells of them before search does.
            snapshot.num_subtasks = max(1, snapshot.num_subtasks)
        key = identity(snapshot.visma_id)
        packed = self._packed.get(key)
        if packed is not None:
            known = Snapshot.unpacked(packed)
            if known.gid == snapshot.gid and not listed:
                return known
            if known.gid != snapshot.gid:
                older, newer = sorted((known, snapshot), key=lambda each: (each.created_at, len(each.gid), each.gid))
                self._warn_of_duplicate(older, newer)
                snapshot = older
        self._packed[key] = snapshot.packed()
        self._absent.discard(key)
        return snapshot

    def _warn_of_duplicate(self, older: Snapshot, newer: Snapshot) -> None:
        if newer.gid not in self._warned:
            self._warned.add(newer.gid)
            logger.warning(
                f"Two tasks carry the Visma ID {older.visma_id}: {older.gid} (older) and {newer.gid}. The older one is kept up "
                "to date. Please move what you need from the other one and delete it in Asana."
            )


def _iso(moment: datetime.datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03d}Z"


def stamp(text: str | None) -> datetime.datetime:
    """A time as Asana writes it; now, where it writes none."""
    try:
        return datetime.datetime.fromisoformat((text or "").replace("Z", "+00:00"))
    except ValueError:
        return datetime.datetime.now(datetime.UTC)
