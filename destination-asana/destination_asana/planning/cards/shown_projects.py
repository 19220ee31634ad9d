"""The Visma projects that a task shows, which tell where routes by name had led it. Pure."""

from __future__ import annotations

from destination_asana.documents import FieldValues, Kind, kind_in
from destination_asana.documents import fields as names
from destination_asana.planning.cards.card import project_in_name
from destination_asana.planning.snapshot import Snapshot


def projects_shown(task: Snapshot, shown: FieldValues) -> tuple[str, ...]:
    """The projects as options of the field `Visma projects`; of a card its own. `shown` are the values of the task's fields,
    by field name, as they were last written."""
    if kind_in(task.visma_id) is Kind.PROJECTS:
        own = task.project_id or project_in_name(task.name)[0]
        return (own,) if own else ()
    options = shown.get(names.PROJECTS)
    return options if isinstance(options, tuple) else ()
