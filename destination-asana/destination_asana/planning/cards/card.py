"""The change that brings the numbers on a project's card up to date. Pure."""

from __future__ import annotations

import re

from destination_asana.documents import FieldValues
from destination_asana.documents import fields as names
from destination_asana.planning.changes import Change
from destination_asana.planning.equality import same
from destination_asana.planning.plans import GONE
from destination_asana.planning.snapshot import Snapshot

_NAME = re.compile(r"Project (\S.*?)(?: · .*)?", re.DOTALL)


def project_in_name(name: str) -> tuple[str | None, str]:
    """The project ID and the description in the name of a card. People may have changed the name."""
    match = _NAME.fullmatch(name.strip())
    return match.group(1) if match else None, name.partition(" · ")[2]


def is_gone(shown: FieldValues) -> bool:
    """Whether a card says that its project is gone from Visma."""
    return shown.get(names.STATUS) == GONE


def plan_numbers(card: Snapshot, project_id: str, wanted: FieldValues, present: FieldValues) -> Change:
    """The change that takes a project's card from the field values `present` to `wanted`, both by field name."""
    fields = {name: (present.get(name), value) for name, value in wanted.items() if not same(present.get(name), value)}
    return Change(card.visma_id, f"Project {project_id}", card, fields=fields)
