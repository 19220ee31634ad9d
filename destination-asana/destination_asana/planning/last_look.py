"""The look just before a write: what people did since the change was planned is taken out of it. Pure.

Asana has no conditional write, so a change that was planned on an older look is held once more against the task as it
is at that moment.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from destination_asana.planning.changes import Change, same
from destination_asana.planning.snapshot import Snapshot


def adjust(change: Change, now: Snapshot, shown: Mapping[str, Any]) -> None:
    """Makes a planned change fit the task as it is `now`, with the field values `shown`.

    An assignee, a section, a due date and a description that people chose meanwhile stay, and what says already what it
    should is not written again.
    """
    planned = change.current
    if planned is None:
        return
    change.current = now
    for name, (before, after) in list(change.attributes.items()):
        present = getattr(now, name)
        if present == after or _chosen_by_people(name, before, after, planned, now):
            del change.attributes[name]
        else:
            change.attributes[name] = (present, after)
    for name, (_, after) in list(change.fields.items()):
        if same(shown.get(name), after):
            del change.fields[name]
        else:
            change.fields[name] = (shown.get(name), after)
    if now.digest is None:
        change.description = None
    if change.section is not None and now.section != planned.section:
        change.section = None


def _chosen_by_people(name: str, before: Any, after: Any, planned: Snapshot, now: Snapshot) -> bool:
    if name == "assignee":
        return now.assignee is not None or (now.elsewhere and not planned.elsewhere)
    if name == "completed":
        return now.resource_subtype == "approval"
    # A date on a document without one is a person's, unless it is the one the sync had set.
    return name == "due_on" and after is None and now.due_on != before
