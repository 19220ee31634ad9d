"""A task as Asana sends it → Snapshot, or the task of people's that it is."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from destination_asana.board.fields import VALUE_FIELDS, CustomFields
from destination_asana.documents import StoredValue, text_value
from destination_asana.documents import fields as names
from destination_asana.planning import Snapshot
from destination_asana.planning.adoption import HandMade
from destination_asana.planning.descriptions import (
    REJECTED,
    REJECTED_TITLE,
    blocks_in,
    digest_in,
    project_description_in,
    project_id_in,
    project_url_in,
    supplier_number_in,
    version_in,
)
from destination_asana.planning.heartbeat import heartbeat_in

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
        "external.data",
        *VALUE_FIELDS,
    )
)


def snapshot_of(task: Mapping[str, Any], fields: CustomFields, project_gid: str) -> Snapshot | None:
    """Out of a task read with TASK_FIELDS; None for a task without a Visma ID."""
    values = fields.values.read(task.get("custom_fields") or [])
    visma_id = (text_value(values, names.VISMA_ID) or "").strip()
    return _snapshot(task, values, visma_id, project_gid) if visma_id else None


def snapshot_for(visma_id: str, task: Mapping[str, Any], fields: CustomFields, project_gid: str) -> Snapshot:
    """The snapshot of a task without a Visma ID that a document takes over."""
    return _snapshot(task, fields.values.read(task.get("custom_fields") or []), visma_id, project_gid)


def _snapshot(task: Mapping[str, Any], values: dict[str, StoredValue], visma_id: str, project_gid: str) -> Snapshot:
    memberships, external = task.get("memberships") or [], task.get("external") or {}
    ours = [item for item in memberships if (item.get("project") or {}).get("gid") == project_gid]
    return Snapshot(
        gid=task["gid"],
        visma_id=visma_id,
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
        project_description=project_description_in(task.get("notes")),
        projects=[gid for item in memberships if (gid := (item.get("project") or {}).get("gid")) is not None],
        external=external.get("data"),
        external_gid=external.get("gid"),
    )


def hand_made_task(task: Mapping[str, Any], fields: CustomFields, project_gid: str) -> HandMade | None:
    """A task as Asana sends it, if people have made it. None for a document, a subtask, a section, a task by which the sync
    shows a rejected record, and the heartbeat."""
    if task.get("parent") or task.get("resource_subtype") == "section":
        return None
    name = task.get("name") or ""
    if heartbeat_in(task) is not None:
        return None
    if REJECTED in (task.get("notes") or "") or name.startswith(f"{REJECTED_TITLE}: "):
        return None
    if snapshot_of(task, fields, project_gid) is not None:
        return None
    values = task.get("custom_fields") or []
    texts = [name, *(value.get("text_value") for value in values)]
    numbers = [value.get("number_value") for value in values]
    return HandMade(
        gid=task["gid"],
        name=name,
        texts=tuple(text for text in texts if text),
        numbers=tuple(Decimal(str(number)) for number in numbers if number is not None),
        projects=frozenset({project_gid}),
    )
