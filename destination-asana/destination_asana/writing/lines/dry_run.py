"""The dry run of a document's lines: logs the changes."""

from __future__ import annotations

import logging
from functools import reduce

from destination_asana.documents import LineItem
from destination_asana.planning.lines import ExistingItem, ItemChange, LineChanges, first_mark
from destination_asana.writing.lines import outcomes
from destination_asana.writing.lines.containers import Container
from destination_asana.writing.outcome import PartOutcome

logger = logging.getLogger("airbyte")


class DryRunLineWriter:
    """Logs the changes of the lines."""

    def write(self, container: Container, existing: list[ExistingItem], changes: LineChanges) -> PartOutcome:
        """Logs the changes. The outcome is that of writing them all."""
        for line in changes.create:
            log_new_line(container.visma_id, line)
        for change in changes.update:
            _log_change(container.visma_id, change)
        written = [*map(outcomes.complete, changes.update), *map(outcomes.created, changes.create)]
        return reduce(PartOutcome.also, written, PartOutcome())


def log_new_line(visma_id: str, line: LineItem) -> None:
    """Logs a line that would be created."""
    mark = first_mark(line)
    parts = [f"due {mark.due_on}" if mark.due_on else "", "completed" if mark.tick else ""]
    words = ", ".join(filter(None, parts))
    logger.info(f"Dry run, {visma_id}, line would be created: {line.name}{f' ({words})' if words else ''}")


def _log_change(visma_id: str, change: ItemChange) -> None:
    begin, name = f"Dry run, {visma_id}, line would be", change.name or change.item.name
    if change.name is not None:
        logger.info(f"{begin} renamed: {change.item.name} → {change.name}")
    if change.completed is not None:
        logger.info(f"{begin} {'completed' if change.completed else 'reopened'}: {name}")
    if change.sets_due_on:
        logger.info(f"{begin} due {change.due_on or 'on no date'}: {name}")
