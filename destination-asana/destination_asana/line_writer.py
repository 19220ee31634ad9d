"""The lines of a document in Asana: subtasks of its task, or tasks of its project, in line order."""

from __future__ import annotations

import logging
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from destination_asana.client import Client
from destination_asana.line_items import ExistingItem, LineChanges, LineItem, line_number, moves, plan_lines

logger = logging.getLogger("airbyte")

# New items that have to land alike before Asana is taken to put all of them there: a few may do so by chance.
ITEMS_THAT_TELL = 6


class Container(Protocol):
    """Where the items of a document live: under its task or in its project."""

    client: Client
    gid: str
    visma_id: str

    def list(self) -> list[ExistingItem]:
        """The items in their present order."""

    def create(self, name: str, known: set[str]) -> ExistingItem:
        """Makes an item; after a lost answer, the one of that name whose gid is not `known` is it."""

    def move(self, gid: str, behind: str | None, first: str) -> None:
        """Puts an item behind another one, or before the `first` when `behind` is None."""

    def section(self, gid: str) -> str | None:
        """The section an item lies in, by gid; None where there are none."""


@dataclass
class Subtasks:
    """The subtasks of one document's task."""

    client: Client
    gid: str
    visma_id: str

    def list(self) -> list[ExistingItem]:
        return _items(self.client.list(f"/tasks/{self.gid}/subtasks", {"opt_fields": "name,completed"}))

    def create(self, name: str, known: set[str]) -> ExistingItem:
        made = self.client.create(
            f"/tasks/{self.gid}/subtasks", {"name": name}, lambda: _named(self.list(), name, known)
        )
        return ExistingItem(made["gid"], name)

    def move(self, gid: str, behind: str | None, first: str) -> None:
        place = {"insert_after": behind} if behind else {"insert_before": first}
        self.client.act(f"/tasks/{gid}/setParent", {"parent": self.gid, **place})

    def section(self, gid: str) -> str | None:
        return None


@dataclass
class ProjectTasks:
    """The line items among the tasks of one document's project.

    Other tasks there belong to its template or to people, and may begin with a number too, so the notes of a line's
    task say what it is. Its section is the people's choice, so lines are kept in order within each section only.
    """

    client: Client
    gid: str
    visma_id: str
    _sections: dict[str, str] = field(default_factory=dict)

    @property
    def mark(self) -> str:
        """What the notes of a line's task begin with."""
        return f"Line of {self.visma_id}"

    def list(self) -> list[ExistingItem]:
        query = {"project": self.gid, "opt_fields": "name,completed,notes,memberships.project,memberships.section"}
        mark = self.mark.casefold()
        tasks = [task for task in self.client.list("/tasks", query) if mark in (task.get("notes") or "").casefold()]
        for task in tasks:
            for membership in task.get("memberships") or []:
                if (membership.get("project") or {}).get("gid") == self.gid and membership.get("section"):
                    self._sections[task["gid"]] = membership["section"]["gid"]
        return _items(tasks)

    def create(self, name: str, known: set[str]) -> ExistingItem:
        data = {"name": name, "notes": self.mark, "projects": [self.gid]}
        made = self.client.create("/tasks", data, lambda: _named(self.list(), name, known), {"opt_fields": "name"})
        return ExistingItem(made["gid"], name)

    def move(self, gid: str, behind: str | None, first: str) -> None:
        place = {"insert_after": behind} if behind else {"insert_before": first}
        self.client.act(f"/tasks/{gid}/addProject", {"project": self.gid, **place})

    def section(self, gid: str) -> str | None:
        return self._sections.get(gid)


class LineWriter:
    """Brings the items of a container up to the lines of a document.

    Where Asana puts a new item is not documented, so it is looked at for the first few items of each kind of container
    and sync; afterwards items are created in the order that puts them right, and only what still stands wrong is moved.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._lands: dict[type, str] = {}
        self._seen: dict[type, dict[str, int]] = {}

    def look(
        self, container: Container, lines: Sequence[LineItem], count: int
    ) -> tuple[list[ExistingItem], LineChanges]:
        """What is there (`count` is known beforehand) and what has to change; reads only."""
        existing = container.list() if count else []
        return existing, plan_lines(lines, existing)

    def write(
        self, container: Container, existing: list[ExistingItem], changes: LineChanges
    ) -> dict[str, tuple[Any, Any]]:
        """Applies the changes; gives what changed as {"line N": (name before, name after)}."""
        told: dict[str, tuple[Any, Any]] = {}
        for item, name in changes.rename:
            container.client.put(f"/tasks/{item.gid}", {"name": name})
            told[f"line {line_number(name)}"] = (item.name, name)
            item.name = name
        for item in changes.complete:
            container.client.put(f"/tasks/{item.gid}", {"completed": True})
            told[f"line {line_number(item.name)}"] = (item.name, None)
        made = self._create(container, existing, changes)
        told.update({f"line {line.number}": (None, line.name) for line in changes.create})
        self._put_in_order(container, existing, changes, made)
        return told

    def _create(self, container: Container, existing: list[ExistingItem], changes: LineChanges) -> list[ExistingItem]:
        lands = self._lands.get(type(container))
        known = {item.gid for item in existing}
        made: list[ExistingItem] = []
        for line in reversed(changes.create) if lands == "front" else changes.create:
            item = container.create(line.name, known)
            known.add(item.gid)
            made.append(item)
        return made

    def _put_in_order(
        self,
        container: Container,
        existing: list[ExistingItem],
        changes: LineChanges,
        made: list[ExistingItem],
    ) -> None:
        by_name: dict[str, list[str]] = {}
        for item in made:
            by_name.setdefault(item.name, []).append(item.gid)
        wanted = [item.gid if isinstance(item, ExistingItem) else by_name[item.name].pop(0) for item in changes.order]
        current = self._current_order(container, existing, [item.gid for item in made])
        for section in {container.section(gid): None for gid in current}:
            here = [gid for gid in current if container.section(gid) == section]
            wanted_here = [gid for gid in wanted if container.section(gid) == section]
            for gid, behind in moves(here, wanted_here):
                first = next(other for other in here if other != gid)
                container.move(gid, behind, first)

    def _current_order(self, container: Container, existing: list[ExistingItem], made: list[str]) -> list[str]:
        before = [item.gid for item in existing]
        if not made or (len(made) == 1 and not before):
            return [*before, *made]
        if any(container.section(gid) for gid in before):
            return [item.gid for item in container.list()]
        lands = self._lands.get(type(container))
        if lands == "end":
            return [*before, *made]
        if lands == "front":
            return [*reversed(made), *before]
        current = [item.gid for item in container.list()]
        end, front = current == [*before, *made], current == [*reversed(made), *before]
        self._learn(type(container), "end" if end else "front" if front else "anywhere", len(made))
        return current

    def _learn(self, kind: type, place: str, items: int) -> None:
        with self._lock:
            seen = self._seen.setdefault(kind, {})
            seen[place] = seen.get(place, 0) + items
            if place != "anywhere" and len(seen) == 1 and seen[place] >= ITEMS_THAT_TELL:
                self._lands[kind] = place


def _items(raw: list[dict[str, Any]]) -> list[ExistingItem]:
    return [ExistingItem(item["gid"], item.get("name") or "", bool(item.get("completed"))) for item in raw]


def _named(items: list[ExistingItem], name: str, known: set[str]) -> dict[str, Any] | None:
    """The item a lost answer was about: of that name, and not seen before."""
    return next(({"gid": item.gid} for item in items if item.name == name and item.gid not in known), None)
