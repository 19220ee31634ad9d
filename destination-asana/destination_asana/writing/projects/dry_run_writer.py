"""The dry run of projects that exist: logs what would be changed."""

from __future__ import annotations

import logging

from destination_asana.asana import Client
from destination_asana.board.fields import CustomFields
from destination_asana.documents import Document
from destination_asana.planning import LeftOut, Reason, plan_text
from destination_asana.planning.descriptions import replace_block, text_in
from destination_asana.planning.projects import Project, ProjectChange
from destination_asana.writing.outcome import PartOutcome

logger = logging.getLogger("airbyte")


class DryRunProjectWriter:
    """Logs the changes of projects."""

    def __init__(self, client: Client, fields: CustomFields) -> None:
        self._client = client
        self._fields = fields

    def apply(self, document: Document, project: Project, change: ProjectChange) -> PartOutcome:
        """Logs the change. The outcome is that of writing it."""
        differences, left_out = {**change.attributes}, list[LeftOut]()
        if change.block is not None:
            now = self._client.get(f"/projects/{project.gid}", {"opt_fields": "html_notes,notes"})
            if replace_block(now.get("html_notes") or "", change.block) is None:
                left_out.append(LeftOut("description", change.block.text, Reason.FORM_EDITED))
            else:
                differences = change.differences(text_in(now.get("notes")))
        differences |= change.values
        if differences:
            words = plan_text(self._fields.catalog.titled(differences))
            logger.info(f"Dry run, {document.visma_id}, its project would be updated: {words}")
        return PartOutcome(differences, tuple(left_out))
