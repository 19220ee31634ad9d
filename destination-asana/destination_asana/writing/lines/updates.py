"""Changes of one line's item: its name, due date, completion and mark in one call."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from destination_asana.asana import AsanaError, Cause
from destination_asana.planning.lines import (
    ExistingItem,
    ItemChange,
    Mark,
    Tick,
    change_of,
    marked_html,
    marked_notes,
    only_mark,
)
from destination_asana.writing.lines import outcomes
from destination_asana.writing.lines.containers import UPDATE_FIELDS, Container, item_of
from destination_asana.writing.outcome import PartOutcome
from destination_asana.writing.tasks import is_gone

logger = logging.getLogger("airbyte")


def update(container: Container, change: ItemChange) -> PartOutcome | None:
    """Writes a change and returns its outcome, or None if a person has meanwhile deleted the item. Unless only the name
    changes, the item is read again first, so that whatever a person did since the first reading stays."""
    try:
        return _rename(container, change) if change.only_name else _update(container, change)
    except AsanaError as error:
        if is_gone(error, change.item.gid):
            return None
        raise


def _rename(container: Container, change: ItemChange) -> PartOutcome:
    notes = {} if change.item.marked else _mark(container, change.item)
    container.client.put(f"/tasks/{change.item.gid}", {"name": change.name, **notes})
    return outcomes.complete(change)


def _update(container: Container, planned: ItemChange) -> PartOutcome:
    path = f"/tasks/{planned.item.gid}"
    raw = container.client.get(path, {"opt_fields": UPDATE_FIELDS})
    now = replace(item_of(raw, container.visma_id), number=planned.item.number)
    flag_people(container, [now])
    change = change_of(now, planned.line)
    try:
        _put(container, change, raw)
    except AsanaError as error:
        if not (change.sets_due_on and Cause.START_DATE in error.causes):
            raise
        logger.warning(
            f"{container.visma_id}, line {now.number}: Asana does not take the due date {change.due_on} because of the start "
            f"date a person has set: “{error.message}”. The due date of the subtask stays as it is."
        )
        dateless = change.without_date()
        _put(container, dateless, raw)
        return outcomes.adjusted(planned, dateless, date_refused=error.message)
    return outcomes.adjusted(planned, change)


def _put(container: Container, change: ItemChange, raw: Mapping[str, Any]) -> None:
    """Writes a change, if any is left; `raw` is the item as read."""
    data: dict[str, Any] = {}
    if change.name is not None:
        data["name"] = change.name
    if change.completed is not None:
        data["completed"] = change.completed
    if change.sets_due_on:
        data["due_on"] = change.due_on
    if change.mark != change.item.mark or (data and not change.item.marked):
        data |= _notes(container, raw, change.mark)
    if data:
        container.client.put(f"/tasks/{change.item.gid}", data)


def flag_people(container: Container, items: Iterable[ExistingItem]) -> None:
    """Flags the items that somebody other than the sync has completed later. The token may have changed, so both its user
    and the creator of the item count as the sync."""
    for item in items:
        if item.completed and item.tick is not Tick.NONE and item.completer not in (None, item.maker):
            item.by_person = item.completer != container.client.own_gid()


def _mark(container: Container, item: ExistingItem) -> dict[str, str]:
    """The mark as part of an update."""
    now: Mapping[str, Any] = {"notes": item.notes}
    if not only_mark(item.notes, container.visma_id):
        now = container.client.get(f"/tasks/{item.gid}", {"opt_fields": "notes,html_notes"})
    return _notes(container, now, item.mark)


def _notes(container: Container, now: Mapping[str, Any], mark: Mark) -> dict[str, str]:
    """The description with its mark, as part of an update. `now` is the item with its description."""
    if only_mark(now.get("notes"), container.visma_id):
        return {"notes": marked_notes(container.visma_id, mark)}
    return {"html_notes": marked_html(now.get("html_notes") or "", container.visma_id, mark)}
