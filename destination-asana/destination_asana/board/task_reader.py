"""A task as Asana sends it → Snapshot."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from destination_asana.board.fields.values import VALUE_FIELDS, CustomFields
from destination_asana.documents import fields as names
from destination_asana.planning.blocks import blocks_in
from destination_asana.planning.descriptions import (
    digest_in,
    project_id_in,
    project_url_in,
    supplier_number_in,
    version_in,
)
from destination_asana.planning.snapshot import Snapshot

# gids come with every object unasked.
TASK_FIELDS = ",".join(
    (
        "name",
        "completed",
        "created_at",
        "modified_at",
        "due_on",
        "start_on",
        "assignee",
        "resource_subtype",
        "num_subtasks",
        "notes",
        "memberships.project",
        "memberships.section",
        *VALUE_FIELDS,
    )
)


def snapshot_of(task: Mapping[str, Any], fields: CustomFields, project_gid: str) -> Snapshot | None:
    """Out of a task read with TASK_FIELDS; None for a task without a Visma ID."""
    values = fields.read(task.get("custom_fields") or [])
    visma_id = values.get(names.VISMA_ID)
    if not visma_id or not visma_id.strip():
        return None
    memberships = task.get("memberships") or []
    ours = [item for item in memberships if (item.get("project") or {}).get("gid") == project_gid]
    return Snapshot(
        gid=task["gid"],
        visma_id=visma_id.strip(),
        name=task.get("name") or "",
        completed=bool(task.get("completed")),
        created_at=task.get("created_at") or "",
        due_on=task.get("due_on"),
        assignee=(task.get("assignee") or {}).get("gid"),
        resource_subtype=task.get("resource_subtype") or "default_task",
        num_subtasks=task.get("num_subtasks") or 0,
        digest=digest_in(task.get("notes")),
        supplier_number=supplier_number_in(task.get("notes")),
        project_url=project_url_in(task.get("notes")),
        section=((ours[0].get("section") or {}).get("gid") if ours else None),
        elsewhere=not ours,
        values=values,
        start_on=task.get("start_on"),
        version=version_in(task.get("notes")),
        blocks=blocks_in(task.get("notes")),
        project_id=project_id_in(task.get("notes")),
    )
