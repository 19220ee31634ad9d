"""Visma ID → the document's own project, by the descriptions and names of projects."""

from __future__ import annotations

import logging
import threading
import time

from destination_asana.asana import NOT_THERE, OF_RIGHTS, AsanaError, Client
from destination_asana.board.fields import VALUE_FIELDS
from destination_asana.documents import identity
from destination_asana.planning.projects import Project

logger = logging.getLogger("airbyte")

# Asana always includes the gid.
PROJECT_FIELDS = ",".join(
    (
        "name",
        "notes",
        "created_at",
        "due_on",
        "start_on",
        "team",
        "permalink_url",
        *VALUE_FIELDS,
    )
)
# From this number on, listing the workspace's projects is cheaper than reading them one by one.
MOST_SINGLE_READS = 20


class ProjectIndex:
    """The documents' projects of one workspace, listed at most once per sync and only when that is needed. Thread-safe."""

    def __init__(self, client: Client, workspace_gid: str) -> None:
        self._client = client
        self._workspace = workspace_gid
        self._lock = threading.RLock()
        self._by_id: dict[str, Project] = {}
        self._by_gid: dict[str, Project] = {}
        self._unmarked: dict[str, str] = {}
        self._listed = False
        self._listed_at = 0.0
        self._single_reads = 0

    def get(self, gid: str) -> Project | None:
        """A project by its gid; None if it is deleted or not visible to the token's user."""
        with self._lock:
            if not self._listed and gid not in self._by_gid:
                self._single_reads += 1
                if self._single_reads > MOST_SINGLE_READS:
                    self._list()
            known = self._by_gid.get(gid)
        if known is not None:
            return known
        try:
            return Project.of(self._client.get(f"/projects/{gid}", {"opt_fields": PROJECT_FIELDS}))
        except AsanaError as error:
            if error.refusal in NOT_THERE | OF_RIGHTS:
                return None
            raise

    def find(self, visma_id: str) -> Project | None:
        """The project that carries a Visma ID in its description, or in its working name."""
        with self._lock:
            if not self._listed:
                self._list()
            return self._by_id.get(identity(visma_id))

    def named(self, name: str) -> Project | None:
        """The only project with exactly this name and without a Visma ID."""
        with self._lock:
            if not self._listed:
                self._list()
            gid = self._unmarked.get(name)
        return self.get(gid) if gid else None

    def look_again(self, visma_id: str) -> Project | None:
        """The same as `find`, from a listing begun after this call, which includes what was written a moment ago."""
        asked_at = time.monotonic()
        with self._lock:
            if self._listed_at < asked_at:
                self._list()
            return self._by_id.get(identity(visma_id))

    def put(self, visma_id: str, project: Project) -> None:
        """Remembers a project that the sync itself has just created or changed."""
        with self._lock:
            self._by_id[identity(visma_id)] = project
            self._by_gid[project.gid] = project

    def _list(self) -> None:
        query = {"workspace": self._workspace, "opt_fields": PROJECT_FIELDS}
        unmarked: dict[str, list[str]] = {}
        self._listed_at = time.monotonic()
        for page in self._client.pages("/projects", query):
            for raw in page:
                project = Project.of(raw)
                if project.visma_id is None:
                    unmarked.setdefault(project.name, []).append(project.gid)
                else:
                    self._add(project.visma_id, project)
        self._unmarked = {name: gids[0] for name, gids in unmarked.items() if len(set(gids)) == 1}
        self._listed = True

    def _add(self, visma_id: str, project: Project) -> None:
        """Stores a project. If two have the same Visma ID (one is a person's copy), the older counts."""
        known = self._by_id.get(identity(visma_id))
        if known is not None and known.gid != project.gid:
            older, newer = sorted((known, project), key=lambda each: (each.created_at, len(each.gid), each.gid))
            logger.warning(
                f"Two projects carry the Visma ID {visma_id}: {older.url} (older) and {newer.url}. Unless the register task "
                "links the other one, the older one is kept up to date."
            )
            self._by_gid[newer.gid] = newer
            project = older
        self.put(visma_id, project)
