"""A dry run of documents as projects: what would be made or changed, on the log."""

from __future__ import annotations

import logging

from destination_asana.asana.client import Client
from destination_asana.board.fields.values import CustomFields
from destination_asana.config import Route
from destination_asana.documents.document import Document
from destination_asana.planning.changes import Differences
from destination_asana.planning.descriptions import replace_block, text_in
from destination_asana.planning.project import Project
from destination_asana.planning.project_changes import ProjectChange
from destination_asana.planning.snapshot import Snapshot
from destination_asana.planning.words import plan_text
from destination_asana.writing.dry_run_lines import log_new_line
from destination_asana.writing.project_finder import Found

logger = logging.getLogger("airbyte")


class DryRunProjectSetup:
    """Logs which projects would be made or linked."""

    def __init__(self, route: Route) -> None:
        self._route = route

    def set_up(self, document: Document, register: Snapshot, found: Found) -> Found:
        """Logs what would be made; `found` counts as linked from then on."""
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


class DryRunProjectWriter:
    """Logs what would change in projects."""

    def __init__(self, client: Client, fields: CustomFields) -> None:
        self._client = client
        self._fields = fields

    def apply(self, document: Document, project: Project, change: ProjectChange) -> Differences:
        """Logs the change; gives it."""
        differences = {**change.attributes}
        if change.block is not None:
            now = self._client.get(f"/projects/{project.gid}", {"opt_fields": "html_notes,notes"})
            # None: a person has edited the block's form.
            if replace_block(now.get("html_notes") or "", change.block) is not None:
                differences = change.differences(text_in(now.get("notes")))
        differences |= change.values
        if differences:
            words = plan_text(self._fields.titled(differences))
            logger.info(f"Dry run, {document.visma_id}, its project would be updated: {words}")
        return differences
