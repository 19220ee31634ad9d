"""The state of a task after a write, without reading it again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from destination_asana.board.fields import CustomFields
from destination_asana.documents import fields as names
from destination_asana.planning import Change, Differences, Snapshot, described_by


def after(differences: Differences) -> dict[str, Any]:
    """The wanted values, by name."""
    return {name: value for name, (_, value) in differences.items()}


def written(snapshot: Snapshot, change: Change, data: Mapping[str, Any], fields: CustomFields) -> Snapshot:
    """The task after `data` was written to it. Also learns which form of dates Asana accepts."""
    for sent in _dates_in(change, data, fields):
        fields.values.dates.taken(sent)
    plain = {name: data[name] for name in ("name", "completed", "due_on", "assignee") if name in data}
    if change.description and "html_notes" in data:
        snapshot = replace(snapshot, **described_by(change.description))
    if change.blocks and "html_notes" in data:
        written_blocks = {block.kind.header: list(block.rows) for block in change.blocks}
        snapshot = replace(snapshot, blocks={**snapshot.blocks, **written_blocks})
    if "external" in data:
        snapshot = replace(snapshot, external=data["external"]["data"])
    values = {**snapshot.values, **fields.values.read_written(data.get("custom_fields") or {})}
    return replace(snapshot, **plain, values=values)


def _dates_in(change: Change, data: Mapping[str, Any], fields: CustomFields) -> list[Any]:
    """The date values as they were sent."""
    dates = (fields.catalog.get(name) for name in change.fields if names.DEFINITIONS[name].type == "date")
    sent = (data["custom_fields"].get(field.gid) for field in dates if field is not None)
    return [value for value in sent if value is not None]
