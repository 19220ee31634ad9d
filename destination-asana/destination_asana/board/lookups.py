"""Two ways to find the task of an unknown document: in a project that was listed, and in one that is searched."""

from __future__ import annotations

from collections.abc import Callable

from destination_asana.asana import Client
from destination_asana.board.fields import CustomFields
from destination_asana.board.outside import Outside
from destination_asana.board.search import Search
from destination_asana.board.task_memory import TaskMemory
from destination_asana.documents import identity
from destination_asana.planning import Snapshot

# Search allows 60 requests a minute (Asana developer docs, "Rate limits"); from this number on, a listing is cheaper.
MOST_SEARCHES = 50
# A few new documents are also searched for outside the project, where a person may have moved them. For more of them,
# everything outside is read in pages.
MOST_OUTSIDE_SEARCHES = 10


class NotSearchableError(Exception):
    """Search is not available or cannot be trusted here."""


class Enquiry:
    """Asks search for single documents."""

    def __init__(self, memory: TaskMemory, search: Search, outside: Outside) -> None:
        self._memory = memory
        self._search = search
        self._outside = outside

    def learn(self, visma_id: str) -> bool:
        """Stores the tasks that search finds for a document. False if search is not available."""
        found = self._search.find(visma_id)
        if found is None:
            with self._memory.lock:
                self._outside.unsearchable = True
        for task in found or ():
            self._memory.hear(task)
        return found is not None

    def knows(self, task: Snapshot) -> bool:
        """Whether search finds a task that it must know."""
        found = self._search.find(task.visma_id)
        return found is not None and task.gid in {each["gid"] for each in found}


class LastLook:
    """Recent writes elsewhere that search does not know yet; read once, before a document counts as new."""

    def __init__(self, memory: TaskMemory, outside: Outside) -> None:
        self._memory = memory
        self._outside = outside
        self._done = False

    def at(self, visma_id: str) -> Snapshot | None:
        """The task of a document or None, which is remembered."""
        with self._memory.lock:
            known = self._memory.get(visma_id)
            if known is None and not self._done:
                self._done = True
                for task in self._outside.recent(none_here=not len(self._memory)):
                    self._memory.add(task)
                known = self._memory.get(visma_id)
            if known is None:
                self._memory.note_absent(visma_id)
            return known


class Listed:
    """Every task of the project is known, so a document without one is outside, or new. The first few are searched for
    one by one; then everything outside is read, one kind of document at a time. Thread-safe."""

    def __init__(self, memory: TaskMemory, enquiry: Enquiry, outside: Outside, last_look: LastLook) -> None:
        self._memory = memory
        self._enquiry = enquiry
        self._outside = outside
        self._last_look = last_look
        self._searches = 0
        self._read: dict[str, bool] = {}

    def find(self, visma_id: str) -> Snapshot | None:
        """The task of a document outside the project, or None."""
        if not self._is_read(visma_id):
            self._enquiry.learn(visma_id)
        return self._last_look.at(visma_id)

    def _is_read(self, visma_id: str) -> bool:
        """Whether all documents of this kind outside the project are known. From a certain number of documents on, they
        are read."""
        with self._memory.lock:
            self._searches += 1
            if self._searches <= MOST_OUTSIDE_SEARCHES:
                return False
            kind = visma_id.partition("/")[0] + "/"
            if identity(kind) not in self._read:
                self._read[identity(kind)] = self._read_kind(kind)
            return self._read[identity(kind)]

    def _read_kind(self, kind: str) -> bool:
        """Reads the documents of a kind that people have moved out of the project. False if these are not all."""
        tasks, whole = self._outside.of_kind(kind, among=len(self._memory))
        for task in tasks:
            snapshot = self._memory.snapshot_of(task)
            if snapshot is not None and self._memory.get(snapshot.visma_id) is None:
                self._memory.hear(task)
        return whole


class Searched:
    """The project is too large to list for a few documents, so each is searched for. Thread-safe."""

    def __init__(self, enquiry: Enquiry, last_look: LastLook) -> None:
        self._enquiry = enquiry
        self._last_look = last_look
        self._searches = 0
        self._asked: set[str] = set()

    def is_worth_it(self) -> bool:
        """Counts a look-up. False from the number on at which a listing of the project is cheaper."""
        self._searches += 1
        return self._searches <= MOST_SEARCHES

    def has_asked(self, visma_id: str) -> bool:
        """Whether a document needs no further search; from now on it does not. A known task may be a copy that people
        have made, while the older one is not listed."""
        key = identity(visma_id)
        before = key in self._asked
        self._asked.add(key)
        return before

    def spare(self, visma_id: str) -> None:
        """Registers that a document needs no search, because the sync has just written its task."""
        self._asked.add(identity(visma_id))

    def ask_again(self, visma_id: str) -> None:
        """Registers that a document must be searched for again."""
        self._asked.discard(identity(visma_id))

    def find(self, visma_id: str) -> Snapshot | None:
        """The task of a document, or None. Raises NotSearchableError."""
        if not self._enquiry.learn(visma_id):
            raise NotSearchableError
        return self._last_look.at(visma_id)


class Lookups:
    """What is known of one project's documents, and the ways to find more."""

    def __init__(
        self,
        client: Client,
        fields: CustomFields,
        workspace_gid: str,
        project_gid: str,
        note_lines: Callable[[str | None], None],
    ) -> None:
        """`note_lines` gets what each task remembers of its lines."""
        self.search = Search(client, fields, workspace_gid, project_gid)
        self.outside = Outside(client, fields, self.search, workspace_gid, project_gid)
        self.memory = TaskMemory(client, fields, self.outside, project_gid, note_lines)
        self.enquiry = Enquiry(self.memory, self.search, self.outside)
        last_look = LastLook(self.memory, self.outside)
        self.listed = Listed(self.memory, self.enquiry, self.outside, last_look)
        self.searched = Searched(self.enquiry, last_look)
