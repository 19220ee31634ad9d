"""The assignee of a task, which a person may choose at the same time. The task's stories show who chose whom."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

from destination_asana.asana import Client
from destination_asana.planning import Change, Reason


@dataclass
class Assignments:
    """Preserves people's choices of an assignee. Thread-safe, as long as one thread writes each task."""

    client: Client
    _unassigned_by_people: set[str] = field(default_factory=set)

    def respected(self, change: Change) -> tuple[Change, Collection[str]]:
        """Removes the assignee from the change if a person has unassigned the task, because that choice stays, too. Also
        returns the gids of the task's stories so far, if it had to read them."""
        current = change.current
        if current is None or "assignee" not in change.attributes:
            return change, ()
        known: set[str] = set()
        if current.gid not in self._unassigned_by_people:
            stories = self._stories(current.gid, "resource_subtype")
            known = {story["gid"] for story in stories}
            if all(story.get("resource_subtype") != "unassigned" for story in stories):
                return change, known
            # The supplier mapping's own pass asks for the same task again.
            self._unassigned_by_people.add(current.gid)
        return change.without("assignee", Reason.UNASSIGNED), known

    def put_back(self, gid: str, ours: str, known: Collection[str]) -> str | None:
        """Restores a person's choice of assignee that was made between the last look and the write of `ours`. Returns the
        present assignee. `known` are the stories from before the look."""
        chosen = [
            (story.get("assignee") or {}).get("gid")
            for story in self._stories(gid, "resource_subtype,assignee")
            if story["gid"] not in known and story.get("resource_subtype") in ("assigned", "unassigned")
        ]
        if len(chosen) < 2 or chosen[-1] != ours:
            return ours
        theirs: str | None = chosen[-2]
        self.client.put(f"/tasks/{gid}", {"assignee": theirs})
        return theirs

    def _stories(self, gid: str, fields: str) -> list[dict[str, Any]]:
        return list(self.client.list(f"/tasks/{gid}/stories", {"opt_fields": fields}))
