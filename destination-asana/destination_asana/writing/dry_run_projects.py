"""A dry run of documents as projects: what would be made or changed, told on the log."""

from __future__ import annotations

import logging

from destination_asana.documents.document import Document
from destination_asana.planning.project import Project
from destination_asana.planning.project_changes import ProjectChange, Told
from destination_asana.planning.snapshot import Snapshot
from destination_asana.planning.words import plan_text
from destination_asana.writing.dry_run import tell_new_line
from destination_asana.writing.projects import Found, ProjectShape

logger = logging.getLogger("airbyte")


class DryRunProjectShape(ProjectShape):
    """Looks for projects as a real run does, and writes none."""

    def _just_ordered(self, document: Document, register: Snapshot) -> Project | None:
        """None: a project that Asana is still making is waited for by a real run only."""
        return None

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
                tell_new_line(document.visma_id, line)
        return Found(None, linked=True)

    def _apply(self, document: Document, project: Project, change: ProjectChange) -> Told:
        if change.block is not None:
            self._replaced(project, change, change.block)
        told = change.told | change.values
        if told:
            logger.info(
                f"Dry run, {document.visma_id}, its project would be updated: {plan_text(self._fields.titled(told))}"
            )
        return told
