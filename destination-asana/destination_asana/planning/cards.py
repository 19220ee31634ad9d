"""What makes the card of a project show its numbers. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from destination_asana.planning.changes import Change, same
from destination_asana.planning.snapshot import Snapshot

_NAME = re.compile(r"Project (\S.*?)(?: · .*)?", re.DOTALL)


def id_in_name(name: str) -> str | None:
    """The project's ID that the name of a card says; people may have changed the name."""
    match = _NAME.fullmatch(name.strip())
    return match.group(1) if match else None


def description_in_name(name: str) -> str:
    """What a project is called, by the name of its card."""
    return name.partition(" · ")[2]


def plan_numbers(card: Snapshot, project_id: str, wanted: Mapping[str, Any], shown: Mapping[str, Any]) -> Change:
    """The change of a project's card that shows `shown` (by name of the field) and has to show `wanted`."""
    fields = {name: (shown.get(name), value) for name, value in wanted.items() if not same(shown.get(name), value)}
    return Change(card.visma_id, f"Project {project_id}", card, fields=fields)
