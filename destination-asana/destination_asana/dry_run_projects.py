"""A dry run of documents as projects: what would be made or changed, told on the log."""

from __future__ import annotations

import logging

from destination_asana.documents import Document
from destination_asana.project_index import Project
from destination_asana.project_plan import ProjectChange, Told
from destination_asana.projects import Found, ProjectShape
from destination_asana.snapshots import Snapshot

logger = logging.getLogger("airbyte")


class DryRunProjectShape(ProjectShape):
    """Looks for projects as a real run does, and writes none."""

    def set_up(self, document: Document, register: Snapshot, found: Found) -> Found:
        if found.linked:
            return found
        if found.project is not None:
            logger.info(
                f"Dry run, {document.visma_id}: the project {found.project.url} would be linked and kept up to date."
            )
            return Found(found.project, linked=True)
        logger.info(f"Dry run, {document.visma_id}: the project “{document.name}” would be created.")
        if self._route.line_items == "subtasks":
            for line in document.lines:
                logger.info(f"Dry run, line would be created: {line.name}")
        return Found(None, linked=True)

    def _apply(self, document: Document, project: Project, change: ProjectChange) -> Told:
        if change.block is not None:
            self._replaced(project, change, change.block)
        for name, (before, after) in (change.told | change.values).items():
            logger.info(f"Dry run, {document.visma_id}, project {name} would change: {before!r} → {after!r}")
        return change.told | change.values
