"""What is known of a task once its write was answered, without reading it again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from destination_asana.board.fields.values import CustomFields
from destination_asana.documents import fields as names
from destination_asana.planning.changes import Change, Differences
from destination_asana.planning.snapshot import Snapshot, described_by


def after(differences: Differences) -> dict[str, Any]:
    """The values that are wanted, by name."""
    return {name: value for name, (_, value) in differences.items()}


def written(snapshot: Snapshot, change: Change, data: Mapping[str, Any], fields: CustomFields) -> Snapshot:
    """The task as it is after `data` was written to it. Notes the form of the dates that Asana took."""
    for sent in _dates_in(change, data, fields):
        fields.dates.taken(sent)
    plain = {name: data[name] for name in ("name", "completed", "due_on", "assignee") if name in data}
    if change.description and "html_notes" in data:
        snapshot = replace(snapshot, **described_by(change.description))
    if change.blocks and "html_notes" in data:
        written_blocks = {block.kind.header: list(block.rows) for block in change.blocks}
        snapshot = replace(snapshot, blocks={**snapshot.blocks, **written_blocks})
    values = {**snapshot.values, **fields.read_written(data.get("custom_fields") or {})}
    return replace(snapshot, **plain, values=values)


def _dates_in(change: Change, data: Mapping[str, Any], fields: CustomFields) -> list[Any]:
    """The date values as they were sent."""
    dates = (fields.get(name) for name in change.fields if names.DEFINITIONS[name].type == "date")
    sent = (data["custom_fields"].get(field.gid) for field in dates if field is not None)
    return [value for value in sent if value is not None]
