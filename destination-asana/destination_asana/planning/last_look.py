"""The look just before a write: what people did since the change was planned is taken out of it. Pure.

Asana has no conditional write, so a change that was planned on an older look is held once more against the task as it
is at that moment.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from destination_asana.planning.blocks import differing
from destination_asana.planning.changes import Change, Reason, same
from destination_asana.planning.snapshot import Snapshot


def adjusted(change: Change, now: Snapshot, present: Mapping[str, Any]) -> Change:
    """The change as it fits the task as it is `now`, with the field values `present`.

    An assignee, a section, a due date and a description that people chose meanwhile stay, and what says already what it
    should is not written again.
    """
    planned = change.current
    if planned is None:
        return change
    fitting = replace(
        change,
        current=now,
        attributes={
            name: (getattr(now, name), after)
            for name, (_, after) in change.attributes.items()
            if getattr(now, name) != after
        },
        fields={
            name: (present.get(name), after)
            for name, (_, after) in change.fields.items()
            if not same(present.get(name), after)
        },
        blocks=differing(change.blocks, now.blocks),
    )
    for name in fitting.attributes:
        before, after = change.attributes[name]
        if _chosen_by_people(name, before, after, planned, now):
            fitting = fitting.without(name, Reason.CHOSEN_MEANWHILE)
    if now.digest is None and fitting.description is not None:
        fitting = fitting.without("description", Reason.TEXT_EDITED)
    if fitting.section is not None and now.section != planned.section:
        fitting = fitting.without("section", Reason.CHOSEN_MEANWHILE)
    return fitting


def _chosen_by_people(name: str, before: Any, after: Any, planned: Snapshot, now: Snapshot) -> bool:
    if name == "assignee":
        return now.assignee is not None or (now.elsewhere and not planned.elsewhere)
    if name == "completed":
        return now.resource_subtype == "approval"
    # A date on a document without one is a person's, unless it is the one the sync had set.
    return name == "due_on" and after is None and now.due_on != before
