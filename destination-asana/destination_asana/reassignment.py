"""A changed supplier mapping reaches documents that are in Asana already, without their records being sent again."""

from __future__ import annotations

import logging
from collections.abc import Iterable

from destination_asana import document_fields as names
from destination_asana.documents import label_of
from destination_asana.errors import AsanaError
from destination_asana.plan import Change
from destination_asana.target import Services, Target

logger = logging.getLogger("airbyte")


def reassign(targets: Iterable[Target], services: Services) -> None:
    """Assigns the open, unassigned documents of every target whose supplier the mapping knows. Costs a listing of the
    open tasks where the sync itself has not listed the project."""
    if not services.assignees.in_use:
        return
    for target in targets:
        services.fields.look(target.project_gid)
        for snapshot in target.index.unassigned_and_open():
            supplier = services.fields.shown(snapshot.values).get(names.SUPPLIER)
            member = services.assignees.of(supplier, snapshot.supplier_number, count=False)
            if member is None:
                continue
            change = Change(snapshot.visma_id, label_of(snapshot.visma_id), snapshot, {"assignee": (None, member)})
            try:
                after = target.writer.apply(change)
            except AsanaError as error:
                logger.warning(f"{snapshot.visma_id} could not be assigned: Asana said “{error.said}”.")
                continue
            if after.assignee == member:
                services.audit.tell("updated", snapshot.visma_id, snapshot.gid, change.differences())
                services.summary.count("supplier mapping", "updated")
