"""The lines of a document in Asana: which items are the sync's own, and bringing them up to date in line order."""

from __future__ import annotations

import logging
import threading
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from destination_asana.documents.line_items import ExistingItem, LineChanges, LineItem, moves, plan_lines
from destination_asana.planning.changes import Differences
from destination_asana.planning.line_marks import (
    is_anothers,
    looks_written,
    mark_in,
    marked_html,
    marked_notes,
    only_mark,
)
from destination_asana.writing.line_containers import Container

logger = logging.getLogger("airbyte")

# New items that have to land alike before Asana is taken to put all of them there: a few may do so by chance.
ITEMS_THAT_TELL = 6


class LineWriting(Protocol):
    """Applies the changes of a document's lines, or logs them."""

    def write(self, container: Container, existing: list[ExistingItem], changes: LineChanges) -> Differences:
        """Applies the changes; gives what was written as {"line N": (name before, name after)}."""


def look(container: Container, lines: Sequence[LineItem], count: int) -> tuple[list[ExistingItem], LineChanges]:
    """The sync's own items of a container (`count` is known beforehand) and what has to change; reads only."""
    existing = _own(container, container.list(), lines) if count else []
    return existing, plan_lines(lines, existing)


class LineWriter:
    """Brings the items of a container up to the lines of a document.

    Where Asana puts a new item is not documented, so it is looked at for the first few items of each kind of container
    and sync; afterwards items are created in the order that puts them right, and only what still stands wrong is moved.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._lands: dict[type, str] = {}
        self._seen: dict[type, dict[str, int]] = {}

    def write(self, container: Container, existing: list[ExistingItem], changes: LineChanges) -> Differences:
        """Applies the changes; gives what was written as {"line N": (name before, name after)}."""
        written: dict[str, tuple[str | None, str | None]] = {}
        names = {item.gid: name for item, name in changes.rename}
        for item, name in changes.rename:
            mark = {} if item.marked else _mark(container, item, completed=False)
            container.client.put(f"/tasks/{item.gid}", {"name": name, **mark})
            written[f"line {item.number}"] = (item.name, name)
        for item in changes.complete:
            if _tick(container, item, completed=True):
                written[f"line {item.number}"] = (item.name, None)
        for item in changes.reopen:
            if _tick(container, item, completed=False):
                written.setdefault(f"line {item.number}", (None, names.get(item.gid, item.name)))
        made = self._create(container, existing, changes)
        written.update({f"line {line.number}": (None, line.name) for line in changes.create})
        self._put_in_order(container, existing, changes, made)
        return written

    def _create(self, container: Container, existing: list[ExistingItem], changes: LineChanges) -> list[ExistingItem]:
        lands = self._lands.get(type(container))
        known = {item.gid for item in existing}
        made: list[ExistingItem] = []
        for line in reversed(changes.create) if lands == "front" else changes.create:
            item = container.create(line, known)
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
        lands = self._lands.get(type(container))
        if any(container.section(gid) for gid in before) or lands is None:
            ours = {*before, *made}
            current = [item.gid for item in container.list() if item.gid in ours]
            if any(container.section(gid) for gid in before):
                return current
            end, front = current == [*before, *made], current == [*reversed(made), *before]
            self._learn(type(container), "end" if end else "front" if front else "anywhere", len(made))
            return current
        return [*before, *made] if lands == "end" else [*reversed(made), *before]

    def _learn(self, kind: type, place: str, items: int) -> None:
        with self._lock:
            seen = self._seen.setdefault(kind, {})
            seen[place] = seen.get(place, 0) + items
            if place != "anywhere" and len(seen) == 1 and seen[place] >= ITEMS_THAT_TELL:
                self._lands[kind] = place


def _own(container: Container, items: list[ExistingItem], lines: Sequence[LineItem]) -> list[ExistingItem]:
    """The items that are the sync's own: the marked ones, but for copies that people made of them, and those of 0.1.0.

    Release 0.1.0 left no mark. An item of its making has exactly the name of a line (with its sums or without), or one
    in the whole form of a line's name, and was made by whoever made the task or by the token's user; it is marked when
    it next changes.
    """
    names = {name for line in lines for name in (line.name, f"{line.number}. {line.description}")}
    unmarked = {
        item.gid
        for item in items
        if not (item.marked or is_anothers(item.notes, container.visma_id))
        and (item.name in names or looks_written(item.name))
    }
    by_number: dict[int | None, list[ExistingItem]] = {}
    for item in items:
        if item.marked:
            by_number.setdefault(item.number, []).append(item)
    doubles = [group for group in by_number.values() if len(group) > 1]
    left_out = {item.gid for item in items if not item.marked}
    if unmarked or doubles:
        makers = container.makers()
        left_out -= {item.gid for item in items if item.gid in unmarked and item.maker in makers}
        for group in doubles:
            copies = {item.gid for item in group if item.maker not in makers}
            left_out |= copies if len(copies) < len(group) else set()
    return [item for item in items if item.gid not in left_out]


def _tick(container: Container, item: ExistingItem, *, completed: bool) -> bool:
    """Completes or reopens an item, and its mark says so; False where a person was faster: their tick is theirs."""
    query = {"opt_fields": "completed,notes,html_notes"}
    now = container.client.get(f"/tasks/{item.gid}", query)
    mark = mark_in(now.get("notes"), container.visma_id)
    by_sync = mark is not None and mark.completed
    if bool(now.get("completed")) == completed or by_sync == completed:
        return False
    notes = _notes(container, item, now, completed=completed)
    container.client.put(f"/tasks/{item.gid}", {"completed": completed, **notes})
    return True


def _mark(container: Container, item: ExistingItem, *, completed: bool) -> dict[str, str]:
    """The mark as part of an update."""
    now: Mapping[str, Any] = {"notes": item.notes}
    if not only_mark(item.notes, container.visma_id):
        now = container.client.get(f"/tasks/{item.gid}", {"opt_fields": "notes,html_notes"})
    return _notes(container, item, now, completed=completed)


def _notes(container: Container, item: ExistingItem, now: Mapping[str, Any], *, completed: bool) -> dict[str, str]:
    """The description with its mark, as part of an update; `now` is the item with its description."""
    if only_mark(now.get("notes"), container.visma_id):
        return {"notes": marked_notes(container.visma_id, item.number, completed=completed)}
    html_notes = now.get("html_notes") or ""
    return {"html_notes": marked_html(html_notes, container.visma_id, item.number, completed=completed)}
