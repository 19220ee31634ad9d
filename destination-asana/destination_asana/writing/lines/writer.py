"""The lines of a document in Asana: finds the sync's own items and updates them in line order."""

from __future__ import annotations

import logging
import threading
from collections.abc import Sequence
from dataclasses import replace
from functools import reduce
from typing import Protocol

from destination_asana.asana import NOT_THERE, AsanaError
from destination_asana.documents import LineItem
from destination_asana.planning.lines import ExistingItem, LineChanges, is_anothers, looks_written, moves, plan_lines
from destination_asana.writing.lines import outcomes
from destination_asana.writing.lines.containers import Container
from destination_asana.writing.lines.updates import flag_people, update
from destination_asana.writing.outcome import PartOutcome

logger = logging.getLogger("airbyte")

# This many new items must land alike before Asana is assumed to put all of them there; a few may do so by chance.
ITEMS_THAT_TELL = 6


class LineWriting(Protocol):
    """Applies the changes of a document's lines, or logs them."""

    def write(self, container: Container, existing: list[ExistingItem], changes: LineChanges) -> PartOutcome:
        """Applies the changes. The outcome names the parts: `line N`, `line N due date` or `line N completed`."""


def look(container: Container, lines: Sequence[LineItem], count: int) -> tuple[list[ExistingItem], LineChanges]:
    """The sync's own items of a container (`count` is known beforehand) and the changes. Only reads."""
    existing = _own(container, container.list(), lines) if count else []
    flag_people(container, existing)
    return existing, plan_lines(lines, existing)


class LineWriter:
    """Updates the items of a container to match the lines of a document.

    Asana does not document where it puts a new item. So the sync checks this for the first few items of each kind of
    container; afterwards it creates items in the order that puts them right, and moves only those that are still wrong.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._lands: dict[type, str] = {}
        self._seen: dict[type, dict[str, int]] = {}

    def write(self, container: Container, existing: list[ExistingItem], changes: LineChanges) -> PartOutcome:
        """Applies the changes. The outcome names the parts: `line N`, `line N due date` or `line N completed`."""
        outcome = PartOutcome()
        deleted = False
        for change in changes.update:
            updated = update(container, change)
            deleted = deleted or updated is None
            outcome = outcome.also(updated if updated is not None else outcomes.deleted(change))
        if deleted:
            # Nothing can be moved behind a deleted item. If all items disappeared with the document's task, Asana refuses
            # the listing.
            left = {item.gid for item in container.list()}
            existing = [item for item in existing if item.gid in left]
            order = [each for each in changes.order if isinstance(each, LineItem) or each.gid in left]
            changes = replace(changes, order=order)
        made = self._create(container, existing, changes)
        gone = self._put_in_order(container, existing, changes, made)
        outcome = outcome.also(outcomes.vanished(item for item in (*existing, *made) if item.gid in gone))
        return reduce(PartOutcome.also, map(outcomes.created, changes.create), outcome)

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
    ) -> set[str]:
        """Moves the items that are not where the lines want them. Returns the gids of those that people delete meanwhile."""
        by_name: dict[str, list[str]] = {}
        for item in made:
            by_name.setdefault(item.name, []).append(item.gid)
        wanted = [item.gid if isinstance(item, ExistingItem) else by_name[item.name].pop(0) for item in changes.order]
        current = self._current_order(container, existing, [item.gid for item in made])
        while True:
            try:
                _move(container, current, [gid for gid in wanted if gid in current])
            except AsanaError as error:
                if error.refusal not in NOT_THERE:
                    raise
                left = [item.gid for item in container.list() if item.gid in current]
                if len(left) == len(current):
                    raise
                current = left
            else:
                return {item.gid for item in (*existing, *made)} - set(current)

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


def _move(container: Container, current: list[str], wanted: list[str]) -> None:
    """Moves items, from their `current` order to the `wanted` one, within each section."""
    for section in {container.section(gid): None for gid in current}:
        here = [gid for gid in current if container.section(gid) == section]
        wanted_here = [gid for gid in wanted if container.section(gid) == section]
        for gid, behind in moves(here, wanted_here):
            first = next(other for other in here if other != gid)
            container.move(gid, behind, first)


def _own(container: Container, items: list[ExistingItem], lines: Sequence[LineItem]) -> list[ExistingItem]:
    """The sync's own items: the marked ones, except copies that people made, and those of 0.1.0.

    Version 0.1.0 left no marks. Its items have exactly the name of a line (with or without its amounts), or a name in the
    full form of a line, and were created by the creator of the task or by the token's user. They are marked when they
    next change.
    """
    names = {
        name for line in lines for name in (line.name, line.name_before_arrival, f"{line.number}. {line.description}")
    }
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
