"""A task whose routes are planned: what it says of the projects it was added to, and what its history adds to that."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping

from destination_asana.board import LastMove
from destination_asana.documents import FieldValues
from destination_asana.planning import Snapshot
from destination_asana.planning.cards import projects_shown
from destination_asana.planning.routing import ProjectRoute, Remembered, is_of_project, remembered_in


class RoutedTask:
    """The task `current`. If it has no memory, or if people have edited that, the sync may have put it where routes had led:
    into any of the projects `maybe`. `history` reads the last moves."""

    def __init__(
        self,
        current: Snapshot,
        *,
        maybe: Callable[[], Collection[str]],
        history: Callable[[], Mapping[str, LastMove]],
    ) -> None:
        self.present = frozenset(current.projects)
        self._known = remembered_in(current.blocks)
        self._maybe = maybe
        self._history = history

    def remembered(self, wanted: Collection[str], usable: Callable[[str], bool]) -> Remembered:
        """The projects that the routes named before, and those to which the sync has added the task. `wanted` are those that
        they name now. The history is asked only if it can make a difference."""
        before = (self._known or Remembered()).seen(self.present)
        doubtful = self._doubtful(before, frozenset(wanted), usable)
        # The sync takes a task out of a project only if nobody has put it back there since.
        leaving = (before.put & self.present) - frozenset(wanted)
        if not (doubtful or leaving):
            return Remembered(before.wanted, before.put)
        last = self._history()
        put_back = {gid for gid in leaving if gid in last and last[gid].joined and not last[gid].ours}
        ours = {gid for gid in doubtful & self.present if gid in last and last[gid].ours}
        absent = doubtful - self.present
        taken_out = {gid for gid in absent if gid in last and not (last[gid].joined or last[gid].ours)}
        # A sync ended before it had added the task there.
        never = before.later & (absent - taken_out)
        return Remembered((before.wanted | ours | taken_out) - never, ((before.put - put_back) | ours) - never)

    def _doubtful(self, before: Remembered, wanted: frozenset[str], usable: Callable[[str], bool]) -> frozenset[str]:
        """The projects of which the memory does not tell enough."""
        news = frozenset(gid for gid in wanted - before.wanted if usable(gid))
        if self._known is None:
            return news | self.present.intersection(self._maybe())
        return (news & self.present) | (before.later & wanted)


def led_to(
    current: Snapshot, shown: FieldValues, routes: Iterable[ProjectRoute], names: Callable[[], Mapping[str, str]]
) -> frozenset[str]:
    """The projects to which routes may have led a task before: those of the entries, and those named after the Visma
    projects that the task shows. `names` returns the names of Asana projects by gid."""
    found = {route.project_gid for route in routes}
    if options := projects_shown(current, shown):
        found |= {gid for gid, name in names().items() if any(is_of_project(name, each) for each in options)}
    return frozenset(found)
