"""The dry run of creating projects: logs which would be created or linked."""

from __future__ import annotations

import logging

from destination_asana.config import Route
from destination_asana.documents import Document
from destination_asana.planning import Snapshot
from destination_asana.writing.lines import log_new_line
from destination_asana.writing.projects.finder import Found

logger = logging.getLogger("airbyte")


class DryRunProjectSetup:
    """Logs which projects would be created or linked."""

    def __init__(self, route: Route) -> None:
        self._route = route

    def set_up(self, document: Document, register: Snapshot, found: Found) -> Found:
        """Logs what would be created. From then on, `found` counts as linked."""
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
                log_new_line(document.visma_id, line)
        return Found(None, linked=True)
