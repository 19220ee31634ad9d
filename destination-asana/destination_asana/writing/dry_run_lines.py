"""A dry run of a document's lines: what would become of them, on the log."""

from __future__ import annotations

import logging

from destination_asana.documents.line_items import ExistingItem, LineChanges, LineItem
from destination_asana.planning.changes import NONE, Differences
from destination_asana.writing.line_containers import Container

logger = logging.getLogger("airbyte")


class DryRunLineWriter:
    """Logs what would become of the lines."""

    def write(self, container: Container, existing: list[ExistingItem], changes: LineChanges) -> Differences:
        """Logs the changes; none of them is written."""
        for line in changes.create:
            log_new_line(container.visma_id, line)
        for item, name in changes.rename:
            logger.info(f"Dry run, {container.visma_id}, line would be renamed: {item.name} → {name}")
        for item in changes.complete:
            logger.info(f"Dry run, {container.visma_id}, line would be completed: {item.name}")
        for item in changes.reopen:
            logger.info(f"Dry run, {container.visma_id}, line would be reopened: {item.name}")
        return NONE


def log_new_line(visma_id: str, line: LineItem) -> None:
    """Logs a line that would be created."""
    logger.info(f"Dry run, {visma_id}, line would be created: {line.name}")
