"""The Asana projects that a document's task belongs to, beside its register."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import cache

from destination_asana.board import RoutedProjects, TaskHistory
from destination_asana.documents import Document, FieldValues
from destination_asana.planning import Change, Snapshot
from destination_asana.planning.routing import MOST, Moves, ProjectRoute, Remembered, moves, wanted_by
from destination_asana.sync.upsert.plans.routed_task import RoutedTask, led_to

logger = logging.getLogger("airbyte")


class DocumentRouting:
    """Routes the documents of one register project by the entries of the settings and by the names of Asana projects.

    The task itself stores the projects to which the sync has added it. If that is not enough, because a sync was killed
    or people have removed the text, the task's history shows who added it.
    """

    def __init__(
        self,
        routes: Sequence[ProjectRoute],
        names: Callable[[], Mapping[str, str]],
        projects: RoutedProjects,
        history: TaskHistory,
        register_gid: str,
    ) -> None:
        """`names` returns the names of Asana projects by gid; it is empty if the settings do not route by name."""
        self._routes = routes
        self._names = names
        self._projects = projects
        self._history = history
        self._register = register_gid
        self._lock = threading.Lock()
        self._warned: set[tuple[str, ...]] = set()

    def add(self, change: Change, document: Document, shown: FieldValues) -> Change:
        """The change with the moves between projects. `shown` are the values of the task's fields, by field name."""
        if change.current is not None and document.given is not None:
            # The record may carry only some of the parts that routes match.
            return change
        task = self._task(change.current, shown) if change.current is not None else None
        excluded: set[str] = set()
        while True:
            planned = self._planned(document, task, excluded)
            refused = {each.project_gid for each in planned.join if not self._projects.usable(each.project_gid)}
            if not refused:
                break
            # Others take their place if Asana's limit had left them out.
            excluded |= refused
        if planned.left_out:
            self._warn_of_limit(document, planned.left_out)
        return change.with_moves(planned)

    def _planned(self, document: Document, task: RoutedTask | None, excluded: Collection[str]) -> Moves:
        names = self._names() if document.subject.projects else {}
        wanted = wanted_by(
            document.subject,
            [route for route in self._routes if route.project_gid not in excluded],
            {gid: name for gid, name in names.items() if gid not in excluded},
            self._register,
        )
        if task is None:
            return moves(wanted, (), Remembered(), self._register)
        named = {each.project_gid for each in wanted.memberships} - {self._register}
        return moves(wanted, task.present, task.remembered(named, self._projects.usable), self._register)

    def _task(self, current: Snapshot, shown: FieldValues) -> RoutedTask:
        return RoutedTask(
            current,
            maybe=lambda: led_to(current, shown, self._routes, self._names) - {self._register},
            # Read at most once, however often the moves are planned.
            history=cache(lambda: self._history.last_moves(current.gid)),
        )

    def _warn_of_limit(self, document: Document, left_out: tuple[str, ...]) -> None:
        with self._lock:
            known = left_out in self._warned
            self._warned.add(left_out)
        if not known:
            names = self._names()
            words = ", ".join(f"“{names[gid]}” ({gid})" if gid in names else gid for gid in left_out)
            logger.warning(
                f"{document.visma_id}: more Asana projects match this document than a task can belong to ({MOST}). It is not in: "
                f"{words}. Make the routes narrower, or move the important entries to the beginning of project_routes."
            )
