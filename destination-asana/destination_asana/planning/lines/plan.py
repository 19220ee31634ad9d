"""Lines × the existing items → LineChanges: which item shows which line, and what has to change. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from destination_asana.documents import LineItem
from destination_asana.planning.lines.delivery import completion
from destination_asana.planning.lines.marks import Mark, Tick

_LEADING_NUMBER = re.compile(r"^\s*(-?\d+)\.(\s|$)")


@dataclass(slots=True)
class ExistingItem:
    """An item in Asana: a subtask, or a task in the document's own project, that shows a line.

    - `number`: the line number; `marked` means that it comes from the mark in the description.
    - `tick`, `set_due_on`: the memory in the mark.
    - `due`: the due date, with the time if the item has one.
    - `notes`: the description.
    - `maker`, `completer`: the gids of the users who created and who completed the item.
    - `by_person`: somebody other than the sync completed it.
    - `approval`: an approval task. People decide it, because completing it means approving it.
    """

    gid: str
    name: str
    completed: bool = False
    number: int | None = None
    marked: bool = True
    tick: Tick = Tick.NONE
    set_due_on: str | None = None
    due: str | None = None
    start_on: str | None = None
    notes: str = ""
    maker: str | None = None
    completer: str | None = None
    by_person: bool = False
    approval: bool = False

    def __post_init__(self) -> None:
        if self.number is None:
            self.number = line_number(self.name)

    @property
    def mark(self) -> Mark:
        """The content of the item's mark. An item without a mark would get this one."""
        return Mark(self.number, self.tick, self.set_due_on)


@dataclass(frozen=True, slots=True)
class ItemChange:
    """Everything to write to one item for its `line`, which is None if Visma has removed the line. None leaves a part as it
    is. `mark` is the new memory; if `sets_due_on`, `due_on` replaces the due date."""

    item: ExistingItem
    line: LineItem | None
    mark: Mark
    name: str | None = None
    completed: bool | None = None
    sets_due_on: bool = False

    @property
    def due_on(self) -> str | None:
        return self.mark.due_on

    @property
    def only_name(self) -> bool:
        """Whether nothing but the name differs."""
        return self.completed is None and not self.sets_due_on and self.mark == self.item.mark

    @property
    def empty(self) -> bool:
        return self.name is None and self.only_name

    def without_date(self) -> ItemChange:
        """The same change, with the due date left as it is."""
        return replace(self, mark=self.mark._replace(due_on=self.item.set_due_on), sets_due_on=False)


@dataclass(slots=True)
class LineChanges:
    """The changes that make the items match the lines. `order` lists all items in line order: an existing item, or the line
    to create."""

    create: list[LineItem] = field(default_factory=list)
    update: list[ItemChange] = field(default_factory=list)
    order: list[ExistingItem | LineItem] = field(default_factory=list)

    @property
    def empty(self) -> bool:
        return not (self.create or self.update)


def line_number(name: str) -> int | None:
    """The number of the line that an item shows, which its name begins with."""
    match = _LEADING_NUMBER.match(name)
    return int(match.group(1)) if match else None


def first_mark(line: LineItem) -> Mark:
    """The mark of a new item for a line."""
    if line.delivery is None:
        return Mark(line.number)
    return Mark(line.number, Tick.COMPLETED if line.delivery.done else Tick.NONE, line.delivery.due_on)


def plan_lines(lines: Sequence[LineItem], existing: Iterable[ExistingItem]) -> LineChanges:
    """Compares lines and items by line number. `existing` holds only the sync's own items, never those of people."""
    by_number: dict[int, list[ExistingItem]] = {}
    for item in existing:
        if item.number is not None:
            by_number.setdefault(item.number, []).append(item)
    changes = LineChanges()
    planned = []
    wanted = Counter(line.number or 0 for line in lines)
    for number, items in by_number.items():
        # If two items show one line, the surplus one that was completed must not replace the one in use.
        spare = sorted(items, key=lambda item: (item.tick is Tick.REMOVED, item.completed, not item.marked))
        by_number[number] = [item for item in items if item not in spare[wanted[number] :]]
        planned += [change_of(item, None) for item in spare[wanted[number] :]]
    for line in lines:
        candidates = by_number.get(line.number or 0)
        if not candidates:
            changes.create.append(line)
            changes.order.append(line)
            continue
        item = candidates.pop(0)
        changes.order.append(item)
        planned.append(change_of(item, line))
    changes.update = [change for change in planned if not change.empty]
    return changes


def change_of(item: ExistingItem, line: LineItem | None) -> ItemChange:
    """Everything to write to an item for its line.

    If Visma has removed the line, its item is completed, and reopened when the line returns. An item that a person has
    completed, or reopened after the sync had completed it, stays as it is; so does a due date that a person chose.
    """
    if line is None:
        over = not (item.completed or item.approval) and item.tick is not Tick.REMOVED
        mark = item.mark._replace(tick=Tick.REMOVED) if over else item.mark
        return ItemChange(item, None, mark, completed=True if over else None)
    name = line.name if item.name != line.name else None
    if line.delivery is None:
        back = item.completed and item.tick is Tick.REMOVED and not item.approval
        mark = item.mark._replace(tick=Tick.NONE) if back else item.mark
        return ItemChange(item, line, mark, name, False if back else None)
    completed, tick = _tick(item, line)
    sets_due_on = _follows_visma(item, line.delivery.due_on)
    due_on = line.delivery.due_on if sets_due_on else item.set_due_on
    return ItemChange(item, line, Mark(item.number, tick, due_on), name, completed, sets_due_on)


def _tick(item: ExistingItem, line: LineItem) -> tuple[bool | None, Tick]:
    """Whether to complete (True) or reopen (False) the item of an order line, and the tick to remember."""
    assert line.delivery is not None
    if item.approval:
        return None, item.tick
    by_sync = item.tick in (Tick.REMOVED, Tick.COMPLETED) and not item.by_person
    # A line that was away was not done. Its item is completed if the line comes back done, even after a person's reopening.
    before = item.tick is not Tick.NONE and (item.completed or item.tick is not Tick.REMOVED)
    completed = completion(line.delivery, before=before, completed=item.completed, by_sync=by_sync)
    if not line.delivery.done:
        return completed, Tick.NONE
    if completed or (item.tick is Tick.REMOVED and item.completed):
        return completed, Tick.COMPLETED
    return completed, item.tick if item.tick is Tick.COMPLETED else Tick.DONE


def _follows_visma(item: ExistingItem, promised: str | None) -> bool:
    """Whether the sync may change the item's due date. If a person has set a start date, Asana refuses a due date that is not
    later, or none at all."""
    if item.due != item.set_due_on or promised == item.set_due_on:
        return False
    return item.start_on is None or (promised is not None and promised > item.start_on)
