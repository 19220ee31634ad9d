"""What Asana holds now for one document: as little of a task as the comparison needs. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import orjson

from destination_asana.planning.descriptions import Description, linked_project, project_id_in, supplier_number_in


@dataclass(slots=True)
class Snapshot:
    """A task as last seen. `values` are its document fields, options by gid; `digest` is that of an untouched
    description block, None when a person edited it; `supplier_number` and `project_url` are read from the description;
    `project_id` is that of a card; `elsewhere` means that it is not in the project of the sync any more; `blocks` are the rows of the description's marked
    blocks, by header."""

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
    blocks: dict[str, list[str]] = field(default_factory=dict)
    project_id: str | None = None

    def packed(self) -> bytes:
        """A small form: a project may hold a hundred thousand tasks."""
        # orjson hands out its whole 4 KB buffer; the copy is as long as the content.
        return bytes(memoryview(orjson.dumps([getattr(self, name) for name in self.__slots__])))

    @classmethod
    def unpacked(cls, data: bytes) -> Snapshot:
        return cls(*orjson.loads(data))


def described_by(description: Description) -> dict[str, Any]:
    """What a snapshot says of a description that was just written."""
    return {
        "digest": description.digest,
        "supplier_number": supplier_number_in(description.text),
        "project_url": linked_project(description.text),
        "version": description.version,
        "project_id": project_id_in(description.text),
    }
