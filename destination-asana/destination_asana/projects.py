"""A document as a project of its own, beside the register task that carries its Visma ID."""

from __future__ import annotations

from typing import Any

from destination_asana.config import Route
from destination_asana.documents import Document
from destination_asana.plan import Change
from destination_asana.snapshots import Snapshot
from destination_asana.target import Target


class ProjectShape:
    def __init__(self, target: Target, route: Route) -> None:
        self._target = target
        self._route = route

    def link(self, current: Snapshot) -> str | None:
        return None

    def bring_up(
        self, document: Document, change: Change, register: Snapshot, project: str | None
    ) -> dict[str, tuple[Any, Any]]:
        raise NotImplementedError
