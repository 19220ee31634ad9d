"""A document's task as last read: only the parts that the comparison needs. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import orjson

from destination_asana.documents import StoredValue
from destination_asana.planning.descriptions import (
    Description,
    linked_project,
    project_description_in,
    project_id_in,
    supplier_number_in,
)


@dataclass(slots=True)
class Snapshot:
    """A task as last read.

    - `values`: its document fields, with options as gids.
    - `digest`: that of an unedited description block; None if a person edited it.
    - `supplier_number`, `project_url`, `version`: as the description states them; on a card also `project_id` and
      `project_description`, which is empty if the project has none.
    - `elsewhere`: the task is no longer in the register project.
    - `blocks`: the rows of the description's marked blocks, by header.
    - `projects`: all projects the task belongs to.
    - `external`: its external data, and `external_gid` its external id.
    """

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
    values: dict[str, StoredValue] = field(default_factory=dict)
    start_on: str | None = None
    version: str | None = None
    blocks: dict[str, list[str]] = field(default_factory=dict)
    project_id: str | None = None
    projects: list[str] = field(default_factory=list)
    project_description: str | None = None
    external: str | None = None
    external_gid: str | None = None

    def packed(self) -> bytes:
        """A compact form: a project may hold a hundred thousand tasks."""
        # orjson returns its whole 4 KB buffer; the copy is only as long as the content.
        return bytes(memoryview(orjson.dumps([getattr(self, name) for name in self.__slots__])))

    @classmethod
    def unpacked(cls, data: bytes) -> Snapshot:
        return cls(*orjson.loads(data))


def described_by(description: Description) -> dict[str, Any]:
    """The attributes of a snapshot that follow from a description just written."""
    return {
        "digest": description.digest,
        "supplier_number": supplier_number_in(description.text),
        "project_url": linked_project(description.text),
        "version": description.version,
        "project_id": project_id_in(description.text),
        "project_description": project_description_in(description.text),
    }
