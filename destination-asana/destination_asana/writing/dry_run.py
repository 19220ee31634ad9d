"""A dry run: the same plan as the real run, told on the log instead of written."""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import Any

from destination_asana.documents.line_items import ExistingItem, LineChanges, LineItem
from destination_asana.planning.changes import Change
from destination_asana.planning.snapshot import Snapshot
from destination_asana.planning.words import plan_text
from destination_asana.writing.line_containers import Container
from destination_asana.writing.lines import LineWriter
from destination_asana.writing.tasks import TaskWriter

logger = logging.getLogger("airbyte")


class DryRunTaskWriter(TaskWriter):
    """Tells each change; gives the task as it is (or a stand-in for one that would be created)."""

    def apply(self, change: Change) -> Snapshot:
        current = change.current
        if current and current.gid:
            self._leave_unassigned(change, current)
            if change.description is not None:
                self._replaced(change, current.gid, change.description)
        if not change.empty:
            told = change.differences()
            if "assignee" in told:
                told["assignee"] = (None, self.assignees.name_of(told["assignee"][1]))
            words = plan_text(self.fields.titled(told), new=current is None)
            logger.info(f"Dry run, {change.visma_id} ({change.label}) would be {change.action}: {words}")
        _, assignee = change.attributes.get("assignee", (None, None))
        if current is None:
            shown = Snapshot(gid="", visma_id=change.visma_id, assignee=assignee)
        elif assignee is not None:
            shown = replace(current, assignee=assignee)
        else:
            return current
        # The supplier mapping's own pass comes later and must not tell the same assignment again.
        self.index.put(shown)
        return shown

    def comment(self, gid: str, text: str) -> None:
        """Nothing: the change itself has been told."""


class DryRunLineWriter(LineWriter):
    """Tells what would become of the lines."""

    def write(
        self, container: Container, existing: list[ExistingItem], changes: LineChanges
    ) -> dict[str, tuple[Any, Any]]:
        for line in changes.create:
            tell_new_line(container.visma_id, line)
        for item, name in changes.rename:
            logger.info(f"Dry run, {container.visma_id}, line would be renamed: {item.name} → {name}")
        for item in changes.complete:
            logger.info(f"Dry run, {container.visma_id}, line would be completed: {item.name}")
        for item in changes.reopen:
            logger.info(f"Dry run, {container.visma_id}, line would be reopened: {item.name}")
        return {}


def tell_new_line(visma_id: str, line: LineItem) -> None:
    logger.info(f"Dry run, {visma_id}, line would be created: {line.name}")
