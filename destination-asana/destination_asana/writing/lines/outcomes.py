"""The outcome of a change of one line's item, by the names that people know: `line N`, `line N completed` and so on."""

from __future__ import annotations

from collections.abc import Iterable

from destination_asana.documents import FieldValue, LineItem
from destination_asana.planning import Differences, LeftOut, Reason
from destination_asana.planning.lines import ExistingItem, ItemChange, Tick
from destination_asana.writing.outcome import PartOutcome


def created(line: LineItem) -> PartOutcome:
    """The outcome for a line whose item was created."""
    return PartOutcome({f"line {line.number}": (None, line.name)})


def complete(change: ItemChange) -> PartOutcome:
    """The outcome of a change that was written completely."""
    return PartOutcome(_differences(change))


def adjusted(planned: ItemChange, change: ItemChange, date_refused: str = "") -> PartOutcome:
    """The outcome of a change whose item was read again before the write. `change` is the part that was written;
    `date_refused` is Asana's message if it has refused the due date. Values that are already right are not left out."""
    now, key, left_out = change.item, _key(planned), []
    if planned.completed not in (None, now.completed) and change.completed is None:
        left_out.append(LeftOut(f"{key} completed", planned.completed, Reason.CHOSEN_MEANWHILE))
    if planned.sets_due_on and not change.sets_due_on and planned.due_on != now.due:
        reason = Reason.REFUSED if date_refused else Reason.CHOSEN_MEANWHILE
        left_out.append(LeftOut(f"{key} due date", planned.due_on, reason, date_refused))
    return PartOutcome(_differences(change), tuple(left_out))


def deleted(change: ItemChange) -> PartOutcome:
    """The outcome of a change whose item a person has meanwhile deleted."""
    parts = _differences(change).items()
    return PartOutcome(left_out=tuple(LeftOut(name, after, Reason.DELETED) for name, (_, after) in parts))


def vanished(items: Iterable[ExistingItem]) -> PartOutcome:
    """The outcome for items that a person has deleted before they were in their place."""
    return PartOutcome(left_out=tuple(LeftOut(item.name, None, Reason.DELETED) for item in items))


def _differences(change: ItemChange) -> Differences:
    item, key = change.item, _key(change)
    if change.line is None:
        return {key: (item.name, None)} if change.completed else {}
    differences: dict[str, tuple[FieldValue, FieldValue]] = {}
    if change.name is not None:
        differences[key] = (item.name, change.name)
    if change.completed is False and item.tick is Tick.REMOVED:
        differences.setdefault(key, (None, change.line.name))
    elif change.completed is not None:
        differences[f"{key} completed"] = (item.completed, change.completed)
    if change.sets_due_on:
        differences[f"{key} due date"] = (item.due, change.due_on)
    return differences


def _key(change: ItemChange) -> str:
    return f"line {change.item.number}"
