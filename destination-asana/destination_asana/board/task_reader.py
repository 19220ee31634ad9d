"""What Asana holds now for one document: as little of a task as the comparison needs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson

from destination_asana.board.fields.values import VALUE_FIELDS, CustomFields
from destination_asana.documents import fields as names
from destination_asana.planning.descriptions import (
    Description,
    digest_in,
    linked_project,
    project_url_in,
    supplier_number_in,
    version_in,
)

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


@dataclass(slots=True)
class Snapshot:
    """A task as last seen. `values` are its document fields, options by gid; `digest` is that of an untouched
    description block, None when a person edited it; `supplier_number` and `project_url` are read from the description;
    `elsewhere` means that it is not in the project of the sync any more."""

    gid: str
    visma_id: str
    name: str = ""
    completed: bool = False
    created_at: str = ""
    due_on: str | None = None
    assignee: str | None = None
    resource_subtype: str = "default_task"
    num_subtasks: int = 0
    digest: str | None = None
    section: str | None = None
    supplier_number: str | None = None
    project_url: str | None = None
    elsewhere: bool = False
    values: dict[str, Any] = field(default_factory=dict)
    start_on: str | None = None
    version: str | None = None

    @classmethod
    def of(cls, task: Mapping[str, Any], fields: CustomFields, project_gid: str) -> Snapshot | None:
        """Out of a task read with TASK_FIELDS; None for a task without a Visma ID."""
        values = fields.read(task.get("custom_fields") or [])
        visma_id = values.get(names.VISMA_ID)
        if not visma_id or not visma_id.strip():
            return None
        memberships = task.get("memberships") or []
        ours = [item for item in memberships if (item.get("project") or {}).get("gid") == project_gid]
        return cls(
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
        )

    def packed(self) -> bytes:
        """A small form: a project may hold a hundred thousand tasks."""
        # orjson hands out its whole 4 KB buffer; the copy is as long as the content.
        return bytes(memoryview(orjson.dumps([getattr(self, name) for name in self.__slots__])))

    @classmethod
    def unpacked(cls, data: bytes) -> Snapshot:
        return cls(*orjson.loads(data))


def told_in(description: Description) -> dict[str, Any]:
    """What a snapshot says of a description that was just written."""
    return {
        "digest": description.digest,
        "supplier_number": supplier_number_in(description.text),
        "project_url": linked_project(description.text),
        "version": description.version,
    }
