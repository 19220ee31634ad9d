"""Visma ID → what Asana holds now, for one project; found in the way that costs least and misses nothing."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any

from destination_asana.asana import Client
from destination_asana.board.fields import CustomFields
from destination_asana.board.line_ledger import LineLedger
from destination_asana.board.lookups import MOST_OUTSIDE_SEARCHES, MOST_SEARCHES, Lookups, NotSearchableError
from destination_asana.board.observer import Observer
from destination_asana.board.project_listing import ProjectListing
from destination_asana.planning import Snapshot

# Pages read before a project counts as big.
PROBE_PAGES = 2


class Index:
    """The documents of one project by Visma ID. Thread-safe.

    A listing reads its own writes but costs a call per hundred tasks; search costs a call per document, lags, and needs
    a paid plan. `open` decides between them. `lines` knows which lines are in Asana without reading them.
    """

    def __init__(
        self,
        client: Client,
        fields: CustomFields,
        workspace_gid: str,
        project_gid: str,
        observer: Observer | None = None,
    ) -> None:
        """`observer` watches the listings of the project."""
        self._fields = fields
        self._project = project_gid
        self.lines = LineLedger()
        lookups = Lookups(client, fields, workspace_gid, project_gid, self.lines.note)
        self._search, self._outside, self._memory = lookups.search, lookups.outside, lookups.memory
        self._enquiry, self._listed, self._searched = lookups.enquiry, lookups.listed, lookups.searched
        self._listing = ProjectListing(client, self._memory, project_gid, observer)
        self._lock = self._memory.lock
        # Search was proved, and is used as long as not every task is listed.
        self._search_is_proved = False
        self._is_new = False

    # --- opening ---------------------------------------------------------------------------------------------------

    @property
    def complete(self) -> bool:
        """Whether every task of the project is known."""
        return self._listing.complete

    def open(self, documents: int | None) -> None:
        """Prepares for `documents` look-ups; None means an unknown, large number or that all are needed."""
        with self._lock:
            if self.complete:
                return
            if self._fields.catalog.visma_id_gid is None:
                self.know_no_documents()
                return
            if self._search_is_proved and (documents is not None or self._listing.unlistable):
                return
            few = documents is not None and documents < MOST_SEARCHES
            oldest = self._listing.read(stop_after=PROBE_PAGES if few else None)
            if not self.complete and not self._start_searching(oldest):
                self._listing.read_all()

    def know_no_documents(self) -> None:
        """Spares every look-up: the field of the Visma IDs was made a moment ago, so no task can have one."""
        with self._lock:
            self._is_new = self._listing.complete = True

    def _start_searching(self, known: Snapshot | None) -> bool:
        """Lists what search may not know yet and tries search on a task it must know. False: search is no use here."""
        self._listing.read_changes()
        self._search_is_proved = known is None or self._enquiry.knows(known)
        return self._search_is_proved

    # --- looking up ------------------------------------------------------------------------------------------------

    def find(self, visma_id: str) -> Snapshot | None:
        """The task of a document, or None when it has none. What search alone tells is confirmed by `confirm`."""
        self._memory.settle_rival(visma_id)
        with self._lock:
            if self._is_answered(visma_id):
                return self._memory.get(visma_id)
            if not self.complete and not self._searched.is_worth_it() and not self._listing.unlistable:
                self.open(None)
                if self._is_answered(visma_id):
                    return self._memory.get(visma_id)
            strategy = self._listed if self.complete else self._searched
        try:
            return strategy.find(visma_id)
        except NotSearchableError:
            return self._find_without_search(visma_id)

    def _find_without_search(self, visma_id: str) -> Snapshot | None:
        """The same in a project that has to be listed after all."""
        with self._lock:
            self._listing.read_all()
            if self._is_answered(visma_id):
                return self._memory.get(visma_id)
        return self._listed.find(visma_id)

    def _is_answered(self, visma_id: str) -> bool:
        """Whether what is known suffices to say which task is the document's, or that it has none. Search is asked once for
        each document, as long as not all tasks are listed."""
        if self._memory.get(visma_id) is not None:
            may_be_a_copy = self._search_is_proved and not self.complete
            return not may_be_a_copy or self._searched.has_asked(visma_id)
        return self._is_new or self._memory.is_absent(visma_id)

    def confirm(self, snapshot: Snapshot) -> Snapshot | None:
        """The same task as it is now, where only search has found it; None when it is not there any more."""
        return self._memory.confirm(snapshot)

    def find_recent(self, visma_id: str, since: datetime.datetime) -> dict[str, Any] | None:
        """Asks a listing, which reads its own writes, for a task that may have been created since `since` (UTC)."""
        return self._listing.find_changed(visma_id, since)

    def put(self, snapshot: Snapshot) -> None:
        """Remembers what the sync itself has just written."""
        with self._lock:
            self._memory.put(snapshot)
            self._searched.spare(snapshot.visma_id)

    def drop(self, visma_id: str) -> None:
        """Forgets a task that is no longer there, whatever search still tells of it; the document may have another one."""
        with self._lock:
            self._memory.drop(visma_id)
            self._searched.ask_again(visma_id)

    # --- several documents -----------------------------------------------------------------------------------------

    def all(self) -> Iterator[Snapshot]:
        """Every document of the project; lists it when that has not happened yet."""
        self.open(None)
        self._listing.refuse_incomplete()
        return self._memory.all()

    def list_for_observer(self) -> None:
        """Lists every task of the project, so that the observer has seen all of them."""
        with self._lock:
            self._listing.read_for_observer()

    def elsewhere(self, numbers: Collection[str]) -> list[Snapshot]:
        """The documents with these numbers that search finds in the whole workspace, and perhaps more. Empty if search is not
        available, or if there were no documents before this sync."""
        if self._is_new or self._fields.catalog.visma_id_gid is None:
            return []
        field = f"custom_fields.{self._fields.catalog.visma_id_gid}"
        if len(numbers) <= MOST_OUTSIDE_SEARCHES:
            answers = [self._search.ask({f"{field}.ends_with": f"/{number}"}) for number in numbers]
        else:
            answers = [self._search.ask_for_all({f"{field}.is_set": "true"})]
        found = (self._memory.snapshot_of(task) for answer in answers for task in answer or ())
        return [each for each in found if each is not None]

    def duplicates(self) -> list[tuple[Snapshot, Snapshot]]:
        """Documents with two tasks, as far as they are known: the older and the newer one."""
        return self._memory.duplicates()

    def of_kind(self, kind: str) -> list[Snapshot]:
        """The documents whose Visma IDs begin with `kind`, in the project or outside it."""
        if self._fields.catalog.visma_id_gid is not None and not self._is_new:
            found = self._outside.anywhere(kind)
            for task in found or ():
                self._memory.hear(task)
            if found is None:
                self.open(None)
        return self._memory.of_kind(kind)

    def known(self, key: str) -> Snapshot | None:
        """The task of a document (`key`: its identity) as far as it is known without asking."""
        return self._memory.get(key)

    def is_certain(self, key: str) -> bool:
        """Whether the known task of a document was listed, read or written, and not only found by search."""
        return self._memory.is_certain(key)

    def matching(self, fits: Callable[[Snapshot], bool]) -> list[Snapshot]:
        """The known documents that fit."""
        return self._memory.matching(fits)

    def holds(self, task: Mapping[str, Any]) -> bool:
        """Whether a task in Asana's answer is in the project."""
        return any((each.get("project") or {}).get("gid") == self._project for each in task.get("memberships") or ())

    def hear(self, task: dict[str, Any]) -> None:
        """Stores a result of a search, which may be old."""
        self._memory.hear(task)

    def list_whole(self) -> None:
        """Lists the whole project, if that has not happened yet."""
        with self._lock:
            if not self.complete:
                self._listing.read_all()

    def unassigned_and_open(self) -> Iterator[Snapshot]:
        """Documents nobody works on yet: out of the index when it is complete, else out of a listing of open tasks."""
        if not self.complete and self._fields.catalog.visma_id_gid is not None:
            self._listing.read_open()
        for snapshot in self._memory.certain():
            if snapshot.assignee is None and not snapshot.completed and not snapshot.elsewhere:
                yield snapshot
