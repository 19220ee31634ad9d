"""The last look, just before a write: it removes from a change whatever people have decided since it was planned. Pure.

Asana has no conditional write, so the sync compares each change once more with the task as it is at that moment.
"""

from __future__ import annotations

from dataclasses import replace

from destination_asana.documents import FieldValue, FieldValues
from destination_asana.planning.changes import Change, Reason
from destination_asana.planning.descriptions import differing_blocks
from destination_asana.planning.equality import same
from destination_asana.planning.snapshot import Snapshot


def adjusted_to_present(change: Change, now: Snapshot, present: FieldValues) -> Change:
    """The change adjusted to the task as it is `now`, with the field values `present`.

    If people have meanwhile chosen an assignee, a section or a due date or edited the description, that stays. Values that
    are already right are not written again.
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
        blocks=differing_blocks(change.blocks, now.blocks),
    )
    if change.moves is not None:
        fitting = fitting.with_moves(change.moves.held_against(now.projects))
    for name in fitting.attributes:
        before, after = change.attributes[name]
        if _chosen_by_people(name, before, after, planned, now):
            fitting = fitting.without(name, Reason.CHOSEN_MEANWHILE)
    if now.digest is None and fitting.description is not None and change.match is None:
        fitting = fitting.without("description", Reason.TEXT_EDITED)
    if fitting.section is not None and now.section != planned.section:
        fitting = fitting.without("section", Reason.CHOSEN_MEANWHILE)
    return fitting


def _chosen_by_people(name: str, before: FieldValue, after: FieldValue, planned: Snapshot, now: Snapshot) -> bool:
    if name == "assignee":
        return now.assignee is not None or (now.elsewhere and not planned.elsewhere)
    if name == "completed":
        return now.resource_subtype == "approval"
    # If the document has no due date, the task's date belongs to a person, unless the sync had set it.
    return name == "due_on" and after is None and now.due_on != before
